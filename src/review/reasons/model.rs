//! A reason of the library: its states, and what is known of it.

use crate::platform::clock::Timestamp;
use crate::platform::ids::ReasonId;

crate::text_enum! {
    /// Whether a reason is offered.
    ReasonState {
        /// It is offered.
        Kept = "kept", "In use";
        /// It is offered no more.
        Retired = "retired", "Retired";
    }
}

/// One reason as it is now.
#[derive(Debug, Clone)]
pub(in crate::review) struct Reason {
    /// Its row.
    pub id: ReasonId,
    /// Key of the standard that it belongs to; empty for a general one.
    pub standard: String,
    /// Code of the section; empty for the whole standard, or for a general one.
    pub section: String,
    /// A few words to find it by.
    pub title: String,
    /// The words that go into a decision.
    pub body: String,
    /// Whether it is offered.
    pub state: ReasonState,
    /// Counts its changes, from 1.
    pub version: i64,
    /// How often it went into a decision.
    pub uses: i64,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

impl Reason {
    /// Where it is offered, in words.
    pub fn scope(&self) -> String {
        match (self.standard.as_str(), self.section.as_str()) {
            ("", _) => "Everywhere".to_owned(),
            (standard, "") => standard.to_owned(),
            (standard, section) => format!("{standard}, section {section}"),
        }
    }
}

/// A reason as it is offered beside a decision.
#[derive(Debug, Clone)]
pub(in crate::review) struct Offered {
    /// Its row.
    pub id: ReasonId,
    /// A few words.
    pub title: String,
    /// The words that go into the decision.
    pub body: String,
    /// How often it was used.
    pub uses: i64,
}

/// One version of a reason.
#[derive(Debug, Clone)]
pub(in crate::review) struct ReasonVersion {
    /// Counts the changes, from 1.
    pub version: i64,
    /// The title.
    pub title: String,
    /// The words.
    pub body: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
