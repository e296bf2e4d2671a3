//! Disagreements between two scores: those to settle, those that were settled, and reviews that should be reopened.

use std::collections::BTreeMap;

use serde::Serialize;

use super::way;
use crate::platform::ids::PersonId;
use crate::platform::pages::{Cell, Link, Page};
use crate::review::consistency::model::Effect;
use crate::review::consistency::moderation::Listed;

/// The list.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ModerationPage {
    #[serde(skip)]
    heading: &'static str,
    rows: Vec<Vec<Cell>>,
    more: String,
    csv: String,
}

/// What the list can show: the word in addresses and the heading.
pub(in crate::review) const LISTS: [(&str, &str); 3] = [
    ("open", "Disagreements to settle"),
    ("settled", "Disagreements that were settled"),
    ("reopen", "Reviews that moderation wants reopened"),
];

impl ModerationPage {
    /// The list of this word; `more` leads to the rest.
    pub fn new(word: &str, found: &[Listed], names: &BTreeMap<PersonId, String>, more: String) -> Self {
        let heading = LISTS.iter().find(|(one, _)| *one == word).map_or("Disagreements", |(_, words)| *words);
        Self {
            heading,
            rows: found.iter().map(|one| row(one, names)).collect(),
            more,
            csv: format!("/reviews/moderation.csv?list={word}"),
        }
    }
}

fn row(one: &Listed, names: &BTreeMap<PersonId, String>) -> Vec<Cell> {
    let name = |of: PersonId| names.get(&of).cloned().unwrap_or_default();
    let review = match one.effect {
        Some(Effect::Reopen) => Cell::link("Open the review", format!("/reviews/{}", one.review)),
        Some(effect) => Cell::text(effect.words()),
        None => Cell::text(one.state.words()),
    };
    vec![
        Cell::link(format!("{} {}", one.code, one.title), format!("/reviews/moderation/{}", one.id)),
        Cell::text(&one.name),
        Cell::text(&one.year),
        Cell::text(name(one.first_by)),
        Cell::text(name(one.second_by)),
        Cell::text(one.compared_at.london_day().words()),
        review,
    ]
}

impl Page for ModerationPage {
    const TEMPLATE: &'static str = "review/consistency/moderation.html";

    fn title(&self) -> String {
        self.heading.to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || {
            let mut cells = vec![Cell::link("1-101 A framework", "/reviews/moderation/1")];
            cells.extend(
                ["Fenwick & Marsh Trust", "2026/27", "Ada", "Bea", "3 March 2026", "To settle"]
                    .map(Cell::text),
            );
            cells
        };
        let sample = |count: usize| Self {
            heading: "Disagreements to settle",
            rows: (0..count).map(|_| row()).collect(),
            more: if count > 50 {
                "/reviews/moderation?list=open&from=100".to_owned()
            } else {
                String::new()
            },
            csv: "/reviews/moderation.csv?list=open".to_owned(),
        };
        vec![("empty", sample(0)), ("typical", sample(2)), ("long", sample(100))]
    }
}
