//! The table that belongs to every chart: the same figures in words and numbers, for everybody who cannot or does not
//! want to see the drawing.

use super::layout::thousands;

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
    pub(crate) fn new(
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
