//! A reviewer's question as the organisation sees it: the thread, what was submitted, drafts of colleagues, and the forms
//! to answer and to ask for more time.

use serde::Serialize;

use crate::access::{Action as _, Actor, AskQueryTime, DraftReply, ReplyToQuery};
use crate::platform::error::{Error, Result};
use crate::platform::http::TypedDay;
use crate::platform::pages::{DateField, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::model::ReviewState;
use crate::review::pages::answer::{AnswerShown, Opened};
use crate::review::pages::paragraphs;
use crate::review::queries::model::{QueryOutcome, Standing};
use crate::review::queries::standing_of;
use crate::review::queries::thread::Thread;
use crate::review::reading::{AskedOf, value_of};

/// What was typed, and why it was not taken.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Attempt {
    pub reply: String,
    pub until: TypedDay,
    pub reason: String,
    /// Why a text was not sent that is still in the form; empty where nothing happened.
    pub stale: String,
}

/// A colleague's answer that nobody has sent.
#[derive(Debug, Serialize)]
struct DraftItem {
    from: String,
    at: i64,
    text: Vec<String>,
    files: usize,
    href: String,
}

/// The form that asks for more time.
#[derive(Debug, Serialize)]
struct TimeForm {
    until: DateField,
    reason: Field,
}

/// One question to the organisation.
#[derive(Debug, Serialize)]
pub(in crate::review) struct QueryPage {
    #[serde(skip)]
    code: String,
    #[serde(skip)]
    year: String,
    label: String,
    #[serde(skip)]
    requirement: String,
    text: String,
    thread: Thread,
    answer: AnswerShown,
    drafts: Vec<DraftItem>,
    may_send: bool,
    may_draft: bool,
    /// An answer sent now comes after the review moved on.
    after: bool,
    /// The submission was taken back or sent again.
    ended: bool,
    reply: Field,
    /// This person's own draft, to go on with instead; empty where there is none or something was typed here.
    mine_href: String,
    time: Option<TimeForm>,
    time_waits: bool,
    stale: String,
    errors: ErrorSummary,
}

impl QueryPage {
    /// The page as the actor sees it, with what was typed when a form was refused.
    pub fn new(of: &AskedOf, actor: &Actor, attempt: &Attempt, errors: &FormErrors) -> Result<Self> {
        let (case, query) = (&of.case, &of.query);
        let requirement = case.edition().requirement(&of.code).ok_or(Error::NotFound)?;
        let value = value_of(requirement, &of.answer)?;
        let review = &case.found.review;
        let subject = review.subject();
        let thread = Thread::for_organisation(case, query);
        let href = format!(
            "/organisations/{}/returns/{}/queries/{}",
            case.found.code, case.found.collection_key, query.id
        );
        let mine = query.drafts().find(|draft| Some(draft.author) == actor.id());
        let may_send = ReplyToQuery::ROW.allows(actor, &subject).is_ok();
        let may_ask_time = query.is_waiting() && AskQueryTime::ROW.allows(actor, &subject).is_ok();
        Ok(Self {
            code: case.found.code.clone(),
            year: case.found.collection_key.clone(),
            label: case.found.year_label.clone(),
            requirement: format!("{} {}", requirement.code, requirement.title),
            text: requirement.text.clone(),
            thread,
            answer: AnswerShown::new(requirement, value.as_ref(), &of.answer, Opened::Nowhere),
            drafts: query
                .drafts()
                .map(|draft| DraftItem {
                    from: draft.author_name.clone(),
                    at: draft.written_at.micros(),
                    text: paragraphs(&draft.text),
                    files: draft.files.len(),
                    href: format!("{href}/drafts/{}", draft.id),
                })
                .collect(),
            may_send,
            may_draft: DraftReply::ROW.allows(actor, &subject).is_ok(),
            // By state alone: whether it would be late changes nothing here.
            after: standing_of(review, query, query.asked_at) == Standing::After,
            ended: query.outcome == Some(QueryOutcome::Ended)
                || matches!(review.state, ReviewState::Withdrawn | ReviewState::Superseded),
            reply: reply_field(may_send, &attempt.reply, errors),
            mine_href: mine
                .filter(|_| attempt.reply.is_empty() && errors.is_empty())
                .map(|draft| format!("{href}/drafts/{}", draft.id))
                .unwrap_or_default(),
            time: (may_ask_time && query.time_asked().is_none()).then(|| TimeForm {
                until: attempt.until.field("until", "Until when do you need?", errors),
                reason: Field::new("reason", "Why do you need more time?")
                    .value(&attempt.reason)
                    .errors(errors),
            }),
            time_waits: query.time_asked().is_some(),
            stale: attempt.stale.clone(),
            errors: errors.summary(),
        })
    }
}

fn reply_field(may_send: bool, typed: &str, errors: &FormErrors) -> Field {
    let hint = if may_send {
        "It goes to the reviewer and is never published. Once sent it cannot be changed. To add evidence, save it as a \
         draft first."
    } else {
        "An information governance lead sends it to the reviewer. You can add evidence to the draft."
    };
    Field::new("reply", "Your answer").hint(hint).value(typed).errors(errors)
}

impl Page for QueryPage {
    const TEMPLATE: &'static str = "review/queries/organisation.html";

    fn title(&self) -> String {
        format!("A question about {}", self.requirement)
    }

    fn back(&self) -> Option<Link> {
        let href = format!("/organisations/{}/returns/{}/queries", self.code, self.year);
        Some(Link::new("Back to all questions", href))
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("reply", "Enter your answer");
        wrong.add_at("until", "until-day", "Enter the date until which you need more time");
        let sample = |answered: bool, errors: &FormErrors| Self {
            code: "ZZ001".to_owned(),
            year: "2026".to_owned(),
            label: "2026/27".to_owned(),
            requirement: "1-101 A framework for governance".to_owned(),
            text: "How far is it in place?".to_owned(),
            thread: Thread::sample(answered),
            answer: if answered { AnswerShown::default() } else { AnswerShown::sample() },
            drafts: if answered {
                Vec::new()
            } else {
                vec![DraftItem {
                    from: "Con Tributor".to_owned(),
                    at: 1_780_000_000_000_000,
                    text: vec!["The board, on 3 March.".to_owned()],
                    files: 1,
                    href: "/organisations/ZZ001/returns/2026/queries/1/drafts/2".to_owned(),
                }]
            },
            may_send: !answered,
            may_draft: true,
            after: answered,
            ended: answered,
            reply: reply_field(!answered, "", errors),
            mine_href: String::new(),
            time: (!answered).then(|| TimeForm {
                until: TypedDay::default().field("until", "Until when do you need?", errors),
                reason: Field::new("reason", "Why do you need more time?").errors(errors),
            }),
            time_waits: answered,
            stale: if answered { "The review has moved on.".to_owned() } else { String::new() },
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("typical", sample(false, &none)),
            ("answered", sample(true, &none)),
            ("errors", sample(false, &wrong)),
            ("own draft", Self { mine_href: "/organisations/ZZ001".to_owned(), ..sample(false, &none) }),
            ("reader", Self { may_send: false, may_draft: false, ..sample(false, &none) }),
        ]
    }
}
