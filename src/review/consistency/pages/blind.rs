//! What a second scorer was given, and one submission of it from above. Neither knows anything of the first review.

use serde::Serialize;

use super::way;
use crate::platform::pages::{Cell, Fact, Link, Page, Tag};
use crate::review::consistency::blind::{BlindSheet, Mine};
use crate::review::consistency::model::BlindState;
use crate::standards::Asked;
use crate::standards::scoring::Status;

/// What a person was given to score.
#[derive(Debug, Serialize)]
pub(in crate::review) struct BlindListPage {
    rows: Vec<Vec<Cell>>,
    may_take: bool,
}

impl BlindListPage {
    /// The list of a scorer.
    pub fn new(mine: &[Mine], may_take: bool) -> Self {
        let row = |one: &Mine| {
            let name = if one.state == BlindState::Assigned {
                Cell::link(&one.organisation, format!("/reviews/blind/{}", one.id))
            } else {
                Cell::text(&one.organisation)
            };
            let since = one.since.map(|at| at.london_day().words()).unwrap_or_default();
            vec![name, Cell::text(&one.year), Cell::text(one.state.words()), Cell::text(since)]
        };
        Self { rows: mine.iter().map(row).collect(), may_take }
    }
}

impl Page for BlindListPage {
    const TEMPLATE: &'static str = "review/consistency/blind.html";

    fn title(&self) -> String {
        "Submissions to score a second time".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || {
            vec![
                Cell::link("Fenwick & Marsh Trust", "/reviews/blind/1"),
                Cell::text("2026/27"),
                Cell::text("Being scored"),
                Cell::text("3 March 2026"),
            ]
        };
        vec![
            ("empty", Self { rows: Vec::new(), may_take: true }),
            ("typical", Self { rows: vec![row()], may_take: true }),
            ("long", Self { rows: (0..60).map(|_| row()).collect(), may_take: false }),
        ]
    }
}

/// One submission to score.
#[derive(Debug, Serialize)]
pub(in crate::review) struct BlindCasePage {
    id: i64,
    #[serde(skip)]
    organisation: String,
    tag: Tag,
    facts: Vec<Fact>,
    rows: Vec<Vec<Cell>>,
    next: Option<Link>,
    left: usize,
    version: i64,
}

impl BlindCasePage {
    /// The page of a sheet.
    pub fn new(sheet: &BlindSheet) -> Self {
        let id = sheet.case.id;
        let at = |code: &str| format!("/reviews/blind/{id}/requirements/{code}");
        let edition = sheet.edition.edition();
        let rows = sheet
            .requirements()
            .filter(|(_, line)| line.asked != Asked::NotAsked)
            .map(|(requirement, line)| {
                let code = requirement.code.as_str();
                vec![
                    Cell::link(format!("{code} {}", requirement.title), at(code)),
                    Cell::text(line.claimed.label()),
                    Cell::text(line.found(edition).map(Status::label).unwrap_or_default()),
                ]
            })
            .collect();
        let wanting = sheet.wanting();
        Self {
            id: id.get(),
            organisation: sheet.name.clone(),
            tag: Tag::new(sheet.case.state.words(), "blue"),
            facts: vec![
                Fact::new("Organisation", format!("{} ({})", sheet.name, sheet.code)),
                Fact::new("Year", &*sheet.year_label),
            ],
            rows,
            next: wanting.first().map(|code| Link::new(*code, at(code))),
            left: wanting.len(),
            version: sheet.case.version,
        }
    }
}

impl Page for BlindCasePage {
    const TEMPLATE: &'static str = "review/consistency/blind_case.html";

    fn title(&self) -> String {
        format!("Second scoring of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way();
        way.push(Link::new("Second scoring", "/reviews/blind"));
        way
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |found: &str| {
            vec![
                Cell::link("1-101 A framework", "/reviews/blind/1/requirements/1-101"),
                Cell::text("Level 2"),
                Cell::text(found),
            ]
        };
        let sample = |count: usize, left: usize| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            tag: Tag::new("Being scored", "blue"),
            facts: vec![Fact::new("Year", "2026/27")],
            rows: (0..count).map(|_| row("Level 1")).collect(),
            next: (left > 0).then(|| Link::new("1-102", "/reviews/blind/1/requirements/1-102")),
            left,
            version: 2,
        };
        vec![("empty", sample(0, 0)), ("typical", sample(3, 1)), ("long", sample(110, 47))]
    }
}
