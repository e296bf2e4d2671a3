//! What an import did, for people and for machines.

use serde::{Deserialize, Serialize};

use super::layout::Format;
use crate::platform::clock::Day;

/// How many lines of each kind a report carries; the quarantine has them all.
const LINES: usize = 500;

crate::text_enum! {
    /// What was done about a damaged row.
    Done {
        /// The row was taken in; the entry tells what was mended or looked odd.
        Noted = "noted", "taken in";
        /// The row was held back in the quarantine.
        Quarantined = "quarantined", "held back";
        /// The row was taken in, and an accepted correction of the register met what it says.
        Corrected = "corrected", "met a correction";
    }
}

/// One damaged row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// The row of the file; the header (or the first row, where there is none) is row 1. Blank lines do not count.
    pub row: i64,
    /// The column's header, or `(row)` when it is about the row as a whole.
    pub column: String,
    /// What is wrong.
    pub reason: String,
    /// Whether the row was taken.
    pub done: Done,
    /// What was done, in words.
    pub action: String,
}

/// What an import did. `rows_read` is always the sum of `added`, `changed`, `unchanged` and `quarantined`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportReport {
    /// The file's name, without its folder.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub file_hash: String,
    /// What kind of file it was taken for.
    pub format: Format,
    /// The day the file speaks of.
    pub as_of: Day,
    /// Rows of data.
    pub rows_read: i64,
    /// Rows whose organisation was not known before.
    pub added: i64,
    /// Rows that changed something: an organisation's particulars, a status, a relation.
    pub changed: i64,
    /// Rows that said nothing new, among them `settled` ones.
    pub unchanged: i64,
    /// Rows held back, whether by this import or by an earlier one of the same file.
    pub quarantined: i64,
    /// Rows that were taken in with something mended or odd about them.
    pub repaired: i64,
    /// Rows held back earlier that somebody has corrected or dismissed since.
    pub settled: i64,
    /// Columns that are not read.
    pub unused_columns: Vec<String>,
    /// Damaged rows in the order of the file, the first 500 held back and the first 500 noted, and every row that met an
    /// accepted correction.
    pub damage: Vec<Damage>,
    /// How long it took.
    pub seconds: f64,
}

impl ImportReport {
    /// Adds a line unless there are enough of its kind. What met a correction stands nowhere else.
    pub(crate) fn tell(&mut self, damage: Damage) {
        let unlimited = damage.done == Done::Corrected;
        if unlimited || self.damage.iter().filter(|d| d.done == damage.done).count() < LINES {
            self.damage.push(damage);
        }
    }

    /// How many lines met an accepted correction.
    #[must_use]
    pub fn corrected(&self) -> i64 {
        let lines = self.damage.iter().filter(|d| d.done == Done::Corrected).count();
        i64::try_from(lines).unwrap_or(i64::MAX)
    }

    fn lines(&self, f: &mut std::fmt::Formatter<'_>, done: Done, rows: i64, title: &str) -> std::fmt::Result {
        let lines: Vec<&Damage> = self.damage.iter().filter(|d| d.done == done).collect();
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n{title}:")?;
        for line in &lines {
            writeln!(f, "  row {}, {}: {} ({})", line.row, line.column, line.reason, line.action)?;
        }
        if lines.len() >= LINES && done != Done::Corrected {
            writeln!(f, "  ... {rows} rows in all; the rest are in the quarantine")?;
        }
        Ok(())
    }
}

impl std::fmt::Display for ImportReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}: {}, as of {}", self.file, self.format.words(), self.as_of)?;
        writeln!(f, "  rows read    {:>8}", self.rows_read)?;
        writeln!(f, "  added        {:>8}", self.added)?;
        writeln!(f, "  changed      {:>8}", self.changed)?;
        writeln!(f, "  unchanged    {:>8}", self.unchanged)?;
        writeln!(f, "  quarantined  {:>8}", self.quarantined)?;
        writeln!(f, "  noted        {:>8}", self.repaired)?;
        writeln!(f, "  seconds      {:>8.2}", self.seconds)?;
        if self.settled > 0 {
            writeln!(f, "  ({} rows were corrected or dismissed after an earlier import)", self.settled)?;
        }
        if !self.unused_columns.is_empty() {
            writeln!(f, "  columns not used: {}", self.unused_columns.join(", "))?;
        }
        self.lines(f, Done::Quarantined, self.quarantined, "Held back until somebody decides")?;
        self.lines(f, Done::Corrected, self.corrected(), "Met an accepted correction")?;
        self.lines(f, Done::Noted, self.repaired, "Taken in with a note")
    }
}
