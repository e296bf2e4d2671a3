//! The signed list of a bundle's files, and which of its tables anybody can make again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SIGNED_AS;
use super::sampled::SAMPLED;
use crate::platform::clock::Timestamp;
use crate::publication::document::Document;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The version of this shape.
    pub v: u8,
    /// The release's permanent name.
    pub release: String,
    /// The address of the portal that made it.
    pub portal: String,
    /// When the release became public.
    pub published_at: Timestamp,
    /// The public half of the key that signs.
    pub key: String,
    /// Every table and what can be made of it.
    pub tables: Vec<Part>,
    /// Every other file of the bundle by name.
    pub files: BTreeMap<String, FileNote>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Its name.
    pub name: String,
    /// Whether it follows from what the bundle holds.
    pub recomputed: bool,
    /// Why not, in a sentence; empty where it does.
    pub why: String,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileNote {
    /// How large it is.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Tables of facts that are public of every organisation.
const FACTS: [&str; 10] = [
    "standing-by-sector",
    "grade-by-sector",
    "grade-by-region",
    "grade-by-edition",
    "edition-by-sector",
    "grade-by-own-sector",
    "change",
    "late-by-sector",
    "late-by-region",
    "review-by-sector",
];
/// The table of measures that is made from public facts alone.
pub(super) const COMPOSITE: &str = "composite-by-board";

const ANSWERS: &str = "It counts answers to single requirements, which are not public because they would show where one \
                       organisation is weak. Its totals, its thresholds, what a reader can work out of it, and its copies are \
                       checked.";
const POINTS: &str = "It is made from the points or answers of single organisations, which are not public. Its copies are \
                      checked, that its figures can stand beside each other, and that no group is too small.";

/// Every table of a release and whether it follows from the public inputs.
pub(super) fn parts(document: &Document) -> Vec<Part> {
    let tables = document.tables.iter().map(|entry| {
        let recomputed = !entry.protected && FACTS.contains(&entry.name.as_str());
        (entry.name.clone(), recomputed, ANSWERS)
    });
    let measures = document.measures.iter().map(|entry| {
        let recomputed = entry.name == COMPOSITE || SAMPLED.contains(&entry.name.as_str());
        (entry.name.clone(), recomputed, POINTS)
    });
    tables
        .chain(measures)
        .map(|(name, recomputed, why)| {
            let why = if recomputed { String::new() } else { why.to_owned() };
            Part { name, recomputed, why }
        })
        .collect()
}

/// The text that is signed for a manifest of this hash.
pub(super) fn statement(release: &str, sha256: &str) -> String {
    format!("{SIGNED_AS}\n{release}\n{sha256}\n")
}
