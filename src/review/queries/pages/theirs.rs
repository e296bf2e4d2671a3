//! The organisation's list of the questions about one return.

use serde::Serialize;

use crate::platform::pages::{Cell, Link, Page};
use crate::review::queries::model::QueryOutcome;
use crate::review::queries::store::Query;
use crate::standards::StoredEdition;

/// Questions about one return.
#[derive(Debug, Serialize)]
pub(in crate::review) struct TheirListPage {
    #[serde(skip)]
    back: String,
    #[serde(skip)]
    label: String,
    caption: String,
    rows: Vec<Vec<Cell>>,
}

impl TheirListPage {
    /// The questions that somebody sees.
    pub fn new((code, key, label): (&str, &str, &str), edition: &StoredEdition, queries: &[Query]) -> Self {
        let back = format!("/organisations/{code}/returns/{key}");
        let row = |query: &Query| {
            let position = edition.position_of(query.requirement);
            let requirement = position.and_then(|position| edition.edition().requirements().get(position));
            let what = requirement.map(|r| format!("{} {}", r.code, r.title)).unwrap_or_default();
            vec![
                Cell::link(what, format!("{back}/queries/{}", query.id)),
                Cell::text(query.state.words()),
                Cell::text(query.asked_at.london_day().words()),
                Cell::text(query.due_at.london_words()),
                Cell::text(query.outcome.map_or("", QueryOutcome::words)),
            ]
        };
        let caption = match queries.len() {
            1 => "1 question".to_owned(),
            many => format!("{many} questions"),
        };
        Self { label: label.to_owned(), caption, rows: queries.iter().map(row).collect(), back }
    }
}

impl Page for TheirListPage {
    const TEMPLATE: &'static str = "review/queries/theirs.html";

    fn title(&self) -> String {
        format!("Questions about your {} return", self.label)
    }

    fn back(&self) -> Option<Link> {
        Some(Link::new("Back to your return", &self.back))
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || {
            vec![
                Cell::link("1-101 A framework", "/organisations/ZZ001/returns/2026/queries/1"),
                Cell::text("Waiting for a reply"),
                Cell::text("3 March 2026"),
                Cell::text("13 March 2026 at 5pm"),
                Cell::text(""),
            ]
        };
        let sample = |rows: usize| Self {
            back: "/organisations/ZZ001/returns/2026".to_owned(),
            label: "2026/27".to_owned(),
            caption: format!("{rows} questions"),
            rows: (0..rows).map(|_| row()).collect(),
        };
        vec![("empty", sample(0)), ("typical", sample(2)), ("long", sample(60))]
    }
}
