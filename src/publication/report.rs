//! The statistician's report: what was withheld, why, how closely a reader could still guess it, and what that cost.
//! It holds the intervals of withheld figures and is never public.

use serde::{Deserialize, Serialize};

use crate::platform::canonical;
use crate::platform::error::{Error, Result};
use crate::statistics::disclosure::{Cell, Protected};

/// The report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Withheld cells.
    pub withheld: Vec<Withheld>,
    /// Figures shown and withheld.
    pub cost: Option<Cost>,
    /// Why a whole table was left out.
    pub held_back: Option<String>,
}

/// What protection cost, in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Figures shown.
    pub shown: u64,
    /// Withheld because they are sensitive.
    pub sensitive: u64,
    /// Withheld to protect others.
    pub complementary: u64,
    /// Organisations' answers that the reader loses from the breakdown.
    pub organisations: u64,
}

/// One withheld cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The group.
    pub row: String,
    /// The answer.
    pub column: String,
    /// Why, in words.
    pub reason: String,
    /// The lowest value a reader cannot rule out.
    pub low: u64,
    /// The highest.
    pub high: u64,
}

impl Withheld {
    /// Every withheld cell of a table.
    pub(super) fn all(decisions: &Protected) -> Vec<Self> {
        let table = decisions.table();
        let mut found = Vec::new();
        for (r, row) in table.rows().categories().iter().enumerate() {
            for (c, column) in table.columns().categories().iter().enumerate() {
                if let Some(Cell::Suppressed { reason, interval }) = decisions.at(r, c) {
                    found.push(Self {
                        row: row.label.clone(),
                        column: column.label.clone(),
                        reason: reason.to_string(),
                        low: interval.low,
                        high: interval.high,
                    });
                }
            }
        }
        found
    }
}

impl From<crate::statistics::disclosure::Cost> for Cost {
    fn from(cost: crate::statistics::disclosure::Cost) -> Self {
        Self {
            shown: cost.shown as u64,
            sensitive: cost.sensitive as u64,
            complementary: cost.complementary as u64,
            organisations: cost.organisations,
        }
    }
}

impl Report {
    /// The stored form.
    pub(super) fn to_json(&self) -> Result<String> {
        canonical::to_string(self)
    }

    /// Reads the stored form.
    pub(super) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| Error::internal("failed to read a release's report", e))
    }
}
