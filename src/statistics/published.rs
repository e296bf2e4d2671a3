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

    /// The sum of some columns of a row ("met or exceeded"), with the row's total; `None` when any part is withheld or
    /// a key is not listed. Headline figures must be made this way, from what is published, never from true counts.
    #[must_use]
    pub fn sum(&self, row: usize, columns: &[&str]) -> Option<(u64, u64)> {
        let total = self.row_totals.get(row).copied().flatten()?;
        let part = |key: &&str| self.at(row, self.columns.position(key)?);
        columns.iter().map(part).sum::<Option<u64>>().map(|sum| (sum, total))
    }

    /// The same over all rows.
    #[must_use]
    pub fn sum_of_totals(&self, columns: &[&str]) -> Option<(u64, u64)> {
        let part = |key: &&str| self.column_totals.get(self.columns.position(key)?).copied().flatten();
        columns.iter().map(part).sum::<Option<u64>>().zip(self.total)
    }

    /// How many figures (cells and totals) are withheld.
    #[must_use]
    pub fn withheld(&self) -> usize {
        let figures = self.cells.iter().chain(&self.row_totals).chain(&self.column_totals);
        figures.filter(|figure| figure.is_none()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_exist_only_where_every_part_is_published() {
        let rows = Dimension::new("sector", "Sector", [("a", "A"), ("b", "B")]).unwrap();
        let columns =
            Dimension::new("grade", "Grade", [("exceeded", "E"), ("met", "M"), ("not", "N")]).unwrap();
        let table = CrossTable::from_counts("p", rows, columns, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let mut published = PublishedTable::of_public_facts(&table);
        assert_eq!(published.sum(1, &["exceeded", "met"]), Some((9, 15)));
        assert_eq!(published.sum_of_totals(&["exceeded", "met"]), Some((12, 21)));
        assert_eq!(published.sum(1, &["exceeded", "?"]), None);
        published.cells[4] = None;
        published.column_totals[1] = None;
        assert_eq!((published.sum(1, &["met"]), published.sum(1, &["not"])), (None, Some((6, 15))));
        assert_eq!(published.sum_of_totals(&["met"]), None);
        let json = serde_json::to_string(&published).unwrap();
        assert_eq!(serde_json::from_str::<PublishedTable>(&json).unwrap(), published);
    }
}
