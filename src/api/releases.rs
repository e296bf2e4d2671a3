//! Published releases and their tables: the same figures as on the public pages, withheld ones as null.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Answer, Refusal};
use super::reading::{NoQuery, key, query};
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::Reach;
use crate::platform::error::Error;
use crate::platform::http::{Portal, json};
use crate::publication::{self, Document, ReleaseSummary, TableEntry};
use crate::statistics::table::Dimension;

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

/// Every published release.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseList {
    /// The releases, newest figures first.
    items: Vec<ReleaseItem>,
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
}

/// A row or column of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct Heading {
    /// Its key.
    key: String,
    /// Its words.
    label: String,
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
/// Every published release, the newest figures first.
#[utoipa::path(
    get, path = "/api/v1/releases", tag = "releases", operation_id = "list_releases",
    responses((status = 200, description = "The releases", body = ReleaseList)),
)]
pub async fn list(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let found = portal.db.read(Reach::nobodys(), publication::published_releases).await?;
    Ok(json(StatusCode::OK, &ReleaseList { items: found.iter().map(ReleaseItem::from).collect() }))
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
    let table = |entry: &TableEntry| TableItem {
        name: entry.name.clone(),
        about: entry.about.clone(),
        caption: entry.table.caption.clone(),
    };
    let measures = document.headline.measures().into_iter();
    let detail = ReleaseDetail {
        item: ReleaseItem::from(&release),
        source: document.source.name.clone(),
        provisional: document.is_provisional(),
        headline: measures.map(|(name, count)| Measure { name, count }).collect(),
        notes: document.notes.clone(),
        tables: document.tables.iter().map(table).collect(),
    };
    Ok(json(StatusCode::OK, &detail))
}

/// Read one table
///
/// The figures of one table of a release.
#[utoipa::path(
    get, path = "/api/v1/releases/{key}/tables/{table}", tag = "releases", operation_id = "read_table",
    params(
        ("key" = String, Path, description = "The release's key", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        ("table" = String, Path, description = "The table's name", pattern = "^[A-Za-z0-9._-]{1,100}$"),
    ),
    responses((status = 200, description = "The table", body = Table)),
)]
pub async fn table(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let name = key(&request, "table")?;
    let (_, document) = found(&request, &portal).await?;
    let entry = document.table(&name).ok_or(Error::NotFound)?;
    Ok(json(StatusCode::OK, &table_of(&document, entry)))
}

async fn found(request: &HttpRequest, portal: &Portal) -> Result<(ReleaseSummary, Document), Refusal> {
    let wanted = key(request, "key")?;
    let found =
        portal.db.read(Reach::nobodys(), move |conn| publication::published_release(conn, &wanted)).await?;
    Ok(found.ok_or(Error::NotFound)?)
}
