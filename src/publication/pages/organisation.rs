//! One organisation's public page: what counts now and why, and everything that was published before.

use serde::Serialize;

use super::mark::MarkSnippet;
use crate::platform::pages::{Link, Page};

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct OrganisationPage {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Its sector in words.
    pub sector: String,
    /// Its region; empty where it is not known.
    pub region: String,
    /// The status now, in words.
    pub status: String,
    /// The colour of its tag.
    pub colour: String,
    /// How its published grade was revised, where it was.
    pub revised: Option<Revision>,
    /// Why that is the status now, in a sentence.
    pub because: String,
    /// The successor whose status counts: words and address.
    pub successor: Option<Link>,
    /// The edition of the grade it published itself; empty when nothing was.
    pub edition: String,
    /// The words it was published with.
    pub published_as: String,
    /// The day, as `YYYY-MM-DD`; empty when there is none.
    pub published_on: String,
    /// Whether that edition is older than the current one.
    pub stale: bool,
    /// Whether it is a claim not yet reviewed.
    pub provisional: bool,
    /// Whether it was decided in review and can still be challenged.
    pub challengeable: bool,
    /// Whether it came after the deadline.
    pub late: bool,
    /// The head office that submitted for it; empty where it submitted itself.
    pub filed_by: String,
    /// What happened, the newest first.
    pub timeline: Vec<TimelineRow>,
    /// The mark for other websites.
    pub mark: MarkSnippet,
    /// The current edition.
    pub current_edition: String,
    /// The release's title.
    pub release_title: String,
    /// Its address.
    pub release_address: String,
}

/// A published grade that a correction of the rules changed.
#[derive(Debug, Clone, Serialize)]
pub struct Revision {
    /// What was published.
    pub old: String,
    /// What counts now.
    pub new: String,
    /// The notice.
    pub href: String,
}

/// Something that happened, in plain words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TimelineRow {
    /// The day, as `YYYY-MM-DD`; empty where it is not known.
    pub day: String,
    /// What happened.
    pub what: String,
    /// Where it is written: a release or a notice has an address, a register has none.
    pub source: Link,
}

impl Page for OrganisationPage {
    const TEMPLATE: &'static str = "publication/organisation.html";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/"), Link::new("Find an organisation", "/public/organisations")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |day: &str, href: &str| TimelineRow {
            day: day.into(),
            what: "Published for 18/19: Entry Level <b> (now called Approaching standards)".into(),
            source: Link::new("The national register of 17 June 2019", href),
        };
        let typical = Self {
            name: "EXAMPLE TRUST".into(),
            code: "RX1".into(),
            sector: "NHS trusts".into(),
            region: "London".into(),
            status: "Standards met".into(),
            colour: "green".into(),
            revised: Some(Revision {
                old: "Standards exceeded".into(),
                new: "Standards met".into(),
                href: "/public/corrections/1".into(),
            }),
            because: "It published this itself for the current edition.".into(),
            successor: None,
            edition: "21/22".into(),
            published_as: "Standards Met".into(),
            published_on: "2022-06-30".into(),
            stale: false,
            provisional: true,
            challengeable: false,
            late: true,
            filed_by: "Example Pharmacies".into(),
            timeline: vec![row("2019-01-25", ""), row("", "/public/releases/x")],
            mark: MarkSnippet::sample(),
            current_edition: "21/22".into(),
            release_title: "Results 2026".into(),
            release_address: "/public/releases/x".into(),
        };
        let none = Self {
            name: "=HYPERLINK(\"<b>\")".repeat(9),
            region: String::new(),
            revised: None,
            edition: String::new(),
            published_on: String::new(),
            provisional: false,
            challengeable: true,
            late: false,
            filed_by: String::new(),
            timeline: Vec::new(),
            successor: Some(Link::new("RX2", "/public/organisations/RX2")),
            ..typical.clone()
        };
        let stale = Self { stale: true, ..typical.clone() };
        vec![("typical", typical), ("inherited", none), ("stale", stale)]
    }
}
