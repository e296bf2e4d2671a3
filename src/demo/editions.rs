//! The sample standards that the portal ships, and from each of them the editions of the demo's four years.

use std::fmt;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::nation::calendar::closing_years;
use crate::standards::Edition;
use crate::standards::formats::{self, FileFormat, FormatProblem, Names};

/// One of the sample standards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleStandard {
    /// Levels 0 to 3.
    Levels,
    /// Assertions and evidence.
    Assertions,
    /// Outcomes and indicators.
    Outcomes,
}

impl SampleStandard {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Levels, Self::Assertions, Self::Outcomes];

    /// The file of this year's edition.
    #[must_use]
    pub const fn current(self) -> &'static str {
        match self {
            Self::Levels => include_str!("../../config/standards/igt.toml"),
            Self::Assertions => include_str!("../../config/standards/ndg.toml"),
            Self::Outcomes => include_str!("../../config/standards/outcomes.toml"),
        }
    }

    /// The file of last year's edition.
    #[must_use]
    pub const fn previous(self) -> &'static str {
        match self {
            Self::Levels => include_str!("../../config/standards/previous/igt-2025.toml"),
            Self::Assertions => include_str!("../../config/standards/previous/ndg-2025.toml"),
            Self::Outcomes => include_str!("../../config/standards/previous/outcomes-2025.toml"),
        }
    }

    /// What the keys of its editions begin with.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Levels => "igt",
            Self::Assertions => "ndg",
            Self::Outcomes => "outcomes",
        }
    }
}

/// Why a sample standard cannot be used: a fault of the build, reported in the words of the format's reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SampleError(Vec<String>);

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a sample standard is damaged: {}", self.0.join("; "))
    }
}

/// The editions answered in the four years around `as_of`, oldest first. The last one is the shipped edition of this
/// year; the others are made from last year's file. Where the demo's calendar gives another label or key than the
/// file, the calendar wins, so that a demo made years from now still has an edition for every year.
pub fn four_years(standard: SampleStandard, as_of: Date) -> Result<[Edition; 4], SampleError> {
    let [oldest, older, last, current] = closing_years(as_of);
    Ok([
        edition(standard, standard.previous(), &oldest)?,
        edition(standard, standard.previous(), &older)?,
        edition(standard, standard.previous(), &last)?,
        edition(standard, standard.current(), &current)?,
    ])
}

/// The edition of a file under the label of a year such as `2026/27`.
fn edition(standard: SampleStandard, file: &str, label: &str) -> Result<Edition, SampleError> {
    let problems = |found: Vec<FormatProblem>| SampleError(found.iter().map(ToString::to_string).collect());
    let names = Names::default();
    let read =
        formats::read(FileFormat::Toml, "sample.toml", file.as_bytes(), &names).map_err(problems)?.edition;
    let start = label.split('/').next().unwrap_or(label);
    let key = format!("{}-{start}", standard.prefix());
    if read.label() == label && read.key().as_str() == key {
        return Ok(read);
    }
    let damaged = |message: String| SampleError(vec![message]);
    let mut document: Value =
        serde_json::from_str(read.canonical_json()).map_err(|error| damaged(error.to_string()))?;
    if let Some(edition) = document.get_mut("edition") {
        *edition = json!({ "key": key, "label": label, "rule_set": format!("{key}.1") });
    }
    Edition::from_canonical_json(&document.to_string())
        .map_err(|found| SampleError(found.iter().map(ToString::to_string).collect()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn this_years_edition_is_the_shipped_one_and_every_year_has_its_own() {
        for standard in SampleStandard::ALL {
            let editions = four_years(standard, date(2026, 11, 21)).unwrap();
            let labels: Vec<&str> = editions.iter().map(Edition::label).collect();
            assert_eq!(labels, ["2023/24", "2024/25", "2025/26", "2026/27"]);
            let shipped =
                formats::read(FileFormat::Toml, "x.toml", standard.current().as_bytes(), &Names::default());
            assert_eq!(editions[3].hash(), shipped.unwrap().edition.hash());
            assert_ne!(editions[0].key(), editions[1].key());
            assert_eq!(editions[0].standard_key(), editions[3].standard_key());
        }
    }

    #[test]
    fn a_later_demo_has_later_labels() {
        let editions = four_years(SampleStandard::Levels, date(2031, 5, 2)).unwrap();
        assert_eq!(editions[3].label(), "2031/32");
        assert_eq!(editions[3].key().as_str(), "igt-2031");
        assert_eq!(editions[3].rule_set(), "igt-2031.1");
    }
}
