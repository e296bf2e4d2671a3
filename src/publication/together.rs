//! What all tables of answers of a release tell together. Each was protected with what its readers know; this looks at them once
//! more as one system before anything is frozen, with another part of the program than the one that protected them.

use super::disclosure_report::DisclosureReport;
use crate::platform::error::{Error, Result};
use crate::statistics::disclosure::differencing::{Finding, check};
use crate::statistics::disclosure::{DisclosureRules, Protected};

/// Whether this table may stand beside those. Where it may not, the report says why, and it is left out.
///
/// # Errors
/// When the tables contradict each other, which is a fault.
pub(super) fn may_join(
    others: &[Protected],
    table: &Protected,
    rules: &DisclosureRules,
    report: &mut DisclosureReport,
) -> Result<bool> {
    let all: Vec<Protected> = others.iter().chain([table]).cloned().collect();
    let found = looked_at(&all, rules)?;
    if found.is_empty() {
        return Ok(true);
    }
    // What those tell without it, or what readers know of them anyway, is not its fault.
    let before = looked_at(others, rules)?;
    let told: Vec<String> = found.iter().filter(|one| !before.contains(one)).map(words).collect();
    if told.is_empty() {
        return Ok(true);
    }
    report.left_out.push(format!(
        "{} is left out: beside the other tables it would tell {}.",
        table.table().caption(),
        told.join("; ")
    ));
    Ok(false)
}

fn looked_at(tables: &[Protected], rules: &DisclosureRules) -> Result<Vec<Finding>> {
    check(tables, &[], &[], rules)
        .map_err(|e| Error::internal("failed to check the tables of answers together", e))
}

/// What a reader would learn.
fn words(finding: &Finding) -> String {
    match finding {
        Finding::Combined { figure, together, .. } => {
            format!("{figure} to within {} to {}", together.low, together.high)
        }
        Finding::FewChanged { earlier, later, row, column, changed } => {
            format!("what {changed} organisations answered to {row}, {column}, from {earlier} and {later}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::disclosure::{Sensitivity, protect};
    use crate::statistics::{CrossTable, Dimension};

    fn table(population: &str, counts: &[u64], rules: &DisclosureRules) -> Protected {
        let rows = Dimension::new("requirement", "Requirement", [("1", "One"), ("2", "Two")]).unwrap();
        let columns = Dimension::new("level", "Level", [("0", "Level 0"), ("1", "Level 1")]).unwrap();
        let made = CrossTable::from_counts(population, rows, columns, counts.to_vec()).unwrap();
        protect(made, Sensitivity::Security, rules).unwrap()
    }

    #[test]
    fn a_table_of_others_joins_and_one_that_gives_another_away_does_not() {
        let rules = DisclosureRules::default();
        let careless = DisclosureRules {
            minimum: 2,
            group_disclosure: false,
            small_group: 2,
            small_counts_below: 2,
            ..rules
        };
        let mut report = DisclosureReport::default();
        let counts = [3, 40, 30, 60];
        let first = table("p", &counts, &rules);
        assert!(!first.withheld().is_empty(), "the small count is withheld");
        let of_others = table("q", &counts, &rules);
        assert!(may_join(std::slice::from_ref(&first), &of_others, &rules, &mut report).unwrap());
        assert!(report.left_out.is_empty());
        let shown = table("p", &counts, &careless);
        assert!(shown.withheld().is_empty());
        assert!(!may_join(std::slice::from_ref(&first), &shown, &rules, &mut report).unwrap());
        assert!(report.left_out[0].contains("is left out"), "{:?}", report.left_out);
    }
}
