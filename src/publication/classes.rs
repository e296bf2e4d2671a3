//! The classifications that tables are made by: sectors, regions, grades and editions, in the order people read them.

use std::collections::{BTreeMap, BTreeSet};

use super::record::Record;
use super::release::edition_year;
use crate::platform::error::{Error, Result};
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;
use crate::statistics::{Dimension, TableError};

/// The key of organisations whose region is not known.
pub const NO_REGION: &str = "unknown";
/// The key of organisations without any edition, because nothing was published.
pub const NO_EDITION: &str = "none";
/// The key of a published grade of an edition before the current one.
pub const OLDER_EDITION: &str = "older_edition";

/// A table that cannot be made is a fault of ours.
pub(super) fn table_fault(error: TableError) -> Error {
    Error::internal("failed to count a table", error)
}

/// The sector in the plural, as tables and filters show it.
#[must_use]
pub fn sector_words(sector: SectorKey) -> &'static str {
    match sector.as_str() {
        "nhs_trust" => "NHS trusts",
        "icb" => "Integrated care boards",
        "csu" => "Commissioning support units",
        "alb" => "Arm\u{2019}s length bodies",
        "local_authority" => "Local authorities",
        "gp" => "General practices",
        "pharmacy" => "Pharmacies",
        "dentist" => "Dentists",
        "optician" => "Opticians",
        "social_care" => "Social care providers",
        "company" => "Companies",
        "university" => "Universities and researchers",
        "other" => "Other organisations",
        _ => sector.label(),
    }
}

/// Every sector that has organisations, in the order of the programme's list.
///
/// # Errors
/// Never for a non-empty list; a dimension without categories is a fault.
pub fn sectors(records: &[Record]) -> Result<Dimension> {
    sectors_among(&records.iter().map(|record| record.sector).collect())
}

/// [`sectors`], of those that are present.
///
/// # Errors
/// As [`sectors`].
pub fn sectors_among(present: &BTreeSet<SectorKey>) -> Result<Dimension> {
    let mut found: Vec<(&str, &str)> = SectorKey::all()
        .filter(|sector| present.contains(sector))
        .map(|sector| (sector.as_str(), sector_words(sector)))
        .collect();
    if found.is_empty() {
        found = SectorKey::all().map(|sector| (sector.as_str(), sector_words(sector))).collect();
    }
    Dimension::new("sector", "Sector", found).map_err(table_fault)
}

/// Every region that has organisations by name, and those without one at the end.
///
/// # Errors
/// As [`sectors`].
pub fn regions(records: &[Record], names: &BTreeMap<String, String>) -> Result<Dimension> {
    regions_among(&records.iter().map(|record| record.region.as_deref()).collect(), names)
}

/// [`regions`], of those that are present; none stands for organisations without one.
///
/// # Errors
/// As [`sectors`].
pub fn regions_among(
    present: &BTreeSet<Option<&str>>,
    names: &BTreeMap<String, String>,
) -> Result<Dimension> {
    let mut found: Vec<(String, String)> = present
        .iter()
        .flatten()
        .map(|code| ((*code).to_owned(), names.get(*code).cloned().unwrap_or_else(|| (*code).to_owned())))
        .collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    if found.is_empty() || present.contains(&None) {
        found.push((NO_REGION.to_owned(), "Region not known".to_owned()));
    }
    Dimension::new("region", "Region", found).map_err(table_fault)
}

/// The grades of the schemes that occur, best first, "not published" last.
#[must_use]
pub fn grade_keys(records: &[Record]) -> Vec<GradeKey> {
    let levels = [GradeKey::Satisfactory, GradeKey::NotSatisfactory];
    let uses_levels = records.iter().any(|record| levels.contains(&record.grade));
    let uses_others = records.iter().any(|record| record.is_published() && !levels.contains(&record.grade));
    GradeKey::ALL
        .into_iter()
        .filter(|grade| match grade {
            GradeKey::NotPublished => true,
            grade if levels.contains(grade) => uses_levels,
            _ => uses_others || !uses_levels,
        })
        .collect()
}

/// [`grade_keys`] as a dimension.
///
/// # Errors
/// As [`sectors`].
pub fn grades(keys: &[GradeKey]) -> Result<Dimension> {
    let pairs = keys.iter().map(|grade| (grade.as_str(), grade.label()));
    Dimension::new("grade", "Grade", pairs).map_err(table_fault)
}

/// Grades before a correction of rules; a classification of its own, so that a total of it is none of [`grades`].
///
/// # Errors
/// As [`sectors`].
pub fn earlier_grades(keys: &[GradeKey]) -> Result<Dimension> {
    let pairs = keys.iter().map(|grade| (grade.as_str(), grade.label()));
    Dimension::new("earlier_grade", "Grade before", pairs).map_err(table_fault)
}

/// The grades that count now, with published grades of an older edition as a group of their own.
///
/// # Errors
/// As [`sectors`].
pub fn standings(keys: &[GradeKey]) -> Result<Dimension> {
    let mut pairs: Vec<(&str, &str)> = Vec::with_capacity(keys.len() + 1);
    for grade in keys {
        if *grade == GradeKey::NotPublished {
            pairs.push((OLDER_EDITION, "Older edition only"));
        }
        pairs.push((grade.as_str(), grade.label()));
    }
    Dimension::new("standing", "Status now", pairs).map_err(table_fault)
}

/// The category of a record in [`standings`].
#[must_use]
pub fn standing_key(record: &Record, current: &str) -> &'static str {
    if record.standing == GradeKey::NotPublished && record.is_stale(current) {
        OLDER_EDITION
    } else {
        record.standing.as_str()
    }
}

/// Every edition that occurs, newest first, and "nothing published" last.
///
/// # Errors
/// As [`sectors`].
pub fn editions(records: &[Record]) -> Result<Dimension> {
    let mut found: Vec<&str> = records
        .iter()
        .filter(|record| record.is_published())
        .map(|record| record.edition.as_str())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    found.sort_by_key(|label| std::cmp::Reverse((edition_year(label), (*label).to_owned())));
    let pairs = found
        .into_iter()
        .map(|label| {
            (label.to_owned(), if label.is_empty() { "Edition not named" } else { label }.to_owned())
        })
        .chain([(NO_EDITION.to_owned(), "Nothing published".to_owned())]);
    Dimension::new("edition", "Edition", pairs).map_err(table_fault)
}

/// The category of a record in [`editions`].
#[must_use]
pub fn edition_key(record: &Record) -> &str {
    if record.is_published() { &record.edition } else { NO_EDITION }
}

/// The category of a record in [`regions`].
#[must_use]
pub fn region_key(record: &Record) -> &str {
    record.region.as_deref().unwrap_or(NO_REGION)
}
