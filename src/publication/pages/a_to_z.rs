//! Every organisation from A to Z.

use serde::Serialize;

use crate::platform::pages::{Link, Page};

fn crumbs() -> Vec<Link> {
    vec![Link::new("Results", "/"), Link::new("Find an organisation", "/public/organisations")]
}

/// The letters with their pages.
#[derive(Debug, Clone, Serialize)]
pub struct AToZPage {
    /// Letter, how many organisations, and their pages.
    pub rows: Vec<(String, u64, Vec<Link>)>,
}

impl Page for AToZPage {
    const TEMPLATE: &'static str = "publication/a_to_z.html";

    fn title(&self) -> String {
        "Organisations from A to Z".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let rows = vec![("A".to_owned(), 251, vec![Link::new("1", "/public/a-to-z/a")])];
        vec![("typical", Self { rows }), ("empty", Self { rows: Vec::new() })]
    }
}

/// Some organisations of one letter.
#[derive(Debug, Clone, Serialize)]
pub struct AToZPartPage {
    /// The letter.
    pub letter: String,
    /// Which page of it.
    pub page: u64,
    /// How many there are.
    pub last: u64,
    /// Names with their pages, and codes.
    pub rows: Vec<(Link, String)>,
    /// The address of the page before; empty on the first.
    pub previous: String,
    /// The address of the page after; empty on the last.
    pub next: String,
}

impl Page for AToZPartPage {
    const TEMPLATE: &'static str = "publication/a_to_z_part.html";

    fn title(&self) -> String {
        format!("Organisations: {}, page {} of {}", self.letter, self.page, self.last)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut crumbs = crumbs();
        crumbs.push(Link::new("A to Z", "/public/a-to-z"));
        crumbs
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let long = "LONG NAME <b> ".repeat(12).chars().take(167).collect::<String>();
        let middle = Self {
            letter: "A".into(),
            page: 2,
            last: 3,
            rows: vec![(Link::new(long, "/public/organisations/RX1"), "RX1".into())],
            previous: "/public/a-to-z/a".into(),
            next: "/public/a-to-z/a-3".into(),
        };
        let only = Self { page: 1, last: 1, previous: String::new(), next: String::new(), ..middle.clone() };
        vec![("middle", middle), ("only", only)]
    }
}
