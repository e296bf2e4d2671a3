//! The table that belongs to every chart: the same figures in words and numbers, for everybody who cannot or does not
//! want to see the drawing.

use rust_decimal::Decimal;

use super::layout::thousands;
use crate::statistics::estimators::percentage;
use crate::statistics::published::PublishedTable;

/// What stands where a figure is withheld.
pub const SUPPRESSED: &str = "suppressed";
/// What stands where a figure does not exist.
pub const NOT_AVAILABLE: &str = "not available";

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChartCell {
    /// What people read.
    pub text: String,
    /// Whether the text is a number, to be set right-aligned.
    pub numeric: bool,
    /// Whether the figure is withheld.
    pub suppressed: bool,
}

impl ChartCell {
    /// A number, already formatted.
    #[must_use]
    pub fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), numeric: true, suppressed: false }
    }

    /// A withheld figure.
    #[must_use]
    pub fn suppressed() -> Self {
        Self { text: SUPPRESSED.to_owned(), numeric: false, suppressed: true }
    }

    /// A figure that does not exist.
    #[must_use]
    pub fn not_available() -> Self {
        Self { text: NOT_AVAILABLE.to_owned(), numeric: false, suppressed: false }
    }

    /// A count, or withheld.
    #[must_use]
    pub fn count(count: Option<u64>) -> Self {
        count.map_or_else(Self::suppressed, |count| Self::number(thousands(count)))
    }
}

/// One row: its heading and one cell per further header.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChartRow {
    /// The row's heading (`<th scope="row">`).
    pub heading: String,
    /// The cells.
    pub cells: Vec<ChartCell>,
}

/// A table ready for a page: one header row, no merged cells.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChartTable {
    /// The caption.
    pub caption: String,
    /// Column headers; the first is that of the row headings.
    pub headers: Vec<String>,
    /// The rows.
    pub rows: Vec<ChartRow>,
    /// Who is counted, in a sentence.
    pub denominator: String,
    /// Whether any figure is withheld, so that the page explains the word.
    pub has_suppressed: bool,
    /// Notes in reading order.
    pub notes: Vec<String>,
}

impl ChartTable {
    pub(super) fn new(
        caption: &str,
        headers: Vec<String>,
        rows: Vec<ChartRow>,
        denominator: String,
        notes: Vec<String>,
    ) -> Self {
        let has_suppressed = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.suppressed);
        Self { caption: caption.to_owned(), headers, rows, denominator, has_suppressed, notes }
    }
}

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
