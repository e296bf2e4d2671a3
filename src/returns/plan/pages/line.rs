//! One line: changing it while the plan is written, reporting progress once it is signed.

use serde::Serialize;

use super::{inner_way_of, line_href, line_tag};
use crate::platform::clock::Day;
use crate::platform::http::{Fields, TypedDay};
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::returns::library::piece_href;
use crate::returns::plan::model::Funded;
use crate::returns::plan::reading::Reading;
use crate::returns::plan::save_line::{LineChange, TEXT_LIMIT};
use crate::returns::plan::store::{Note, PlanLine};
use crate::returns::quoted::Quoted;
use crate::returns::readiness::question_href;
use crate::returns::store::Found;
use crate::standards::Requirement;

/// A line as typed.
#[derive(Debug, Clone, Default)]
pub(in crate::returns::plan) struct LineForm {
    pub action: String,
    pub owner: String,
    pub due: TypedDay,
    pub resources: String,
    pub funded: String,
    pub version: String,
}

impl LineForm {
    pub(in crate::returns::plan) fn read(fields: &Fields) -> Self {
        Self {
            action: fields.text("action"),
            owner: fields.text("owner"),
            due: TypedDay::read(fields, "due"),
            resources: fields.text("resources"),
            funded: fields.text("funded"),
            version: fields.text("version"),
        }
    }

    pub(in crate::returns::plan) fn of(line: &PlanLine) -> Self {
        Self {
            action: line.action.clone(),
            owner: line.owner.map(|owner| owner.to_string()).unwrap_or_default(),
            due: line.due_on.map(TypedDay::of).unwrap_or_default(),
            resources: line.resources.clone(),
            funded: line.funded.as_str().to_owned(),
            version: line.version.to_string(),
        }
    }

    /// The change, which may leave things for later.
    pub(in crate::returns::plan) fn parse(&self) -> Result<LineChange, FormErrors> {
        let mut errors = FormErrors::new();
        for (field, text) in [("action", &self.action), ("resources", &self.resources)] {
            if text.chars().count() > TEXT_LIMIT {
                errors.add(field, format!("Enter {TEXT_LIMIT} characters or fewer"));
            }
        }
        let owner = if self.owner.is_empty() {
            None
        } else {
            let owner = self.owner.parse().ok();
            if owner.is_none() {
                errors.add("owner", "Choose an owner from the list");
            }
            owner
        };
        let due_on = if self.due.is_blank() {
            None
        } else {
            self.due.parse("due", "by which it will be done", &mut errors)
        };
        let version = self.version.parse::<i64>().ok();
        let change = version.map(|version| LineChange {
            action: self.action.clone(),
            owner,
            due_on,
            resources: self.resources.clone(),
            funded: self.funded.parse().unwrap_or(Funded::Unknown),
            version,
        });
        errors.into_result(change)
    }
}

/// A note about progress.
#[derive(Debug, Serialize)]
struct NoteItem {
    by: String,
    at: i64,
    text: String,
}

/// The controls that change a line.
#[derive(Debug, Serialize)]
struct Controls {
    action: Field,
    owner: Field,
    owners: Vec<Choice>,
    due: DateField,
    resources: Field,
    funded: Field,
    fundings: Vec<Choice>,
    version: String,
    remove_href: String,
}

/// The controls that report progress.
#[derive(Debug, Serialize)]
struct Report {
    note: Field,
    evidence: Field,
    piece: Field,
    pieces: Vec<Choice>,
    href: String,
    /// Whether it is done already.
    done: bool,
}

/// The controls that give a line of a signed plan to somebody else.
#[derive(Debug, Serialize)]
struct Reassign {
    owner: Field,
    owners: Vec<Choice>,
    href: String,
}

/// One line.
#[derive(Debug, Serialize)]
pub(in crate::returns::plan) struct LinePage {
    heading: String,
    question_href: String,
    errors: ErrorSummary,
    tag: Tag,
    rejected: String,
    action: String,
    owner: String,
    due: String,
    resources: String,
    funded: &'static str,
    done: String,
    evidence: String,
    /// The piece of the library that shows it.
    piece: Link,
    /// Its owner has left the organisation.
    owner_left: bool,
    notes: Vec<NoteItem>,
    due_by: String,
    form: Option<Controls>,
    reassign: Option<Reassign>,
    report: Option<Report>,
    #[serde(skip)]
    way: Vec<Link>,
}

/// What a line's page is made of.
pub(in crate::returns::plan) struct Shown<'a> {
    pub found: &'a Found,
    pub reading: &'a Reading,
    pub line: &'a PlanLine,
    pub requirement: &'a Requirement,
    pub today: Day,
    pub may_edit: bool,
    pub may_report: bool,
    pub may_reassign: bool,
}

impl LinePage {
    /// The page with what is stored, or with what was typed and what is wrong with it.
    pub(in crate::returns::plan) fn new(
        shown: &Shown<'_>,
        form: &LineForm,
        (note, evidence): (&str, &str),
        errors: &FormErrors,
    ) -> Self {
        let Shown { found, reading, line, requirement, today, .. } = shown;
        let href = line_href(found, line);
        let limit = reading.due_by.words();
        let report = Report {
            note: Field::new("note", "How does it go?").value(note).errors(errors),
            evidence: Field::new("evidence", "What shows that it is done? (only when it is)")
                .hint("A document, a decision or a test, and where it can be found. The line then counts as done")
                .value(evidence)
                .errors(errors),
            piece: Field::new("piece", "Does a piece of the evidence library show it? (optional)").errors(errors),
            pieces: pieces(reading),
            href: format!("{href}/progress"),
            done: line.done_on.is_some(),
        };
        let reassign = shown.may_reassign && line.done_on.is_none();
        Self {
            piece: piece_of(found, reading, line),
            owner_left: reading.owner_left(line),
            reassign: reassign.then(|| Reassign {
                owner: Field::new("owner", "Who is responsible from now on?").errors(errors),
                owners: owners(&reading.members),
                href: format!("{href}/owner"),
            }),
            heading: format!("{} {}", requirement.code, requirement.title),
            question_href: question_href(&found.code, &found.collection.key, requirement.code.as_str()),
            errors: errors.summary(),
            tag: line_tag(line, *today),
            rejected: line.rejected.clone(),
            action: line.action.clone(),
            owner: reading.name(line.owner).to_owned(),
            due: line.due_on.map(Day::words).unwrap_or_default(),
            resources: line.resources.clone(),
            funded: line.funded.words(),
            done: line.done_on.map(Day::words).unwrap_or_default(),
            evidence: line.evidence.clone(),
            notes: reading
                .notes
                .iter()
                .filter(|note| note.line == line.id)
                .map(|note| NoteItem {
                    by: said_by(note, reading.name(note.by)),
                    at: note.at.micros(),
                    text: note.note.clone(),
                })
                .collect(),
            form: shown.may_edit.then(|| controls(form, &reading.members, &limit, &href, errors)),
            report: shown.may_report.then_some(report),
            due_by: limit,
            way: inner_way_of(found),
        }
    }
}

/// Who wrote a note; what cannot be read is told of whoever brought it.
fn said_by(note: &Note, by: &str) -> String {
    let quoted = Quoted::of(note.quoted.as_deref()).ok().flatten();
    quoted.map_or_else(|| by.to_owned(), |quoted| quoted.words(by))
}

/// The piece that shows that a line is done, where it leads while it is in the library; empty where none does.
fn piece_of(found: &Found, reading: &Reading, line: &PlanLine) -> Link {
    let known = reading.pieces.iter().find(|(id, ..)| Some(*id) == line.piece);
    known.map_or_else(Link::default, |(id, title, _)| Link::new(title, piece_href(&found.code, *id)))
}

fn pieces(reading: &Reading) -> Vec<Choice> {
    let kept = reading.pieces.iter().filter(|(.., kept)| *kept);
    std::iter::once(Choice::new("", "None"))
        .chain(kept.map(|(id, title, _)| Choice::new(id.to_string(), title)))
        .collect()
}

fn owners(members: &[(crate::platform::ids::PersonId, String)]) -> Vec<Choice> {
    let known = members.iter().map(|(id, name)| Choice::new(id.to_string(), name));
    std::iter::once(Choice::new("", "Nobody yet")).chain(known).collect()
}

fn controls(
    form: &LineForm,
    members: &[(crate::platform::ids::PersonId, String)],
    limit: &str,
    href: &str,
    errors: &FormErrors,
) -> Controls {
    let field = |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
    let mut due = form.due.field("due", "When will it be done?", errors);
    due.hint = format!("By {limit} at the latest");
    Controls {
        action: field("action", "What will be done?", &form.action),
        owner: field("owner", "Who is responsible?", &form.owner),
        owners: owners(members),
        due,
        resources: field("resources", "What does it take? (optional)", &form.resources)
            .hint("People, money, suppliers"),
        funded: field("funded", "Is the money there?", &form.funded),
        fundings: Funded::ALL
            .iter()
            .map(|funded| {
                Choice::new(funded.as_str(), funded.words()).checked(form.funded == funded.as_str())
            })
            .collect(),
        version: form.version.clone(),
        remove_href: format!("{href}/remove"),
    }
}

impl Page for LinePage {
    const TEMPLATE: &'static str = "returns/plan/line.html";

    fn title(&self) -> String {
        format!("Improvement plan: {}", self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut errors = FormErrors::new();
        errors.add_at("due", "due-day", "Enter a real date");
        let members = [(crate::platform::ids::PersonId::new(1), "Ada Example".to_owned())];
        let href = "/organisations/ZZ001/returns/2026/plan/lines/1";
        let page = |errors: &FormErrors| Self {
            heading: "1.1.2 Register".to_owned(),
            question_href: "/organisations/ZZ001/returns/2026/requirements/1.1.2".to_owned(),
            errors: errors.summary(),
            tag: Tag::new("To do", "blue"),
            rejected: String::new(),
            action: String::new(),
            owner: String::new(),
            due: String::new(),
            resources: String::new(),
            funded: "Not yet known",
            done: String::new(),
            evidence: String::new(),
            piece: Link::default(),
            owner_left: false,
            reassign: None,
            notes: Vec::new(),
            due_by: "30 December 2026".to_owned(),
            form: Some(controls(&LineForm::default(), &members, "30 December 2026", href, errors)),
            report: None,
            way: super::sample_way(),
        };
        let report = Report {
            note: Field::new("note", "How does it go?"),
            evidence: Field::new("evidence", "What shows that it is done?"),
            piece: Field::new("piece", "Does a piece of the evidence library show it? (optional)"),
            pieces: vec![Choice::new("", "None"), Choice::new("1", "Minutes")],
            href: format!("{href}/progress"),
            done: false,
        };
        let reported = Self {
            rejected: "Say who.".to_owned(),
            action: "Write it.".to_owned(),
            owner: "Ada Example".to_owned(),
            due: "1 October 2026".to_owned(),
            resources: "Two days".to_owned(),
            done: "1 September 2026".to_owned(),
            evidence: "Minutes of the board".to_owned(),
            piece: Link::new("Minutes", "/organisations/ZZ001/evidence/1"),
            owner_left: true,
            reassign: Some(Reassign {
                owner: Field::new("owner", "Who is responsible from now on?"),
                owners: owners(&members),
                href: format!("{href}/owner"),
            }),
            notes: vec![NoteItem {
                by: "Ada Example".to_owned(),
                at: 1_780_000_000_000_000,
                text: "Half done".to_owned(),
            }],
            form: None,
            report: Some(report),
            ..page(&FormErrors::new())
        };
        vec![("empty", page(&FormErrors::new())), ("error", page(&errors)), ("reported", reported)]
    }
}
