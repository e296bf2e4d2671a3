//! Tables of measures as files: one row for each figure, with its unit and, where there is no number, why.

use serde_json::json;

use super::csv::defused;
use super::fields::measures_shape;
use super::json::{release, text};
use crate::platform::error::{Error, Result};
use crate::publication::document::{Document, MeasureEntry};
use crate::statistics::{Category, Figure, Measure, MeasureTable};

/// Every figure with its row and its measure.
fn figures(table: &MeasureTable) -> impl Iterator<Item = (&Category, &Measure, &Figure)> {
    table.rows.categories().iter().enumerate().flat_map(move |(at, row)| {
        table.measures.iter().zip(table.row(at)).map(move |(measure, figure)| (row, measure, figure))
    })
}

/// One row per figure. Numbers stand as they are, a minus sign included; only words are defused.
///
/// # Errors
/// When it cannot be written, which is a fault.
pub fn measures_csv(document: &Document, table: &MeasureTable) -> Result<Vec<u8>> {
    let failed = |e: ::csv::Error| Error::internal("failed to write a CSV file", e);
    let mut sheet = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    sheet.write_record(measures_shape(table).header()).map_err(failed)?;
    for (row, measure, figure) in figures(table) {
        let words =
            [&row.key, &row.label, &measure.key, &measure.label, &measure.unit].map(|one| defused(one));
        let [code, label, key, name, unit] = &words;
        sheet
            .write_record([
                &**code,
                &**label,
                &**key,
                &**name,
                &**unit,
                figure.value().unwrap_or_default(),
                figure_status(document, figure),
                document.key.as_str(),
            ])
            .map_err(failed)?;
    }
    sheet.into_inner().map_err(|e| Error::internal("failed to finish a CSV file", e.to_string()))
}

/// The table with the release, its notes and every figure.
pub fn measures_json(document: &Document, entry: &MeasureEntry) -> Result<Vec<u8>> {
    let table = &entry.table;
    let observations: Vec<_> = figures(table)
        .map(|(row, measure, figure)| {
            json!({
                "row": row.key,
                "measure": measure.key,
                "value": figure.value(),
                "status": figure_status(document, figure),
            })
        })
        .collect();
    text(&json!({
        "release": release(document),
        "table": {
            "name": entry.name,
            "title": table.caption,
            "about": entry.about,
            "notes": table.notes,
            "rows": table.rows,
            "measures": table.measures,
        },
        "observations": observations,
    }))
}

/// The word of data files for how certain a figure is, or why it is not there.
#[must_use]
pub fn figure_status(document: &Document, figure: &Figure) -> &'static str {
    match figure {
        Figure::Value(_) if document.is_provisional() => "provisional",
        other => other.status(),
    }
}
