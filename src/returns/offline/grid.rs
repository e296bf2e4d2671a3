//! A sheet as it was read: the cells that hold something, by row and column, within bounds whatever the file says.

use std::collections::BTreeMap;

use super::columns::letters;

/// The most rows of one sheet that hold something.
pub(super) const ROWS_LIMIT: usize = 5_000;
/// The most columns that are looked at.
pub(super) const COLUMNS_LIMIT: u32 = 200;
/// The most cells of a workbook.
pub(super) const CELLS_LIMIT: usize = 100_000;
/// The most characters of one cell.
pub(super) const TEXT_LIMIT: usize = 70_000;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Read {
    /// Text, or a value in the spelling of this workbook.
    Text(String),
    /// A formula, whatever its value was when the file was saved.
    Formula,
    /// An error value such as `#REF!`.
    Broken,
}

impl Read {
    /// A number: whole ones without a decimal point.
    pub fn number(number: f64) -> Self {
        // Display writes 2.0 as 2, and nothing in exponents.
        Self::Text(number.to_string())
    }

    /// A truth value, as yes or no.
    pub fn truth(truth: bool) -> Self {
        Self::Text(if truth { "Yes" } else { "No" }.to_owned())
    }
}

/// A sheet as it was read. Rows and columns are counted from 0.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: BTreeMap<u32, BTreeMap<u32, Read>>,
    cells: usize,
}

/// Why a file cannot be read; fit to show to the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is larger than any filled-in workbook.
    TooMuch(String),
    /// It is no workbook, or not one of a kind that is taken.
    NotThis(String),
}

impl Unreadable {
    /// A workbook that holds more than it can.
    pub fn too_many() -> Self {
        Self::TooMuch(format!(
            "The workbook has more than {ROWS_LIMIT} rows or {CELLS_LIMIT} cells, which no return has. Take out what was \
             added to it."
        ))
    }

    /// A workbook that is damaged.
    pub fn damaged() -> Self {
        Self::NotThis(
            "The workbook is damaged and cannot be read. Open it, save it under another name and try again."
                .to_owned(),
        )
    }
}

impl Grid {
    /// Puts a cell that holds something into its place.
    ///
    /// # Errors
    /// When there are too many.
    pub fn put(&mut self, (row, column): (u32, u32), cell: Read) -> Result<(), Unreadable> {
        if matches!(&cell, Read::Text(text) if text.trim().is_empty()) || column >= COLUMNS_LIMIT {
            return Ok(());
        }
        if matches!(&cell, Read::Text(text) if text.len() > TEXT_LIMIT * 4) {
            return Err(Unreadable::TooMuch(format!(
                "The cell {}{} holds more text than a cell can.",
                letters(column),
                u64::from(row) + 1
            )));
        }
        self.cells += 1;
        self.rows.entry(row).or_default().insert(column, cell);
        if self.cells > CELLS_LIMIT || self.rows.len() > ROWS_LIMIT {
            Err(Unreadable::too_many())
        } else {
            Ok(())
        }
    }

    /// The rows that hold something, from the top.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &BTreeMap<u32, Read>)> {
        self.rows.iter().map(|(row, cells)| (*row, cells))
    }
}
