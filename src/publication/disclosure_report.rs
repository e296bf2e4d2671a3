//! The statistician's report on disclosure control: for each table what was suppressed, why, what that cost, how closely a
//! reader can guess each figure, and how near the choice is to the cheapest. Stored with the release, never public.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::platform::canonical;
use crate::platform::csv_lines;
use crate::platform::error::{Error, Result};
use crate::statistics::disclosure::{Cell, DisclosureRules, Effort, Guarded, Protected, Reason};

/// The report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureReport {
    /// The thresholds.
    pub rules: DisclosureRules,
    /// One entry per table that holds answers.
    pub tables: Vec<TableReport>,
    /// Keys of the earlier releases against which differences were guarded.
    pub earlier: Vec<String>,
    /// Why whole tables were left out.
    pub left_out: Vec<String>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// Its name in addresses.
    pub name: String,
    /// What people call it.
    pub caption: String,
    /// Figures shown.
    pub shown: u64,
    /// Figures withheld, by reason in words.
    pub reasons: BTreeMap<String, u64>,
    /// Answers that the reader loses from the breakdown.
    pub organisations: u64,
    /// What the choice took, and how good it is.
    pub effort: Effort,
    /// Every withheld figure.
    pub withheld: Vec<WithheldFigure>,
    /// Sensitive figures of groups that public facts single out, though no table shows them.
    pub singled: Vec<SingledFigure>,
    /// Rows of which earlier releases tell more than the rules allow now.
    pub lost_rows: Vec<String>,
}

/// One withheld figure, with its true count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithheldFigure {
    /// The group.
    pub row: String,
    /// The answer.
    pub column: String,
    /// The true count.
    pub count: u64,
    /// Why it is withheld.
    pub reason: Reason,
    /// The lowest value that a reader cannot rule out.
    pub low: u64,
    /// The highest.
    pub high: u64,
}

/// One sensitive figure of a group that is published nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SingledFigure {
    /// The row in which the group is.
    pub row: String,
    /// The answer.
    pub column: String,
    /// Organisations in the group.
    pub size: u64,
    /// Whether the group changed since an earlier release, rather than sharing a grade.
    pub changed: bool,
    /// Why the figure is sensitive.
    pub reason: Reason,
    /// The lowest value that a reader cannot rule out.
    pub low: u64,
    /// The highest.
    pub high: u64,
    /// Whether earlier releases give it away.
    pub lost: bool,
}

impl TableReport {
    /// The report on one table.
    pub(super) fn of(name: &str, decisions: &Protected, guarded: Option<&Guarded>) -> Self {
        let table = decisions.table();
        let row = |place: usize| label(table.rows().categories(), place);
        let column = |place: usize| label(table.columns().categories(), place);
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        let withheld: Vec<WithheldFigure> = decisions
            .withheld()
            .into_iter()
            .map(|one| WithheldFigure {
                row: one.row.unwrap_or_else(|| "Total".to_owned()),
                column: one.column,
                count: one.count,
                reason: one.reason,
                low: one.interval.low,
                high: one.interval.high,
            })
            .collect();
        for one in &withheld {
            *reasons.entry(one.reason.to_string()).or_default() += 1;
        }
        let singled = guarded.map(|guarded| guarded.singled.as_slice()).unwrap_or_default();
        let singled = singled.iter().map(|one| SingledFigure {
            row: row(one.row),
            column: column(one.column),
            size: one.size,
            changed: one.changed,
            reason: one.reason,
            low: one.interval.low,
            high: one.interval.high,
            lost: one.lost,
        });
        let lost = guarded.map(|guarded| guarded.lost_rows.as_slice()).unwrap_or_default();
        Self {
            name: name.to_owned(),
            caption: table.caption(),
            shown: decisions.cells().iter().filter(|cell| matches!(cell, Cell::Shown(_))).count() as u64,
            reasons,
            organisations: decisions.cost().organisations,
            effort: decisions.effort(),
            withheld,
            singled: singled.collect(),
            lost_rows: lost.iter().map(|place| row(*place)).collect(),
        }
    }
}

fn label(categories: &[crate::statistics::Category], place: usize) -> String {
    categories.get(place).map(|category| category.label.clone()).unwrap_or_default()
}

/// Heads of the list of figures.
const HEAD: [&str; 11] = [
    "table",
    "row",
    "column",
    "published",
    "group_size",
    "count",
    "reason",
    "lowest_possible",
    "highest_possible",
    "group",
    "given_away_before",
];

impl DisclosureReport {
    /// The stored form.
    pub(super) fn to_json(&self) -> Result<String> {
        canonical::to_string(self)
    }

    /// Reads the stored form.
    pub(super) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|e| Error::internal("failed to read a release's disclosure report", e))
    }

    /// Every withheld figure, and every sensitive one that no table shows, as a list for a spreadsheet.
    pub(super) fn csv(&self) -> Vec<u8> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for table in &self.tables {
            for one in &table.withheld {
                rows.push(vec![
                    table.name.clone(),
                    one.row.clone(),
                    one.column.clone(),
                    "withheld".to_owned(),
                    String::new(),
                    one.count.to_string(),
                    one.reason.to_string(),
                    one.low.to_string(),
                    one.high.to_string(),
                    String::new(),
                    String::new(),
                ]);
            }
            for one in &table.singled {
                rows.push(vec![
                    table.name.clone(),
                    one.row.clone(),
                    one.column.clone(),
                    "never".to_owned(),
                    one.size.to_string(),
                    String::new(),
                    one.reason.to_string(),
                    one.low.to_string(),
                    one.high.to_string(),
                    if one.changed { "changed since an earlier release" } else { "same public grade" }
                        .to_owned(),
                    if one.lost { "yes" } else { "no" }.to_owned(),
                ]);
            }
        }
        csv_lines::file(&HEAD, &rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::disclosure::{Sensitivity, protect};
    use crate::statistics::{CrossTable, Dimension, Margins};

    #[test]
    fn a_report_tells_what_why_and_how_closely_and_is_read_back_as_written() {
        let rows = Dimension::new("requirement", "R", [("a", "=A"), ("b", "B")]).unwrap();
        let columns = Dimension::new("level", "L", [("0", "Level 0"), ("1", "Level 1")]).unwrap();
        let table = CrossTable::from_counts("p", rows, columns, vec![2, 50, 60, 70])
            .unwrap()
            .with_margins(Margins::Rows);
        let decisions = protect(table, Sensitivity::Security, &DisclosureRules::default()).unwrap();
        let report = DisclosureReport {
            tables: vec![TableReport::of("answers-by-requirement", &decisions, None)],
            ..DisclosureReport::default()
        };
        let one = &report.tables[0];
        assert_eq!((one.shown, one.withheld.len(), one.organisations), (2, 2, 52));
        assert_eq!(one.reasons.get("small count"), Some(&1));
        assert_eq!(one.reasons.get("protects another figure"), Some(&1));
        assert_eq!(one.effort.gap_per_mille(), 0);
        assert!(one.withheld.iter().all(|figure| figure.low < figure.high));
        assert_eq!(DisclosureReport::read(&report.to_json().unwrap()).unwrap(), report);
        let csv = String::from_utf8(report.csv()).unwrap();
        assert_eq!(csv.lines().count(), 3);
        assert!(csv.contains("answers-by-requirement,'=A,Level 0,withheld,,2,small count,0,"), "{csv}");
    }
}
