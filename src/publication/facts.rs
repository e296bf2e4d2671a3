//! What a release says about each organisation and what stands beside it, and every table that follows from that alone. The
//! release is made by these rules, and whoever checks it makes the tables again by them. Pure.

use std::collections::{BTreeMap, HashMap};

use super::bridge::bridge;
use super::document::{Change, MeasureEntry, TableEntry};
use super::record::Record;
use super::tables::{self, Compared, GradeTables};
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::estimators::CompositeRule;

/// Everything that is public of the organisations of a release.
pub(super) struct Facts<'a> {
    /// The release's population, as a stable key.
    pub population: &'a str,
    /// One line per organisation, by code.
    pub records: &'a [Record],
    /// Region names by code.
    pub regions: &'a BTreeMap<String, String>,
    /// The edition that counts as current.
    pub current: &'a str,
    /// Thresholds, recorded even though public facts are not suppressed.
    pub rules: &'a DisclosureRules,
    /// Whether returns were collected, so that lateness and review are known.
    pub collected: bool,
    /// The sectors of a register in its own words.
    pub own_sectors: &'a BTreeMap<OrganisationId, String>,
    /// The earlier snapshot.
    pub earlier: Option<&'a Compared>,
    /// Who took over from whom.
    pub successors: &'a HashMap<OrganisationId, OrganisationId>,
    /// Codes of the boards in whose areas trusts lie.
    pub boards: &'a BTreeMap<OrganisationId, Vec<String>>,
}

/// The tables that follow from public facts.
pub(super) struct FactTables {
    /// In reading order.
    pub tables: Vec<TableEntry>,
    /// The comparison, where there is an earlier snapshot.
    pub change: Option<Change>,
    /// The score of boards, where there are any.
    pub composite: Option<MeasureEntry>,
}

impl Facts<'_> {
    /// Every table of public facts.
    ///
    /// # Errors
    /// When a record falls outside the classifications, which is a fault.
    pub fn tables(&self) -> Result<FactTables> {
        let grades = GradeTables {
            population: self.population,
            records: self.records,
            regions: self.regions,
            current: self.current,
            rules: self.rules,
        };
        let mut all = grades.all()?;
        let bridge = bridge()?;
        if bridge.is_crossed_by(self.own_sectors.values()) {
            bridge.note_beside(&mut all);
            all.push(tables::grade_by_own_sector(&grades, self.own_sectors)?);
        }
        let mut change = None;
        if let Some(earlier) = self.earlier {
            let (moved, entry) =
                tables::compare(self.population, self.records, earlier, self.successors, self.rules)?;
            all.push(entry);
            change = Some(moved);
        }
        if self.collected {
            all.push(tables::late_by_sector(&grades)?);
            all.push(tables::late_by_region(&grades)?);
            all.push(tables::review_by_sector(&grades)?);
        }
        let rule = CompositeRule::default();
        let composite = tables::composite_by_board(self.population, self.records, self.boards, &rule)?;
        Ok(FactTables { tables: all, change, composite })
    }
}
