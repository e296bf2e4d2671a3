//! What stands beside an answer on the reviewer's screen: its files, what the cross-checks found, last year's answer, the
//! organisation's history, earlier versions of the decision, and the team's private notes.

use serde::Serialize;

use crate::access::Actor;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::ReviewId;
use crate::returns::{self, SnapshotEvidence};
use crate::review::case::grade_words;
use crate::review::model::DecisionOutcome;
use crate::review::notes::Note;
use crate::review::pages::parts::{Cell, paragraphs, size_words};
use crate::review::workspace::{DecidedBy, Desk, FileFact, Happened, Weight};
use crate::standards::SchemeKind;
use crate::standards::scoring::Status;

/// One file beside the answer.
#[derive(Debug, Serialize)]
pub(super) struct FileShown {
    pub name: String,
    pub size: String,
    /// Where it is downloaded, or for a link its own address.
    pub href: String,
    /// Where it is shown within the page; empty where it only can be downloaded.
    pub view_href: String,
    /// Whether it is a picture.
    pub picture: bool,
    pub added_by: String,
    pub added_at: i64,
    pub valid_to: String,
    pub stale: bool,
    pub replaced: bool,
}

impl FileShown {
    /// A file of the answer with what the library says of it.
    pub fn new(file: &SnapshotEvidence, fact: Option<&FileFact>, of: ReviewId, today: Day) -> Self {
        let is_link = file.media_type == returns::LINK_TYPE && file.name.starts_with("https://");
        let picture = file.media_type.starts_with("image/");
        let shown =
            picture || file.media_type == "application/pdf" || file.media_type.starts_with("text/plain");
        let own = format!("/reviews/{of}/evidence/{}", file.id);
        Self {
            name: file.name.clone(),
            size: if is_link { String::new() } else { size_words(file.size) },
            view_href: if shown && !is_link { format!("{own}/view") } else { String::new() },
            href: if is_link { file.name.clone() } else { own },
            picture,
            added_by: fact.map(|fact| fact.added_by.clone()).unwrap_or_default(),
            added_at: fact.and_then(|fact| fact.added_at).map_or(0, Timestamp::micros),
            valid_to: fact.and_then(|fact| fact.valid_to).map(Day::words).unwrap_or_default(),
            stale: fact.is_some_and(|fact| fact.ended(today).is_some()),
            replaced: fact.is_some_and(|fact| fact.replaced),
        }
    }

    /// Examples for the checks: a document, a picture and a link.
    pub fn samples() -> Vec<Self> {
        let file = |name: &str, view: &str, picture: bool| Self {
            name: name.to_owned(),
            size: if view.is_empty() { String::new() } else { "12 KB".to_owned() },
            href: "/reviews/1/evidence/2".to_owned(),
            view_href: view.to_owned(),
            picture,
            added_by: "Lee Lead".to_owned(),
            added_at: 1_780_000_000_000_000,
            valid_to: "31 March 2027".to_owned(),
            stale: picture,
            replaced: !picture,
        };
        vec![
            file("policy.pdf", "/reviews/1/evidence/2/view", false),
            file("plan.png", "/reviews/1/evidence/3/view", true),
            file("https://intranet.example/policy", "", false),
        ]
    }
}

/// One finding of the cross-checks.
#[derive(Debug, Serialize)]
pub(super) struct CheckShown {
    pub doubt: bool,
    pub words: String,
}

/// What the cross-checks found.
pub(super) fn checks(desk: &Desk) -> Vec<CheckShown> {
    let shown = desk.checks.iter();
    shown
        .map(|check| CheckShown { doubt: check.weight == Weight::Doubt, words: check.words.clone() })
        .collect()
}

/// Last year's answer with what became of it.
#[derive(Debug, Serialize)]
pub(super) struct EarlierShown {
    pub lines: Vec<String>,
    pub claimed: String,
    pub outcome: &'static str,
    pub assessed: String,
    pub reason: Vec<String>,
}

/// Last year's answer, where there was a return last year.
pub(super) fn earlier(desk: &Desk) -> Option<EarlierShown> {
    let answer = desk.earlier.as_ref()?;
    let kind = desk.case.edition().scheme().kind();
    let decision = desk.decisions.iter().find(|one| Some(one.collection) == desk.case.found.previous);
    Some(EarlierShown {
        lines: answer.words.iter().flat_map(|line| paragraphs(line)).collect(),
        claimed: answer.claimed.map(Status::label).unwrap_or_default(),
        outcome: decision.map_or("", |one| one.outcome.words()),
        assessed: decision.map(|one| label(kind, one.assessed)).unwrap_or_default(),
        reason: decision.map(|one| paragraphs(&one.reason)).unwrap_or_default(),
    })
}

/// The words of a stored status byte.
fn label(kind: SchemeKind, byte: u8) -> String {
    Status::from_byte(kind, byte).map(Status::label).unwrap_or_default()
}

/// A decision of another year, or an earlier version of this one.
#[derive(Debug, Serialize)]
pub(super) struct PastDecision {
    pub when: String,
    pub outcome: &'static str,
    pub assessed: String,
    pub reason: Vec<String>,
}

impl PastDecision {
    fn new(when: String, outcome: DecisionOutcome, assessed: String, reason: &str) -> Self {
        Self { when, outcome: outcome.words(), assessed, reason: paragraphs(reason) }
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        let assessed = "Level 1".to_owned();
        Self::new("2024/25".to_owned(), DecisionOutcome::Downgrade, assessed, "No minutes.")
    }
}

/// The organisation's history: grades by year, and decisions about the same requirement before last year's.
#[derive(Debug, Default, Serialize)]
pub(super) struct HistoryShown {
    pub grades: Vec<Vec<Cell>>,
    pub decisions: Vec<PastDecision>,
}

/// The organisation's history beside this requirement.
pub(super) fn history(desk: &Desk) -> HistoryShown {
    let kind = desk.case.edition().scheme().kind();
    let words = |grade: &Option<String>| grade.as_deref().map(grade_words).unwrap_or_default();
    let others = desk.decisions.iter().filter(|one| Some(one.collection) != desk.case.found.previous);
    HistoryShown {
        grades: desk
            .grades
            .iter()
            .map(|one| {
                vec![Cell::text(&one.year), Cell::text(words(&one.claimed)), Cell::text(words(&one.assessed))]
            })
            .collect(),
        decisions: others
            .map(|one| {
                PastDecision::new(one.year.clone(), one.outcome, label(kind, one.assessed), &one.reason)
            })
            .collect(),
    }
}

/// What the decision said before it was changed, the newest first.
pub(super) fn versions(desk: &Desk) -> Vec<PastDecision> {
    let kind = desk.case.edition().scheme().kind();
    let earlier = desk.versions.iter().skip(1);
    earlier
        .map(|one| PastDecision::new(who(one), one.outcome, label(kind, one.assessed), &one.reason))
        .collect()
}

/// Who made a version of a decision, and when.
pub(super) fn who(one: &DecidedBy) -> String {
    format!("Version {}, {}, {}", one.version, one.by, one.at.london_words())
}

/// A private note.
#[derive(Debug, Serialize)]
pub(in crate::review) struct NoteShown {
    id: i64,
    lines: Vec<String>,
    by: String,
    at: i64,
    mine: bool,
}

impl NoteShown {
    /// A note as the actor sees it, who can take back their own.
    pub fn new(note: &Note, actor: &Actor) -> Self {
        Self {
            id: note.id.get(),
            lines: paragraphs(&note.body),
            by: note.name.clone(),
            at: note.at.micros(),
            mine: actor.id() == Some(note.by),
        }
    }

    /// An example for the checks.
    pub fn sample(mine: bool) -> Self {
        Self {
            id: if mine { 1 } else { 2 },
            lines: vec!["Ask the auditor first.".to_owned()],
            by: "Ada Reviewer".to_owned(),
            at: 1_780_000_000_000_000,
            mine,
        }
    }
}

/// What became of a submission that is not reviewed any more.
#[derive(Debug, Serialize)]
pub(in crate::review) struct HappenedShown {
    heading: &'static str,
    lines: Vec<String>,
    href: String,
}

impl HappenedShown {
    /// In words.
    pub fn new(happened: &Happened) -> Self {
        match happened {
            Happened::Withdrawn { reason, at } => {
                let mut lines = vec![format!(
                    "The organisation took its submission back on {}. Its reason:",
                    at.london_words()
                )];
                lines.extend(paragraphs(reason));
                lines.push("What was decided so far is kept. Nothing more can be decided here.".to_owned());
                Self { heading: "This submission was withdrawn", lines, href: String::new() }
            }
            Happened::Superseded { newer } => Self {
                heading: "The organisation sent its return again",
                lines: vec!["This submission is not reviewed any more; the newer one is.".to_owned()],
                href: newer.map(|id| format!("/reviews/{id}")).unwrap_or_default(),
            },
        }
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        Self {
            heading: "The organisation sent its return again",
            lines: vec!["The newer submission is reviewed instead.".to_owned()],
            href: "/reviews/2".to_owned(),
        }
    }
}
