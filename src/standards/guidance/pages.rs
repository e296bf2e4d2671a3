//! The page of guidance to an edition: every note with what it changed, and the form that publishes one.

use serde::Serialize;

use super::model::{About, NOTE_LIMIT, Note};
use super::publish::NewNote;
use super::words::{name_of, said_before};
use crate::platform::clock::Day;
use crate::platform::http::{Fields, TypedDay};
use crate::platform::pages::{
    Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page, PageCheck, PagesError, Tag,
};
use crate::standards::mapping::{Part, parts};
use crate::standards::model::Edition;

/// A note as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct NoteForm {
    pub about: String,
    pub text: String,
    pub from: TypedDay,
}

impl NoteForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        Self { about: fields.text("about"), text: fields.text("text"), from: TypedDay::read(fields, "from") }
    }

    /// The note to an edition. A place is the kind, a colon and the code.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self, edition: &str) -> Result<NewNote, FormErrors> {
        let mut errors = FormErrors::new();
        let place =
            self.about.split_once(':').and_then(|(about, code)| Some((about.parse::<About>().ok()?, code)));
        if place.is_none() {
            errors.add("about", "Select what the guidance is about");
        }
        let day = self.from.parse("from", "from which it holds", &mut errors);
        let note = place.zip(day).map(|((about, code), effective_on)| NewNote {
            edition: edition.to_owned(),
            about,
            code: code.to_owned(),
            text: self.text.clone(),
            effective_on,
        });
        errors.into_result(note)
    }
}

#[derive(Debug, Serialize)]
struct Item {
    name: String,
    tag: Tag,
    from: String,
    parts: Vec<Part>,
    withdraw_href: String,
}

/// The guidance to one edition.
#[derive(Debug, Serialize)]
pub(super) struct GuidancePage {
    #[serde(skip)]
    edition: String,
    edition_href: String,
    href: String,
    csv_href: String,
    errors: ErrorSummary,
    items: Vec<Item>,
    may_publish: bool,
    about: Field,
    places: Vec<Choice>,
    text: Field,
    from: DateField,
    limit: usize,
}

impl GuidancePage {
    /// The page of an edition.
    pub fn new(
        edition: &Edition,
        notes: &[Note],
        (today, may_publish): (Day, bool),
        form: &NoteForm,
        errors: &FormErrors,
    ) -> Self {
        let item = |note: &Note| {
            let waits = !note.withdrawn && note.effective_on > today;
            let tag = match (note.withdrawn, waits) {
                (true, _) => Tag::new("Taken back", "grey"),
                (_, true) => Tag::new("Scheduled", "yellow"),
                _ => Tag::new("Published", "green"),
            };
            Item {
                name: name_of(edition, note),
                tag,
                from: note.effective_on.words(),
                parts: parts(said_before(edition, notes, note), &note.text),
                withdraw_href: if waits && may_publish {
                    format!("/standards/guidance/{}/withdraw", note.id)
                } else {
                    String::new()
                },
            }
        };
        let mut places = vec![Choice::new("", "Select a section or a requirement")];
        for (_, section, own) in edition.sections_with_requirements() {
            places.push(Choice::new(
                format!("section:{}", section.code),
                format!("Section {} {}", section.code, section.title),
            ));
            places.extend(
                own.iter().map(|r| {
                    Choice::new(format!("requirement:{}", r.code), format!("{} {}", r.code, r.title))
                }),
            );
        }
        let edition_href = format!("/standards/{}", edition.key());
        Self {
            edition: format!("{} {}", edition.standard_name(), edition.label()),
            href: format!("{edition_href}/guidance"),
            csv_href: format!("{edition_href}/guidance.csv"),
            edition_href,
            errors: errors.summary(),
            items: notes.iter().map(item).collect(),
            may_publish,
            about: Field::new("about", "What is it about?").value(&form.about).errors(errors),
            places,
            text: Field::new("text", "Guidance").value(&form.text).errors(errors),
            from: form.from.field("from", "From which day does it hold?", errors),
            limit: NOTE_LIMIT,
        }
    }
}

impl Page for GuidancePage {
    const TEMPLATE: &'static str = "standards/guidance/edition.html";

    fn title(&self) -> String {
        format!("Guidance to {}", self.edition)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Home", "/home"),
            Link::new("Standards", "/standards"),
            Link::new(self.edition.clone(), self.edition_href.clone()),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |items, may_publish, errors: &FormErrors| Self {
            edition: "Example standard 2026/27".to_owned(),
            edition_href: "/standards/example-2026".to_owned(),
            href: "/standards/example-2026/guidance".to_owned(),
            csv_href: "/standards/example-2026/guidance.csv".to_owned(),
            errors: errors.summary(),
            items,
            may_publish,
            about: Field::new("about", "What is it about?").errors(errors),
            places: vec![Choice::new("requirement:1-101", "1-101 Framework")],
            text: Field::new("text", "Guidance"),
            from: DateField::new("from", "From which day does it hold?"),
            limit: NOTE_LIMIT,
        };
        let item = |withdraw: &str| Item {
            name: "1-101 Framework".to_owned(),
            tag: Tag::new("Scheduled", "yellow"),
            from: "1 December 2026".to_owned(),
            parts: vec![Part { is: "new", text: "Look for decisions.".to_owned() }],
            withdraw_href: withdraw.to_owned(),
        };
        let mut errors = FormErrors::new();
        errors.add("about", "Select what the guidance is about");
        let items = || vec![item("/standards/guidance/2/withdraw"), item("")];
        vec![
            ("empty", page(Vec::new(), false, &FormErrors::new())),
            ("typical", page(items(), true, &FormErrors::new())),
            ("error", page(items(), true, &errors)),
        ]
    }
}

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::standards) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<GuidancePage>()?])
}
