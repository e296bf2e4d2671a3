//! Published releases and their tables: the same figures as on the public pages, withheld ones as null.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cached::{public, tagged};
use super::forms::{Form, accepted, split};
use super::problem::{Answer, Problem, Refusal};
use super::reading::{NoQuery, key, query};
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::csv_lines;
use crate::platform::db::Reach;
use crate::platform::error::Error;
use crate::platform::http::Portal;
use crate::publication::{self, Document, MeasureEntry, ReleaseSummary, TableEntry};
use crate::statistics::table::Dimension;

/// The most releases of one answer.
const MOST: u32 = 200;
/// How many there are when nothing is said.
const USUAL: u32 = 50;

/// A published release.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseItem {
    /// Its permanent name.
    key: String,
    /// Its title.
    title: String,
    /// The edition that counts as current in it.
    edition: String,
    /// `published`, or `superseded` by a newer one of its series.
    state: &'static str,
    /// The moment the figures are of.
    #[schema(format = DateTime)]
    as_at: String,
    /// When it became public.
    #[schema(format = DateTime)]
    published_at: Option<String>,
    /// Who answers for the figures.
    lead_statistician: String,
    /// SHA-256 of the frozen document, in hexadecimal.
    hash: String,
    /// Where people read it.
    page: String,
}

impl From<&ReleaseSummary> for ReleaseItem {
    fn from(release: &ReleaseSummary) -> Self {
        Self {
            key: release.key.clone(),
            title: release.title.clone(),
            edition: release.edition.clone(),
            state: release.state.as_str(),
            as_at: release.as_at.rfc3339(),
            published_at: release.published_at.map(Timestamp::rfc3339),
            lead_statistician: release.lead_statistician.clone(),
            hash: hex(&release.document_hash),
            page: release.address(),
        }
    }
}

/// Which releases are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Where to go on: `next` of the answer before.
    #[param(nullable = false, pattern = "^[0-9]{1,18}-[0-9]{1,18}$")]
    cursor: Option<String>,
    /// How many at most; 50 when left out.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// A piece of the published releases.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseList {
    /// The releases, newest figures first.
    items: Vec<ReleaseItem>,
    /// The cursor of the next piece; null at the end.
    next: Option<String>,
}

/// A table of a release, without its figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableItem {
    /// Its name in addresses.
    name: String,
    /// What it shows, in a sentence.
    about: String,
    /// Its heading.
    caption: String,
    /// Where its figures are; with `.csv` behind it, as a CSV file.
    href: String,
}

/// The tables of a release.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableList {
    /// The tables, in reading order.
    pub(super) items: Vec<TableItem>,
}

/// A figure that people ask for first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Measure {
    /// Its name.
    name: &'static str,
    /// How many organisations.
    count: u64,
}

/// One release.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseDetail {
    /// The release.
    #[serde(flatten)]
    item: ReleaseItem,
    /// What the figures were made from.
    source: String,
    /// Whether any grade is not final: a claim that was not reviewed, or decided and open to challenge.
    provisional: bool,
    /// The headline counts; the denominator of each is `in_scope`.
    headline: Vec<Measure>,
    /// What readers must know, in sentences.
    notes: Vec<String>,
    /// Its tables.
    tables: Vec<TableItem>,
    /// Its tables of measures: rates, estimates, medians, correlations.
    measures: Vec<TableItem>,
    /// Where its data package is, which names every file with size and hash.
    data_package: String,
}

/// A row or column of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct Heading {
    /// Its key.
    pub(super) key: String,
    /// Its words.
    pub(super) label: String,
}

/// The rows or the columns of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct Axis {
    /// What they are, as a key.
    name: String,
    /// What they are, in words.
    label: String,
    /// In order.
    categories: Vec<Heading>,
}

impl From<&Dimension> for Axis {
    fn from(dimension: &Dimension) -> Self {
        let heading = |category: &crate::statistics::table::Category| Heading {
            key: category.key.clone(),
            label: category.label.clone(),
        };
        Self {
            name: dimension.name().to_owned(),
            label: dimension.label().to_owned(),
            categories: dimension.categories().iter().map(heading).collect(),
        }
    }
}

/// One table. A figure that is null is withheld.
#[derive(Debug, Serialize, ToSchema)]
pub struct Table {
    /// The key of its release.
    release: String,
    /// Its name.
    name: String,
    /// What it shows, in a sentence.
    about: String,
    /// Its heading.
    caption: String,
    /// Whether small groups are withheld in it.
    disclosure_control: bool,
    /// Whether any grade in it is not final: a claim that was not reviewed, or decided and open to challenge.
    provisional: bool,
    /// Its rows.
    rows: Axis,
    /// Its columns.
    columns: Axis,
    /// Its figures, row by row.
    cells: Vec<Vec<Option<u64>>>,
    /// The denominator of each row.
    row_totals: Vec<Option<u64>>,
    /// The total of each column; empty where they are not published.
    column_totals: Vec<Option<u64>>,
    /// The total of all.
    total: Option<u64>,
    /// Notes, in sentences.
    notes: Vec<String>,
}

fn table_of(document: &Document, entry: &TableEntry) -> Table {
    let table = &entry.table;
    Table {
        release: document.key.clone(),
        name: entry.name.clone(),
        about: entry.about.clone(),
        caption: table.caption.clone(),
        disclosure_control: entry.protected,
        provisional: document.is_provisional(),
        rows: Axis::from(&table.rows),
        columns: Axis::from(&table.columns),
        cells: (0..table.rows.len()).map(|row| table.row(row).to_vec()).collect(),
        row_totals: table.row_totals.clone(),
        column_totals: table.column_totals.clone(),
        total: table.total,
        notes: table.notes.clone(),
    }
}

/// List releases
///
/// The published releases, the newest figures first, a piece at a time.
#[utoipa::path(
    get, path = "/api/v1/releases", tag = "releases", operation_id = "list_releases",
    params(Wanted),
    responses((status = 200, description = "A piece of the releases", body = ReleaseList)),
)]
pub async fn list(request: HttpRequest, portal: Data<Portal>) -> Answer {
    let wanted: Wanted = query(&request)?;
    let limit = wanted.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::field("limit", format!("Ask for 1 to {MOST} releases")).into());
    }
    let all = portal.db.read(Reach::nobodys(), publication::published_releases).await?;
    // Newest figures first, so what is published between two pieces changes nothing in those that follow.
    let after = wanted.cursor.as_deref().map(position).transpose()?;
    let from = after.map_or(0, |after| all.iter().take_while(|release| place(release) >= after).count());
    let rest = all.get(from..).unwrap_or_default();
    let piece = rest.get(..limit as usize).unwrap_or(rest);
    let next = piece.last().filter(|_| piece.len() < rest.len()).map(|last| {
        let (as_at, id) = place(last);
        format!("{as_at}-{id}")
    });
    public(&request, &ReleaseList { items: piece.iter().map(ReleaseItem::from).collect(), next })
}

/// What releases are ordered by: the moment of their figures, then their number.
fn place(release: &ReleaseSummary) -> (i64, i64) {
    (release.as_at.micros().max(0), release.id.get())
}

/// The place that a cursor names.
fn position(cursor: &str) -> Result<(i64, i64), Error> {
    let digits =
        |text: &str| (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = cursor.split_once('-').filter(|(as_at, id)| digits(as_at) && digits(id));
    let parsed = parts.and_then(|(as_at, id)| Some((as_at.parse().ok()?, id.parse().ok()?)));
    parsed.ok_or_else(|| Error::field("cursor", "Send what the answer before gave as next"))
}

fn table_items(document: &Document) -> Vec<TableItem> {
    let item = |entry: &TableEntry| TableItem {
        name: entry.name.clone(),
        about: entry.about.clone(),
        caption: entry.table.caption.clone(),
        href: format!("/api/v1/releases/{}/tables/{}", document.key, entry.name),
    };
    document.tables.iter().map(item).collect()
}

/// The tables of measures of a release.
pub(super) fn measure_items(document: &Document) -> Vec<TableItem> {
    let item = |entry: &MeasureEntry| TableItem {
        name: entry.name.clone(),
        about: entry.about.clone(),
        caption: entry.table.caption.clone(),
        href: format!("/api/v1/releases/{}/measures/{}", document.key, entry.name),
    };
    document.measures.iter().map(item).collect()
}

/// Read one release
///
/// Its headline figures, its notes, and which tables it has.
#[utoipa::path(
    get, path = "/api/v1/releases/{key}", tag = "releases", operation_id = "read_release",
    params(("key" = String, Path, description = "The release's key", pattern = "^[A-Za-z0-9._-]{1,100}$")),
    responses((status = 200, description = "The release", body = ReleaseDetail)),
)]
pub async fn show(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let (release, document) = found(&request, &portal).await?;
    let measures = document.headline.measures().into_iter();
    let detail = ReleaseDetail {
        item: ReleaseItem::from(&release),
        source: document.source.name.clone(),
        provisional: document.is_provisional(),
        headline: measures.map(|(name, count)| Measure { name, count }).collect(),
        notes: document.notes.clone(),
        tables: table_items(&document),
        measures: measure_items(&document),
        data_package: format!("{}/datapackage.json", release.address()),
    };
    public(&request, &detail)
}

/// List the tables of a release
///
/// In reading order.
#[utoipa::path(
    get, path = "/api/v1/releases/{key}/tables", tag = "releases", operation_id = "list_tables",
    params(("key" = String, Path, description = "The release's key", pattern = "^[A-Za-z0-9._-]{1,100}$")),
    responses((status = 200, description = "The tables", body = TableList)),
)]
pub async fn tables(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let (_, document) = found(&request, &portal).await?;
    public(&request, &TableList { items: table_items(&document) })
}

/// Read one table
///
/// The figures of one table of a release, as JSON or as a CSV file: as the header Accept prefers, or as `.json` or
/// `.csv` behind the name asks.
#[utoipa::path(
    get, path = "/api/v1/releases/{key}/tables/{table}", tag = "releases", operation_id = "read_table",
    params(
        ("key" = String, Path, description = "The release's key", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        ("table" = String, Path, description = "The table's name", pattern = "^[A-Za-z0-9._-]{1,100}$"),
    ),
    responses(
        (status = 200, description = "The table", content((Table = "application/json"), (String = "text/csv"))),
        (status = 406, description = "Neither JSON nor CSV is accepted", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn table(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let name = key(&request, "table")?;
    let (name, asked) = split(&name);
    let (_, document) = found(&request, &portal).await?;
    let entry = document.table(name).ok_or(Error::NotFound)?;
    match asked.map_or_else(|| accepted(&request), Ok)? {
        Form::Json => public(&request, &table_of(&document, entry)),
        Form::Csv => {
            let bytes = publication::table_csv(&document, &entry.table)?;
            Ok(tagged(&request, csv_lines::MEDIA_TYPE, bytes))
        }
    }
}

/// The release that the address names, with its document.
pub(super) async fn found(
    request: &HttpRequest,
    portal: &Portal,
) -> Result<(ReleaseSummary, Document), Refusal> {
    let wanted = key(request, "key")?;
    let found =
        portal.db.read(Reach::nobodys(), move |conn| publication::published_release(conn, &wanted)).await?;
    Ok(found.ok_or(Error::NotFound)?)
}
