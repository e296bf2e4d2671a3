//! A question as its reviewer sees it: the thread, and the forms to ask further, to decide on more time and to close it.

use serde::Serialize;

use crate::access::{Action as _, Actor, AskQuery, CloseQuery, SetQueryTime};
use crate::platform::clock::Timestamp;
use crate::platform::http::TypedDay;
use crate::platform::pages::{Choice, DateField, ErrorSummary, Fact, Field, FormErrors, Link, Page};
use crate::review::case::Case;
use crate::review::model::{REPLY_WORKING_DAYS, ReviewState, working_days_after};
use crate::review::queries::model::QueryOutcome;
use crate::review::queries::store::Query;
use crate::review::queries::thread::Thread;

/// What was typed into the forms.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Typed {
    pub text: String,
    pub due: Option<TypedDay>,
    pub verdict: String,
    pub until: Option<TypedDay>,
    pub reason: String,
    pub outcome: String,
    pub note: String,
    /// Why a form was not taken; empty where it was not the time that stood against it.
    pub stale: String,
}

/// What a page is given.
pub(in crate::review) struct Given<'a> {
    pub case: &'a Case,
    pub query: &'a Query,
    pub actor: &'a Actor,
    pub now: Timestamp,
}

/// Asking further.
#[derive(Debug, Serialize)]
struct FurtherForm {
    text: Field,
    due: DateField,
}

/// More time.
#[derive(Debug, Serialize)]
struct TimeForm {
    /// Whether the organisation asked for it, and it can be refused.
    asked: bool,
    verdict: Field,
    verdicts: Vec<Choice>,
    until: DateField,
    reason: Field,
}

/// Closing.
#[derive(Debug, Serialize)]
struct CloseForm {
    outcome: Field,
    outcomes: Vec<Choice>,
    note: Field,
    seen: String,
}

/// One question.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ThreadPage {
    #[serde(skip)]
    id: i64,
    #[serde(skip)]
    organisation: String,
    #[serde(skip)]
    code: String,
    facts: Vec<Fact>,
    thread: Thread,
    further: Option<FurtherForm>,
    time: Option<TimeForm>,
    close: Option<CloseForm>,
    stale: String,
    errors: ErrorSummary,
}

impl ThreadPage {
    /// The page as the actor sees it.
    pub fn new(of: &Given<'_>, typed: &Typed, errors: &FormErrors) -> Self {
        let (case, query) = (of.case, of.query);
        let (review, subject) = (&case.found.review, case.found.review.subject());
        let mine = review.reviewer.is_some() && review.reviewer == of.actor.id();
        let position = case.found.edition.position_of(query.requirement);
        let requirement = position.and_then(|position| case.edition().requirements().get(position));
        let open = mine && query.is_open();
        let may_ask = open && AskQuery::ROW.allows(of.actor, &subject).is_ok();
        let may_time = open && query.is_waiting() && SetQueryTime::ROW.allows(of.actor, &subject).is_ok();
        let may_close = open && CloseQuery::ROW.allows(of.actor, &subject).is_ok();
        Self {
            id: review.id.get(),
            organisation: case.found.name.clone(),
            code: requirement.map(|r| r.code.to_string()).unwrap_or_default(),
            facts: facts(case),
            thread: Thread::new(case, query),
            further: may_ask.then(|| further_form(of.now, typed, errors)),
            time: may_time.then(|| time_form(query, typed, errors)),
            close: may_close.then(|| close_form(query.newest(), typed, errors)),
            stale: typed.stale.clone(),
            errors: errors.summary(),
        }
    }
}

fn facts(case: &Case) -> Vec<Fact> {
    let (found, review) = (&case.found, &case.found.review);
    let mut facts = vec![
        Fact::new("Organisation", format!("{} ({})", found.name, found.code)),
        Fact::new("Year", &*found.year_label),
        Fact::new("Review", review.state.words()),
        Fact::new("Review due", review.due_at.london_words()),
    ];
    if let Some(since) = review.clock_stopped_at.filter(|_| review.state == ReviewState::Query) {
        facts.push(Fact::new("Clock", format!("Clock stopped since {}", since.london_words())));
    }
    facts
}

fn further_form(now: Timestamp, typed: &Typed, errors: &FormErrors) -> FurtherForm {
    let offered = TypedDay::of(working_days_after(now.london_day(), REPLY_WORKING_DAYS));
    FurtherForm {
        text: Field::new("text", "Ask further")
            .hint("The review waits for the answer, and your clock stands still until it comes.")
            .value(&typed.text)
            .errors(errors),
        due: typed.due.clone().unwrap_or(offered).field("due", "Answer due by", errors),
    }
}

fn time_form(query: &Query, typed: &Typed, errors: &FormErrors) -> TimeForm {
    let asked = query.time_asked();
    let wanted = asked.and_then(|asked| asked.wanted).map(|until| TypedDay::of(until.london_day()));
    let verdicts = [("give", "Give more time"), ("refuse", "Refuse it")];
    TimeForm {
        asked: asked.is_some(),
        verdict: Field::new("verdict", "Your decision").errors(errors),
        verdicts: verdicts
            .map(|(value, text)| Choice::new(value, text).checked(value == typed.verdict))
            .to_vec(),
        until: typed.until.clone().or(wanted).unwrap_or_default().field("until", "Answer due by", errors),
        reason: Field::new("reason", "Reason")
            .hint("The organisation reads it.")
            .value(&typed.reason)
            .errors(errors),
    }
}

fn close_form(seen: i64, typed: &Typed, errors: &FormErrors) -> CloseForm {
    let choice = |outcome: &QueryOutcome| {
        Choice::new(outcome.as_str(), outcome.words()).checked(outcome.as_str() == typed.outcome)
    };
    CloseForm {
        outcome: Field::new("outcome", "What came of it?").errors(errors),
        outcomes: QueryOutcome::CHOICES.iter().map(choice).collect(),
        note: Field::new("note", "Note").hint("The organisation reads it.").value(&typed.note).errors(errors),
        seen: seen.to_string(),
    }
}

impl Page for ThreadPage {
    const TEMPLATE: &'static str = "review/queries/centre.html";

    fn title(&self) -> String {
        format!("Question about {}", self.code)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Reviews", "/reviews"),
            Link::new("Questions", "/reviews/queries"),
            Link::new(&self.organisation, format!("/reviews/{}", self.id)),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("text", "Enter your question");
        wrong.add_at("due", "due-day", "Enter the date by which you need the answer");
        wrong.add("verdict", "Choose whether to give more time");
        wrong.add_at("until", "until-day", "Enter the date until which there is time");
        wrong.add("reason", "Enter the reason");
        wrong.add("outcome", "Choose what came of the question");
        wrong.add("note", "Enter a note");
        let typed = Typed::default();
        let sample = |open: bool, asked: bool, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            code: "1-101".to_owned(),
            facts: vec![Fact::new("Review due", "3 March 2027 at 5pm")],
            thread: Thread::sample(!open),
            further: open
                .then(|| further_form(Timestamp::from_micros(1_780_000_000_000_000), &typed, errors)),
            time: open.then(|| TimeForm {
                asked,
                verdict: Field::new("verdict", "Your decision").errors(errors),
                verdicts: vec![Choice::new("give", "Give more time"), Choice::new("refuse", "Refuse it")],
                until: TypedDay::default().field("until", "Answer due by", errors),
                reason: Field::new("reason", "Reason").errors(errors),
            }),
            close: open.then(|| close_form(7, &typed, errors)),
            stale: if asked { "An answer has come.".to_owned() } else { String::new() },
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("closed", sample(false, false, &none)),
            ("typical", sample(true, false, &none)),
            ("more time asked", sample(true, true, &none)),
            ("errors", sample(true, true, &wrong)),
        ]
    }
}
