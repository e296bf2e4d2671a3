//! Words that were brought back from an export: by whom and when the export says that they were written. An export is a
//! file that anybody can change, so whoever brought it back stays their author, and pages say so.

use serde::{Deserialize, Serialize};

use crate::platform::canonical::to_string;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};

/// Somebody, in an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExportedPerson {
    /// Their name.
    pub name: String,
    /// Their address, which tells them from others of the same name.
    pub email: String,
}

/// Who is said to have written something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// Who.
    pub author: ExportedPerson,
    /// When, RFC 3339.
    pub written_at: String,
}

impl Quoted {
    /// What is stored with words.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(stored: Option<&str>) -> Result<Option<Self>> {
        stored
            .map(serde_json::from_str)
            .transpose()
            .map_err(|e| Error::internal("failed to read who is quoted", e))
    }

    /// As it is stored.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn stored(&self) -> Result<String> {
        to_string(self)
    }

    /// Who wrote the words, for a page; `by` brought them back.
    #[must_use]
    pub fn words(&self, by: &str) -> String {
        let when = self.written_at.parse::<jiff::Timestamp>().ok().map(Timestamp::from);
        let when = when.map(|when| format!(" on {}", when.london_day().words())).unwrap_or_default();
        let brought = if by.is_empty() { String::new() } else { format!(" that {by} brought back") };
        format!("{}{when}, in an export{brought}", self.author.name)
    }
}
