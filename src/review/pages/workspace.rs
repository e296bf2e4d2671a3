//! One requirement under review on one screen: the question, the answer with its evidence, what was found and decided
//! before, the decision, private notes and the questions to the organisation.

mod beside;
mod way;

use std::collections::BTreeMap;

use serde::Serialize;

pub(in crate::review) use beside::{HappenedShown, NoteShown};
pub(in crate::review) use way::{after_deciding, href as requirement_href, progress};

use beside::{CheckShown, EarlierShown, FileShown, HistoryShown, PastDecision};
use way::Way;

use super::answer::{AnswerShown, Opened};
use super::parts::{QueryItem, paragraphs};
use super::rules::RulesNote;
use crate::access::{Action as _, Actor, AskQuery, DecideAnswer, FlagAnswer, WriteNote};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReasonId;
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::case::{Case, Line, possible};
use crate::review::model::{REPLY_WORKING_DAYS, working_days_after};
use crate::review::reading::value_of;
use crate::review::reasons::Offered;
use crate::review::workspace::{Desk, Show, entries};
use crate::standards::guidance::Shown;
use crate::standards::scoring::Status;
use crate::standards::{Asked, ItemKind, ProfileKey, Requirement, RequirementKind};

/// What was typed into the forms of the page.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Attempt {
    /// The status chosen, when the form was sent.
    pub assessed: Option<String>,
    /// The reason typed.
    pub reason: Option<String>,
    /// The reason of the library that went into it.
    pub quoted: Option<ReasonId>,
    /// The question typed.
    pub question: String,
    /// Day, month and year typed, when the form was sent.
    pub due: Option<[String; 3]>,
    /// The private note typed.
    pub note: String,
    /// Somebody else has saved another decision meanwhile.
    pub stale: bool,
    /// Why nothing can be decided any more, when that was found only after the form was sent.
    pub too_late: String,
}

/// The decision that is stored.
#[derive(Debug, Serialize)]
struct Decided {
    assessed: String,
    outcome: &'static str,
    reason: Vec<String>,
    who: String,
}

/// What is asked.
#[derive(Debug, Serialize)]
struct AskedShown {
    section: String,
    text: Vec<String>,
    guidance: Vec<String>,
    /// What full marks need.
    full: Vec<String>,
    optional: bool,
    expected: String,
}

/// A reason of the library to choose; the script takes its words from the attribute.
#[derive(Debug, Serialize)]
struct ReasonChoice {
    value: String,
    text: String,
    attributes: BTreeMap<&'static str, String>,
}

/// One requirement under review.
#[derive(Debug, Serialize)]
pub(in crate::review) struct WorkspacePage {
    id: i64,
    organisation: String,
    code: String,
    #[serde(skip)]
    heading: String,
    way: Way,
    happened: Option<HappenedShown>,
    too_late: String,
    kept: Vec<String>,
    asked: AskedShown,
    /// Notes in force beside the edition's own guidance.
    guidance: Vec<Shown>,
    claimed: String,
    rules: RulesNote,
    answer: AnswerShown,
    files: Vec<FileShown>,
    checks: Vec<CheckShown>,
    earlier: Option<EarlierShown>,
    history: HistoryShown,
    decided: Option<Decided>,
    versions: Vec<PastDecision>,
    stale: bool,
    may_decide: bool,
    assessed: Field,
    choices: Vec<Choice>,
    reason: Field,
    library: Field,
    reasons: Vec<ReasonChoice>,
    quoted: String,
    version: i64,
    may_flag: bool,
    flagged: bool,
    may_note: bool,
    notes: Vec<NoteShown>,
    note: Field,
    may_ask: bool,
    question: Field,
    due: DateField,
    queries: Vec<QueryItem>,
    errors: ErrorSummary,
}

/// Who looks at the page, when, and through which filter of the list.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct Viewed<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// When.
    pub now: Timestamp,
    /// The filter.
    pub show: Show,
}

impl WorkspacePage {
    /// The page of a requirement, with what was typed when a form was refused.
    pub fn new(
        desk: &Desk,
        code: &str,
        viewed: Viewed<'_>,
        attempt: &Attempt,
        errors: &FormErrors,
    ) -> Result<Self> {
        let Viewed { actor, now, show } = viewed;
        let case = &desk.case;
        let (requirement, line) = case.requirement(code).ok_or(Error::NotFound)?;
        let row = case.found.edition.requirement_id(code).ok_or(Error::NotFound)?;
        let review = &case.found.review;
        let subject = review.subject();
        let mine = review.reviewer.is_some() && review.reviewer == actor.id();
        let may = |row: crate::access::ActionRow| row.allows(actor, &subject).is_ok();
        let value = value_of(requirement, &desk.answer)?;
        let stored = line.decision.as_ref();
        let chosen = match (&attempt.assessed, stored) {
            (Some(typed), _) => typed.clone(),
            (None, Some(_)) => line.assessed(case.edition()).as_str().to_owned(),
            (None, None) => String::new(),
        };
        let today = now.london_day();
        let [[noted, _], _] = &desk.guidance;
        let listed = entries(case, &desk.flags, &desk.doubtful, show);
        let fact = |file: &crate::returns::SnapshotEvidence| {
            FileShown::new(file, desk.files.get(&file.id), review.id, today)
        };
        Ok(Self {
            id: review.id.get(),
            organisation: case.found.name.clone(),
            code: code.to_owned(),
            heading: format!("{code} {}", requirement.title),
            way: Way::new(case, &listed, code, show),
            happened: desk.happened.as_ref().map(HappenedShown::new),
            too_late: attempt.too_late.clone(),
            kept: if attempt.too_late.is_empty() { Vec::new() } else { kept(attempt) },
            asked: asked(case, requirement, line, noted.is_some()),
            guidance: Shown::all(case.edition(), requirement, &desk.guidance),
            claimed: line.claimed.label(),
            rules: RulesNote::of(case),
            answer: AnswerShown::new(requirement, value.as_ref(), &desk.answer, Opened::Review(review.id)),
            files: desk.answer.evidence.iter().map(fact).collect(),
            checks: beside::checks(desk),
            earlier: beside::earlier(desk),
            history: beside::history(desk),
            decided: stored.map(|decision| Decided {
                assessed: line.assessed(case.edition()).label(),
                outcome: decision.outcome.words(),
                reason: paragraphs(&decision.reason),
                who: desk.versions.first().map(beside::who).unwrap_or_default(),
            }),
            versions: beside::versions(desk),
            stale: attempt.stale,
            may_decide: mine && may(DecideAnswer::ROW),
            assessed: Field::new("assessed", "What did you find?").errors(errors),
            choices: choices(requirement, line, &chosen),
            reason: Field::new("reason", "Reason")
                .hint("Needed when you do not agree with the claim. The organisation reads it.")
                .value(attempt.reason.as_deref().or(stored.map(|d| d.reason.as_str())).unwrap_or_default())
                .errors(errors),
            library: Field::new("library", "Reason from the library").errors(errors),
            reasons: reason_choices(&desk.reasons),
            quoted: attempt.quoted.map(|id| id.to_string()).unwrap_or_default(),
            version: stored.map_or(0, |decision| decision.version),
            may_flag: mine && may(FlagAnswer::ROW),
            flagged: desk.flags.contains(&row),
            may_note: may(WriteNote::ROW),
            notes: desk.notes.iter().map(|note| NoteShown::new(note, actor)).collect(),
            note: note_field(&attempt.note, errors),
            may_ask: mine && may(AskQuery::ROW),
            question: Field::new("question", "Question")
                .hint("It goes to the information governance leads. The review waits for the answer.")
                .value(&attempt.question)
                .errors(errors),
            due: due_field(now, attempt, errors),
            queries: case.queries_about(code).map(|query| QueryItem::new(case, query)).collect(),
            errors: errors.summary(),
        })
    }

    /// Whether the decision can still be made.
    pub fn is_open(&self) -> bool {
        self.may_decide
    }
}

/// The field of a private note.
pub(in crate::review) fn note_field(typed: &str, errors: &FormErrors) -> Field {
    Field::new("note", "Private note")
        .hint("For the central team only. The organisation never sees it.")
        .value(typed)
        .errors(errors)
}

/// What was typed and could not be saved, for its writer to take along.
fn kept(attempt: &Attempt) -> Vec<String> {
    let status = attempt.assessed.as_deref().and_then(|word| Status::try_from(word.to_owned()).ok());
    let mut lines: Vec<String> =
        status.map(|status| format!("Your finding: {}", status.label())).into_iter().collect();
    lines.extend(paragraphs(attempt.reason.as_deref().unwrap_or_default()));
    lines
}

/// What is asked. A note to the requirement takes the place of what the edition itself says, as it did for who answered.
fn asked(case: &Case, requirement: &Requirement, line: &Line, noted: bool) -> AskedShown {
    let section = case.edition().section(requirement.section.as_str());
    AskedShown {
        section: section.map_or(String::new(), |section| format!("{} {}", section.code, section.title)),
        text: paragraphs(&requirement.text),
        guidance: requirement.guidance.as_deref().filter(|_| !noted).map(paragraphs).unwrap_or_default(),
        full: full_marks(requirement),
        optional: line.asked == Asked::Optional,
        expected: expected(requirement, case.head.profile.as_ref()),
    }
}

/// What the highest status needs, in words.
fn full_marks(requirement: &Requirement) -> Vec<String> {
    let words = match &requirement.kind {
        RequirementKind::Level { descriptors, .. } => match descriptors.split_last() {
            Some((highest, below)) => format!("Level {}: {highest}", below.len()),
            None => String::new(),
        },
        RequirementKind::Outcome { .. } => {
            "Every statement of the column \"Achieved\", and none of the column \"Not achieved\".".to_owned()
        }
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => "A text that answers the question.",
            ItemKind::YesNo => "The answer \"Yes\".",
            ItemKind::Date => "A date.",
            ItemKind::Document => "The document itself, attached.",
            ItemKind::Confirmation => "The confirmation that all of it holds.",
        }
        .to_owned(),
    };
    if words.is_empty() { Vec::new() } else { vec![words] }
}

fn reason_choices(offered: &[Offered]) -> Vec<ReasonChoice> {
    let of = |reason: &Offered| ReasonChoice {
        value: reason.id.to_string(),
        text: match reason.uses {
            0 => format!("{} (not used yet)", reason.title),
            1 => format!("{} (used once)", reason.title),
            uses => format!("{} (used {uses} times)", reason.title),
        },
        attributes: BTreeMap::from([("data-reason", reason.body.clone())]),
    };
    offered.iter().map(of).collect()
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

/// The statuses to choose from, the claimed one named as such.
fn choices(requirement: &Requirement, line: &Line, chosen: &str) -> Vec<Choice> {
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
            Choice::new(status.as_str(), format!("{}{claimed}", status.label()))
                .hint(words)
                .checked(status.as_str() == chosen)
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
        wrong.add("note", "Enter the note");
        let none = FormErrors::new();
        let gone = Self {
            happened: Some(HappenedShown::sample()),
            too_late: "The review has moved on.".to_owned(),
            kept: vec!["Your finding: Level 1".to_owned()],
            may_decide: false,
            may_ask: false,
            ..Self::sample(true, false, &none)
        };
        vec![
            ("empty", Self::sample(false, false, &none)),
            ("typical", Self::sample(true, false, &none)),
            ("errors", Self::sample(true, false, &wrong)),
            ("stale", Self::sample(true, true, &none)),
            ("withdrawn", gone),
        ]
    }
}

impl WorkspacePage {
    /// An example for the checks, with everything on it or with nothing that may be missing.
    fn sample(full: bool, stale: bool, errors: &FormErrors) -> Self {
        let some = |lines: &[&str]| -> Vec<String> {
            if full { lines.iter().map(|line| (*line).to_owned()).collect() } else { Vec::new() }
        };
        Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            code: "1-101".to_owned(),
            heading: "1-101 A framework for governance".to_owned(),
            way: Way::sample(full),
            happened: None,
            too_late: String::new(),
            kept: Vec::new(),
            asked: AskedShown {
                section: "1 Governance".to_owned(),
                text: vec!["How far is it in place?".to_owned()],
                guidance: some(&["Look at the terms of reference."]),
                full: some(&["Level 3: reviewed every year"]),
                optional: !full,
                expected: some(&["Level 2"]).concat(),
            },
            guidance: if full { Shown::samples() } else { Vec::new() },
            claimed: "Level 2".to_owned(),
            rules: if full { RulesNote::sample() } else { RulesNote::default() },
            answer: if full { AnswerShown::sample() } else { AnswerShown::default() },
            files: if full { FileShown::samples() } else { Vec::new() },
            checks: if full {
                [true, false].map(|doubt| CheckShown { doubt, words: "It is the same.".to_owned() }).into()
            } else {
                Vec::new()
            },
            earlier: full.then(|| EarlierShown {
                lines: vec!["Level 1: begun".to_owned()],
                claimed: "Level 1".to_owned(),
                outcome: "Downgraded",
                assessed: "Level 0".to_owned(),
                reason: vec!["No minutes.".to_owned()],
            }),
            history: HistoryShown {
                grades: vec![
                    ["2025/26", "Satisfactory", "Not satisfactory"].map(super::parts::Cell::text).to_vec(),
                ],
                decisions: if full { vec![PastDecision::sample()] } else { Vec::new() },
            },
            decided: full.then(|| Decided {
                assessed: "Level 1".to_owned(),
                outcome: "Downgraded",
                reason: vec!["The policy is a draft.".to_owned()],
                who: "Version 2, Ada Reviewer, 3 March 2027 at 9am".to_owned(),
            }),
            versions: if full { vec![PastDecision::sample()] } else { Vec::new() },
            stale,
            may_decide: full,
            assessed: Field::new("assessed", "What did you find?").value("level_1").errors(errors),
            choices: vec![
                Choice::new("level_1", "Level 1").hint("begun"),
                Choice::new("level_2", "Level 2 (as claimed)").hint("in place"),
            ],
            reason: Field::new("reason", "Reason").errors(errors),
            library: Field::new("library", "Reason from the library").errors(errors),
            reasons: if full {
                reason_choices(&[Offered {
                    id: ReasonId::new(1),
                    title: "Policy is a draft".to_owned(),
                    body: "The policy is a draft.".to_owned(),
                    uses: 7,
                }])
            } else {
                Vec::new()
            },
            quoted: some(&["1"]).concat(),
            version: 1,
            may_flag: full,
            flagged: stale,
            may_note: full,
            notes: if full { vec![NoteShown::sample(true), NoteShown::sample(false)] } else { Vec::new() },
            note: note_field("", errors),
            may_ask: full,
            question: Field::new("question", "Question").errors(errors),
            due: DateField::new("due", "Answer due by").typed("1", "2", "2027").errors(errors),
            queries: if full { vec![QueryItem::sample(false), QueryItem::sample(true)] } else { Vec::new() },
            errors: errors.summary(),
        }
    }
}
