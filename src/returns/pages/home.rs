//! An organisation's home: its returns by year.

use serde::Serialize;

use super::Tag;
use crate::collections::Collection;
use crate::platform::pages::{Link, Page};
use crate::returns::model::ReturnState;

/// One collection as the organisation sees it.
#[derive(Debug, Serialize)]
pub struct YearItem {
    name: String,
    /// Empty while there is no return.
    href: String,
    /// Empty when it cannot be started here and now.
    start_href: String,
    tag: Tag,
    due_at: i64,
    closed: bool,
    /// Who answers for the organisation, where it has a head office that does; empty otherwise.
    head_office: String,
}

/// The returns of an organisation.
#[derive(Debug, Serialize)]
pub struct OrganisationPage {
    organisation: String,
    code: String,
    years: Vec<YearItem>,
}

/// What is known of one collection for one organisation.
#[derive(Debug)]
pub struct Year {
    /// The collection.
    pub collection: Collection,
    /// The state of its return, when it was started.
    pub state: Option<ReturnState>,
    /// When it is due for this organisation, in microseconds.
    pub due_at: i64,
    /// Whether it takes returns now.
    pub open: bool,
    /// Whether this person may start it.
    pub may_start: bool,
    /// What is to be said of its head office; empty for nothing.
    pub head_office: String,
}

impl OrganisationPage {
    /// The page of an organisation.
    #[must_use]
    pub fn new(code: &str, organisation: &str, years: Vec<Year>) -> Self {
        let item = |year: Year| {
            let href = crate::returns::return_href(code, &year.collection.key);
            let start = year.state.is_none() && year.open && year.may_start;
            YearItem {
                name: year.collection.name,
                start_href: if start { format!("{href}/start") } else { String::new() },
                href: if year.state.is_some() { href } else { String::new() },
                tag: tag(year.state, year.open),
                due_at: year.due_at,
                closed: !year.open,
                head_office: year.head_office,
            }
        };
        Self {
            organisation: organisation.to_owned(),
            code: code.to_owned(),
            years: years.into_iter().map(item).collect(),
        }
    }
}

fn tag(state: Option<ReturnState>, open: bool) -> Tag {
    match state {
        Some(state) => state.into(),
        None if open => Tag { text: "Not started", colour: "grey" },
        None => Tag { text: "No return", colour: "white" },
    }
}

impl Page for OrganisationPage {
    const TEMPLATE: &'static str = "returns/home.html";

    fn title(&self) -> String {
        self.organisation.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let item = |state: Option<ReturnState>, start: &str| YearItem {
            name: "Annual collection 2026".to_owned(),
            href: state.map(|_| "/organisations/ZZ001/returns/2026".to_owned()).unwrap_or_default(),
            start_href: start.to_owned(),
            tag: tag(state, true),
            due_at: 1_780_000_000_000_000,
            closed: start.is_empty(),
            head_office: "Your head office Example Pharmacies answers for you.".to_owned(),
        };
        let page = |years| Self { organisation: "Example Trust".to_owned(), code: "ZZ001".to_owned(), years };
        vec![
            ("empty", page(Vec::new())),
            ("start", page(vec![item(None, "/organisations/ZZ001/returns/2026/start")])),
            ("typical", page(vec![item(Some(ReturnState::Draft), ""), item(Some(ReturnState::Decided), "")])),
        ]
    }
}
