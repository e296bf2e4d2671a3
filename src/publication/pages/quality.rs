//! The public page on how complete and how certain the figures are.

use serde::Serialize;

use crate::platform::pages::{Link, Page};

/// One line: what is counted, how many, and their share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualityRow {
    /// What is counted.
    pub what: String,
    /// How many.
    pub count: String,
    /// Their share, in words.
    pub share: String,
}

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct DataQualityPage {
    /// The release's title.
    pub release_title: String,
    /// Its address.
    pub release_address: String,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
    /// What they are made from.
    pub source: String,
    /// Whether that is a collection of returns rather than a register.
    pub is_collection: bool,
    /// Who is counted; shares are of those in scope.
    pub coverage: Vec<QualityRow>,
    /// How final grades are; shares are of those with a grade.
    pub certainty: Vec<QualityRow>,
    /// Who published nothing, by sector; shares are of the sector.
    pub response: Vec<QualityRow>,
    /// Tables with withheld figures, and how many.
    pub withheld: Vec<(String, u64)>,
    /// How many versions of the figures are public.
    pub versions: u64,
    /// Notices of corrections since.
    pub notices: Vec<Link>,
    /// Whether some figures are estimates with intervals.
    pub has_intervals: bool,
    /// Notes of the release.
    pub notes: Vec<String>,
}

impl Page for DataQualityPage {
    const TEMPLATE: &'static str = "publication/data_quality.html";

    fn title(&self) -> String {
        "Data quality".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |what: &str| QualityRow { what: what.into(), count: "3".into(), share: "1.4%".into() };
        let typical = Self {
            release_title: "Results 2026 <b>".into(),
            release_address: "/public/releases/returns-2026".into(),
            as_at: 0,
            source: "Returns 2026".into(),
            is_collection: true,
            coverage: vec![row("In scope"), row("With a published grade")],
            certainty: vec![row("Filed after the deadline")],
            response: vec![row("NHS trusts, of 214")],
            withheld: vec![("Answers by requirement".into(), 12)],
            versions: 2,
            notices: vec![Link::new("Correction 1", "/public/corrections/1")],
            has_intervals: true,
            notes: vec!["A note.".into()],
        };
        let bare = Self {
            is_collection: false,
            response: Vec::new(),
            withheld: Vec::new(),
            versions: 1,
            notices: Vec::new(),
            has_intervals: false,
            notes: Vec::new(),
            ..typical.clone()
        };
        vec![("collection", typical), ("register", bare)]
    }
}
