//! A few organisations side by side.

use serde::Serialize;

use crate::platform::pages::{Cell, Field, Link, Page};

/// The comparison, with its form.
#[derive(Debug, Clone, Serialize)]
pub struct ComparePage {
    /// The field of codes.
    pub codes: Field,
    /// Codes that no organisation of the release has, with a search for each.
    pub unknown: Vec<Link>,
    /// Whether more were asked for than are compared.
    pub too_many: bool,
    /// Heads of the columns: what is compared, then the codes.
    pub head: Vec<String>,
    /// What is compared, and what each organisation has.
    pub rows: Vec<Vec<Cell>>,
    /// The release's title; empty before the first.
    pub release_title: String,
    /// Its address.
    pub release_address: String,
}

impl ComparePage {
    /// The form with these codes, without a comparison.
    pub fn form(codes: &str) -> Self {
        Self {
            codes: Field::new("codes", "Organisation codes")
                .hint("Up to five, with spaces between them. The search gives the code of each organisation.")
                .value(codes),
            unknown: Vec::new(),
            too_many: false,
            head: Vec::new(),
            rows: Vec::new(),
            release_title: String::new(),
            release_address: String::new(),
        }
    }
}

impl Page for ComparePage {
    const TEMPLATE: &'static str = "publication/compare.html";

    fn title(&self) -> String {
        "Compare organisations".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/"), Link::new("Find an organisation", "/public/organisations")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let organisation =
            |code: &str| Cell::link("EXAMPLE TRUST <b>".repeat(9), format!("/public/organisations/{code}"));
        let row = |what: &str| vec![Cell::text(what), Cell::text("Standards met"), Cell::text("None")];
        let typical = Self {
            unknown: vec![Link::new("NOPE<b>", "/public/organisations?q=NOPE%3Cb%3E")],
            too_many: true,
            head: vec!["What is compared".into(), "RX1".into(), "RX2".into()],
            rows: vec![
                vec![Cell::text("Organisation"), organisation("RX1"), organisation("RX2")],
                row("Status now"),
                row("Published grade, edition 21/22"),
            ],
            release_title: "Results 2026".into(),
            release_address: "/public/releases/returns-2026".into(),
            ..Self::form("RX1 RX2 NOPE<b>")
        };
        vec![("empty", Self::form("")), ("typical", typical)]
    }
}
