//! Who would get what, and why, before anything is done.

use serde::Serialize;

use super::super::plan::{Line, Reviewer, digest};
use super::way;
use crate::platform::pages::{Cell, Link, Page};

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct PreviewPage {
    lines: Vec<Vec<Cell>>,
    caption: String,
    /// Reviews that would be given; with none there is nothing to do.
    given: usize,
    number: String,
    collection: String,
    seed: String,
    plan: String,
    /// Whether the plan is another one than what was seen before.
    changed: bool,
}

impl PreviewPage {
    /// The preview of a plan.
    pub fn new(
        lines: &[Line],
        reviewers: &[Reviewer],
        (number, collection, seed): (i64, &str, &str),
        changed: bool,
    ) -> Self {
        let name = |line: &Line| {
            let found = reviewers.iter().find(|one| Some(one.person) == line.to);
            found.map_or("Nobody", |one| one.name.as_str()).to_owned()
        };
        let given = lines.iter().filter(|line| line.to.is_some()).count();
        Self {
            caption: format!("{given} of {} would be given", lines.len()),
            lines: lines
                .iter()
                .map(|line| {
                    let of = &line.waiting;
                    vec![
                        Cell::link(
                            format!("{} {}", of.code, of.name),
                            format!("/reviews/{}/risk", of.review),
                        ),
                        Cell::number(of.risk),
                        Cell::text(name(line)),
                        Cell::text(&line.why),
                    ]
                })
                .collect(),
            given,
            number: number.to_string(),
            collection: collection.to_owned(),
            seed: seed.to_owned(),
            plan: digest(lines),
            changed,
        }
    }
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "review/allocation/preview.html";

    fn title(&self) -> String {
        "Who would get what".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || {
            vec![
                Cell::link("ZZ001 Fenwick & Marsh Trust", "/reviews/1/risk"),
                Cell::number(518),
                Cell::text("Ada Reviewer"),
                Cell::text("has 2 of 10 in hand, nobody else can take it; knows the sector"),
            ]
        };
        let sample = |rows: usize, changed: bool| Self {
            lines: vec![row(); rows],
            caption: format!("{rows} of {rows} would be given"),
            given: rows,
            number: "20".to_owned(),
            collection: String::new(),
            seed: "abc".to_owned(),
            plan: "def".to_owned(),
            changed,
        };
        vec![("empty", sample(0, false)), ("typical", sample(3, true)), ("long", sample(100, false))]
    }
}
