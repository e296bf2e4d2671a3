//! The list of questions for the central team.

use serde::Serialize;

use crate::platform::clock::Timestamp;
use crate::platform::pages::{Cell, Choice, Field, Link, Page, Pagination, words};
use crate::review::queries::listing::{Listed, PAGE_SIZE, Show};
use crate::review::queries::model::QueryOutcome;

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, serde::Deserialize, Serialize)]
#[serde(default)]
pub(in crate::review) struct ListForm {
    /// Which questions; everything that is not closed where it is none of them.
    pub show: String,
    /// `all` for the whole team's, otherwise one's own.
    pub whose: String,
    /// The page, from 1.
    pub page: String,
}

impl ListForm {
    /// Which questions are wanted.
    pub fn shown(&self) -> Show {
        self.show.parse().unwrap_or(Show::Open)
    }

    /// Whether the whole team's are.
    pub fn is_of_all(&self) -> bool {
        self.whose == "all"
    }
}

/// Questions to organisations.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ListPage {
    show: Field,
    shows: Vec<Choice>,
    whose: Field,
    owners: Vec<Choice>,
    caption: String,
    rows: Vec<Vec<Cell>>,
    pages: Pagination,
    csv_href: String,
}

impl ListPage {
    /// The page of a list under a form.
    pub fn new(form: &ListForm, (total, rows): (i64, &[Listed]), page: i64, now: Timestamp) -> Self {
        let (show, whose) = (form.shown(), if form.is_of_all() { "all" } else { "mine" });
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        let caption = match total {
            1 => "1 question".to_owned(),
            many => format!("{} questions", words::number(i128::from(many))),
        };
        Self {
            show: Field::new("show", "Questions").value(show.as_str()),
            shows: Show::ALL.iter().map(|show| Choice::new(show.as_str(), show.words())).collect(),
            whose: Field::new("whose", "Whose").value(whose),
            owners: vec![Choice::new("mine", "Of your reviews"), Choice::new("all", "Of the whole team")],
            caption,
            rows: rows.iter().map(|row| cells(row, now)).collect(),
            pages: Pagination::new(unsigned(page), unsigned(total), unsigned(PAGE_SIZE), |number| {
                format!("/reviews/queries?show={}&whose={whose}&page={number}", show.as_str())
            }),
            csv_href: format!("/reviews/queries.csv?show={}&whose={whose}", show.as_str()),
        }
    }
}

fn cells(row: &Listed, now: Timestamp) -> Vec<Cell> {
    let overdue = if row.is_overdue(now) { " (overdue)" } else { "" };
    vec![
        Cell::link(&row.requirement, format!("/reviews/{}/queries/{}", row.review, row.id)),
        Cell::text(format!("{} ({})", row.organisation, row.code)),
        Cell::text(&row.year),
        Cell::text(&row.reviewer),
        Cell::text(row.state.words()),
        Cell::text(row.asked_at.london_day().words()),
        Cell::text(format!("{}{overdue}", row.due_at.london_day().words())),
        Cell::text(row.replied_at.map(|at| at.london_day().words()).unwrap_or_default()),
        Cell::text(row.outcome.map_or("", QueryOutcome::words)),
    ]
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "review/queries/list.html";

    fn title(&self) -> String {
        "Questions to organisations".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Reviews", "/reviews")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || -> Vec<Cell> { (0..9).map(|n| Cell::text(n.to_string())).collect() };
        let sample = |rows: i64| Self {
            rows: (0..rows.min(100)).map(|_| row()).collect(),
            pages: Pagination::new(1, u64::try_from(rows).unwrap_or_default(), 100, |n| format!("?page={n}")),
            ..Self::new(&ListForm::default(), (rows, &[]), 1, Timestamp::from_micros(0))
        };
        vec![("empty", sample(0)), ("typical", sample(2)), ("long", sample(250))]
    }
}
