//! Renders every fixed page and file of the public site from the documents of the published releases.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use rust_decimal::Decimal;

use super::body::Body;
use super::files::{Published, descriptions, downloads, published_files};
use super::organisations::Recent;
use super::{Issued, Site, chrome, notices};
use crate::corrections::{self, Notice};
use crate::platform::canonical::hex;
use crate::platform::db::{Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReleaseId;
use crate::platform::pages::words::number;
use crate::platform::pages::{Link, Page, Pages};
use crate::publication::bridge::bridge;
use crate::publication::charts::{
    Bar, Bars, Canvas, Figure, REGION_TILES, RegionTiles, Tile, Unit, bars, region_tiles,
};
use crate::publication::document::{Document, RULES, TableEntry};
use crate::publication::pages::{
    BeforePage, DataPage, FigureView, FiguresPage, LandingPage, MethodologyPage, PublicReleasePage,
    PublicReleasesPage, figure_of, requirement_figures,
};
use crate::publication::pipeline::{self, DateChange, ReleaseDate};
use crate::publication::record::meets;
use crate::publication::release::ReleaseState;
use crate::publication::store;
use crate::standards::scoring::GradeKey;
use crate::statistics::PublishedTable;
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
        "Who filed on time, and how many grades have been reviewed.",
        &["late-by-sector", "late-by-region", "review-by-sector"],
    ),
    (
        "/public/requirements",
        "Answers by requirement",
        "How far organisations that filed a return meet each requirement of the standard.",
        &["answers-by-requirement", "claims-after-review"],
    ),
];

/// Which page of the current release a table of measures stands on.
fn shows(path: &str, name: &str) -> bool {
    let place = match name {
        "points-by-sector" => "/public/sectors",
        "composite-by-board" => "/public/regions",
        "requirements-analysed" => "/public/requirements",
        _ if name.starts_with("baseline-") => "/public/submissions",
        _ => "",
    };
    place == path
}

struct Builder<'a> {
    pages: &'a Pages,
    /// The portal's address.
    address: &'a str,
    fixed: HashMap<String, Arc<Body>>,
    notices: Vec<Notice>,
    beside: HashMap<ReleaseId, Beside>,
    versions: Versions,
}

/// The site as the database has it now, without the list of organisations.
pub(super) fn site(db: &Db, pages: &Pages, address: &str) -> Result<Site> {
    let (mark, issued, papers, notices) = db.read_now(Reach::nobodys(), |conn| {
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
        Ok((mark, issued, papers, corrections::notices(conn)?))
    })?;
    let mut builder = Builder { pages, address, fixed: HashMap::new(), notices };
    builder.everywhere(&issued)?;
    builder.corrections(&issued)?;
    let titles = issued.iter().map(|(release, _)| (release.key.clone(), release.title.clone())).collect();
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
            builder.current(current, newest_files)?;
            let id = current.0.id;
            db.read_now(Reach::nobodys(), move |conn| corrections::revised_grades(conn, id))?
        }
        None => {
            builder.before()?;
            std::collections::BTreeMap::new()
        }
    };
    Ok(Site {
        mark,
        fixed: builder.fixed,
        versions: builder.versions,
        current,
        titles,
        revised,
        directory: OnceLock::new(),
        organisations_csv: OnceLock::new(),
        organisations_json: OnceLock::new(),
        recent: Recent::default(),
        packed: OnceLock::new(),
    })
}

impl Builder<'_> {
    fn page<P: Page>(&mut self, path: &str, page: &P) -> Result<()> {
        let html = self
            .pages
            .render(&chrome(path), page)
            .map_err(|e| Error::internal(format!("failed to render {}", P::TEMPLATE), e))?;
        self.fixed.insert(path.to_owned(), Arc::new(Body::html(html)));
        Ok(())
    }

    /// The calendar, revisions, and results over the years.
    fn course(&mut self, dates: (&[ReleaseDate], &[DateChange]), issued: &[Issued]) -> Result<()> {
        self.page("/public/calendar", &course::calendar(dates, issued))?;
        let revisions = course::revisions(issued, &self.beside, &self.notices);
        self.page("/public/revisions", &revisions)?;
        self.page("/public/history", &course::history(issued, &bridge()?))
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
        self.page("/public/data", &BeforePage { heading: "Download the data".to_owned() })
    }

    /// Pages that show the newest release, and its files again under addresses that stay the same.
    fn current(&mut self, issued: &Issued, files: Vec<Published>) -> Result<()> {
        let (release, document) = issued;
        let revised = notices::of_release(&self.notices, issued);
        let commentary = self.beside.get(&release.id).map(|one| one.course.commentary.clone());
        self.page("/", &landing(issued, revised.clone(), commentary.unwrap_or_default())?)?;
        for (path, heading, lead, tables) in BREAKDOWNS {
            let mut figures = Vec::new();
            for entry in tables.iter().filter_map(|name| document.table(name)) {
                figures.extend(figures_of(document, entry, &format!("/public/data/{}", entry.name))?);
            }
            for entry in document.measures.iter().filter(|entry| shows(path, &entry.name)) {
                figures.push(figure_of_measures(entry, &format!("/public/data/{}", entry.name)));
            }
            if path == "/public/regions" {
                figures.splice(0..0, region_map(document)?);
            }
            let page = FiguresPage {
                heading: heading.to_owned(),
                lead: lead.to_owned(),
                figures,
                revised: revised.clone(),
                release_title: release.title.clone(),
                release_address: release.address(),
                as_at: release.as_at.micros(),
            };
            self.page(path, &page)?;
        }
        self.page(
            "/public/data",
            &DataPage {
                release_title: release.title.clone(),
                release_address: release.address(),
                downloads: downloads(document, &files, "/public/data"),
                descriptions: descriptions(&files, "/public/data"),
            },
        )?;
        for file in files {
            self.fixed.insert(format!("/public/data/{}", file.name), file.body);
        }
        Ok(())
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
            downloads: downloads(document, &files, &address),
            descriptions: descriptions(&files, &address),
            hash: hex(&release.document_hash),
        };
        self.page(&address, &page)?;
        for file in &files {
            self.fixed.insert(format!("{address}/{}", file.name), Arc::clone(&file.body));
        }
        Ok(files)
    }
}

fn published_at(release: &crate::publication::release::ReleaseSummary) -> i64 {
    release.published_at.map_or(0, crate::platform::clock::Timestamp::micros)
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

fn facts(document: &Document) -> Vec<(String, String)> {
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

fn landing(issued: &Issued, revised: Vec<Link>, commentary: String) -> Result<LandingPage> {
    let (release, document) = issued;
    let headline = &document.headline;
    let mut figures = Vec::new();
    if let Some(entry) = document.table("standing-by-sector") {
        figures.push(overall(entry)?);
        figures.push(figure_of(entry, "/public/data/standing-by-sector")?);
    }
    let change = document.change.as_ref().filter(|change| change.matched > 0).map_or_else(String::new, |change| {
        format!(
            "Compared with {}, {} of {} organisations that are in both improved their published grade and {} fell back",
            change.earlier_name,
            number(change.improved.into()),
            number(change.matched.into()),
            number(change.worsened.into()),
        )
    });
    Ok(LandingPage {
        revised,
        commentary,
        release_title: release.title.clone(),
        release_address: release.address(),
        published_at: published_at(release),
        as_at: release.as_at.micros(),
        edition: document.edition.clone(),
        in_scope: headline.in_scope,
        meeting: headline.meeting,
        meeting_share: headline.meeting_share.clone().unwrap_or_default(),
        published: headline.published,
        published_share: headline.published_share.clone().unwrap_or_default(),
        older: headline.older,
        provisional: headline.provisional,
        challengeable: headline.challengeable,
        change,
        figures,
        notes: document.notes.clone(),
    })
}

fn drawing(error: crate::publication::charts::ChartError) -> Error {
    Error::internal("failed to draw a chart", error)
}

/// The status now of all organisations together.
fn overall(entry: &TableEntry) -> Result<FigureView> {
    let table = &entry.table;
    let rows: Vec<Bar<'_>> = table
        .columns
        .categories()
        .iter()
        .zip(&table.column_totals)
        .map(|(column, count)| Bar {
            label: &column.label,
            figure: Figure::percentage(*count, table.total),
            of: table.total,
            status: &column.key,
        })
        .collect();
    let denominator =
        format!("Base: {} organisations in scope.", number(table.total.unwrap_or_default().into()));
    let chart = bars(
        &Bars {
            id: "status-now",
            title: "Status now of all organisations",
            heading: "Status",
            measure: "Share of organisations",
            unit: Unit::Percent,
            bars: &rows,
            denominator: &denominator,
        },
        Canvas::Fluid,
    )
    .map_err(drawing)?;
    Ok(FigureView::of_chart(chart, "", "/public/data/headline"))
}

/// The share of organisations with a grade that meets the standard, on a map of tiles; none without known regions.
fn region_map(document: &Document) -> Result<Option<FigureView>> {
    let Some(entry) = document.table("grade-by-region") else { return Ok(None) };
    let table = &entry.table;
    let tiles: Vec<Tile<'_>> = REGION_TILES
        .iter()
        .filter_map(|(code, ..)| {
            Some(Tile { region: code, figure: share_meeting(table, table.rows.position(code)?) })
        })
        .collect();
    if tiles.is_empty() {
        return Ok(None);
    }
    let limits = [Decimal::from(60), Decimal::from(75), Decimal::from(90)];
    let chart = region_tiles(&RegionTiles {
        id: "region-map",
        title: "Share with a grade that meets the standard",
        measure: "Share of organisations whose published grade, of any edition, meets or exceeds the standard",
        unit: Unit::Percent,
        limits: &limits,
        tiles: &tiles,
        denominator: "Base: organisations in each region; the numbers are in the next table.",
    })
    .map_err(drawing)?;
    Ok(Some(FigureView::of_chart(chart, "", "/public/data/grade-by-region")))
}

fn share_meeting(table: &PublishedTable, row: usize) -> Figure {
    let columns = table.columns.categories().iter().enumerate();
    let meeting = columns
        .filter(|(_, column)| GradeKey::parse(&column.key).is_some_and(meets))
        .map(|(c, _)| table.at(row, c))
        .try_fold(0_u64, |sum, count| Some(sum + count?));
    Figure::percentage(meeting, table.row_totals.get(row).copied().flatten())
}
