//! Tables of measures that are no counts: rates, estimates with their bounds, medians, correlations. Like counts they reach
//! the public in one type only, in which each figure is a number, withheld, or not there to be had.

use rust_decimal::Decimal;

use super::table::{Dimension, TableError};

/// One figure. Numbers are texts of decimals, so that nothing is rounded twice on its way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// A number, with the decimal places it is shown with.
    Value(String),
    /// Withheld by disclosure control.
    Withheld,
    /// There is none: no responses, no trusts, nothing to correlate.
    NotAvailable,
}

impl Figure {
    /// A decimal, or that there is none.
    #[must_use]
    pub fn of(value: Option<Decimal>) -> Self {
        value.map_or(Self::NotAvailable, |value| Self::Value(value.to_string()))
    }

    /// A whole number.
    #[must_use]
    pub fn count(count: u64) -> Self {
        Self::Value(count.to_string())
    }

    /// The number; none when there is none to show.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Value(text) => Some(text),
            Self::Withheld | Self::NotAvailable => None,
        }
    }

    /// The word that data files use.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Value(_) => "normal",
            Self::Withheld => "confidential",
            Self::NotAvailable => "not_available",
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Measure {
    /// Stable machine key.
    pub key: String,
    /// What people read.
    pub label: String,
    /// What it is counted in, for example `percent` or `organisations`.
    pub unit: String,
}

impl Measure {
    /// A column.
    #[must_use]
    pub fn new(key: &str, label: &str, unit: &str) -> Self {
        Self { key: key.to_owned(), label: label.to_owned(), unit: unit.to_owned() }
    }
}

/// A table of measures: groups in the rows, different measures of them in the columns.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MeasureTable {
    /// Who is measured, as a stable key.
    pub population: String,
    /// What people read above the table.
    pub caption: String,
    /// The groups.
    pub rows: Dimension,
    /// The measures.
    pub measures: Vec<Measure>,
    /// Figures, row by row.
    pub figures: Vec<Figure>,
    /// Notes in reading order.
    pub notes: Vec<String>,
}

impl MeasureTable {
    /// A table of these rows.
    ///
    /// # Errors
    /// [`TableError::WrongShape`] when a row has another number of figures than there are measures.
    pub fn new(
        population: impl Into<String>,
        caption: impl Into<String>,
        rows: Dimension,
        measures: Vec<Measure>,
        figures: Vec<Vec<Figure>>,
    ) -> Result<Self, TableError> {
        let counted: usize = figures.iter().map(Vec::len).sum();
        if figures.len() != rows.len() || figures.iter().any(|row| row.len() != measures.len()) {
            return Err(TableError::WrongShape {
                rows: rows.len(),
                columns: measures.len(),
                counts: counted,
            });
        }
        Ok(Self {
            population: population.into(),
            caption: caption.into(),
            rows,
            measures,
            figures: figures.into_iter().flatten().collect(),
            notes: Vec::new(),
        })
    }

    /// Adds a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The figures of one row, empty outside the table.
    #[must_use]
    pub fn row(&self, row: usize) -> &[Figure] {
        let width = self.measures.len();
        self.figures.get(row * width..(row + 1) * width).unwrap_or_default()
    }

    /// How many figures are withheld.
    #[must_use]
    pub fn withheld(&self) -> usize {
        self.figures.iter().filter(|figure| **figure == Figure::Withheld).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_figure_for_each_measure() {
        let rows = Dimension::new("sector", "Sector", [("a", "A"), ("b", "B")]).unwrap();
        let measures =
            vec![Measure::new("n", "Responses", "organisations"), Measure::new("p", "Share", "percent")];
        let figures = vec![
            vec![Figure::count(12), Figure::of(Some(Decimal::new(250, 1)))],
            vec![Figure::Withheld, Figure::of(None)],
        ];
        let table =
            MeasureTable::new("p", "c", rows.clone(), measures.clone(), figures).unwrap().with_note("n");
        assert_eq!(table.row(0)[1].value(), Some("25.0"));
        assert_eq!((table.row(1)[1].status(), table.row(1)[0].status()), ("not_available", "confidential"));
        assert_eq!((table.withheld(), table.row(2).len()), (1, 0));
        let json = serde_json::to_string(&table).unwrap();
        assert_eq!(serde_json::from_str::<MeasureTable>(&json).unwrap(), table);
        let short = vec![vec![Figure::count(1)], vec![Figure::count(1), Figure::count(2), Figure::count(3)]];
        assert!(matches!(
            MeasureTable::new("p", "c", rows, measures, short),
            Err(TableError::WrongShape { rows: 2, columns: 2, counts: 4 })
        ));
    }
}
