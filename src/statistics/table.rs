//! Two-way tables of whole counts: groups in the rows, answers or grades in the columns, with their margins and
//! denominators. Order is the order of the dimensions given, so the same records always make the same table.

use std::collections::BTreeMap;

/// The largest total a table may hold; far above any national table, low enough that sums never overflow.
pub const LARGEST_TOTAL: u64 = 1 << 40;

/// One row or column heading: a stable key for machines and a label for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Category {
    /// Stable machine key, for example `nhs_trust`.
    pub key: String,
    /// What people read, for example `NHS trusts`.
    pub label: String,
}

/// A closed, ordered list of categories. Every counted record falls into exactly one of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "RawDimension")]
pub struct Dimension {
    name: String,
    label: String,
    categories: Vec<Category>,
}

/// A dimension as read from JSON, not yet checked.
#[derive(serde::Deserialize)]
struct RawDimension {
    name: String,
    label: String,
    categories: Vec<Category>,
}

impl TryFrom<RawDimension> for Dimension {
    type Error = TableError;

    fn try_from(raw: RawDimension) -> Result<Self, TableError> {
        Self::new(
            raw.name,
            raw.label,
            raw.categories.into_iter().map(|category| (category.key, category.label)),
        )
    }
}

impl Dimension {
    /// Makes a dimension from `(key, label)` pairs, in the order in which they are to be shown.
    ///
    /// # Errors
    /// [`TableError::RepeatedKey`] when a key occurs twice, [`TableError::Empty`] when there is none.
    pub fn new<K: Into<String>, L: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        categories: impl IntoIterator<Item = (K, L)>,
    ) -> Result<Self, TableError> {
        let name = name.into();
        let categories: Vec<Category> = categories
            .into_iter()
            .map(|(key, label)| Category { key: key.into(), label: label.into() })
            .collect();
        if categories.is_empty() {
            return Err(TableError::Empty { dimension: name });
        }
        let mut seen = std::collections::BTreeSet::new();
        for category in &categories {
            if !seen.insert(category.key.as_str()) {
                return Err(TableError::RepeatedKey { dimension: name, key: category.key.clone() });
            }
        }
        Ok(Self { name, label: label.into(), categories })
    }

    /// The machine name, for example `sector`. Tables whose dimensions share a name are linked by disclosure
    /// control, so use one name for one classification only.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What people read above the categories, for example `Sector`.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The categories in display order.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// How many categories there are; never 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.categories.len()
    }

    /// Always false: a dimension has at least one category.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.categories.is_empty()
    }

    /// The position of a key.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.categories.iter().position(|category| category.key == key)
    }

    /// A single dimension that crosses two, for three-way counts such as sector by region by grade. Keys are joined
    /// by `|` and labels by a comma; [`Self::crossing`] names the parts again.
    ///
    /// # Errors
    /// As [`Self::new`], which happens when a key itself holds a `|` that makes two pairs equal.
    pub fn crossed(&self, other: &Self) -> Result<Self, TableError> {
        let pairs = self.categories.iter().flat_map(|a| {
            other
                .categories
                .iter()
                .map(move |b| (crossed_key(&a.key, &b.key), format!("{}, {}", a.label, b.label)))
        });
        Self::new(
            format!("{}|{}", self.name, other.name),
            format!("{} and {}", self.label, other.label),
            pairs,
        )
    }

    /// For a dimension made by `a.crossed(b)`: which key of `a` (first) and of `b` (second) each crossed key has.
    /// These are the refinements that disclosure control needs to link the crossed table with its parts.
    #[must_use]
    pub fn crossing(a: &Self, b: &Self) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let pairs = || a.categories.iter().flat_map(|x| b.categories.iter().map(move |y| (&x.key, &y.key)));
        (
            pairs().map(|(x, y)| (crossed_key(x, y), x.clone())).collect(),
            pairs().map(|(x, y)| (crossed_key(x, y), y.clone())).collect(),
        )
    }
}

/// The key that [`Dimension::crossed`] gives to a pair.
#[must_use]
pub fn crossed_key(first: &str, second: &str) -> String {
    format!("{first}|{second}")
}

/// Which totals a table is published with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Margins {
    /// Row totals, column totals and the grand total: the rows are disjoint groups of one population.
    Both,
    /// Row totals only: the rows are different questions about the same organisations (requirement by level), so
    /// adding them up would mean nothing.
    Rows,
}

/// What can be wrong with the input of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A dimension without categories.
    #[error("the dimension {dimension} has no categories")]
    Empty {
        /// Name of the dimension.
        dimension: String,
    },
    /// A key given twice.
    #[error("the dimension {dimension} has the key {key} twice")]
    RepeatedKey {
        /// Name of the dimension.
        dimension: String,
        /// The repeated key.
        key: String,
    },
    /// A record whose category is not in the dimension: counting it nowhere would silently change the denominator.
    #[error("a record has the {dimension} {key}, which the table does not list")]
    UnknownKey {
        /// Name of the dimension.
        dimension: String,
        /// The key that is not listed.
        key: String,
    },
    /// The number of counts is not rows times columns.
    #[error("a table of {rows} by {columns} was given {counts} counts")]
    WrongShape {
        /// Number of row categories.
        rows: usize,
        /// Number of column categories.
        columns: usize,
        /// Number of counts given.
        counts: usize,
    },
    /// A total above [`LARGEST_TOTAL`].
    #[error("the counts add up to more than {LARGEST_TOTAL}")]
    TooLarge,
}

/// A two-way table of counts with margins. Immutable once counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossTable {
    population: String,
    caption: String,
    rows: Dimension,
    columns: Dimension,
    margins: Margins,
    counts: Vec<u64>,
    notes: Vec<String>,
}

impl CrossTable {
    /// Counts records given as `(row key, column key)`. `population` is the stable key of who is counted (for
    /// example `collection:2025-26`); tables with the same population are linked by disclosure control.
    ///
    /// # Errors
    /// [`TableError::UnknownKey`] for a record outside the dimensions, [`TableError::TooLarge`].
    pub fn count<R: AsRef<str>, C: AsRef<str>>(
        population: impl Into<String>,
        rows: Dimension,
        columns: Dimension,
        records: impl IntoIterator<Item = (R, C)>,
    ) -> Result<Self, TableError> {
        let row_of: BTreeMap<&str, usize> = index_of(&rows);
        let column_of: BTreeMap<&str, usize> = index_of(&columns);
        let width = columns.len();
        let mut counts = vec![0_u64; rows.len() * width];
        for (row, column) in records {
            let unknown = |dimension: &Dimension, key: &str| TableError::UnknownKey {
                dimension: dimension.name.clone(),
                key: key.to_owned(),
            };
            let r = row_of.get(row.as_ref()).ok_or_else(|| unknown(&rows, row.as_ref()))?;
            let c = column_of.get(column.as_ref()).ok_or_else(|| unknown(&columns, column.as_ref()))?;
            if let Some(count) = counts.get_mut(r * width + c) {
                *count += 1;
            }
        }
        Self::from_counts(population, rows, columns, counts)
    }

    /// Takes counts that were made elsewhere (the answer matrix, an earlier release), row by row.
    ///
    /// # Errors
    /// [`TableError::WrongShape`] or [`TableError::TooLarge`].
    pub fn from_counts(
        population: impl Into<String>,
        rows: Dimension,
        columns: Dimension,
        counts: Vec<u64>,
    ) -> Result<Self, TableError> {
        if counts.len() != rows.len() * columns.len() {
            let (rows, columns) = (rows.len(), columns.len());
            return Err(TableError::WrongShape { rows, columns, counts: counts.len() });
        }
        let total = counts.iter().try_fold(0_u64, |sum, count| sum.checked_add(*count));
        if total.is_none_or(|total| total > LARGEST_TOTAL) {
            return Err(TableError::TooLarge);
        }
        Ok(Self {
            population: population.into(),
            caption: String::new(),
            rows,
            columns,
            margins: Margins::Both,
            counts,
            notes: Vec::new(),
        })
    }

    /// Names the table for people; without it the dimensions' labels are used.
    #[must_use]
    pub fn with_caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = caption.into();
        self
    }

    /// Adds a note (year, edition, source, a break in the series).
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Declares which totals are published; [`Margins::Both`] unless told.
    #[must_use]
    pub fn with_margins(mut self, margins: Margins) -> Self {
        self.margins = margins;
        self
    }

    /// Who is counted, as a stable key.
    #[must_use]
    pub fn population(&self) -> &str {
        &self.population
    }

    /// The caption, made from the dimensions when none was given.
    #[must_use]
    pub fn caption(&self) -> String {
        if self.caption.is_empty() {
            format!("{} by {}", self.columns.label, self.rows.label)
        } else {
            self.caption.clone()
        }
    }

    /// The groups.
    #[must_use]
    pub fn rows(&self) -> &Dimension {
        &self.rows
    }

    /// The answers or grades.
    #[must_use]
    pub fn columns(&self) -> &Dimension {
        &self.columns
    }

    /// Which totals are published.
    #[must_use]
    pub fn margins(&self) -> Margins {
        self.margins
    }

    /// Notes in the order in which they were added.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The count at a position; `None` outside the table.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> Option<u64> {
        if column >= self.columns.len() {
            return None;
        }
        self.counts.get(row * self.columns.len() + column).copied()
    }

    /// The count under two keys; `None` when a key is not listed.
    #[must_use]
    pub fn get(&self, row: &str, column: &str) -> Option<u64> {
        self.at(self.rows.position(row)?, self.columns.position(column)?)
    }

    /// The counts of one row, empty outside the table.
    #[must_use]
    pub fn row(&self, row: usize) -> &[u64] {
        let width = self.columns.len();
        self.counts.get(row * width..(row + 1) * width).unwrap_or_default()
    }

    /// The denominator of a row: how many organisations are in that group.
    #[must_use]
    pub fn row_total(&self, row: usize) -> u64 {
        self.row(row).iter().sum()
    }

    /// How many organisations over all groups gave the answer of a column.
    #[must_use]
    pub fn column_total(&self, column: usize) -> u64 {
        (0..self.rows.len()).filter_map(|row| self.at(row, column)).sum()
    }

    /// Everything that was counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// All counts, row by row.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }
}

fn index_of(dimension: &Dimension) -> BTreeMap<&str, usize> {
    dimension.categories.iter().enumerate().map(|(index, category)| (category.key.as_str(), index)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sectors() -> Dimension {
        Dimension::new("sector", "Sector", [("gp", "General practice"), ("nhs_trust", "NHS trusts")]).unwrap()
    }

    fn grades() -> Dimension {
        Dimension::new("grade", "Grade", [("met", "Met"), ("not_met", "Not met"), ("none", "Not published")])
            .unwrap()
    }

    #[test]
    fn counts_keep_the_given_order_and_add_up() {
        let records = [("nhs_trust", "met"), ("gp", "none"), ("nhs_trust", "met"), ("nhs_trust", "not_met")];
        let table = CrossTable::count("p", sectors(), grades(), records).unwrap();
        assert_eq!(table.counts(), [0, 0, 1, 2, 1, 0]);
        assert_eq!((table.row_total(0), table.row_total(1), table.total()), (1, 3, 4));
        assert_eq!((0..3).map(|c| table.column_total(c)).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!(table.get("nhs_trust", "met"), Some(2));
        assert_eq!((table.get("nhs_trust", "?"), table.at(0, 3), table.at(2, 0)), (None, None, None));
        assert_eq!(table.caption(), "Grade by Sector");
    }

    #[test]
    fn a_record_outside_the_dimensions_is_an_error_and_not_lost() {
        let error = CrossTable::count("p", sectors(), grades(), [("icb", "met")]).unwrap_err();
        assert_eq!(error, TableError::UnknownKey { dimension: "sector".into(), key: "icb".into() });
    }

    #[test]
    fn wrong_shapes_repeated_keys_and_overflow_are_refused() {
        assert!(matches!(
            CrossTable::from_counts("p", sectors(), grades(), vec![1; 5]),
            Err(TableError::WrongShape { rows: 2, columns: 3, counts: 5 })
        ));
        assert_eq!(
            CrossTable::from_counts("p", sectors(), grades(), vec![u64::MAX; 6]),
            Err(TableError::TooLarge)
        );
        assert!(matches!(
            Dimension::new("d", "D", [("a", "x"), ("a", "y")]),
            Err(TableError::RepeatedKey { .. })
        ));
        assert!(matches!(Dimension::new("d", "D", [("", ""); 0]), Err(TableError::Empty { .. })));
    }

    #[test]
    fn crossed_dimensions_know_their_parts() {
        let regions = Dimension::new("region", "Region", [("Y56", "London"), ("Y58", "South West")]).unwrap();
        let crossed = sectors().crossed(&regions).unwrap();
        assert_eq!(crossed.len(), 4);
        assert_eq!(crossed.categories()[3].label, "NHS trusts, South West");
        let (sector, region) = Dimension::crossing(&sectors(), &regions);
        assert_eq!((sector["gp|Y58"].as_str(), region["gp|Y58"].as_str()), ("gp", "Y58"));
    }
}
