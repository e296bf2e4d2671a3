//! The bridge between the sectors of the register of 2019 and those since: shipped as data, shown to the public, and noted
//! beside each table that rests on it.

use serde::Deserialize;

use super::document::TableEntry;
use crate::platform::error::{Error, Result};

/// The shipped table.
const SHIPPED: &str = include_str!("../../config/sector-bridge.toml");

/// The bridge.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// What is said beside every table that rests on it.
    pub note: String,
    /// Earlier sectors with the later ones they lead to.
    #[serde(rename = "sector")]
    pub sectors: Vec<Span>,
}

/// One earlier sector.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// As the register of 2019 named it.
    pub earlier: String,
    /// As registers have named it since.
    pub later: String,
    /// What does not quite fit.
    #[serde(default)]
    pub note: String,
}

/// The bridge that is shipped with the program.
///
/// # Errors
/// Never for the shipped table, which a test reads.
pub fn bridge() -> Result<Bridge> {
    toml::from_str(SHIPPED).map_err(|e| Error::internal("failed to read the bridge between sectors", e))
}

impl Bridge {
    /// Whether any of these sectors, in a register's own words, is of the earlier coding and not of the later.
    pub fn is_crossed_by<'a>(&self, mut own: impl Iterator<Item = &'a String>) -> bool {
        own.any(|label| self.sectors.iter().any(|span| span.earlier == *label && span.later != *label))
    }

    /// Notes the bridge beside the tables by sector.
    pub(super) fn note_beside(&self, tables: &mut [TableEntry]) {
        for entry in tables.iter_mut().filter(|entry| entry.table.rows.name() == "sector") {
            entry.table.notes.push(self.note.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_bridge_is_sound() {
        let bridge = bridge().unwrap();
        let mut earlier: Vec<&str> = bridge.sectors.iter().map(|span| span.earlier.as_str()).collect();
        earlier.sort_unstable();
        earlier.dedup();
        assert_eq!(earlier.len(), bridge.sectors.len(), "a sector leads to one other");
        assert!(bridge.is_crossed_by(["Care Home".to_owned()].iter()));
        assert!(!bridge.is_crossed_by(["Pharmacy".to_owned(), String::new()].iter()));
    }
}
