//! Tables of weighted figures, such as estimates from a sample: the thresholds look at how many contribute to a figure and
//! whether one or two of them make it up almost alone; sums, proofs and bounds are those of any table.

use super::build::{Builder, read};
use super::complementary::Limits;
use super::parts::{Lost, solve};
use super::protected::Protected;
use super::rules::DisclosureRules;
use super::{CrossTable, DisclosureError};
use crate::statistics::table::Margins;

/// Protects a table whose counts are sums of weights. `contributions` holds, cell by cell in the order of the counts, the
/// weight of every contributor.
///
/// # Errors
/// [`DisclosureError::Inconsistent`] when the weights do not add up to the counts, and as
/// [`protect_linked`](super::protect_linked).
pub fn protect_weighted(
    table: CrossTable,
    contributions: &[Vec<u64>],
    rules: &DisclosureRules,
) -> Result<Protected, DisclosureError> {
    rules.validate()?;
    let sums = contributions.iter().map(|weights| weights.iter().sum::<u64>());
    if !sums.eq(table.counts().iter().copied()) {
        let figure = format!("{}: the weights and the counts", table.population());
        return Err(DisclosureError::Inconsistent { figure });
    }
    let width = table.columns().len();
    let mut builder = Builder::default();
    let layout = builder.add(&table, rules)?;
    for (row, weights) in contributions.chunks(width).enumerate() {
        let group = weights.iter().map(Vec::len).sum::<usize>() as u64;
        for (id, weights) in layout.cells.iter().skip(row * width).zip(weights) {
            let needed = rules.weighted_requirement(table.row_total(row), group, weights);
            builder.set_requirement(*id, needed);
        }
    }
    if table.margins() == Margins::Both {
        let everybody = contributions.iter().map(Vec::len).sum::<usize>() as u64;
        for (column, id) in layout.column_totals.iter().enumerate() {
            let weights: Vec<u64> =
                contributions.iter().skip(column).step_by(width).flatten().copied().collect();
            builder.set_requirement(*id, rules.weighted_requirement(table.total(), everybody, &weights));
        }
    }
    builder.add_sums(&[&table], std::slice::from_ref(&layout), &[]);
    builder.system.settle_what_is_public();
    let solved = solve(&mut builder.system, Lost::Refuse, &Limits::default()).map_err(|unproved| {
        DisclosureError::Unprotectable { figures: unproved.into_iter().map(|id| builder.name(id)).collect() }
    })?;
    Ok(read(&builder.system, &solved, table, &layout, *rules))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::Dimension;
    use crate::statistics::disclosure::{Cell, Reason};

    fn table(contributions: &[Vec<u64>]) -> CrossTable {
        let rows = Dimension::new("sector", "Sector", [("a", "A"), ("b", "B"), ("c", "C")]).unwrap();
        let columns = Dimension::new("level", "Level", [("0", "0"), ("1", "1"), ("2", "2")]).unwrap();
        let counts = contributions.iter().map(|weights| weights.iter().sum()).collect();
        CrossTable::from_counts("sample", rows, columns, counts).unwrap()
    }

    #[test]
    fn a_figure_that_two_contributors_make_up_is_withheld_with_what_would_give_it_away() {
        let mut contributions = vec![vec![10; 60]; 9];
        contributions[4] = [vec![900, 700], vec![1; 30]].concat();
        let protected =
            protect_weighted(table(&contributions), &contributions, &DisclosureRules::default()).unwrap();
        let Cell::Suppressed { reason, interval } = protected.cells()[4] else { panic!("it is shown") };
        assert_eq!(reason, Reason::Dominance);
        assert!(interval.low <= 1630 - 408 && interval.high >= 1630 + 408);
        let withheld = protected.cells().iter().filter(|cell| cell.shown().is_none()).count();
        assert_eq!(withheld, 4, "a rectangle: {:?}", protected.withheld());
        let plain = vec![vec![10; 60]; 9];
        let shown = protect_weighted(table(&plain), &plain, &DisclosureRules::default()).unwrap();
        assert_eq!(shown.published().withheld(), 0);
    }

    #[test]
    fn weights_that_are_not_the_tables_are_refused() {
        let contributions = vec![vec![10; 60]; 9];
        let other = vec![vec![10; 59]; 9];
        let error = protect_weighted(table(&contributions), &other, &DisclosureRules::default());
        assert!(matches!(error, Err(DisclosureError::Inconsistent { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        #[test]
        fn every_weighted_figure_stays_as_uncertain_as_the_rules_ask(
            contributions in proptest::collection::vec(proptest::collection::vec(1_u64..60, 0..25), 9),
        ) {
            let rules = DisclosureRules::default();
            let table = table(&contributions);
            let protected = protect_weighted(table.clone(), &contributions, &rules).unwrap();
            for (place, weights) in contributions.iter().enumerate() {
                let row = place / 3;
                let group = contributions[row * 3..row * 3 + 3].iter().map(Vec::len).sum::<usize>() as u64;
                let needed = rules.weighted_requirement(table.row_total(row), group, weights);
                match (needed, protected.cells()[place]) {
                    (Some(needed), Cell::Suppressed { interval, .. }) => {
                        prop_assert!(interval.low <= needed.at_most && interval.high >= needed.at_least);
                    }
                    // Zero of everybody, or one category left: known from totals that may be shown.
                    (Some(_), Cell::Shown(_)) => prop_assert!(
                        table.column_total(place % 3) == 0
                            || (0..3).filter(|column| table.column_total(*column) > 0).count() < 2
                    ),
                    (None, _) => {}
                }
            }
        }
    }
}
