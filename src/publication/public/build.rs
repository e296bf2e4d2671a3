//! Renders every fixed page and file of the public site from the documents of the published releases.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::body::Body;
use super::course::{self, Beside, Versions};
use super::files::{Published, descriptions, downloads, published_files, with_bundle};
use super::organisations::{Recent, sourced};
use super::{
    Issued, Site, cite, dataset, feed, front, glossary, groups, head, notices, quality, share, sitemap,
    trends, years,
};
use crate::corrections::{self, Notice};
use crate::ledger::LogKey;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReleaseId;
use crate::platform::pages::words::number;
use crate::platform::pages::{Link, Page, Pages};
use crate::publication::bridge::bridge;
use crate::publication::bundle::BUNDLE;
use crate::publication::document::{Document, RULES, TableEntry};
use crate::publication::pages::{
    BeforePage, CheckPage, DataPage, FigureView, FiguresPage, MethodologyPage, PublicReleasePage,
    PublicReleasesPage, estimates_of, figure_of, requirement_figures,
};
use crate::publication::pipeline::{self, DateChange, ReleaseDate};
use crate::publication::release::{ReleaseState, ReleaseSummary};
use crate::publication::store;
use crate::statistics::disclosure::DisclosureRules;

/// A breakdown: its address, heading, what it is about, and the tables on it.
type Breakdown = (&'static str, &'static str, &'static str, &'static [&'static str]);

const BREAKDOWNS: [Breakdown; 6] = [
    (
        "/public/sectors",
        "Results by sector",
        "How the status now and the published grades differ between kinds of organisation.",
        &["standing-by-sector", "grade-by-sector"],
    ),
    (
        "/public/regions",
        "Results by region",
        "How published grades differ between the regions of England.",
        &["grade-by-region"],
    ),
    (
        "/public/editions",
        "Results by edition",
        "Which edition of the standards the published grades are of.",
        &["grade-by-edition", "edition-by-sector"],
    ),
    (
        "/public/change",
        "Change since last time",
        "How the grades of the same organisations moved.",
        &["change"],
    ),
    (
        "/public/submissions",
        "Late and provisional returns",
        "Who filed on time, how many grades have been reviewed, and how many of those are final.",
        &["late-by-sector", "late-by-region", "review-by-sector"],
    ),
    (
        "/public/requirements",
        "Answers by requirement",
        "How far organisations that filed a return meet each requirement of the standard.",
        &["answers-by-requirement", "claims-after-review"],
    ),
];

/// Where programs find the key that signs bundles and checkpoints.
const KEY_FILE: &str = "/.well-known/portal-signing-key";

/// Which page of the current release a table of measures stands on.
fn shows(path: &str, name: &str) -> bool {
    let place = match name {
        "points-by-sector" => "/public/sectors",
        "composite-by-board" => groups::BOARDS,
        "requirements-analysed" => "/public/requirements",
        _ if name.starts_with("baseline-") => "/public/submissions",
        _ => "",
    };
    place == path
}

pub(super) struct Builder<'a> {
    pages: &'a Pages,
    /// The portal's address.
    address: &'a str,
    fixed: HashMap<String, Arc<Body>>,
    notices: Vec<Notice>,
    beside: HashMap<ReleaseId, Beside>,
    versions: Versions,
    /// Each sector and region from release to release.
    trends: BTreeMap<String, FigureView>,
}

/// The site as the database has it now, without the list of organisations.
pub(super) fn site(db: &Db, pages: &Pages, address: &str, signer: &LogKey) -> Result<Site> {
    let (mark, issued, papers, notices, beside, dates, areas) = db.read_now(Reach::nobodys(), |conn| {
        let mark = store::site_mark(conn)?;
        let mut issued: Vec<Issued> = Vec::new();
        let mut papers = Vec::new();
        for release in store::all_releases(conn)? {
            if release.published_at.is_some() {
                let document = Document::read(&store::document_of(conn, release.id)?)?;
                papers.push(store::paper_of(conn, release.id)?);
                issued.push((release, document));
            }
        }
        let beside = course::beside(conn, &issued)?;
        let dates = (pipeline::dates(conn)?, pipeline::date_changes(conn)?);
        let newest = issued.iter().find(|(release, _)| release.state == ReleaseState::Published);
        let areas = newest.map(|(release, _)| groups::areas(conn, release)).transpose()?.unwrap_or_default();
        Ok((mark, issued, papers, corrections::notices(conn)?, beside, dates, areas))
    })?;
    let versions = course::versions(&issued);
    let trends = trends::by_group(&issued)?;
    let mut builder = Builder { pages, address, fixed: HashMap::new(), notices, beside, versions, trends };
    builder.course((&dates.0, &dates.1), &issued)?;
    builder.everywhere(&issued)?;
    builder.check(&issued, signer)?;
    builder.corrections(&issued)?;
    let asked = db.read_now(Reach::nobodys(), store::asked)?;
    let years = Arc::new(years::of_releases(&issued, &builder.notices, &asked));
    let public_since = |release: &ReleaseSummary| release.published_at.map(Timestamp::london_day);
    let titles = issued
        .iter()
        .map(|(release, _)| (release.key.clone(), (release.title.clone(), public_since(release))))
        .collect();
    let corrected =
        builder.notices.iter().map(|notice| (notices::address(notice), notice.since.london_day())).collect();
    // Newest figures first; what is superseded is never the front page.
    let newest = issued.iter().position(|(release, _)| release.state == ReleaseState::Published);
    let mut newest_files = Vec::new();
    for (place, (one, paper)) in issued.iter().zip(papers).enumerate() {
        let files = builder.release(one, paper)?;
        if Some(place) == newest {
            newest_files = files;
        }
    }
    let current = newest.and_then(|place| issued.into_iter().nth(place)).map(Arc::new);
    let revised = match &current {
        Some(current) => {
            let id = current.0.id;
            let revised = db.read_now(Reach::nobodys(), move |conn| corrections::revised_grades(conn, id))?;
            builder.current(current, newest_files)?;
            builder.groups(current, &revised, &areas)?;
            revised
        }
        None => {
            builder.before()?;
            BTreeMap::new()
        }
    };
    Ok(Site {
        mark,
        fixed: builder.fixed,
        versions: builder.versions,
        years,
        current,
        titles,
        corrected,
        revised,
        directory: OnceLock::new(),
        organisations_csv: OnceLock::new(),
        organisations_json: OnceLock::new(),
        recent: Recent::default(),
        sitemaps: OnceLock::new(),
        packed: OnceLock::new(),
    })
}

impl Builder<'_> {
    /// The notices of corrections of rules.
    pub(super) fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// How a sector or a region did from release to release; none with fewer than two.
    pub(super) fn trend_of(&self, key: &str) -> Option<&FigureView> {
        self.trends.get(key)
    }

    /// Renders a page and keeps it.
    pub(super) fn page<P: Page>(&mut self, path: &str, page: &P) -> Result<()> {
        let html = self
            .pages
            .render(&head::surroundings(self.address, path, &page.title()), page)
            .map_err(|e| Error::internal(format!("failed to render {}", P::TEMPLATE), e))?;
        self.fixed.insert(path.to_owned(), Arc::new(Body::html(html)));
        Ok(())
    }

    /// The calendar, revisions, and results over the years.
    fn course(&mut self, dates: (&[ReleaseDate], &[DateChange]), issued: &[Issued]) -> Result<()> {
        self.page("/public/calendar", &course::calendar(dates, issued))?;
        let feed = feed::atom(self.address, (issued, &self.beside), &self.notices, dates);
        self.fixed.insert(feed::ADDRESS.to_owned(), Arc::new(feed));
        let revisions = course::revisions(issued, &self.beside, &self.notices);
        self.page("/public/revisions", &revisions)?;
        self.page("/public/history", &course::history(issued, &bridge()?)?)
    }

    /// Pages that exist with and without a release.
    fn everywhere(&mut self, issued: &[Issued]) -> Result<()> {
        let rules =
            issued.first().map_or_else(DisclosureRules::default, |(_, document)| document.rules.disclosure);
        self.page(
            "/public/methodology",
            &MethodologyPage {
                minimum: rules.minimum,
                small_group: rules.small_group,
                small_counts_below: rules.small_counts_below,
                rules: RULES.to_owned(),
            },
        )?;
        self.page("/public/glossary", &glossary::page())?;
        self.fixed.insert("/robots.txt".to_owned(), Arc::new(sitemap::robots(self.address)));
        let releases = issued
            .iter()
            .map(|one| {
                let (release, _) = one;
                let newest = release.state == ReleaseState::Published;
                let marks =
                    course::marks(one, &self.versions, !notices::of_release(&self.notices, one).is_empty());
                (release.title.clone(), release.address(), published_at(release), newest, marks)
            })
            .collect();
        self.page("/public/releases", &PublicReleasesPage { releases })
    }

    /// How to check the figures, and the key to do it with.
    fn check(&mut self, issued: &[Issued], signer: &LogKey) -> Result<()> {
        let bundle = |one: &Issued| {
            let (release, _) = one;
            Link::new(release.title.clone(), format!("{}/{BUNDLE}", release.address()))
        };
        let key = signer.verifier().to_owned();
        self.fixed.insert(
            KEY_FILE.to_owned(),
            Arc::new(Body::text("text/plain; charset=utf-8", format!("{key}\n"))),
        );
        let page =
            CheckPage { key, key_file: KEY_FILE.to_owned(), bundles: issued.iter().map(bundle).collect() };
        self.page("/public/check", &page)
    }

    /// The notices of corrections of rules.
    fn corrections(&mut self, issued: &[Issued]) -> Result<()> {
        let rules =
            issued.first().map_or_else(DisclosureRules::default, |(_, document)| document.rules.disclosure);
        self.page(notices::NOTICES, &notices::list(&self.notices))?;
        let pages: Vec<_> = self
            .notices
            .iter()
            .map(|notice| Ok((notices::address(notice), notices::page(notice, issued, &rules)?)))
            .collect::<Result<_>>()?;
        for (address, page) in pages {
            self.page(&address, &page)?;
        }
        Ok(())
    }

    fn before(&mut self) -> Result<()> {
        let front = "How well health and care organisations protect data";
        self.page("/", &BeforePage { heading: front.to_owned() })?;
        for (path, heading, ..) in BREAKDOWNS {
            self.page(path, &BeforePage { heading: heading.to_owned() })?;
        }
        self.page(groups::BOARDS, &BeforePage { heading: "Integrated care boards".to_owned() })?;
        self.page("/public/data-quality", &BeforePage { heading: "Data quality".to_owned() })?;
        self.fixed.insert(share::NEWEST.to_owned(), Arc::new(share::before()?));
        self.page("/public/data", &BeforePage { heading: "Download the data".to_owned() })
    }

    /// Pages that show the newest release, and its files again under addresses that stay the same.
    fn current(&mut self, issued: &Issued, files: Vec<Published>) -> Result<()> {
        let (release, document) = issued;
        let revised = notices::of_release(&self.notices, issued);
        let commentary = self.beside.get(&release.id).map(|one| one.course.commentary.clone());
        self.page("/", &front::landing(issued, revised.clone(), commentary.unwrap_or_default())?)?;
        for (path, heading, lead, tables) in BREAKDOWNS {
            let figures = breakdown(issued, path, tables)?;
            let page = FiguresPage {
                heading: heading.to_owned(),
                lead: lead.to_owned(),
                figures,
                links: groups::links(path, document),
                years: tables.iter().filter_map(|name| years::link(document, name)).collect(),
                revised: revised.clone(),
                release_title: release.title.clone(),
                release_address: release.address(),
                as_at: release.as_at.micros(),
            };
            self.page(path, &page)?;
        }
        let revisions = quality::Revised { notices: revised, versions: self.versions_of(release) };
        self.page("/public/data-quality", &quality::page(issued, revisions))?;
        self.page(
            "/public/data",
            &DataPage {
                release_title: release.title.clone(),
                release_address: release.address(),
                downloads: downloads(document, &files, "/public/data"),
                descriptions: with_bundle(descriptions(&files, "/public/data"), &release.address()),
            },
        )?;
        for file in files {
            self.fixed.insert(format!("/public/data/{}", file.name), file.body);
        }
        // The release's own picture, at the address that the pages without a key name.
        if let Some(picture) = self.fixed.get(&share::beside(&release.address())).cloned() {
            self.fixed.insert(share::NEWEST.to_owned(), picture);
        }
        Ok(())
    }

    /// How many versions of a release's figures are public.
    fn versions_of(&self, release: &ReleaseSummary) -> usize {
        self.versions.get(&release.source.key_stem()).map_or(1, Vec::len)
    }

    /// The permanent page and files of one release.
    fn release(&mut self, issued: &Issued, paper: Option<Vec<u8>>) -> Result<Vec<Published>> {
        let (release, document) = issued;
        let address = release.address();
        let files = published_files(release, document, self.address, paper)?;
        let mut figures = Vec::new();
        for entry in &document.tables {
            figures.extend(figures_of(document, entry, &format!("{address}/{}", entry.name))?);
        }
        for entry in &document.measures {
            figures.push(estimates_of(entry, &format!("{address}/{}", entry.name))?);
        }
        let rules = || vec![Link::new("The rules it is made by", "/public/methodology")];
        let figures = figures.into_iter().map(|figure| figure.with_sources(rules())).collect();
        let revised = notices::of_release(&self.notices, issued);
        let beside = self.beside.get(&release.id).cloned().unwrap_or_default();
        let mut facts = facts(document);
        if !beside.course.contact.is_empty() {
            facts.push(("Contact".to_owned(), beside.course.contact.clone()));
        }
        let page = PublicReleasePage {
            heading: release.title.clone(),
            marks: course::marks(issued, &self.versions, !revised.is_empty()),
            version: release.number(),
            versions: course::other_versions(release, &self.versions),
            unannounced: course::is_unannounced(release, &self.versions, &beside),
            reason: beside.course.reason,
            commentary: beside.course.commentary,
            readers: beside
                .readers
                .into_iter()
                .map(|one| (one.name, format!("{}, {}", one.role, one.body), one.reason))
                .collect(),
            revised,
            superseded: release.state == ReleaseState::Superseded,
            provisional: document.is_provisional(),
            facts,
            published_at: published_at(release),
            as_at: release.as_at.micros(),
            notes: document.notes.clone(),
            figures,
            citation: cite::release(self.address, release),
            table_citations: cite::tables(self.address, issued),
            dataset: dataset::json_ld(self.address, issued)?,
            downloads: downloads(document, &files, &address),
            descriptions: with_bundle(descriptions(&files, &address), &address),
            hash: hex(&release.document_hash),
        };
        self.page(&address, &page)?;
        for file in &files {
            self.fixed.insert(format!("{address}/{}", file.name), Arc::clone(&file.body));
        }
        self.fixed.insert(share::beside(&address), Arc::new(share::picture(document)?));
        Ok(files)
    }
}

/// The figures of a breakdown of the newest release, each with the way to its table and its rules.
fn breakdown(issued: &Issued, path: &str, tables: &[&str]) -> Result<Vec<FigureView>> {
    let (release, document) = issued;
    let mut figures = Vec::new();
    if path == "/public/regions" {
        figures.extend(front::region_map(document)?.map(|map| sourced(map, release, "grade-by-region")));
    }
    for entry in tables.iter().filter_map(|name| document.table(name)) {
        let files = format!("/public/data/{}", entry.name);
        for figure in figures_of(document, entry, &files)? {
            let table = figure.id.clone();
            figures.push(sourced(figure, release, &table));
        }
        if let Some(change) = document.change.as_ref().filter(|_| entry.name == "change") {
            let moved = trends::moved(entry, change, &files)?;
            figures.extend(moved.map(|figure| sourced(figure, release, "change")));
        }
    }
    for entry in document.measures.iter().filter(|entry| shows(path, &entry.name)) {
        let found = estimates_of(entry, &format!("/public/data/{}", entry.name))?;
        figures.push(sourced(found, release, &entry.name));
    }
    Ok(figures)
}

pub(super) fn published_at(release: &ReleaseSummary) -> i64 {
    release.published_at.map_or(0, Timestamp::micros)
}

pub(in crate::publication) fn figures_of(
    document: &Document,
    entry: &TableEntry,
    files: &str,
) -> Result<Vec<FigureView>> {
    if document.sections.is_empty() || !entry.protected {
        return Ok(vec![figure_of(entry, files)?]);
    }
    requirement_figures(entry, &document.sections, files)
}

pub(in crate::publication) fn facts(document: &Document) -> Vec<(String, String)> {
    let headline = &document.headline;
    let share = |count: u64, share: &Option<String>| match share {
        Some(share) => format!("{} of {} ({share}%)", number(count.into()), number(headline.in_scope.into())),
        None => number(count.into()),
    };
    let mut facts = vec![
        ("Source", document.source.name.clone()),
        ("Current edition", document.edition.clone()),
        ("Organisations in scope", number(headline.in_scope.into())),
        ("Meeting the standard now", share(headline.meeting, &headline.meeting_share)),
        ("With a published grade", share(headline.published, &headline.published_share)),
        ("Lead statistician", document.lead_statistician.clone()),
        ("Rules", document.rules.publication.clone()),
    ];
    if !document.rules.scoring.is_empty() {
        facts.push(("Scoring rules", document.rules.scoring.clone()));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
