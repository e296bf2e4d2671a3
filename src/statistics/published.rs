//! A table as the public gets it: every figure is either a number or withheld, and nothing tells why. This is the
//! only form of a table that charts, pages, files and the API accept.

use super::table::{CrossTable, Dimension, Margins};

/// A published table. `None` is a withheld figure (`[c]` in spreadsheets, status `c` in machine-readable files).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PublishedTable {
    /// Who is counted, as a stable key.
    pub population: String,
    /// What people read above the table.
    pub caption: String,
    /// The groups.
    pub rows: Dimension,
    /// The answers or grades.
    pub columns: Dimension,
    /// Which totals are published.
    pub margins: Margins,
    /// Counts row by row.
    pub cells: Vec<Option<u64>>,
    /// One per row: the denominator of the group.
    pub row_totals: Vec<Option<u64>>,
    /// One per column; empty for [`Margins::Rows`].
    pub column_totals: Vec<Option<u64>>,
    /// The grand total; `None` also for [`Margins::Rows`].
    pub total: Option<u64>,
    /// Notes in reading order.
    pub notes: Vec<String>,
}

impl PublishedTable {
    /// A table of which everything may be shown. Only for facts that are public organisation by organisation; others
    /// go through [`super::disclosure::protect`].
    #[must_use]
    pub fn of_public_facts(table: &CrossTable) -> Self {
        let both = table.margins() == Margins::Both;
        Self {
            population: table.population().to_owned(),
            caption: table.caption(),
            rows: table.rows().clone(),
            columns: table.columns().clone(),
            margins: table.margins(),
            cells: table.counts().iter().copied().map(Some).collect(),
            row_totals: (0..table.rows().len()).map(|row| Some(table.row_total(row))).collect(),
            column_totals: if both {
                (0..table.columns().len()).map(|column| Some(table.column_total(column))).collect()
            } else {
                Vec::new()
            },
            total: both.then(|| table.total()),
            notes: table.notes().to_vec(),
        }
    }

    /// The figure at a position; `None` when withheld or outside the table.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> Option<u64> {
        if column >= self.columns.len() {
            return None;
        }
        self.cells.get(row * self.columns.len() + column).copied().flatten()
    }

    /// The figures of one row, empty outside the table.
    #[must_use]
    pub fn row(&self, row: usize) -> &[Option<u64>] {
        let width = self.columns.len();
        self.cells.get(row * width..(row + 1) * width).unwrap_or_default()
    }

    /// How many figures (cells and totals) are withheld.
    #[must_use]
    pub fn withheld(&self) -> usize {
        let figures = self.cells.iter().chain(&self.row_totals).chain(&self.column_totals);
        figures.filter(|figure| figure.is_none()).count()
    }
}
