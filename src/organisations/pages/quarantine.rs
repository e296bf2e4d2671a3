//! The quarantine's list, with its filter.

use serde::{Deserialize, Serialize};

use super::imports::source_words;
use crate::organisations::model::{QuarantineState, QuarantinedRow};
use crate::organisations::quarantine::QuarantineFilter;
use crate::organisations::store::Paged;
use crate::platform::pages::{Cell, Choice, Field, Link, Page, Pagination, Tag, words};

impl From<QuarantineState> for Tag {
    fn from(state: QuarantineState) -> Self {
        let colour = match state {
            QuarantineState::Open => "yellow",
            QuarantineState::Resolved => "green",
            QuarantineState::Dismissed => "grey",
            QuarantineState::Noted => "white",
        };
        Self::new(state.words(), colour)
    }
}

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct QuarantineForm {
    state: String,
    source: String,
    column: String,
    page: String,
}

impl QuarantineForm {
    /// The filter this means; what cannot be read is left aside, so that an old bookmark still shows a list.
    pub fn filter(&self) -> QuarantineFilter {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        QuarantineFilter {
            state: match self.state.as_str() {
                "all" => None,
                text => Some(text.parse().unwrap_or(QuarantineState::Open)),
            },
            source: some(&self.source),
            column: some(&self.column),
        }
    }

    pub fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1)
    }

    fn address(&self, page: u64) -> String {
        let page = page.to_string();
        let pairs = [
            ("state", self.state.as_str()),
            ("source", &self.source),
            ("column", &self.column),
            ("page", &page),
        ];
        let said: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        // Pairs of strings always encode.
        format!("/quarantine?{}", serde_urlencoded::to_string(said).unwrap_or_default())
    }
}

/// The list.
#[derive(Debug, Serialize)]
pub(in crate::organisations) struct QuarantinePage {
    state: Field,
    states: Vec<Choice>,
    source: Field,
    sources: Vec<Choice>,
    column: Field,
    columns: Vec<Choice>,
    caption: String,
    rows: Vec<Vec<Cell>>,
    pages: Pagination,
}

impl QuarantinePage {
    pub fn new(
        form: &QuarantineForm,
        (sources, columns): (Vec<String>, Vec<String>),
        found: &Paged<QuarantinedRow>,
    ) -> Self {
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        let any = |words: &str| std::iter::once(Choice::new("", words));
        Self {
            state: Field::new("state", "State").value(&form.state),
            states: any("Held back, to be decided")
                .chain(
                    QuarantineState::ALL
                        .iter()
                        .filter(|state| **state != QuarantineState::Open)
                        .map(|state| Choice::new(state.as_str(), state.words())),
                )
                .chain([Choice::new("all", "Every state")])
                .collect(),
            source: Field::new("source", "File").value(&form.source),
            sources: any("Every file").chain(sources.into_iter().map(source_choice)).collect(),
            column: Field::new("column", "Damaged column").value(&form.column),
            columns: any("Every column")
                .chain(columns.into_iter().map(|column| Choice::new(column.clone(), column)))
                .collect(),
            caption: match found.total {
                1 => "1 row".to_owned(),
                many => format!("{} rows", words::number(i128::from(many))),
            },
            rows: found.items.iter().map(cells).collect(),
            pages: Pagination::new(
                unsigned(found.page.number()),
                unsigned(found.total),
                unsigned(found.page.limit()),
                |page| form.address(page),
            ),
        }
    }
}

fn source_choice(source: String) -> Choice {
    let (kind, day) = source_words(&source);
    Choice::new(source, format!("{kind}, {day}"))
}

fn cells(row: &QuarantinedRow) -> Vec<Cell> {
    let (kind, day) = source_words(&row.format);
    vec![
        Cell::link(format!("Row {}", row.row_number), format!("/quarantine/{}", row.id)),
        Cell::text(format!("{kind}, {day}")),
        Cell::text(&row.column_name),
        Cell::text(words::capitalised(&row.reason)),
        Cell::text(row.state.words()),
    ]
}

/// A row for the samples of this page and the next.
pub(super) fn sample(state: QuarantineState) -> QuarantinedRow {
    QuarantinedRow {
        id: crate::platform::ids::QuarantineId::new(3),
        import_run_id: crate::platform::ids::ImportRunId::new(7),
        format: "register@2026-05-01".to_owned(),
        row_number: 12,
        column_name: "Code".to_owned(),
        reason: "\"A PR4\" is no organisation code".to_owned(),
        action: "held back".to_owned(),
        raw: r#"{"cells":[["Code","A PR4"],["Organisation Name","EXAMPLE HOME"]]}"#.to_owned(),
        state,
        resolution: match state {
            QuarantineState::Resolved => {
                Some(r#"{"corrections":[{"column":"Code","text":"APR4"}],"outcome":"added"}"#.to_owned())
            }
            QuarantineState::Dismissed => Some(r#"{"reason":"A demonstration account."}"#.to_owned()),
            _ => None,
        },
        resolved_at: (state == QuarantineState::Resolved || state == QuarantineState::Dismissed)
            .then(|| crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000)),
        version: 1,
    }
}

impl Page for QuarantinePage {
    const TEMPLATE: &'static str = "organisations/quarantine.html";

    fn title(&self) -> String {
        "Quarantine".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Imports", "/imports")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = crate::organisations::Page::new(1, 50);
        let list = |rows: usize, total| Paged {
            items: (0..rows).map(|_| sample(QuarantineState::Open)).collect(),
            total,
            page,
        };
        let choices = || (vec!["register@2026-05-01".to_owned()], vec!["Code".to_owned()]);
        let form = QuarantineForm { state: "all".to_owned(), ..QuarantineForm::default() };
        vec![
            ("empty", Self::new(&QuarantineForm::default(), (Vec::new(), Vec::new()), &list(0, 0))),
            ("typical", Self::new(&form, choices(), &list(1, 1))),
            ("long", Self::new(&form, choices(), &list(50, 20_000))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_which_rows() {
        let form = |state: &str| QuarantineForm { state: state.to_owned(), ..QuarantineForm::default() };
        assert_eq!(form("").filter().state, Some(QuarantineState::Open));
        assert_eq!(form("nonsense").filter().state, Some(QuarantineState::Open));
        assert_eq!(form("dismissed").filter().state, Some(QuarantineState::Dismissed));
        assert_eq!(form("all").filter().state, None);
        let from = QuarantineForm { source: "register@2024-05-01".to_owned(), ..form("all") };
        assert_eq!(from.address(2), "/quarantine?state=all&source=register%402024-05-01&page=2");
    }
}
