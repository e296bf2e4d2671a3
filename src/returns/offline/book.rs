//! A workbook as its two writers take it: sheets of one header row and rows of texts, some with a list of allowed values.

use std::rc::Rc;

use crate::platform::clock::Timestamp;

/// A workbook.
#[derive(Debug)]
pub(super) struct Book {
    /// Its title.
    pub title: String,
    /// When it was made.
    pub made: Timestamp,
    /// Its sheets.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The name on its tab.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Head>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// The head of a column.
#[derive(Debug)]
pub(super) struct Head {
    /// The words above it.
    pub words: &'static str,
    /// Its width, in characters.
    pub width: u16,
    /// Whether it is filled in.
    pub entered: bool,
}

/// One cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    /// What stands in it; always text.
    pub text: String,
    /// What may be entered; empty for anything.
    pub choices: Option<Rc<[&'static str]>>,
}

impl Cell {
    /// A cell that takes anything.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), choices: None }
    }

    /// With these values to choose from.
    pub fn choices(mut self, choices: &Rc<[&'static str]>) -> Self {
        self.choices = Some(Rc::clone(choices));
        self
    }
}

/// A run of rows of one column that take the same values.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The column, counted from 0.
    pub column: usize,
    /// The first row below the header, counted from 0.
    pub first: usize,
    /// The last one.
    pub last: usize,
    /// What may be entered.
    pub choices: Rc<[&'static str]>,
}

impl Sheet {
    /// The runs of rows with the same allowed values.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for column in 0..self.columns.len() {
            for (place, row) in self.rows.iter().enumerate() {
                let Some(choices) = row.get(column).and_then(|cell| cell.choices.as_ref()) else { continue };
                match runs.last_mut() {
                    Some(run) if run.column == column && run.last + 1 == place && run.choices == *choices => {
                        run.last = place;
                    }
                    _ => runs.push(Run { column, first: place, last: place, choices: Rc::clone(choices) }),
                }
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_with_the_same_values_are_one_run() {
        let (yes, no): (Rc<[&'static str]>, Rc<[&'static str]>) = (Rc::from(["Yes"]), Rc::from(["No"]));
        let head = || Head { words: "A", width: 1, entered: true };
        let cell = |choices: &Rc<[&'static str]>| vec![Cell::new("").choices(choices), Cell::new("")];
        let sheet = Sheet {
            name: "S",
            columns: vec![head(), head()],
            rows: vec![cell(&yes), cell(&yes), vec![Cell::new(""), Cell::new("")], cell(&yes), cell(&no)],
        };
        let runs: Vec<(usize, usize)> = sheet.runs().iter().map(|run| (run.first, run.last)).collect();
        assert_eq!(runs, [(0, 1), (3, 3), (4, 4)]);
    }
}
