//! A table over the years: what each year's release shows of it, side by side. Nothing is counted here. Every figure is the
//! published one of its own release, and what is withheld there is withheld here, so that nothing becomes public that was
//! not. A requirement is the same one in another year when it has the same code in an edition of the same standard.

use serde::{Deserialize, Serialize};

use super::data::{Observation, observations};
use super::document::{Document, TableEntry};
use super::release::ReleaseSummary;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::statistics::PublishedTable;

/// The key of a table's line of totals, as in every file.
pub(super) const TOTAL: &str = "total";
/// What rows are called that only editions of one standard share.
const REQUIREMENT: &str = "requirement";
/// Tables that hold two years by themselves.
const LEFT_OUT: [&str; 1] = ["change"];

/// One year: the newest public version of a release in which everybody was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// What addresses call it: the start of its release's key, which every version of the figures has.
    pub key: String,
    /// The key of the release.
    pub release: String,
    /// The release's title.
    pub title: String,
    /// The year in words: that of the collection, or the day of a register.
    pub label: String,
    /// What the figures were made from.
    pub source: String,
    /// The key of the standard that was asked; empty for a register.
    pub standard: String,
    /// The edition that counts as current in it.
    pub edition: String,
    /// The moment the figures are of.
    pub as_at: Timestamp,
    /// Whether any grade is not final.
    pub provisional: bool,
    /// Notices of corrections of its rules since: their words and addresses.
    pub notices: Vec<(String, String)>,
    /// Its tables as they were published.
    pub tables: Vec<TableEntry>,
}

impl Year {
    /// The year of a release, with the key of its standard and its own words.
    pub(super) fn of(
        (release, document): (&ReleaseSummary, &Document),
        (standard, label): (String, String),
        notices: Vec<(String, String)>,
    ) -> Self {
        let kept = document.tables.iter().filter(|entry| Self::tells(entry));
        Self {
            key: release.source.key_stem(),
            release: release.key.clone(),
            title: release.title.clone(),
            source: document.source.name.clone(),
            label,
            standard,
            edition: document.edition.clone(),
            as_at: release.as_at,
            provisional: document.is_provisional(),
            notices,
            tables: kept.cloned().collect(),
        }
    }

    /// Whether a table of a release is told over the years.
    pub(super) fn tells(entry: &TableEntry) -> bool {
        !LEFT_OUT.contains(&entry.name.as_str())
    }

    /// Where people read the release.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/public/releases/{}", self.release)
    }
}

/// Every year that is public, the earliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Years(Vec<Year>);

/// What is wanted of a table.
#[derive(Debug, Clone, Copy, Default)]
pub struct Over<'a> {
    /// Its name.
    pub table: &'a str,
    /// The key of a row, or `total`; empty for every row.
    pub row: &'a str,
    /// The key of the first year; empty for the earliest.
    pub from: &'a str,
    /// The key of the last year; empty for the newest.
    pub to: &'a str,
}

/// A table over the years.
#[derive(Debug)]
pub struct OverYears<'a> {
    /// The table as the newest of the years has it.
    pub newest: &'a TableEntry,
    /// The years that have it, each with its own table, the earliest first.
    pub years: Vec<(&'a Year, &'a TableEntry)>,
    row: String,
}

impl Years {
    /// These years, given the earliest first.
    pub(super) const fn new(years: Vec<Year>) -> Self {
        Self(years)
    }

    /// Every year, the earliest first.
    #[must_use]
    pub fn all(&self) -> &[Year] {
        &self.0
    }

    /// Every table that any year has, in the reading order of the newest.
    #[must_use]
    pub fn tables(&self) -> Vec<OverYears<'_>> {
        let mut names: Vec<&str> = Vec::new();
        for entry in self.0.iter().rev().flat_map(|year| &year.tables) {
            if !names.contains(&entry.name.as_str()) {
                names.push(&entry.name);
            }
        }
        names.into_iter().filter_map(|name| having(&self.0, name, "")).collect()
    }

    /// A table over the years.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no year has the table, [`Error::Invalid`] with what to do where a year or the row is not
    /// known or the two years are the wrong way round.
    pub fn over(&self, wanted: &Over<'_>) -> Result<OverYears<'_>> {
        if having(&self.0, wanted.table, "").is_none() {
            return Err(Error::NotFound);
        }
        let (from, to) = (self.place("from", wanted.from)?, self.place("to", wanted.to)?);
        let (from, to) = (from.unwrap_or(0), to.unwrap_or(self.0.len().saturating_sub(1)));
        if from > to {
            let message = "The last year is before the first. Choose a later one, or leave it out.";
            return Err(Error::field("to", message));
        }
        if having(&self.0, wanted.table, wanted.row).is_none() {
            let message =
                "No published year has this row in the table. Choose one of the rows that are listed.";
            return Err(Error::field("row", message));
        }
        let chosen = self.0.get(from..=to).unwrap_or_default();
        having(chosen, wanted.table, wanted.row).ok_or_else(|| {
            Error::field(
                "from",
                "None of these years has these figures. Choose an earlier first or a later last year.",
            )
        })
    }

    /// Where a year stands; none where none is named.
    fn place(&self, field: &str, key: &str) -> Result<Option<usize>> {
        if key.is_empty() {
            return Ok(None);
        }
        let place = self.0.iter().position(|year| year.key == key);
        place.map(Some).ok_or_else(|| {
            let keys: Vec<&str> = self.0.iter().map(|year| year.key.as_str()).collect();
            Error::field(
                field,
                format!("There is no published year of this name. Choose one of: {}.", keys.join(", ")),
            )
        })
    }
}

/// The years of these that have a row of a table, or the table at all where no row is named; none where no year has it.
/// Requirements are those of the standard of the newest: the same code in another standard is another requirement.
fn having<'a>(years: &'a [Year], table: &str, row: &str) -> Option<OverYears<'a>> {
    let mut found: Vec<(&Year, &TableEntry)> = years
        .iter()
        .filter_map(|year| {
            let entry = year.tables.iter().find(|entry| entry.name == table)?;
            (row.is_empty() || has_row(&entry.table, row)).then_some((year, entry))
        })
        .collect();
    let (last, newest) = found.last().copied()?;
    if newest.table.rows.name() == REQUIREMENT {
        found.retain(|(year, _)| year.standard == last.standard);
    }
    Some(OverYears { newest, years: found, row: row.to_owned() })
}

fn has_row(table: &PublishedTable, row: &str) -> bool {
    table.rows.position(row).is_some() || (row == TOTAL && !table.column_totals.is_empty())
}

impl<'a> OverYears<'a> {
    /// Every figure with its year, as the year's own release tells it.
    #[must_use]
    pub fn figures(&self) -> Vec<(&'a Year, Observation<'a>)> {
        let mut all = Vec::new();
        for (year, entry) in self.years.iter().copied() {
            let told = observations(&entry.table, year.provisional).into_iter();
            let wanted = told.filter(|one| self.row.is_empty() || one.row == self.row);
            all.extend(wanted.map(|one| (year, one)));
        }
        all
    }

    /// Whether its rows are requirements, which only editions of one standard share.
    #[must_use]
    pub fn is_of_requirements(&self) -> bool {
        self.newest.table.rows.name() == REQUIREMENT
    }

    /// Keys and words of the rows of any year, those of the newest first; `total` is the last, where there is one.
    #[must_use]
    pub fn rows(&self) -> Vec<(&'a str, &'a str)> {
        let mut all: Vec<(&str, &str)> = Vec::new();
        for (_, entry) in self.years.iter().rev() {
            for row in entry.table.rows.categories() {
                if !all.iter().any(|(key, _)| *key == row.key) {
                    all.push((&row.key, &row.label));
                }
            }
        }
        if self.years.iter().any(|(_, entry)| !entry.table.column_totals.is_empty()) {
            all.push((TOTAL, "Total"));
        }
        all
    }

    /// Keys and words of the columns of any year, those of the newest first.
    #[must_use]
    pub fn columns(&self) -> Vec<(&'a str, &'a str)> {
        let mut all: Vec<(&str, &str)> = Vec::new();
        for (_, entry) in self.years.iter().rev() {
            for column in entry.table.columns.categories() {
                if !all.iter().any(|(key, _)| *key == column.key) {
                    all.push((&column.key, &column.label));
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{Dimension, Margins};

    fn table(name: &str, rows: &[&str], cells: &[Option<u64>]) -> TableEntry {
        let dimension = |name: &str, keys: &[&str]| {
            Dimension::new(name, name, keys.iter().map(|key| (*key, format!("{key} in words")))).unwrap()
        };
        let total = |row: &[Option<u64>]| row.iter().copied().sum::<Option<u64>>();
        TableEntry {
            name: name.to_owned(),
            about: String::new(),
            protected: true,
            table: PublishedTable {
                population: name.to_owned(),
                caption: name.to_owned(),
                rows: dimension(REQUIREMENT, rows),
                columns: dimension("level", &["no", "yes"]),
                margins: Margins::Rows,
                cells: cells.to_vec(),
                row_totals: cells.chunks(2).map(total).collect(),
                column_totals: Vec::new(),
                total: None,
                notes: Vec::new(),
            },
        }
    }

    fn year(key: &str, standard: &str, tables: Vec<TableEntry>) -> Year {
        Year {
            key: key.to_owned(),
            release: format!("{key}-r2"),
            title: key.to_owned(),
            label: key.to_owned(),
            source: key.to_owned(),
            standard: standard.to_owned(),
            edition: String::new(),
            as_at: Timestamp::from_micros(0),
            provisional: false,
            notices: Vec::new(),
            tables,
        }
    }

    fn years() -> Years {
        Years::new(vec![
            year("y1", "other", vec![table("answers", &["a"], &[Some(1), Some(2)])]),
            year("y2", "ours", vec![table("answers", &["a", "old"], &[Some(3), Some(4), None, None])]),
            year("y3", "ours", Vec::new()),
            year("y4", "ours", vec![table("answers", &["a", "new"], &[Some(5), None, Some(7), Some(8)])]),
        ])
    }

    fn told(years: &Years, wanted: &Over<'_>) -> Vec<(String, String, Option<u64>)> {
        let found = years.over(wanted).unwrap();
        let figures = found.figures().into_iter().filter(|(_, one)| one.column == "yes");
        figures.map(|(year, one)| (year.key.clone(), one.row.to_owned(), one.count)).collect()
    }

    fn wrong(years: &Years, wanted: &Over<'_>) -> String {
        match years.over(wanted) {
            Err(Error::Invalid(found)) => found[0].field.clone(),
            Err(other) => other.to_string(),
            Ok(_) => String::new(),
        }
    }

    #[test]
    fn a_requirement_is_told_of_every_year_of_its_standard() {
        let (years, answers) = (years(), Over { table: "answers", ..Over::default() });
        let line = |year: &str, row: &str, count| (year.to_owned(), row.to_owned(), count);
        let of = |row| Over { row, ..answers };
        assert_eq!(told(&years, &of("a")), [line("y2", "a", Some(4)), line("y4", "a", None)]);
        assert_eq!(told(&years, &of("old")), [line("y2", "old", None)]);
        assert_eq!(told(&years, &answers).len(), 4);
        // With the last year before the new standard, the other one is the newest.
        assert_eq!(told(&years, &Over { to: "y1", ..of("a") }), [line("y1", "a", Some(2))]);
        assert_eq!(told(&years, &Over { from: "y3", ..of("a") }), [line("y4", "a", None)]);
        let rows: Vec<&str> = years.tables()[0].rows().into_iter().map(|(key, _)| key).collect();
        assert_eq!(rows, ["a", "new", "old"]);
    }

    #[test]
    fn what_is_not_known_is_said_beside_its_field() {
        let (years, answers) = (years(), Over { table: "answers", ..Over::default() });
        for (wanted, field) in [
            (Over { row: "b", ..answers }, "row"),
            (Over { row: TOTAL, ..answers }, "row"),
            (Over { from: "y9", ..answers }, "from"),
            (Over { to: "y9", ..answers }, "to"),
            (Over { from: "y4", to: "y2", ..answers }, "to"),
            (Over { from: "y3", to: "y3", ..answers }, "from"),
        ] {
            assert_eq!(wrong(&years, &wanted), field, "{wanted:?}");
        }
        assert!(matches!(years.over(&Over { table: "else", ..answers }), Err(Error::NotFound)));
        assert!(matches!(Years::default().over(&answers), Err(Error::NotFound)));
        assert!(Years::default().tables().is_empty());
    }
}
