//! An attacker who has everything published, and a method of their own (plain enumeration of all tables that fit),
//! against thousands of random tables: no withheld figure may come out closer than the rules allow.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::engine::Engine;
use super::network::Network;
use super::*;
use crate::statistics::{CrossTable, Dimension, Margins, PublishedTable};

/// Numbers of rows and columns, counts row by row, and which totals are published.
#[derive(Debug, Clone)]
struct Sample {
    rows: usize,
    columns: usize,
    counts: Vec<u64>,
    margins: Margins,
    rules: DisclosureRules,
}

fn dimension(name: &str, size: usize) -> Dimension {
    Dimension::new(name, name, (0..size).map(|index| (format!("{name}{index}"), String::new()))).unwrap()
}

fn table(sample: &Sample) -> CrossTable {
    let (rows, columns) = (dimension("group", sample.rows), dimension("level", sample.columns));
    CrossTable::from_counts("p", rows, columns, sample.counts.clone()).unwrap().with_margins(sample.margins)
}

fn small_rules() -> impl Strategy<Value = DisclosureRules> {
    (2_u64..6, 0_u64..8, 0_u64..20, any::<bool>()).prop_map(|(minimum, more, counts, group_disclosure)| {
        let small_group = minimum + more;
        DisclosureRules {
            minimum,
            group_disclosure,
            small_group,
            small_counts_below: small_group + counts,
            // The attacker below knows the four rules only.
            width: 0,
            width_percent: 0,
        }
    })
}

fn sample(rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> impl Strategy<Value = Sample> {
    let count = prop_oneof![3 => Just(0_u64), 3 => 1_u64..3, 2 => 3_u64..5];
    let margins = prop_oneof![4 => Just(Margins::Both), 1 => Just(Margins::Rows)];
    (rows, columns, small_rules(), margins).prop_flat_map(move |(rows, columns, rules, margins)| {
        proptest::collection::vec(count.clone(), rows * columns).prop_map(move |counts| Sample {
            rows,
            columns,
            counts,
            margins,
            rules,
        })
    })
}

/// The lowest and highest value of every cell, then of every column total, over all tables that fit.
type Bounds = Vec<(u64, u64)>;

/// Everything that fits a published table, by enumeration.
struct Attacker<'a> {
    seen: &'a PublishedTable,
    bounds: Option<Bounds>,
}

impl Attacker<'_> {
    fn attack(seen: &PublishedTable) -> Bounds {
        let mut attacker = Attacker { seen, bounds: None };
        attacker.next_row(&mut Vec::new(), &mut vec![0; seen.columns.len()]);
        attacker.bounds.expect("the true table fits")
    }

    fn next_row(&mut self, cells: &mut Vec<u64>, sums: &mut Vec<u64>) {
        let row = cells.len() / self.seen.columns.len();
        if row == self.seen.rows.len() {
            self.keep(cells, sums);
        } else {
            self.next_cell(row, 0, self.seen.row_totals[row].unwrap(), cells, sums);
        }
    }

    fn next_cell(&mut self, row: usize, column: usize, left: u64, cells: &mut Vec<u64>, sums: &mut Vec<u64>) {
        let last = column + 1 == self.seen.columns.len();
        for value in if last { left..=left } else { 0..=left } {
            if self.seen.at(row, column).is_some_and(|shown| shown != value) {
                continue;
            }
            let total = self.seen.column_totals.get(column).copied().flatten();
            if total.is_some_and(|total| sums[column] + value > total) {
                continue;
            }
            cells.push(value);
            sums[column] += value;
            if last {
                self.next_row(cells, sums);
            } else {
                self.next_cell(row, column + 1, left - value, cells, sums);
            }
            sums[column] -= value;
            cells.pop();
        }
    }

    fn keep(&mut self, cells: &[u64], sums: &[u64]) {
        let totals = self.seen.column_totals.iter().zip(sums);
        if totals.into_iter().any(|(shown, sum)| shown.is_some_and(|shown| shown != *sum)) {
            return;
        }
        let both = self.seen.margins == Margins::Both;
        let values = cells.iter().chain(sums.iter().filter(|_| both));
        match &mut self.bounds {
            None => self.bounds = Some(values.map(|value| (*value, *value)).collect()),
            Some(bounds) => {
                for (bound, value) in bounds.iter_mut().zip(values) {
                    *bound = (bound.0.min(*value), bound.1.max(*value));
                }
            }
        }
    }
}

/// The rules in the words of the documentation, written a second time: does knowing "between low and high" about
/// `count` of a group of `size` break them?
fn is_disclosed(rules: &DisclosureRules, size: u64, count: u64, (low, high): (u64, u64)) -> bool {
    let minimum = rules.minimum;
    if size == 0 {
        return false;
    }
    if size < minimum {
        return low != 0 || high != size;
    }
    let small_group = rules.group_disclosure && size < rules.small_group;
    let nearly_none = small_group && count < 2;
    let nearly_all = small_group && count > size - 2;
    let few = (1..minimum).contains(&count) && size < rules.small_counts_below;
    ((nearly_none || few) && (low > 0 || high < minimum))
        || (nearly_all && (high < size || low > size - minimum))
}

/// A cell that follows from totals which the rules allow to be shown is no secret: nobody in a large population gave
/// this answer, or everybody did.
fn is_open_secret(table: &CrossTable, rules: &DisclosureRules, column: usize) -> bool {
    if table.margins() == Margins::Rows {
        return table.columns().len() == 1;
    }
    let may_be_shown = |c: usize| !is_disclosed(rules, table.total(), table.column_total(c), (0, 0));
    let empty = |c: usize| table.column_total(c) == 0 && may_be_shown(c);
    empty(column) || (0..table.columns().len()).filter(|c| *c != column).all(empty)
}

fn assert_nothing_disclosed(table: &CrossTable, protected: &Protected) -> Result<(), TestCaseError> {
    let rules = protected.rules();
    let seen = protected.published();
    let bounds = Attacker::attack(&seen);
    let width = table.columns().len();
    let decided: Vec<Cell> = protected.cells().iter().chain(protected.column_totals()).copied().collect();
    for (index, known) in bounds.iter().enumerate() {
        let (row, column) = (index / width, index % width);
        let margin = row == table.rows().len();
        let (size, count) = if margin {
            (table.total(), table.column_total(column))
        } else {
            (table.row_total(row), table.at(row, column).unwrap())
        };
        let secret = is_disclosed(rules, size, count, *known) && !is_open_secret(table, rules, column);
        prop_assert!(
            !secret,
            "row {row} column {column}: {count} of {size} is known as {known:?} in {seen:?}"
        );
        if let Cell::Suppressed { interval, .. } = decided[index] {
            prop_assert_eq!((interval.low, interval.high), *known, "reported interval of {} {}", row, column);
            prop_assert!(known.0 < known.1, "withheld in vain: row {row} column {column}");
        } else {
            prop_assert_eq!(known, &(count, count));
        }
    }
    Ok(())
}

/// The attack has teeth: what is withheld without complementary figures is recovered from the totals.
#[test]
fn without_complementary_figures_the_attacker_wins() {
    let counts = vec![30, 25, 2, 40, 30, 20, 35, 45, 50];
    let rules = DisclosureRules { small_counts_below: 100, ..DisclosureRules::default() };
    let table = table(&Sample { rows: 3, columns: 3, counts, margins: Margins::Both, rules });
    let mut naive = PublishedTable::of_public_facts(&table);
    naive.cells[2] = None;
    assert_eq!(Attacker::attack(&naive)[2], (2, 2));
    let protected = protect(table, Sensitivity::Security, &rules).unwrap();
    let withheld: Vec<usize> = (0..9).filter(|index| protected.cells()[*index].shown().is_none()).collect();
    assert_eq!(withheld.len(), 4, "one rectangle is enough: {withheld:?}");
    let (low, high) = Attacker::attack(&protected.published())[2];
    assert!(low == 0 && high >= 5);
    let report = protected.withheld();
    let sensitive = report.iter().find(|one| one.reason == Reason::SmallCount).unwrap();
    assert_eq!((report.len(), sensitive.count, sensitive.row.as_deref()), (4, 2, Some("")));
    assert_eq!((sensitive.interval.low, sensitive.interval.high), (low, high));
    assert_eq!(protected.cost(), Cost { shown: 11, sensitive: 1, complementary: 3, organisations: 77 });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn no_withheld_figure_can_be_recovered_from_a_table(sample in sample(1..5, 1..4)) {
        let table = table(&sample);
        let protected = protect(table.clone(), Sensitivity::Security, &sample.rules).unwrap();
        assert_nothing_disclosed(&table, &protected)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Two solvers that share nothing but the system agree on every bound.
    #[test]
    fn flows_and_linear_programming_give_the_same_bounds(sample in sample(2..9, 2..6)) {
        let mut builder = Builder::default();
        let table = table(&sample);
        let layout = builder.add(&table, &sample.rules).unwrap();
        builder.add_sums(&[&table], &[layout], &[]);
        builder.system.settle_what_is_public();
        let mut system = builder.system;
        let flows = Engine::Network(Network::of(&system).expect("a two-way table is a network"));
        let programme = Engine::Linear(linear::Linear::of(&system));
        let mut other = system.clone();
        let found = complementary::protect(&mut system, &flows).unwrap();
        prop_assert_eq!(complementary::intervals(&system, &flows, &found), complementary::intervals(&system, &programme, &[]));
        complementary::protect(&mut other, &programme).unwrap();
        prop_assert_eq!(complementary::intervals(&other, &flows, &[]), complementary::intervals(&other, &programme, &[]));
    }
}

/// A population of groups crossed two ways, published as three tables: first by level, second by level, both by level.
fn linked(first: usize, second: usize, levels: usize, counts: &[u64]) -> (Vec<CrossTable>, Vec<Refinement>) {
    let (a, b, level) = (dimension("sector", first), dimension("region", second), dimension("level", levels));
    let crossed = a.crossed(&b).unwrap();
    let (to_a, to_b) = Dimension::crossing(&a, &b);
    let mut by_a = vec![0; first * levels];
    let mut by_b = vec![0; second * levels];
    for (index, count) in counts.iter().enumerate() {
        let (group, l) = (index / levels, index % levels);
        by_a[group / second * levels + l] += count;
        by_b[group % second * levels + l] += count;
    }
    let make = |rows: &Dimension, counts: Vec<u64>| {
        CrossTable::from_counts("p", rows.clone(), level.clone(), counts).unwrap()
    };
    let tables = vec![make(&a, by_a), make(&b, by_b), make(&crossed, counts.to_vec())];
    let refines = |coarse: &Dimension, parts: BTreeMap<String, String>| Refinement {
        fine: crossed.name().to_owned(),
        coarse: coarse.name().to_owned(),
        parts,
    };
    (tables, vec![refines(&a, to_a), refines(&b, to_b)])
}

/// Bounds of the finest table's cells by enumeration over all three published tables together.
fn attack_linked(seen: &[PublishedTable], first: usize, second: usize, levels: usize) -> Bounds {
    let crossed = &seen[2];
    let mut bounds: Option<Bounds> = None;
    let fits = |cells: &[u64]| {
        let sum = |keep: &dyn Fn(usize, usize, usize) -> bool| -> u64 {
            let at = |index: usize| (index / levels / second, index / levels % second, index % levels);
            cells
                .iter()
                .enumerate()
                .filter(|(i, _)| {
                    let (a, b, l) = at(*i);
                    keep(a, b, l)
                })
                .map(|(_, n)| n)
                .sum()
        };
        (0..levels).all(|l| {
            (0..first).all(|a| seen[0].at(a, l).is_none_or(|shown| shown == sum(&|x, _, z| x == a && z == l)))
                && (0..second)
                    .all(|b| seen[1].at(b, l).is_none_or(|shown| shown == sum(&|_, y, z| y == b && z == l)))
                && seen[0].column_totals[l].is_none_or(|shown| shown == sum(&|_, _, z| z == l))
        })
    };
    let rows: Vec<Vec<Vec<u64>>> = (0..crossed.rows.len())
        .map(|row| {
            let mut options = vec![(Vec::new(), crossed.row_totals[row].unwrap())];
            for column in 0..levels {
                options = options
                    .into_iter()
                    .flat_map(|(cells, left): (Vec<u64>, u64)| {
                        let range = if column + 1 == levels { left..=left } else { 0..=left };
                        range.map(move |value| ([cells.clone(), vec![value]].concat(), left - value))
                    })
                    .filter(|(cells, _)| crossed.at(row, column).is_none_or(|shown| shown == cells[column]))
                    .collect();
            }
            options.into_iter().map(|(cells, _)| cells).collect()
        })
        .collect();
    let mut chosen = vec![0; rows.len()];
    loop {
        let cells: Vec<u64> = rows.iter().zip(&chosen).flat_map(|(row, pick)| row[*pick].clone()).collect();
        if fits(&cells) {
            let known = bounds.get_or_insert_with(|| cells.iter().map(|value| (*value, *value)).collect());
            for (bound, value) in known.iter_mut().zip(&cells) {
                *bound = (bound.0.min(*value), bound.1.max(*value));
            }
        }
        let Some(next) = (0..rows.len()).find(|row| chosen[*row] + 1 < rows[*row].len()) else { break };
        chosen[next] += 1;
        chosen[..next].fill(0);
    }
    bounds.expect("the true table fits")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_withheld_figure_can_be_recovered_from_linked_tables(
        counts in proptest::collection::vec(prop_oneof![2 => Just(0_u64), 2 => 1_u64..3, 1 => 3_u64..5], 8),
        rules in small_rules(),
    ) {
        let (tables, refinements) = linked(2, 2, 2, &counts);
        let protected = protect_linked(tables.clone(), &refinements, &[], &rules).unwrap();
        let seen: Vec<PublishedTable> = protected.iter().map(Protected::published).collect();
        let bounds = attack_linked(&seen, 2, 2, 2);
        let crossed = &tables[2];
        for (index, known) in bounds.iter().enumerate() {
            let (row, column) = (index / 2, index % 2);
            let size = crossed.row_total(row);
            let secret = is_disclosed(&rules, size, counts[index], *known)
                && !is_open_secret(crossed, &rules, column);
            prop_assert!(!secret, "{row} {column}: {} of {size} is known as {known:?}: {seen:?}", counts[index]);
            if protected[2].at(row, column).unwrap().shown().is_none() {
                prop_assert!(known.0 < known.1, "withheld in vain");
            }
        }
    }
}

/// A national exercise by 13 sectors, 7 regions and 4 levels, skewed as real ones are: some sectors have thousands of
/// members, some fewer than ten in all.
fn national(seed: u64) -> Vec<u64> {
    let sizes = [30, 6, 2, 1, 130, 990, 1800, 1060, 650, 3000, 470, 45, 850];
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    sizes
        .iter()
        .flat_map(|size| std::iter::repeat_n(*size, 7))
        .flat_map(|size: u64| {
            let size = size / 2 + next() % (size + 1);
            let weights = [1 + next() % 3, 2 + next() % 8, 10 + next() % 40, 5 + next() % 30];
            let total: u64 = weights.iter().sum();
            let mut cells: Vec<u64> = weights.iter().map(|weight| size * weight / total).collect();
            cells[2] += size - cells.iter().sum::<u64>();
            cells
        })
        .collect()
}

#[test]
fn national_tables_are_protected_together_and_the_same_each_time() {
    let (tables, refinements) = linked(13, 7, 4, &national(7));
    let rules = DisclosureRules::default();
    let started = std::time::Instant::now();
    let single = protect(tables[2].clone(), Sensitivity::Security, &rules).unwrap();
    println!(
        "91 groups by 4 levels alone: {:?}, {:?}, {:?}",
        started.elapsed(),
        single.cost(),
        single.effort()
    );
    let started = std::time::Instant::now();
    let all = protect_linked(tables.clone(), &refinements, &[], &rules).unwrap();
    println!("sector, region and both, by level: {:?}, {:?}", started.elapsed(), all[0].effort());
    for protected in &all {
        println!("  {} rows: {:?}", protected.table().rows().len(), protected.cost());
        let narrow = protected
            .cells()
            .iter()
            .filter(|cell| matches!(cell, Cell::Suppressed { interval, .. } if interval.width() == 0));
        assert_eq!(narrow.count(), 0);
    }
    assert_eq!(differencing::check(&all, &refinements, &[], &rules).unwrap(), []);
    let (tables, refinements) = linked(5, 4, 4, &national(3)[..80]);
    let first = protect_linked(tables.clone(), &refinements, &[], &rules).unwrap();
    assert_eq!(first, protect_linked(tables, &refinements, &[], &rules).unwrap());
}
