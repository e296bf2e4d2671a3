//! Guidance beside a question with what changed in it, and the list of all changes of a collection.

use serde::Serialize;

use crate::platform::clock::Day;
use crate::platform::pages::{Link, Page, PageCheck, PagesError};
use crate::returns::readiness::{question_href, return_href};
use crate::returns::store::Found;
use crate::standards::Requirement;
use crate::standards::guidance::{About, InForce, Note, name_of, said_before};
use crate::standards::mapping::{Part, parts};

/// One note beside a question.
#[derive(Debug, Serialize)]
struct Beside {
    heading: String,
    text: String,
    since: String,
    parts: Vec<Part>,
}

/// The guidance that has come into force, beside a question.
#[derive(Debug, Default, Serialize)]
pub struct BesideGuidance {
    notes: Vec<Beside>,
    list_href: String,
}

impl BesideGuidance {
    /// For one requirement of a return: guidance to it, and to its section.
    #[must_use]
    pub fn new(found: &Found, requirement: &Requirement, guidance: &[Option<InForce>; 2]) -> Self {
        let [own, of_section] = guidance;
        if own.is_none() && of_section.is_none() {
            return Self::default();
        }
        let section = found.edition.edition().section(requirement.section.as_str());
        let beside = |heading: String, now: &InForce, of_edition: Option<&str>| Beside {
            heading,
            text: now.text.clone(),
            since: now.since.words(),
            parts: parts(now.before.as_deref().or(of_edition).unwrap_or_default(), &now.text),
        };
        let mut notes = Vec::new();
        if let Some(now) = own {
            notes.push(beside("What counts".to_owned(), now, requirement.guidance.as_deref()));
        }
        if let (Some(now), Some(section)) = (of_section, section) {
            let heading = format!("About section {} {}", section.code, section.title);
            notes.push(beside(heading, now, section.guidance.as_deref()));
        }
        let list_href = format!("{}/guidance", return_href(&found.code, &found.collection.key));
        Self { notes, list_href }
    }

    /// An example.
    #[must_use]
    pub fn sample() -> Self {
        let note = Beside {
            heading: "What counts".to_owned(),
            text: "Look for decisions of the board.".to_owned(),
            since: "1 December 2026".to_owned(),
            parts: vec![
                Part { is: "same", text: "Look for decisions".to_owned() },
                Part { is: "new", text: " of the board.".to_owned() },
            ],
        };
        Self { notes: vec![note], list_href: "/organisations/ZZ001/returns/2026/guidance".to_owned() }
    }
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    href: String,
    from: String,
    parts: Vec<Part>,
}

/// Every change of guidance of a return's collection.
#[derive(Debug, Serialize)]
pub struct GuidanceChangesPage {
    collection: String,
    rows: Vec<Row>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl GuidanceChangesPage {
    /// The page for a return, with the notes that have begun to hold, the newest first. `put` says which requirements are
    /// put to this organisation and shown to this person.
    pub fn new(found: &Found, notes: &[Note], today: Day, put: &dyn Fn(&str) -> bool) -> Self {
        let edition = found.edition.edition();
        let row = |note: &Note| Row {
            name: name_of(edition, note),
            href: match note.about {
                About::Requirement if put(&note.code) => {
                    question_href(&found.code, &found.collection.key, &note.code)
                }
                _ => String::new(),
            },
            from: note.effective_on.words(),
            parts: parts(said_before(edition, notes, note), &note.text),
        };
        let holding = notes.iter().filter(|note| note.holds_on(today));
        let shown = holding.filter(|note| note.about == About::Section || put(&note.code));
        Self {
            collection: found.collection.name.clone(),
            rows: shown.map(row).collect(),
            way: crate::returns::pages::way_of(found),
        }
    }
}

impl Page for GuidanceChangesPage {
    const TEMPLATE: &'static str = "returns/guidance/changes.html";

    fn title(&self) -> String {
        "Changes of guidance".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |href: &str| Row {
            name: "1-101 Framework".to_owned(),
            href: href.to_owned(),
            from: "1 December 2026".to_owned(),
            parts: vec![Part { is: "new", text: "Look for decisions.".to_owned() }],
        };
        let page = |rows| Self {
            collection: "Annual collection 2026".to_owned(),
            rows,
            way: crate::returns::pages::sample_way(),
        };
        let href = question_href("ZZ001", "2026", "1-101");
        vec![("empty", page(Vec::new())), ("typical", page(vec![row(&href), row("")]))]
    }
}

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::returns) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<GuidanceChangesPage>()?])
}
