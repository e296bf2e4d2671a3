//! The differencing check: what a reader learns from several published tables that no single table tells. Run it over
//! everything that the site, the API and the downloads offer together, and over earlier releases.

use std::collections::BTreeMap;

use super::build::{Builder, Layout, Refinement};
use super::complementary::{intervals, unproved_needs};
use super::engine::Engine;
use super::protected::{Cell, Interval, Protected};
use super::rules::{DisclosureRules, Sensitivity};
use super::system::Status;
use super::{CrossTable, DisclosureError};
use crate::statistics::published::PublishedTable;

/// Two populations that are nearly the same, such as a release and its revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Population key of the earlier tables.
    pub earlier: String,
    /// Population key of the later tables.
    pub later: String,
    /// How many organisations joined, left or changed any answer in between.
    pub changed: u64,
}

/// Something that the tables give away together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A figure withheld in one table is known too closely once the tables are combined.
    Combined {
        /// Population and categories of the figure.
        figure: String,
        /// What its own table alone leaves open.
        alone: Interval,
        /// What all tables together leave open.
        together: Interval,
    },
    /// Two tables of nearly the same organisations differ in a shown figure, so the difference is the answer of the
    /// few that changed.
    FewChanged {
        /// Caption of the earlier table.
        earlier: String,
        /// Caption of the later table.
        later: String,
        /// Label of the group.
        row: String,
        /// Label of the answer.
        column: String,
        /// How many organisations changed.
        changed: u64,
    },
}

/// Checks tables that are published, or about to be, as one. Tables of public facts are left out: they hide nothing.
/// An empty list means that every withheld figure stays as uncertain as the rules ask.
///
/// # Errors
/// [`DisclosureError::Rules`], or [`DisclosureError::Inconsistent`] when the tables contradict each other.
pub fn check(
    tables: &[Protected],
    refinements: &[Refinement],
    overlaps: &[Overlap],
    rules: &DisclosureRules,
) -> Result<Vec<Finding>, DisclosureError> {
    rules.validate()?;
    let secret: Vec<&Protected> =
        tables.iter().filter(|table| table.sensitivity() == Sensitivity::Security).collect();
    let mut findings = combined(&secret, refinements, rules)?;
    for overlap in overlaps.iter().filter(|overlap| (1..rules.minimum).contains(&overlap.changed)) {
        for earlier in secret.iter().filter(|one| one.table().population() == overlap.earlier) {
            for later in secret.iter().filter(|one| one.table().population() == overlap.later) {
                findings.extend(few_changed(&earlier.published(), &later.published(), overlap.changed));
            }
        }
    }
    Ok(findings)
}

fn combined(
    tables: &[&Protected],
    refinements: &[Refinement],
    rules: &DisclosureRules,
) -> Result<Vec<Finding>, DisclosureError> {
    let mut builder = Builder::default();
    let all: Vec<&CrossTable> = tables.iter().map(|table| table.table()).collect();
    let layouts = all.iter().map(|table| builder.add(table, rules)).collect::<Result<Vec<Layout>, _>>()?;
    builder.add_sums(&all, &layouts, refinements);
    for refinement in refinements {
        builder.add_refinement(refinement)?;
    }
    builder.system.settle_what_is_public();
    let mut alone: BTreeMap<usize, Interval> = BTreeMap::new();
    let decided = || {
        tables.iter().zip(&layouts).flat_map(|(table, layout)| {
            let cells = layout.cells.iter().zip(table.cells());
            cells.chain(layout.column_totals.iter().zip(table.column_totals()))
        })
    };
    for (id, cell) in decided() {
        if let Cell::Suppressed { reason, interval } = cell {
            let known = alone.entry(*id).or_insert(*interval);
            *known = Interval { low: known.low.max(interval.low), high: known.high.min(interval.high) };
            builder.system.set(*id, Status::Withheld(*reason));
        }
    }
    // Shown anywhere is shown: this pass must come second.
    for (id, _) in decided().filter(|(_, cell)| cell.shown().is_some()) {
        if builder.system.figure(*id).is_some_and(|figure| figure.status != Status::Public) {
            builder.system.set(*id, Status::Frozen);
        }
    }
    let engine = Engine::for_system(&builder.system);
    let together: BTreeMap<usize, Interval> = intervals(&builder.system, &engine, &[]).into_iter().collect();
    let unproved = unproved_needs(&builder.system, &engine);
    let finding = |(id, alone): (&usize, &Interval)| {
        let value = builder.system.figure(*id).map_or(0, |figure| figure.value);
        let together = together.get(id).copied().unwrap_or(Interval { low: value, high: value });
        let known = together.width() == 0 || unproved.contains(id);
        known.then(|| Finding::Combined { figure: builder.name(*id), alone: *alone, together })
    };
    Ok(alone.iter().filter_map(finding).collect())
}

fn few_changed(earlier: &PublishedTable, later: &PublishedTable, changed: u64) -> Vec<Finding> {
    let mut findings = Vec::new();
    if earlier.rows.name() != later.rows.name() || earlier.columns.name() != later.columns.name() {
        return findings;
    }
    for (r, row) in earlier.rows.categories().iter().enumerate() {
        let Some(there) = later.rows.position(&row.key) else { continue };
        for (c, column) in earlier.columns.categories().iter().enumerate() {
            let Some(then) = later.columns.position(&column.key) else { continue };
            if let (Some(before), Some(after)) = (earlier.at(r, c), later.at(there, then))
                && before != after
            {
                findings.push(Finding::FewChanged {
                    earlier: earlier.caption.clone(),
                    later: later.caption.clone(),
                    row: row.label.clone(),
                    column: column.label.clone(),
                    changed,
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::{protect, protect_linked};
    use super::*;
    use crate::statistics::Dimension;

    fn levels() -> Dimension {
        Dimension::new("level", "Level", [("0", "Level 0"), ("1", "Level 1")]).unwrap()
    }

    fn by_region(population: &str, counts: &[u64]) -> CrossTable {
        let rows = Dimension::new("region", "Region", [("Y56", "London"), ("Y58", "South West")]).unwrap();
        CrossTable::from_counts(population, rows, levels(), counts.to_vec()).unwrap()
    }

    fn by_board(counts: &[u64]) -> (CrossTable, Refinement) {
        let rows = Dimension::new("icb", "Board", [("A", "A"), ("B", "B"), ("C", "C")]).unwrap();
        let parts = [("A", "Y56"), ("B", "Y56"), ("C", "Y58")];
        let refinement = Refinement {
            fine: "icb".into(),
            coarse: "region".into(),
            parts: parts.into_iter().map(|(fine, coarse)| (fine.to_owned(), coarse.to_owned())).collect(),
        };
        (CrossTable::from_counts("p", rows, levels(), counts.to_vec()).unwrap(), refinement)
    }

    #[test]
    fn a_finer_table_that_was_protected_alone_is_caught_and_together_it_is_safe() {
        // Board A has three members. Alone, its row is paid for by board C's; but region Y58 is board C, and its
        // row is shown by region, which gives A away as total minus B minus Y58.
        let rules = DisclosureRules::default();
        let regions = by_region("p", &[3002, 3001, 30, 40]);
        let (boards, refinement) = by_board(&[2, 1, 3000, 3000, 30, 40]);
        let apart = [
            protect(regions.clone(), Sensitivity::Security, &rules).unwrap(),
            protect(boards.clone(), Sensitivity::Security, &rules).unwrap(),
        ];
        let found = check(&apart, std::slice::from_ref(&refinement), &[], &rules).unwrap();
        assert!(
            found.iter().any(|one| matches!(one, Finding::Combined { together, alone, .. }
                if together.width() < alone.width())),
            "{found:?}"
        );
        let together =
            protect_linked(vec![regions, boards], std::slice::from_ref(&refinement), &[], &rules).unwrap();
        assert_eq!(check(&together, &[refinement], &[], &rules).unwrap(), []);
    }

    #[test]
    fn an_earlier_release_that_shows_too_much_is_an_error_and_not_a_leak() {
        let rules = DisclosureRules::default();
        let regions = protect(by_region("p", &[32, 31, 30, 40]), Sensitivity::Security, &rules).unwrap();
        let (boards, refinement) = by_board(&[2, 1, 30, 30, 30, 40]);
        let later = protect_linked(
            vec![boards.clone()],
            std::slice::from_ref(&refinement),
            std::slice::from_ref(&regions),
            &rules,
        )
        .unwrap();
        assert_eq!(check(&[regions, later[0].clone()], &[refinement], &[], &rules).unwrap(), []);
        // The same boards, shown in full by a careless earlier release.
        let careless =
            Protected { sensitivity: Sensitivity::Security, ..Protected::everything(boards.clone(), rules) };
        let error = protect_linked(vec![boards], &[], &[careless], &rules).unwrap_err();
        assert!(
            matches!(error, DisclosureError::Unprotectable { figures } if figures[0].contains("icb = A"))
        );
    }

    #[test]
    fn a_revision_that_differs_by_one_organisation_is_caught() {
        let rules = DisclosureRules::default();
        let protected = |population: &str, counts: &[u64]| {
            protect(by_region(population, counts), Sensitivity::Security, &rules).unwrap()
        };
        let tables = [protected("first", &[30, 30, 40, 40]), protected("revised", &[30, 31, 40, 40])];
        let overlap = |changed| [Overlap { earlier: "first".into(), later: "revised".into(), changed }];
        let found = check(&tables, &[], &overlap(1), &rules).unwrap();
        assert!(matches!(found.as_slice(), [Finding::FewChanged { row, column, .. }]
            if row == "London" && column == "Level 1"));
        assert_eq!(check(&tables, &[], &overlap(5), &rules).unwrap(), []);
    }

    #[test]
    fn tables_that_contradict_each_other_are_refused() {
        let rules = DisclosureRules::default();
        let (boards, refinement) = by_board(&[2, 1, 30, 30, 30, 41]);
        let error =
            protect_linked(vec![by_region("p", &[32, 31, 30, 40]), boards], &[refinement], &[], &rules);
        assert!(matches!(error, Err(DisclosureError::Inconsistent { .. })));
    }
}
