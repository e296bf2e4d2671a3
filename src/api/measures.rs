//! Tables of measures of a release: rates, estimates, medians, correlations. Each figure is a number, withheld, or not there
//! to be had, and says which.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::cached::{public, tagged};
use super::forms::{Form, accepted, split};
use super::problem::{Answer, Problem};
use super::reading::{NoQuery, key, query};
use super::releases::{Axis, TableList, found, measure_items};
use crate::platform::csv_lines;
use crate::platform::error::Error;
use crate::platform::http::Portal;
use crate::publication::{self, Document, MeasureEntry};

/// A column of a table of measures.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureColumn {
    /// Its key.
    key: String,
    /// Its words.
    label: String,
    /// What its figures are counted in, such as `percent`.
    unit: String,
}

/// A figure of a table of measures.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasuredFigure {
    /// The figure as text, with the decimal places that it has; null when withheld or not available.
    value: Option<String>,
    /// `normal`, `provisional`, `confidential` (withheld) or `not_available`.
    status: &'static str,
}

/// One table of measures.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasuredTable {
    /// The key of its release.
    release: String,
    /// Its name.
    name: String,
    /// What it shows, in a sentence.
    about: String,
    /// Its heading.
    caption: String,
    /// Whether any grade in it is not final.
    provisional: bool,
    /// Its rows.
    rows: Axis,
    /// Its columns, each counted in its own unit.
    measures: Vec<MeasureColumn>,
    /// Its figures, row by row.
    figures: Vec<Vec<MeasuredFigure>>,
    /// Notes, in sentences.
    notes: Vec<String>,
}

fn table_of(document: &Document, entry: &MeasureEntry) -> MeasuredTable {
    let table = &entry.table;
    let figures_of = |row: usize| -> Vec<MeasuredFigure> {
        let figures = table.row(row).iter();
        figures
            .map(|figure| MeasuredFigure {
                value: figure.value().map(str::to_owned),
                status: publication::figure_status(document, figure),
            })
            .collect()
    };
    MeasuredTable {
        release: document.key.clone(),
        name: entry.name.clone(),
        about: entry.about.clone(),
        caption: table.caption.clone(),
        provisional: document.is_provisional(),
        rows: Axis::from(&table.rows),
        measures: table
            .measures
            .iter()
            .map(|measure| MeasureColumn {
                key: measure.key.clone(),
                label: measure.label.clone(),
                unit: measure.unit.clone(),
            })
            .collect(),
        figures: (0..table.rows.len()).map(figures_of).collect(),
        notes: table.notes.clone(),
    }
}

/// List the tables of measures of a release
///
/// In reading order.
#[utoipa::path(
    get, path = "/api/v1/releases/{key}/measures", tag = "releases", operation_id = "list_measures",
    params(("key" = String, Path, description = "The release's key", pattern = "^[A-Za-z0-9._-]{1,100}$")),
    responses((status = 200, description = "The tables", body = TableList)),
)]
pub async fn list(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let (_, document) = found(&request, &portal).await?;
    public(&request, &TableList { items: measure_items(&document) })
}

/// Read one table of measures
///
/// The figures of one table of measures of a release, as JSON or as a CSV file: as the header Accept prefers, or as
/// `.json` or `.csv` behind the name asks.
#[utoipa::path(
    get, path = "/api/v1/releases/{key}/measures/{table}", tag = "releases", operation_id = "read_measures",
    params(
        ("key" = String, Path, description = "The release's key", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        ("table" = String, Path, description = "The table's name", pattern = "^[A-Za-z0-9._-]{1,100}$"),
    ),
    responses(
        (status = 200, description = "The table", content((MeasuredTable = "application/json"), (String = "text/csv"))),
        (status = 406, description = "Neither JSON nor CSV is accepted", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn show(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let name = key(&request, "table")?;
    let (name, asked) = split(&name);
    let (_, document) = found(&request, &portal).await?;
    let entry = document.measures.iter().find(|entry| entry.name == name).ok_or(Error::NotFound)?;
    match asked.map_or_else(|| accepted(&request), Ok)? {
        Form::Json => public(&request, &table_of(&document, entry)),
        Form::Csv => {
            let bytes = publication::measures_csv(&document, &entry.table)?;
            Ok(tagged(&request, csv_lines::MEDIA_TYPE, bytes))
        }
    }
}
