//! Tables over the years: the figures of each year's release side by side, none that the release itself does not show.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cached::{public, tagged};
use super::forms::{Form, accepted, split};
use super::problem::{Answer, Problem};
use super::reading::{NoQuery, key, query};
use super::releases::Heading;
use crate::platform::csv_lines;
use crate::publication::{self, Observation, Over, OverYears, PublicSite, Year};

/// Which figures are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedOver {
    /// The key of a row, such as a requirement's code, a sector or `total`; every row when left out.
    #[param(nullable = false)]
    row: Option<String>,
    /// The key of the first year; the earliest when left out.
    #[param(nullable = false)]
    from: Option<String>,
    /// The key of the last year; the newest when left out.
    #[param(nullable = false)]
    to: Option<String>,
}

/// A year: the newest public version of a release in which everybody was counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct YearItem {
    /// Its key: the start of its release's, which every version of the figures has.
    key: String,
    /// The year in words: that of the collection, or the day of a register.
    label: String,
    /// The key of the release.
    release: String,
    /// The release's title.
    title: String,
    /// The key of the standard that was asked; null for a register.
    standard: Option<String>,
    /// The edition that counts as current in it.
    edition: String,
    /// The moment the figures are of.
    #[schema(format = DateTime)]
    as_at: String,
    /// Whether any grade in it is not final.
    provisional: bool,
    /// Where people read the release.
    page: String,
}

impl From<&Year> for YearItem {
    fn from(year: &Year) -> Self {
        Self {
            key: year.key.clone(),
            label: year.label.clone(),
            release: year.release.clone(),
            title: year.title.clone(),
            standard: Some(year.standard.clone()).filter(|standard| !standard.is_empty()),
            edition: year.edition.clone(),
            as_at: year.as_at.rfc3339(),
            provisional: year.provisional,
            page: year.address(),
        }
    }
}

/// A table that can be read over the years.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableOver {
    /// Its name in addresses.
    name: String,
    /// Its heading.
    caption: String,
    /// The keys of the years that have it.
    years: Vec<String>,
    /// The rows of any of these years, those of the newest first.
    rows: Vec<Heading>,
    /// Where its figures are; with `.csv` behind it, as a CSV file.
    href: String,
}

/// The years, and the tables that can be read over them.
#[derive(Debug, Serialize, ToSchema)]
pub struct YearList {
    /// The years, the earliest first.
    years: Vec<YearItem>,
    /// The tables, in reading order.
    tables: Vec<TableOver>,
}

/// One figure of one year.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureOver {
    /// The key of the year.
    year: String,
    /// The key of the row; `total` for all together.
    row: String,
    /// The row in words, as that year had them.
    row_label: String,
    /// The key of the column; `total` for the row's total.
    column: String,
    /// The column in words.
    column_label: String,
    /// How many organisations; null when withheld.
    count: Option<u64>,
    /// What it is a part of; null when withheld.
    denominator: Option<u64>,
    /// `count` of `denominator` with one decimal place; null without either.
    percentage: Option<String>,
    /// `normal`, `provisional` or `confidential` (withheld).
    status: &'static str,
}

impl From<(&Year, Observation<'_>)> for FigureOver {
    fn from((year, one): (&Year, Observation<'_>)) -> Self {
        Self {
            year: year.key.clone(),
            row: one.row.to_owned(),
            row_label: one.row_label.to_owned(),
            column: one.column.to_owned(),
            column_label: one.column_label.to_owned(),
            count: one.count,
            denominator: one.denominator,
            percentage: one.percentage,
            status: one.status.as_str(),
        }
    }
}

/// One table over the years.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableOverYears {
    /// Its name.
    name: String,
    /// What it shows, in a sentence.
    about: String,
    /// Its heading.
    caption: String,
    /// Whether small groups are withheld in it.
    disclosure_control: bool,
    /// The years that have it, the earliest first.
    years: Vec<YearItem>,
    /// Its columns in any of these years, those of the newest first. A year without a column has no figure of it.
    columns: Vec<Heading>,
    /// Every figure, year by year.
    figures: Vec<FigureOver>,
}

fn headings(of: Vec<(&str, &str)>) -> Vec<Heading> {
    of.into_iter().map(|(key, label)| Heading { key: key.to_owned(), label: label.to_owned() }).collect()
}

impl From<&OverYears<'_>> for TableOverYears {
    fn from(found: &OverYears<'_>) -> Self {
        let entry = found.newest;
        Self {
            name: entry.name.clone(),
            about: entry.about.clone(),
            caption: entry.table.caption.clone(),
            disclosure_control: entry.protected,
            years: found.years.iter().map(|(year, _)| YearItem::from(*year)).collect(),
            columns: headings(found.columns()),
            figures: found.figures().into_iter().map(FigureOver::from).collect(),
        }
    }
}

/// List the years
///
/// Every published year, and the tables that can be read over them with their rows.
#[utoipa::path(
    get, path = "/api/v1/years", tag = "releases", operation_id = "list_years",
    responses((status = 200, description = "The years and the tables", body = YearList)),
)]
pub async fn list(request: HttpRequest, site: Data<PublicSite>) -> Answer {
    query::<NoQuery>(&request)?;
    let years = site.years();
    let table = |one: OverYears<'_>| TableOver {
        name: one.newest.name.clone(),
        caption: one.newest.table.caption.clone(),
        years: one.years.iter().map(|(year, _)| year.key.clone()).collect(),
        rows: headings(one.rows()),
        href: format!("/api/v1/years/{}", one.newest.name),
    };
    let tables = years.tables().into_iter().map(table).collect();
    public(&request, &YearList { years: years.all().iter().map(YearItem::from).collect(), tables })
}

/// Read one table over the years
///
/// The figures that each year's release shows of a table, of one row or of every row, as JSON or as a CSV file: as the
/// header Accept prefers, or as `.json` or `.csv` behind the name asks. What a release withholds is withheld here. A
/// requirement is followed by its code through the editions of the standard that the newest of the years asks.
#[utoipa::path(
    get, path = "/api/v1/years/{table}", tag = "releases", operation_id = "read_table_over_years",
    params(
        ("table" = String, Path, description = "The table's name", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        WantedOver,
    ),
    responses(
        (status = 200, description = "The table", content((TableOverYears = "application/json"), (String = "text/csv"))),
        (status = 406, description = "Neither JSON nor CSV is accepted", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn table(request: HttpRequest, site: Data<PublicSite>) -> Answer {
    let wanted: WantedOver = query(&request)?;
    let name = key(&request, "table")?;
    let (name, asked) = split(&name);
    let years = site.years();
    let found = years.over(&Over {
        table: name,
        row: wanted.row.as_deref().unwrap_or_default(),
        from: wanted.from.as_deref().unwrap_or_default(),
        to: wanted.to.as_deref().unwrap_or_default(),
    })?;
    match asked.map_or_else(|| accepted(&request), Ok)? {
        Form::Json => public(&request, &TableOverYears::from(&found)),
        Form::Csv => Ok(tagged(&request, csv_lines::MEDIA_TYPE, publication::years_csv(&found)?)),
    }
}
