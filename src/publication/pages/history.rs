//! The public pages about releases themselves: the calendar, revisions with the policy on them, and how results have moved
//! from release to release.

use serde::Serialize;

use super::calendar::ChangeRow;
use super::figure::FigureView;
use crate::platform::pages::{Link, Page, Tag};
use crate::publication::pipeline::NOTICE_DAYS;

fn crumbs() -> Vec<Link> {
    vec![Link::new("Results", "/"), Link::new("Releases", "/public/releases")]
}

/// One entry of the calendar.
#[derive(Debug, Clone, Serialize)]
pub struct PublicDateRow {
    /// Its place on the page.
    pub id: String,
    /// What is released.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// When it is due, in microseconds.
    pub due: i64,
    /// Where it stands.
    pub tag: Tag,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// Whom readers may ask.
    pub contact: String,
    /// The release, once it is public.
    pub release: Option<Link>,
    /// Changes of the date.
    pub changes: Vec<ChangeRow>,
}

/// The calendar.
#[derive(Debug, Serialize)]
pub struct PublicCalendarPage {
    /// Days between announcement and release, at least.
    pub notice_days: i64,
    /// What is to come, the next first.
    pub coming: Vec<PublicDateRow>,
    /// What came or was cancelled, the latest first.
    pub past: Vec<PublicDateRow>,
}

impl Page for PublicCalendarPage {
    const TEMPLATE: &'static str = "publication/public_calendar.html";

    fn title(&self) -> String {
        "Calendar of releases".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let change = |now| ChangeRow { was: 0, now, reason: "The review took longer. <b>".into(), at: 0 };
        let row = |id: &str, release, changes| PublicDateRow {
            id: id.into(),
            title: "Results 2026 <i>".into(),
            about: "How well organisations protect data.".into(),
            due: 0,
            tag: Tag::new("Announced", "blue"),
            lead_statistician: "Ada Example".into(),
            contact: "ada@statistics.example".into(),
            release,
            changes,
        };
        let link = Link::new("Read the release", "/public/releases/returns-2026");
        vec![
            ("empty", Self { notice_days: NOTICE_DAYS, coming: Vec::new(), past: Vec::new() }),
            (
                "typical",
                Self {
                    notice_days: NOTICE_DAYS,
                    coming: vec![row("date-2", None, vec![change(1)])],
                    past: vec![row("date-1", Some(link), vec![change(0)])],
                },
            ),
        ]
    }
}

/// One revision.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionRow {
    /// The version that came.
    pub title: String,
    /// Its address.
    pub href: String,
    /// Which version it is.
    pub number: u32,
    /// When it came, in microseconds.
    pub at: i64,
    /// Why.
    pub reason: String,
    /// The version before it.
    pub earlier: Option<Link>,
}

/// Every revision, and the policy on them.
#[derive(Debug, Serialize)]
pub struct RevisionsPage {
    /// The latest first.
    pub revisions: Vec<RevisionRow>,
    /// Notices of corrections of rules.
    pub notices: Vec<Link>,
}

impl Page for RevisionsPage {
    const TEMPLATE: &'static str = "publication/revisions.html";

    fn title(&self) -> String {
        "Revisions".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = RevisionRow {
            title: "Results 2026 <i>".into(),
            href: "/public/releases/returns-2026-r2".into(),
            number: 2,
            at: 0,
            reason: "One return was counted twice.".into(),
            earlier: Some(Link::new("version 1", "/public/releases/returns-2026")),
        };
        let notice = Link::new("Correction 1 of the rules of Sample standard", "/public/corrections/1");
        vec![
            ("empty", Self { revisions: Vec::new(), notices: Vec::new() }),
            ("typical", Self { revisions: vec![row], notices: vec![notice] }),
        ]
    }
}

/// One release in the history.
#[derive(Debug, Clone, Serialize)]
pub struct SnapshotRow {
    /// Its title.
    pub title: String,
    /// Its address.
    pub href: String,
    /// The day the figures are of, in microseconds.
    pub as_at: i64,
    /// The edition that counted.
    pub edition: String,
    /// Organisations in scope.
    pub in_scope: u64,
    /// With a published grade, of how many.
    pub published: String,
    /// Meeting the standard then, of how many.
    pub meeting: String,
}

/// One sector over time.
#[derive(Debug, Clone, Serialize)]
pub struct SectorRow {
    /// The sector.
    pub sector: String,
    /// Meeting the standard of how many, at each release.
    pub cells: Vec<String>,
}

/// One sector of the earlier coding.
#[derive(Debug, Clone, Serialize)]
pub struct BridgeRow {
    /// As it was named.
    pub earlier: String,
    /// What it leads to.
    pub later: String,
    /// What does not quite fit.
    pub note: String,
}

/// Results over the years.
#[derive(Debug, Serialize)]
pub struct HistoryPage {
    /// How the shares moved, or what they are while there is a single release; none before that.
    pub figures: Vec<FigureView>,
    /// The earliest first.
    pub snapshots: Vec<SnapshotRow>,
    /// Heads of the columns by sector: the days the figures are of.
    pub heads: Vec<String>,
    /// Sectors in the order of the programme's list.
    pub sectors: Vec<SectorRow>,
    /// The note of the bridge; empty where no table rests on it.
    pub bridge_note: String,
    /// The bridge.
    pub bridge: Vec<BridgeRow>,
}

impl Page for HistoryPage {
    const TEMPLATE: &'static str = "publication/history.html";

    fn title(&self) -> String {
        "Results over the years".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let snapshot = SnapshotRow {
            title: "The national register of 17 June 2019 <i>".into(),
            href: "/public/releases/register-2019-2019-06-17".into(),
            as_at: 0,
            edition: "18/19".into(),
            in_scope: 30_000,
            published: "20,000 of 30,000 (66.7%)".into(),
            meeting: "15,000 of 30,000 (50%)".into(),
        };
        let sector = SectorRow { sector: "NHS trusts".into(), cells: vec!["150 of 200".into()] };
        let bridge =
            BridgeRow { earlier: "Acute".into(), later: "NHS Trust".into(), note: "Not quite.".into() };
        vec![
            (
                "empty",
                Self {
                    figures: Vec::new(),
                    snapshots: Vec::new(),
                    heads: Vec::new(),
                    sectors: Vec::new(),
                    bridge_note: String::new(),
                    bridge: Vec::new(),
                },
            ),
            (
                "typical",
                Self {
                    figures: vec![super::site::sample_figure()],
                    snapshots: vec![snapshot],
                    heads: vec!["17 June 2019".into()],
                    sectors: vec![sector],
                    bridge_note: "Sectors were named otherwise.".into(),
                    bridge: vec![bridge],
                },
            ),
        ]
    }
}
