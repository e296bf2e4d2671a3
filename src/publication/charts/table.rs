//! The table of a published cross-table: counts, percentages of each row, and totals.

use rust_decimal::Decimal;

use super::{ChartCell, ChartRow, ChartTable};
use crate::statistics::estimators::percentage;
use crate::statistics::published::PublishedTable;

/// A published table as counts with percentages of each row, and its totals.
pub(super) fn of_published(caption: &str, table: &PublishedTable, denominator: String) -> ChartTable {
    let mut headers = vec![table.rows.label().to_owned()];
    for column in table.columns.categories() {
        headers.push(column.label.clone());
        headers.push(format!("{} (%)", column.label));
    }
    headers.push("Total".to_owned());
    let row = |heading: &str, counts: &[Option<u64>], total: Option<u64>| {
        let mut cells = Vec::with_capacity(counts.len() * 2 + 1);
        for count in counts {
            cells.push(ChartCell::count(*count));
            cells.push(match (count, total) {
                (Some(count), Some(total)) => {
                    percentage(*count, total, 1).map_or_else(ChartCell::not_available, percent_cell)
                }
                _ => ChartCell::suppressed(),
            });
        }
        cells.push(ChartCell::count(total));
        ChartRow { heading: heading.to_owned(), cells }
    };
    let mut rows: Vec<ChartRow> = table
        .rows
        .categories()
        .iter()
        .enumerate()
        .map(|(r, category)| row(&category.label, table.row(r), table.row_totals.get(r).copied().flatten()))
        .collect();
    if !table.column_totals.is_empty() {
        rows.push(row("Total", &table.column_totals, table.total));
    }
    ChartTable::new(caption, headers, rows, denominator, table.notes.clone())
}

/// A percentage as a cell; the sign stands in the header or is added by the caller.
pub(super) fn percent_cell(value: Decimal) -> ChartCell {
    ChartCell::number(value.to_string())
}
