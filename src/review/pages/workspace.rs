//! One requirement under review: the question, the answer with its evidence, last year's, the decision and the questions.

use serde::Serialize;

use super::answer::AnswerShown;
use super::parts::{QueryItem, paragraphs};
use crate::access::{Action as _, Actor, AskQuery, DecideAnswer};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::case::{Case, Line, possible};
use crate::review::model::{REPLY_WORKING_DAYS, working_days_after};
use crate::review::reading::{Earlier, Workspace, value_of};
use crate::standards::{Asked, ProfileKey, Requirement, RequirementKind};

/// What was typed into the forms of the page.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Attempt {
    /// The status chosen, when the form was sent.
    pub assessed: Option<String>,
    /// The reason typed.
    pub reason: Option<String>,
    /// The question typed.
    pub question: String,
    /// Day, month and year typed, when the form was sent.
    pub due: Option<[String; 3]>,
    /// Somebody else has saved another decision meanwhile.
    pub stale: bool,
}

/// Last year's answer.
#[derive(Debug, Serialize)]
struct EarlierShown {
    lines: Vec<String>,
    outcome: &'static str,
    reason: Vec<String>,
}

/// The decision that is stored.
#[derive(Debug, Serialize)]
struct Decided {
    assessed: String,
    outcome: &'static str,
    reason: Vec<String>,
}

/// One requirement under review.
#[derive(Debug, Serialize)]
pub(in crate::review) struct WorkspacePage {
    id: i64,
    organisation: String,
    code: String,
    #[serde(skip)]
    heading: String,
    section: String,
    text: Vec<String>,
    guidance: Vec<String>,
    optional: bool,
    claimed: String,
    expected: String,
    answer: AnswerShown,
    earlier: Option<EarlierShown>,
    decided: Option<Decided>,
    stale: bool,
    may_decide: bool,
    assessed: Field,
    choices: Vec<Choice>,
    reason: Field,
    version: i64,
    may_ask: bool,
    question: Field,
    due: DateField,
    queries: Vec<QueryItem>,
    previous: Option<Link>,
    next: Option<Link>,
    next_undecided: Option<Link>,
    errors: ErrorSummary,
}

impl WorkspacePage {
    /// The page of a requirement, with what was typed when a form was refused.
    pub fn new(
        of: &Workspace,
        code: &str,
        actor: &Actor,
        now: Timestamp,
        attempt: &Attempt,
        errors: &FormErrors,
    ) -> Result<Self> {
        let case = &of.of.case;
        let (requirement, line) = case.requirement(code).ok_or(crate::platform::error::Error::NotFound)?;
        let review = &case.found.review;
        let subject = review.subject();
        let mine = review.reviewer.is_some() && review.reviewer == actor.id();
        let value = value_of(requirement, &of.answer)?;
        let section = case.edition().section(requirement.section.as_str());
        let (previous, next, next_undecided) = neighbours(case, code);
        let stored = line.decision.as_ref();
        let chosen = match (&attempt.assessed, stored) {
            (Some(typed), _) => typed.clone(),
            (None, Some(_)) => line.assessed(case.edition()).as_str().to_owned(),
            (None, None) => String::new(),
        };
        Ok(Self {
            id: review.id.get(),
            organisation: case.found.name.clone(),
            code: code.to_owned(),
            heading: format!("{code} {}", requirement.title),
            section: section.map_or(String::new(), |section| format!("{} {}", section.code, section.title)),
            text: paragraphs(&requirement.text),
            guidance: requirement.guidance.as_deref().map(paragraphs).unwrap_or_default(),
            optional: line.asked == Asked::Optional,
            claimed: line.claimed.label(),
            expected: expected(requirement, case.head.profile.as_ref()),
            answer: AnswerShown::new(requirement, value.as_ref(), &of.answer, Some(review.id)),
            earlier: of.earlier.as_ref().map(earlier_shown),
            decided: stored.map(|decision| Decided {
                assessed: line.assessed(case.edition()).label(),
                outcome: decision.outcome.words(),
                reason: paragraphs(&decision.reason),
            }),
            stale: attempt.stale,
            may_decide: mine && DecideAnswer::ROW.allows(actor, &subject).is_ok(),
            assessed: Field::new("assessed", "What did you find?").value(chosen).errors(errors),
            choices: choices(requirement, line),
            reason: Field::new("reason", "Reason")
                .hint("Needed when you do not agree with the claim. The organisation reads it.")
                .value(attempt.reason.as_deref().or(stored.map(|d| d.reason.as_str())).unwrap_or_default())
                .errors(errors),
            version: stored.map_or(0, |decision| decision.version),
            may_ask: mine && AskQuery::ROW.allows(actor, &subject).is_ok(),
            question: Field::new("question", "Question")
                .hint("It goes to the information governance leads. The review waits for the answer.")
                .value(&attempt.question)
                .errors(errors),
            due: due_field(now, attempt, errors),
            queries: case.queries_about(code).map(|query| QueryItem::new(case, query)).collect(),
            previous,
            next,
            next_undecided,
            errors: errors.summary(),
        })
    }
}

impl WorkspacePage {
    /// Whether the decision can still be made.
    pub fn is_open(&self) -> bool {
        self.may_decide
    }
}

fn due_field(now: Timestamp, attempt: &Attempt, errors: &FormErrors) -> DateField {
    let offered = working_days_after(now.london_day(), REPLY_WORKING_DAYS).to_string();
    let mut parts = offered.split('-').map(|part| part.trim_start_matches('0').to_owned());
    let mut part = || parts.next().unwrap_or_default();
    let (year, month, day) = (part(), part(), part());
    let [day, month, year] = attempt.due.clone().unwrap_or([day, month, year]);
    let mut field = DateField::new("due", "Answer due by").typed(&day, &month, &year).errors(errors);
    field.hint = "For example, 31 3 2027".to_owned();
    field
}

fn earlier_shown(earlier: &Earlier) -> EarlierShown {
    EarlierShown {
        lines: earlier.words.iter().flat_map(|line| paragraphs(line)).collect(),
        outcome: earlier.decision.as_ref().map_or("", |(outcome, _)| outcome.words()),
        reason: earlier.decision.as_ref().map(|(_, reason)| paragraphs(reason)).unwrap_or_default(),
    }
}

/// The statuses to choose from, the claimed one named as such.
fn choices(requirement: &Requirement, line: &Line) -> Vec<Choice> {
    possible(requirement, line)
        .into_iter()
        .map(|status| {
            let claimed = if status == line.claimed { " (as claimed)" } else { "" };
            let words = match (&requirement.kind, status) {
                (
                    RequirementKind::Level { descriptors, .. },
                    crate::standards::scoring::Status::Level(level),
                ) => descriptors.get(usize::from(level)).cloned().unwrap_or_default(),
                _ => String::new(),
            };
            Choice::new(status.as_str(), format!("{}{claimed}", status.label())).hint(words)
        })
        .collect()
}

/// What the profile expects, in words; empty where nothing is.
fn expected(requirement: &Requirement, profile: Option<&ProfileKey>) -> String {
    let Some(profile) = profile else { return String::new() };
    match &requirement.kind {
        RequirementKind::Level { expected, .. } => {
            expected.get(profile).map(|level| format!("Level {level}")).unwrap_or_default()
        }
        RequirementKind::Outcome { expected, .. } => {
            expected.get(profile).map(|level| level.label().to_owned()).unwrap_or_default()
        }
        RequirementKind::Item { .. } => String::new(),
    }
}

/// The requirement before, the one after, and the next without a decision (from the start again after the end).
fn neighbours(case: &Case, code: &str) -> (Option<Link>, Option<Link>, Option<Link>) {
    let asked: Vec<(&str, bool)> = case
        .requirements()
        .filter(|(_, line)| line.asked != Asked::NotAsked)
        .map(|(requirement, line)| (requirement.code.as_str(), line.is_wanting()))
        .collect();
    let Some(at) = asked.iter().position(|(other, _)| *other == code) else { return (None, None, None) };
    let link = |(code, _): &(&str, bool)| {
        Link::new(*code, format!("/reviews/{}/requirements/{code}", case.found.review.id))
    };
    let (before, after) = (asked.get(..at).unwrap_or_default(), asked.get(at + 1..).unwrap_or_default());
    let undecided = after.iter().chain(before).find(|(_, wanting)| *wanting);
    (before.last().map(link), after.first().map(link), undecided.map(link))
}

/// Where a reviewer goes after deciding: the next undecided answer, or the overview when there is none.
pub(in crate::review) fn after_deciding(case: &Case, code: &str) -> String {
    neighbours(case, code).2.map_or_else(|| format!("/reviews/{}", case.found.review.id), |link| link.href)
}

impl Page for WorkspacePage {
    const TEMPLATE: &'static str = "review/workspace.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new(&self.organisation, format!("/reviews/{}", self.id))]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("reason", "Say why your finding differs from the claim");
        wrong.add_at("due", "due-day", "Enter a real date");
        let none = FormErrors::new();
        let link = |code: &str| Some(Link::new(code, format!("/reviews/1/requirements/{code}")));
        let sample = |full: bool, stale: bool, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            code: "1-101".to_owned(),
            heading: "1-101 A framework for governance".to_owned(),
            section: "1 Governance".to_owned(),
            text: vec!["How far is it in place?".to_owned()],
            guidance: if full { vec!["Look at the terms of reference.".to_owned()] } else { Vec::new() },
            optional: !full,
            claimed: "Level 2".to_owned(),
            expected: if full { "Level 2".to_owned() } else { String::new() },
            answer: if full { AnswerShown::sample() } else { AnswerShown::default() },
            earlier: full.then(|| EarlierShown {
                lines: vec!["Level 1: begun".to_owned()],
                outcome: "Downgraded",
                reason: vec!["No minutes.".to_owned()],
            }),
            decided: full.then(|| Decided {
                assessed: "Level 1".to_owned(),
                outcome: "Downgraded",
                reason: vec!["The policy is a draft.".to_owned()],
            }),
            stale,
            may_decide: full,
            assessed: Field::new("assessed", "What did you find?").value("level_1").errors(errors),
            choices: vec![
                Choice::new("level_1", "Level 1").hint("begun"),
                Choice::new("level_2", "Level 2 (as claimed)").hint("in place"),
            ],
            reason: Field::new("reason", "Reason").errors(errors),
            version: 1,
            may_ask: full,
            question: Field::new("question", "Question").errors(errors),
            due: DateField::new("due", "Answer due by").typed("1", "2", "2027").errors(errors),
            queries: if full { vec![QueryItem::sample(false), QueryItem::sample(true)] } else { Vec::new() },
            previous: if full { link("1-100") } else { None },
            next: if full { link("1-102") } else { None },
            next_undecided: if full { link("1-105") } else { None },
            errors: errors.summary(),
        };
        vec![
            ("empty", sample(false, false, &none)),
            ("typical", sample(true, false, &none)),
            ("errors", sample(true, false, &wrong)),
            ("stale", sample(true, true, &none)),
        ]
    }
}
