//! What checking a bundle came to.

use serde::Serialize;

/// Something that does not match, told so exactly that a person can look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// The table, file or part of the bundle.
    pub part: String,
    /// The row; empty where it is about more than one.
    pub row: String,
    /// The column; empty where it is about more than one.
    pub column: String,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

/// A table that cannot be made again from what is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its name.
    pub table: String,
    /// Why not.
    pub why: String,
    /// How many of its figures are withheld.
    pub withheld: usize,
    /// How many values a reader of the table must still hold possible for the withheld figure that is known best; none where
    /// nothing is withheld, or the table contradicts itself.
    pub possible: Option<u64>,
}

/// What checking came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verified {
    /// The release.
    pub release: String,
    /// Its title.
    pub title: String,
    /// The public half of the key that the signatures were checked with.
    pub key: String,
    /// Whether that key was given by the reader, and not taken from the bundle.
    pub key_was_given: bool,
    /// Events in the tree that the checkpoint signs; 0 when it could not be checked.
    pub ledger_size: u64,
    /// Files whose hashes were computed.
    pub files: usize,
    /// Organisations counted.
    pub organisations: usize,
    /// Tables made again from the public inputs.
    pub recomputed: Vec<String>,
    /// Tables that could only be checked.
    pub checked: Vec<Checked>,
    /// Everything that does not match.
    pub mismatches: Vec<Mismatch>,
}

/// Why nothing could be checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unread(pub String);

impl Mismatch {
    /// One about a part as a whole.
    pub(super) fn of(part: &str, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::at(part, "", "", expected, found)
    }

    /// One about a figure.
    pub(super) fn at(
        part: &str,
        row: &str,
        column: &str,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            part: part.to_owned(),
            row: row.to_owned(),
            column: column.to_owned(),
            expected: expected.into(),
            found: found.into(),
        }
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.part)?;
        if !self.row.is_empty() {
            write!(f, ", row {}", self.row)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": expected {}, found {}", self.expected, self.found)
    }
}
