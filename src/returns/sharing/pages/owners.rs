//! Sharing out the work: who was given what and how far they have got, and the form that gives more.

use serde::Serialize;

use super::{ShareControls, owner_words};
use crate::platform::ids::PersonId;
use crate::platform::pages::{Cell, Choice, ErrorSummary, FormErrors, Link, Page};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::Line;
use crate::returns::sharing::Owned;
use crate::returns::sharing::form::{REQUIREMENT, SECTION, ShareForm};
use crate::returns::sharing::progress::{Progress, by_requirement};
use crate::returns::store::Found;
use crate::standards::Asked;

/// What an owner's share is counted by.
const HEAD: [&str; 5] = ["Owner", "Given", "Completed", "In progress", "Overdue"];

/// One section with what can be ticked in it.
#[derive(Debug, Serialize)]
pub struct PickSection {
    heading: String,
    /// The id of its first box.
    id: String,
    error: String,
    items: Vec<Choice>,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct OwnersPage {
    organisation: String,
    collection: String,
    errors: ErrorSummary,
    put: usize,
    unowned: usize,
    head: Vec<serde_json::Value>,
    rows: Vec<Vec<Cell>>,
    sections: Vec<PickSection>,
    /// None when nothing can be given here and now.
    controls: Option<ShareControls>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl OwnersPage {
    /// The page of a return; `form` is what was typed.
    #[must_use]
    pub(in crate::returns::sharing) fn new(
        found: &Found,
        (lines, owned): (&[Line<'_>], &[Owned]),
        progress: &Progress<'_>,
        (form, errors): (&ShareForm, &FormErrors),
    ) -> Self {
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            errors: errors.summary(),
            put: progress.put,
            unowned: progress.unowned,
            head: head(),
            rows: rows(progress),
            sections: sections(found, lines, owned, (form, errors)),
            controls: None,
            way: way_of(found),
        }
    }

    /// With the form; `last` is the last day that something can be given for, in words.
    #[must_use]
    pub(in crate::returns::sharing) fn with_form(
        mut self,
        (colleagues, last): (&[(PersonId, String)], &str),
        (form, errors): (&ShareForm, &FormErrors),
    ) -> Self {
        self.controls = Some(ShareControls::new(colleagues, last, form, errors));
        self
    }
}

fn head() -> Vec<serde_json::Value> {
    let column = |(place, words): (usize, &str)| {
        if place == 0 {
            serde_json::json!(words)
        } else {
            serde_json::json!({"text": words, "format": "numeric"})
        }
    };
    HEAD.into_iter().enumerate().map(column).collect()
}

fn rows(progress: &Progress<'_>) -> Vec<Vec<Cell>> {
    let row = |share: &super::super::progress::Share<'_>| {
        let left = if share.is_here { "" } else { " (left; needs a new owner)" };
        vec![
            Cell::text(format!("{}{left}", share.name)),
            Cell::number(share.given),
            Cell::number(share.completed),
            Cell::number(share.in_progress),
            Cell::number(share.overdue),
        ]
    };
    progress.owners.iter().map(row).collect()
}

fn sections(
    found: &Found,
    lines: &[Line<'_>],
    owned: &[Owned],
    (form, errors): (&ShareForm, &FormErrors),
) -> Vec<PickSection> {
    let edition = found.edition.edition();
    let (tree, owners) = (edition.tree(), by_requirement(owned));
    let put = |index: &usize| lines.get(*index).filter(|line| line.asked != Asked::NotAsked);
    let mut sections: Vec<PickSection> = Vec::new();
    for (place, entry) in tree.iter().enumerate() {
        let Some(section) = edition.sections().get(entry.section) else { continue };
        let inside = tree.get(place..=place + entry.descendants).unwrap_or_default();
        if !inside.iter().flat_map(|entry| &entry.requirements).any(|index| put(index).is_some()) {
            continue;
        }
        let pick = |value: String, text: String| {
            let ticked = form.picks.contains(&value);
            Choice::new(value, text).checked(ticked)
        };
        let heading = format!("{} {}", section.code, section.title);
        let mut items = vec![pick(format!("{SECTION}{}", section.code), format!("All of {heading}"))];
        items.extend(entry.requirements.iter().filter_map(put).map(|line| {
            let owner =
                owners.get(&line.id).map_or_else(|| "Nobody yet".to_owned(), |owner| owner_words(owner));
            let settled = if line.is_settled() { ". Completed" } else { "" };
            pick(
                format!("{REQUIREMENT}{}", line.requirement.code),
                format!("{} {}", line.requirement.code, line.requirement.title),
            )
            .hint(format!("{owner}{settled}"))
        }));
        let first = sections.is_empty();
        sections.push(PickSection {
            heading,
            id: format!("pick-{}", sections.len()),
            error: if first { errors.message("pick").unwrap_or_default().to_owned() } else { String::new() },
            items,
        });
    }
    sections
}

impl Page for OwnersPage {
    const TEMPLATE: &'static str = "returns/sharing/owners.html";

    fn title(&self) -> String {
        format!("Share out the work: {}, {}", self.collection, self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let section = |place: usize, error: &str| PickSection {
            heading: "1 Leadership".to_owned(),
            id: format!("pick-{place}"),
            error: error.to_owned(),
            items: vec![
                Choice::new("section:1", "All of 1 Leadership"),
                Choice::new("requirement:1-101", "1-101 Framework").hint("Ada Example, by 3 May 2026"),
            ],
        };
        let page = |rows: Vec<Vec<Cell>>, controls: Option<ShareControls>, errors: &FormErrors| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            errors: errors.summary(),
            put: 45,
            unowned: if rows.is_empty() { 45 } else { 0 },
            head: head(),
            rows,
            sections: vec![section(0, errors.message("pick").unwrap_or_default()), section(1, "")],
            controls,
            way: sample_way(),
        };
        let row = vec![
            Cell::text("Ada Example"),
            Cell::number(3),
            Cell::number(1),
            Cell::number(1),
            Cell::number(0),
        ];
        let mut errors = FormErrors::new();
        errors.add_at("pick", "pick-0", "Tick at least one requirement or section");
        let none = FormErrors::new();
        vec![
            ("empty", page(Vec::new(), Some(ShareControls::sample(&none)), &none)),
            ("typical", page(vec![row.clone()], Some(ShareControls::sample(&none)), &none)),
            ("to read", page(vec![row], None, &none)),
            ("error", page(Vec::new(), Some(ShareControls::sample(&errors)), &errors)),
        ]
    }
}
