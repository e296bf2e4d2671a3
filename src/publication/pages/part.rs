//! Figures of one group: a row of a release's table as a figure of its own, and estimates with their intervals.

use rust_decimal::Decimal;

use super::figure::{FigureView, drawn, figure_of_measures, measures_table, rows_of};
use crate::platform::error::{Error, Result};
use crate::publication::charts::{Canvas, IntervalRow, Intervals, intervals};
use crate::publication::classes::table_fault;
use crate::publication::document::{MeasureEntry, TableEntry};
use crate::statistics::estimators::ProportionInterval;
use crate::statistics::{Dimension, Figure, MeasureTable};

/// One row of a table; none where the table has no such row.
///
/// # Errors
/// When the chart cannot be drawn.
pub fn row_figure(entry: &TableEntry, key: &str, files: &str) -> Result<Option<FigureView>> {
    let Some(place) = entry.table.rows.position(key) else { return Ok(None) };
    let Some(part) = rows_of(&entry.table, &[place], entry.table.caption.clone())? else { return Ok(None) };
    drawn(&entry.name, &part, &entry.about, files, Canvas::Fluid).map(Some)
}

/// Some rows of a table of measures, in the order of the table; none where it has none of them.
///
/// # Errors
/// When the chart cannot be drawn.
pub fn row_of_measures(entry: &MeasureEntry, keys: &[&str], files: &str) -> Result<Option<FigureView>> {
    let table = &entry.table;
    let wanted = |key: &str| keys.contains(&key);
    let rows: Vec<(String, String)> = table
        .rows
        .categories()
        .iter()
        .filter(|row| wanted(&row.key))
        .map(|row| (row.key.clone(), row.label.clone()))
        .collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let places = table.rows.categories().iter().enumerate().filter(|(_, row)| wanted(&row.key));
    let part = MeasureTable {
        rows: Dimension::new(table.rows.name(), table.rows.label(), rows).map_err(table_fault)?,
        figures: places.flat_map(|(place, _)| table.row(place).to_vec()).collect(),
        ..table.clone()
    };
    estimates_of(&MeasureEntry { table: part, ..entry.clone() }, files).map(Some)
}

/// The figure of a table of measures: with a chart of the intervals where it holds estimated percentages with their bounds.
///
/// # Errors
/// When the chart cannot be drawn.
pub fn estimates_of(entry: &MeasureEntry, files: &str) -> Result<FigureView> {
    let table = &entry.table;
    let estimated = table.measures.iter().any(|one| one.key == "estimate" && one.unit == "percent");
    let found: Vec<(&str, ProportionInterval)> = table
        .rows
        .categories()
        .iter()
        .enumerate()
        .filter_map(|(place, row)| Some((row.label.as_str(), interval(table, place)?)))
        .collect();
    if !estimated || found.is_empty() {
        return Ok(figure_of_measures(entry, files));
    }
    let rows: Vec<IntervalRow<'_>> =
        found.into_iter().map(|(label, interval)| IntervalRow { label, interval: Some(interval) }).collect();
    let denominator =
        "Estimated from the responses of a sample; the table says how many, and of how many organisations.";
    let chart = intervals(
        &Intervals {
            id: &entry.name,
            title: &table.caption,
            heading: table.rows.label(),
            measure: "Estimated share of organisations",
            rows: &rows,
            denominator,
        },
        Canvas::Fluid,
    )
    .map_err(|e| Error::internal("failed to draw a chart", e))?;
    // The whole table of measures stays beneath the chart: it says more than the chart's own.
    let mut shown = FigureView::of_table(&entry.name, measures_table(table), &entry.about, files);
    shown.svg = chart.svg;
    denominator.clone_into(&mut shown.denominator);
    Ok(shown)
}

/// The estimate of a row with its bounds; none where there is none to show.
fn interval(table: &MeasureTable, place: usize) -> Option<ProportionInterval> {
    let figure = |key: &str| {
        let column = table.measures.iter().position(|measure| measure.key == key)?;
        table.row(place).get(column).and_then(Figure::value)
    };
    let decimal = |key: &str| figure(key)?.parse::<Decimal>().ok();
    Some(ProportionInterval {
        percentage: decimal("estimate")?,
        low: decimal("low")?,
        high: decimal("high")?,
        of: figure("responses")?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Measure;

    fn estimates(unit: &str) -> MeasureEntry {
        let rows = Dimension::new("domain", "Organisations", [("all", "All"), ("sector:gp", "GPs")]).unwrap();
        let measures = ["estimate", "low", "high", "responses"].map(|key| Measure::new(key, key, unit));
        let row = |texts: [&str; 4]| texts.map(|text| Figure::Value(text.to_owned())).to_vec();
        let none = vec![Figure::NotAvailable; 4];
        let figures = vec![row(["68.2", "60.1", "75.4", "120"]), none];
        MeasureEntry {
            name: "baseline-meeting".into(),
            about: "What the sample says.".into(),
            table: MeasureTable::new("p", "Share", rows, measures.to_vec(), figures).unwrap(),
        }
    }

    #[test]
    fn estimated_shares_are_drawn_with_their_intervals_and_keep_their_table() {
        let figure = estimates_of(&estimates("percent"), "/public/data/baseline-meeting").unwrap();
        assert!(figure.svg.contains("chart-interval") && figure.rows.len() == 2 && figure.head.len() == 5);
        assert!(estimates_of(&estimates("points"), "").unwrap().svg.is_empty());
    }

    #[test]
    fn a_row_is_taken_out_with_its_own_figures() {
        let entry = estimates("percent");
        let figure = row_of_measures(&entry, &["all"], "").unwrap().unwrap();
        assert_eq!(figure.rows, [["All", "68.2", "60.1", "75.4", "120"]]);
        let figure = row_of_measures(&entry, &["sector:gp"], "").unwrap().unwrap();
        assert!(figure.svg.is_empty(), "there is nothing to draw");
        assert!(row_of_measures(&entry, &["sector:none"], "").unwrap().is_none());
    }
}
