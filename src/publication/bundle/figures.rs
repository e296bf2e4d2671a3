//! Comparing figures that were made again with those that a document states, cell by cell.

use serde::Serialize;

use super::verified::Mismatch;
use crate::publication::document::{MeasureEntry, TableEntry};
use crate::statistics::{Figure, MeasureTable, PublishedTable};

/// The name of a margin.
const TOTAL: &str = "total";

fn shown(figure: Option<&Option<u64>>) -> String {
    match figure {
        None => "no figure".to_owned(),
        Some(None) => "withheld".to_owned(),
        Some(Some(count)) => count.to_string(),
    }
}

/// What differs between a table that was made again and the one that is stated.
pub(super) fn of_table(made: &TableEntry, stated: &TableEntry) -> Vec<Mismatch> {
    let mut found = Vec::new();
    for (row, column, expected, there) in pairs(&made.table, &stated.table) {
        if expected != there {
            found.push(Mismatch::at(&made.name, &row, &column, expected, there));
        }
    }
    // Everything else of a table: words, notes, the order of its rows.
    if found.is_empty() && made != stated {
        found.push(Mismatch::of(&made.name, text(made), text(stated)));
    }
    found
}

/// Every figure of the one that was made again beside the same of the one that is stated, totals too.
fn pairs(made: &PublishedTable, stated: &PublishedTable) -> Vec<(String, String, String, String)> {
    let mut pairs = Vec::with_capacity(made.cells.len());
    let mut add = |row: &str, column: &str, expected: String, there: String| {
        pairs.push((row.to_owned(), column.to_owned(), expected, there));
    };
    let width = made.columns.len();
    for (r, row) in made.rows.categories().iter().enumerate() {
        let there = stated.rows.position(&row.key);
        for (c, column) in made.columns.categories().iter().enumerate() {
            let expected = shown(made.cells.get(r * width + c));
            let place = there.zip(stated.columns.position(&column.key));
            let place = place.map(|(r, c)| r * stated.columns.len() + c);
            add(&row.key, &column.key, expected, shown(place.and_then(|place| stated.cells.get(place))));
        }
        let total = there.and_then(|there| stated.row_totals.get(there));
        add(&row.key, TOTAL, shown(made.row_totals.get(r)), shown(total));
    }
    for (c, column) in made.columns.categories().iter().enumerate() {
        let total = stated.columns.position(&column.key).and_then(|place| stated.column_totals.get(place));
        add(TOTAL, &column.key, shown(made.column_totals.get(c)), shown(total));
    }
    add(TOTAL, TOTAL, shown(Some(&made.total)), shown(Some(&stated.total)));
    pairs
}

fn figure(figure: Option<&Figure>) -> String {
    match figure {
        None => "no figure".to_owned(),
        Some(figure) => figure.value().unwrap_or_else(|| figure.status()).to_owned(),
    }
}

/// What differs between a table of measures that was made again and the one that is stated.
pub(super) fn of_measures(made: &MeasureEntry, stated: &MeasureEntry) -> Vec<Mismatch> {
    let place = |table: &MeasureTable, row: &str, measure: &str| {
        let column = table.measures.iter().position(|one| one.key == measure)?;
        table.row(table.rows.position(row)?).get(column).cloned()
    };
    let mut found = Vec::new();
    for (r, row) in made.table.rows.categories().iter().enumerate() {
        for (measure, value) in made.table.measures.iter().zip(made.table.row(r)) {
            let (expected, there) =
                (figure(Some(value)), figure(place(&stated.table, &row.key, &measure.key).as_ref()));
            if expected != there {
                found.push(Mismatch::at(&made.name, &row.key, &measure.key, expected, there));
            }
        }
    }
    if found.is_empty() && made != stated {
        found.push(Mismatch::of(&made.name, text(made), text(stated)));
    }
    found
}

/// A value as JSON, for what has no rows and columns.
pub(super) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
