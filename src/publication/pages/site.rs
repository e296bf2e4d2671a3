//! The fixed public pages: front page, breakdowns, releases, methods, downloads.

use serde::Serialize;

use super::figure::FigureView;
use crate::platform::pages::{Link, Page, Tag};

fn crumbs() -> Vec<Link> {
    vec![Link::new("Results", "/")]
}

/// A sample figure for the page tests.
pub(super) fn sample_figure() -> FigureView {
    FigureView {
        id: "grade-by-sector".into(),
        title: "Published grade by sector".into(),
        about: "The latest grade.".into(),
        svg: "<svg></svg>".into(),
        head: Vec::new(),
        rows: vec![vec!["NHS trusts <b>".into(), "3".into()]],
        denominator: "Base: 3 organisations.".into(),
        has_suppressed: true,
        notes: vec!["A note.".into()],
        csv: "/public/data/grade-by-sector.csv".into(),
        json: "/public/data/grade-by-sector.json".into(),
        sources: vec![Link::new("How it is made", "/public/methodology")],
    }
}

/// The front page once something is published.
#[derive(Debug, Clone, Serialize)]
pub struct LandingPage {
    /// Notices of corrections since.
    pub revised: Vec<Link>,
    /// What the figures say, in the statistician's words; empty where nothing was written.
    pub commentary: String,
    /// The release's title.
    pub release_title: String,
    /// Its address.
    pub release_address: String,
    /// When it was published, in microseconds.
    pub published_at: i64,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
    /// The edition that counts as current.
    pub edition: String,
    /// Organisations in scope.
    pub in_scope: u64,
    /// Meeting the standard now.
    pub meeting: u64,
    /// The share of that, as text; empty without organisations.
    pub meeting_share: String,
    /// With a published grade of any edition.
    pub published: u64,
    /// The share of that.
    pub published_share: String,
    /// Only an older edition.
    pub older: u64,
    /// Not reviewed yet.
    pub provisional: u64,
    /// Decided, and open to challenge.
    pub challengeable: u64,
    /// One sentence about change, or empty.
    pub change: String,
    /// Whether the headline was counted or estimated, and what of it can still change.
    pub certainty: String,
    /// What a sample estimates, with its interval; empty where none was drawn.
    pub estimate: String,
    /// Charts.
    pub figures: Vec<FigureView>,
    /// Notes of the release.
    pub notes: Vec<String>,
}

impl Page for LandingPage {
    const TEMPLATE: &'static str = "publication/landing.html";

    fn title(&self) -> String {
        "How well health and care organisations protect data".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let typical = Self {
            revised: vec![sample_notice()],
            commentary: "Most organisations meet the standard.".into(),
            release_title: "Results 2026".into(),
            release_address: "/public/releases/returns-2026".into(),
            published_at: 0,
            as_at: 0,
            edition: "2026/27".into(),
            in_scope: 220,
            meeting: 150,
            meeting_share: "68.2".into(),
            published: 210,
            published_share: "95.5".into(),
            older: 3,
            provisional: 7,
            challengeable: 4,
            change: "Compared with 2025, 20 of 210 organisations improved.".into(),
            certainty: "Every organisation in scope was counted.".into(),
            estimate: "The baselining sample estimates that 68.2% meet the standard.".into(),
            figures: vec![sample_figure()],
            notes: vec!["A note.".into()],
        };
        let empty = Self {
            revised: Vec::new(),
            commentary: String::new(),
            in_scope: 0,
            meeting_share: String::new(),
            published_share: String::new(),
            older: 0,
            provisional: 0,
            challengeable: 0,
            change: String::new(),
            estimate: String::new(),
            figures: Vec::new(),
            notes: Vec::new(),
            ..typical.clone()
        };
        vec![("typical", typical), ("empty", empty)]
    }
}

/// Every public page while nothing is published.
#[derive(Debug, Clone, Serialize)]
pub struct BeforePage {
    /// What the page will be about.
    pub heading: String,
}

impl Page for BeforePage {
    const TEMPLATE: &'static str = "publication/before.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("typical", Self { heading: "How well health and care organisations protect data".into() })]
    }
}

/// One breakdown: a heading and its figures.
#[derive(Debug, Clone, Serialize)]
pub struct FiguresPage {
    /// The heading.
    pub heading: String,
    /// What it is about.
    pub lead: String,
    /// The figures; none when the release has no such table.
    pub figures: Vec<FigureView>,
    /// Pages of each group by itself.
    pub links: Vec<Link>,
    /// The same tables over the years.
    pub years: Vec<Link>,
    /// Notices of corrections since.
    pub revised: Vec<Link>,
    /// The release's title.
    pub release_title: String,
    /// Its address.
    pub release_address: String,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
}

impl Page for FiguresPage {
    const TEMPLATE: &'static str = "publication/figures.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let typical = Self {
            heading: "By sector".into(),
            lead: "Which sectors do well.".into(),
            figures: vec![sample_figure()],
            links: vec![Link::new("General practices", "/public/sectors/gp")],
            years: vec![Link::new(
                "Published grade by sector, year by year",
                "/public/years?table=grade-by-sector",
            )],
            revised: vec![sample_notice()],
            release_title: "Results 2026".into(),
            release_address: "/public/releases/returns-2026".into(),
            as_at: 0,
        };
        vec![
            (
                "empty",
                Self {
                    figures: Vec::new(),
                    links: Vec::new(),
                    years: Vec::new(),
                    revised: Vec::new(),
                    ..typical.clone()
                },
            ),
            ("typical", typical),
        ]
    }
}

/// One release for the public, permanent.
#[derive(Debug, Clone, Serialize)]
pub struct PublicReleasePage {
    /// Its title.
    pub heading: String,
    /// Notices of corrections since.
    pub revised: Vec<Link>,
    /// Whether a newer release has taken its place.
    pub superseded: bool,
    /// Whether grades are not final.
    pub provisional: bool,
    /// Provisional or final, and whether it is revised.
    pub marks: Vec<Tag>,
    /// Which version of the figures it is.
    pub version: u32,
    /// The other versions.
    pub versions: Vec<Link>,
    /// Why there is this version; empty for a first one.
    pub reason: String,
    /// Whether it came outside the calendar of releases.
    pub unannounced: bool,
    /// What the figures say, in the statistician's words; empty where nothing was written.
    pub commentary: String,
    /// Who could read it early: name, role and organisation, and why.
    pub readers: Vec<(String, String, String)>,
    /// Key and value pairs about it.
    pub facts: Vec<(String, String)>,
    /// When it was published, in microseconds.
    pub published_at: i64,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
    /// Its notes.
    pub notes: Vec<String>,
    /// Its figures.
    pub figures: Vec<FigureView>,
    /// How the release is cited.
    pub citation: String,
    /// Captions of its tables, and how each is cited.
    pub table_citations: Vec<(String, String)>,
    /// What it is in schema.org's words, as JSON-LD without a character that ends a script.
    pub dataset: String,
    /// Its files.
    pub downloads: Vec<DownloadRow>,
    /// What programs read first.
    pub descriptions: Vec<DownloadRow>,
    /// The document's hash in hexadecimal.
    pub hash: String,
}

/// The same figures as files of several formats.
#[derive(Debug, Clone, Serialize)]
pub struct DownloadRow {
    /// What they hold.
    pub title: String,
    /// The files.
    pub files: Vec<DownloadFile>,
}

/// A file to download.
#[derive(Debug, Clone, Serialize)]
pub struct DownloadFile {
    /// Its format.
    pub format: String,
    /// Its address.
    pub href: String,
    /// Its size in words; empty where it is made only when it is asked for.
    pub size: String,
}

impl DownloadRow {
    fn sample() -> Self {
        let file = |format: &str, href: &str, size: &str| DownloadFile {
            format: format.into(),
            href: href.into(),
            size: size.into(),
        };
        let files = vec![file("CSV", "/a.csv", "2 KB"), file("JSON", "/a.json", "")];
        Self { title: "Grade by sector <b>".into(), files }
    }
}

impl Page for PublicReleasePage {
    const TEMPLATE: &'static str = "publication/release.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/"), Link::new("Releases", "/public/releases")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let typical = Self {
            heading: "Results 2026 <b>".into(),
            revised: vec![sample_notice()],
            superseded: true,
            provisional: true,
            marks: vec![Tag::new("Provisional", "orange")],
            version: 2,
            versions: vec![Link::new("Version 1", "/public/releases/returns-2026")],
            reason: "One return was counted twice.".into(),
            unannounced: true,
            commentary: "Most organisations meet the standard.".into(),
            readers: vec![(
                "Mina Minister".into(),
                "Minister, Department".into(),
                "To answer questions".into(),
            )],
            facts: vec![("Lead statistician".into(), "Ada Example".into())],
            published_at: 0,
            as_at: 0,
            notes: vec!["A note.".into()],
            figures: vec![sample_figure()],
            citation: "Data security assurance programme (2026). Results 2026 <b>.".into(),
            table_citations: vec![("By sector".into(), "Table <b>.".into())],
            dataset: "{\"@type\":\"Dataset\"}".into(),
            downloads: vec![DownloadRow::sample()],
            descriptions: vec![DownloadRow::sample()],
            hash: "00ff".repeat(16),
        };
        let plain = Self {
            revised: Vec::new(),
            superseded: false,
            provisional: false,
            versions: Vec::new(),
            reason: String::new(),
            unannounced: false,
            commentary: String::new(),
            readers: Vec::new(),
            notes: Vec::new(),
            ..typical.clone()
        };
        vec![("superseded", typical), ("plain", plain)]
    }
}

/// A notice of a correction, for samples.
fn sample_notice() -> Link {
    Link::new("Correction 1 of the rules of Sample standard 2026/27", "/public/corrections/1")
}

/// Every public release.
#[derive(Debug, Clone, Serialize)]
pub struct PublicReleasesPage {
    /// Title, address, publication moment, whether it is the newest of its series, and its marks.
    pub releases: Vec<(String, String, i64, bool, Vec<Tag>)>,
}

impl Page for PublicReleasesPage {
    const TEMPLATE: &'static str = "publication/releases.html";

    fn title(&self) -> String {
        "Releases".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let marks = || vec![Tag::new("Final", "green")];
        let row = |newest| ("Results 2026".to_owned(), "/public/releases/x".to_owned(), 0, newest, marks());
        vec![
            ("empty", Self { releases: Vec::new() }),
            ("typical", Self { releases: vec![row(true), row(false)] }),
        ]
    }
}

/// How figures are made.
#[derive(Debug, Clone, Serialize)]
pub struct MethodologyPage {
    /// Smallest group whose answers are published.
    pub minimum: u64,
    /// Below this a group is small.
    pub small_group: u64,
    /// Below this size small counts are withheld.
    pub small_counts_below: u64,
    /// The version of the rules.
    pub rules: String,
}

impl Page for MethodologyPage {
    const TEMPLATE: &'static str = "publication/methodology.html";

    fn title(&self) -> String {
        "How these figures are made".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let typical =
            Self { minimum: 5, small_group: 20, small_counts_below: 100, rules: "publication.1".into() };
        vec![("typical", typical)]
    }
}

/// The list of downloads.
#[derive(Debug, Clone, Serialize)]
pub struct DataPage {
    /// The release's title.
    pub release_title: String,
    /// Its address.
    pub release_address: String,
    /// The files.
    pub downloads: Vec<DownloadRow>,
    /// What programs read first.
    pub descriptions: Vec<DownloadRow>,
}

impl Page for DataPage {
    const TEMPLATE: &'static str = "publication/data.html";

    fn title(&self) -> String {
        "Download the data".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let typical = Self {
            release_title: "Results 2026".into(),
            release_address: "/public/releases/x".into(),
            downloads: vec![DownloadRow::sample()],
            descriptions: vec![DownloadRow::sample()],
        };
        vec![("typical", typical)]
    }
}
