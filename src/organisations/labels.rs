//! What published labels mean: loads the shipped tables into the database and reads them back, corrections included.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Deserialize;

use super::model::{Grade, Sector};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::schema::{grade_label, region, sector_label};

/// The tables shipped with the program.
const SHIPPED: &str = include_str!("../../config/register-labels.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    editions: HashMap<String, String>,
    dates: Dates,
    grade: Vec<ShippedGrade>,
    sector: Vec<ShippedSector>,
    region: Vec<ShippedRegion>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dates {
    phrases: Vec<String>,
}

#[derive(Debug, Deserialize, Insertable)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = grade_label, treat_none_as_default_value = false)]
struct ShippedGrade {
    label: String,
    grade: Grade,
    #[serde(rename = "current")]
    current_label: String,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize, Insertable)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = sector_label, treat_none_as_default_value = false)]
struct ShippedSector {
    label: String,
    sector: Sector,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize, Insertable)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = region, treat_none_as_default_value = false)]
struct ShippedRegion {
    code: String,
    name: String,
}

/// The meaning of every label known to this database.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    grades: HashMap<String, (Grade, String)>,
    sectors: HashMap<String, Sector>,
    editions: HashMap<String, String>,
    phrases: Vec<String>,
}

impl Labels {
    /// What a grade's label means, and what it is called today.
    #[must_use]
    pub fn grade(&self, label: &str) -> Option<(Grade, &str)> {
        self.grades.get(&normal(label)).map(|(grade, current)| (*grade, current.as_str()))
    }

    /// The sector of a label.
    #[must_use]
    pub fn sector(&self, label: &str) -> Option<Sector> {
        self.sectors.get(&normal(label)).copied()
    }

    /// The edition that a status of this format is about when it names none.
    #[must_use]
    pub fn unlabelled_edition(&self, format: &str) -> Option<&str> {
        self.editions.get(format).map(String::as_str)
    }

    /// Whether the text is a known phrase that stands in place of a date.
    #[must_use]
    pub fn is_date_phrase(&self, text: &str) -> bool {
        self.phrases.iter().any(|phrase| phrase.eq_ignore_ascii_case(text.trim()))
    }
}

fn normal(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn shipped() -> Result<Shipped> {
    toml::from_str(SHIPPED).map_err(|e| Error::internal("failed to read the shipped register labels", e))
}

/// Adds shipped labels and regions that the database does not have yet. Rows already there stay as they are.
///
/// # Errors
/// When the database cannot be written.
pub fn seed(conn: &mut Conn) -> Result<()> {
    let shipped = shipped()?;
    crate::each!(conn, c => {
        diesel::insert_into(grade_label::table).values(&shipped.grade).on_conflict_do_nothing().execute(c)?;
        diesel::insert_into(sector_label::table).values(&shipped.sector).on_conflict_do_nothing().execute(c)?;
        diesel::insert_into(region::table).values(&shipped.region).on_conflict_do_nothing().execute(c)?;
    });
    Ok(())
}

/// The labels as the database has them now.
///
/// # Errors
/// When the database cannot be read.
pub fn load(conn: &mut Conn) -> Result<Labels> {
    let shipped = shipped()?;
    let grades = grade_label::table
        .select((grade_label::label, grade_label::grade, grade_label::current_label))
        .load::<(String, Grade, String)>(conn)?;
    let sectors = sector_label::table
        .select((sector_label::label, sector_label::sector))
        .load::<(String, Sector)>(conn)?;
    Ok(Labels {
        grades: grades
            .into_iter()
            .map(|(label, grade, current)| (normal(&label), (grade, current)))
            .collect(),
        sectors: sectors.into_iter().map(|(label, sector)| (normal(&label), sector)).collect(),
        editions: shipped.editions,
        phrases: shipped.dates.phrases,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_shipped_tables_are_sound() {
        let shipped = super::shipped().unwrap();
        for grade in &shipped.grade {
            assert_eq!(grade.current_label, grade.grade.words(), "{}", grade.label);
        }
        let mut labels: Vec<_> = shipped.sector.iter().map(|s| super::normal(&s.label)).collect();
        labels.sort();
        labels.dedup();
        assert_eq!(labels.len(), shipped.sector.len(), "no label twice");
        assert_eq!(super::normal("  Standards   MET "), "standards met");
    }
}
