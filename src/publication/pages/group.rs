//! The page of one group: a sector, a region, an integrated care board, or a section of the standard, with the way to its
//! neighbours.

use serde::Serialize;

use super::figure::FigureView;
use super::search::SearchRow;
use crate::platform::pages::{Link, Page};

/// One group.
#[derive(Debug, Clone, Serialize)]
pub struct GroupPage {
    /// The heading.
    pub heading: String,
    /// What it is about, or its figure in a sentence.
    pub lead: String,
    /// Notices of corrections since.
    pub revised: Vec<Link>,
    /// What it is made of: key and value.
    pub facts: Vec<(String, String)>,
    /// Its figures.
    pub figures: Vec<FigureView>,
    /// What the organisations below have in common; empty where none are listed.
    pub members_heading: String,
    /// Organisations of the group, where they are few enough to be listed.
    pub members: Vec<SearchRow>,
    /// The search that lists all of them.
    pub find: Option<Link>,
    /// What the other groups are.
    pub others_heading: String,
    /// The other groups.
    pub others: Vec<Link>,
    /// The page that this one belongs to.
    #[serde(skip)]
    pub above: Link,
    /// The release's title.
    pub release_title: String,
    /// Its address.
    pub release_address: String,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
}

impl Page for GroupPage {
    const TEMPLATE: &'static str = "publication/group.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut crumbs = vec![Link::new("Results", "/")];
        if self.above.href != "/" {
            crumbs.push(self.above.clone());
        }
        crumbs
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let member = SearchRow {
            name: "EXAMPLE TRUST <b>".repeat(9),
            href: "/public/organisations/RX1".into(),
            code: "RX1".into(),
            sector: "NHS trusts".into(),
            status: "Standards met".into(),
            colour: "green".into(),
            revised: true,
        };
        let typical = Self {
            heading: "Results: NHS trusts <b>".into(),
            lead: "150 of 200 organisations (75%) meet the standard now.".into(),
            revised: vec![Link::new("Correction 1", "/public/corrections/1")],
            facts: vec![("Score".into(), "1.50 points".into())],
            figures: vec![super::site::sample_figure()],
            members_heading: "Trusts in its area".into(),
            members: vec![member],
            find: Some(Link::new("Find all of them", "/public/organisations?sector=nhs_trust")),
            others_heading: "Other sectors".into(),
            others: vec![Link::new("General practices", "/public/sectors/gp")],
            above: Link::new("Results by sector", "/public/sectors"),
            release_title: "Results 2026".into(),
            release_address: "/public/releases/returns-2026".into(),
            as_at: 0,
        };
        let plain = Self {
            revised: Vec::new(),
            facts: Vec::new(),
            figures: Vec::new(),
            members_heading: String::new(),
            members: Vec::new(),
            find: None,
            others: Vec::new(),
            above: Link::new("Results", "/"),
            ..typical.clone()
        };
        vec![("typical", typical), ("plain", plain)]
    }
}
