//! An attacker who keeps every release and knows the published grade of every organisation, with a programme of their own
//! over nothing but published tables and public facts. They win where tables are protected one by one, and must not
//! win against the guard.

use std::collections::BTreeMap;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};
use proptest::prelude::*;

use super::*;
use crate::statistics::{CrossTable, Dimension, Margins, PublishedTable};

const LEVELS: usize = 3;

/// One organisation: whether its grade says that it meets everything, and in each of two releases its answer to one
/// requirement, if it was there.
#[derive(Debug, Clone, Copy)]
struct Organisation {
    met: bool,
    then: Option<usize>,
    now: Option<usize>,
}

/// A grade of *met* needs the highest two levels.
fn is_possible(met: bool, level: usize) -> bool {
    !met || level > 0
}

fn table(population: &str, answers: impl Iterator<Item = usize>) -> CrossTable {
    let mut counts = vec![0; LEVELS];
    for level in answers {
        counts[level] += 1;
    }
    let rows = Dimension::new("requirement", "Requirement", [("A1", "A1")]).unwrap();
    let columns = Dimension::new("level", "Level", [("0", "0"), ("1", "1"), ("2", "2")]).unwrap();
    CrossTable::from_counts(population, rows, columns, counts).unwrap().with_margins(Margins::Rows)
}

fn then_of(all: &[Organisation]) -> CrossTable {
    table("p", all.iter().filter_map(|one| one.then))
}

fn now_of(all: &[Organisation]) -> CrossTable {
    table("p", all.iter().filter_map(|one| one.now))
}

/// The groups as the guard is told of them: first release alone, or both.
fn groups(all: &[Organisation], both: bool) -> Vec<KnownGroup> {
    let mut found: BTreeMap<(u64, bool), Vec<u64>> = BTreeMap::new();
    let mut add = |tables: u64, met: bool, level: usize| {
        found.entry((tables, met)).or_insert_with(|| vec![0; LEVELS])[level] += 1;
    };
    for one in all {
        match (one.then, one.now) {
            (Some(then), _) if !both => add(1, one.met, then),
            (Some(then), Some(now)) if both && then == now => add(3, one.met, now),
            (then, now) if both => {
                then.into_iter().for_each(|level| add(2, one.met, level));
                now.into_iter().for_each(|level| add(1, one.met, level));
            }
            _ => {}
        }
    }
    let open = |met| (0..LEVELS).map(|level| is_possible(met, level)).collect();
    found
        .into_iter()
        .map(|((tables, met), counts)| KnownGroup { tables, counts, possible: open(met) })
        .collect()
}

/// What the attacker finds out, by one programme over both published tables.
struct Attack<'a> {
    all: &'a [Organisation],
    then: &'a PublishedTable,
    now: &'a PublishedTable,
}

/// One level in a group of which the attacker knows the members: its size, the true count, the bounds found, and how many
/// levels its grade leaves open.
#[derive(Debug)]
struct Found {
    size: u64,
    count: u64,
    bounds: (u64, u64),
    open: usize,
    table: Vec<usize>,
}

/// Whether the grade is met, and in which of the two tables the organisations stand with one and the same answer.
type Class = (bool, Vec<usize>);

impl Attack<'_> {
    /// The dates in the register tell who changed: those stand in each table with an answer of its own.
    fn classes(&self) -> BTreeMap<Class, Vec<usize>> {
        let mut classes: BTreeMap<Class, Vec<usize>> = BTreeMap::new();
        for one in self.all {
            if let (Some(then), Some(now)) = (one.then, one.now)
                && then == now
            {
                classes.entry((one.met, vec![0, 1])).or_default().push(now);
                continue;
            }
            for (table, answer) in [one.then, one.now].into_iter().enumerate() {
                answer
                    .into_iter()
                    .for_each(|level| classes.entry((one.met, vec![table])).or_default().push(level));
            }
        }
        classes
    }

    fn run(&self) -> Vec<Found> {
        let classes = self.classes();
        let mut found = Vec::new();
        for (class, answers) in &classes {
            let open: Vec<usize> = (0..LEVELS).filter(|level| is_possible(class.0, *level)).collect();
            for level in &open {
                let count = answers.iter().filter(|answer| *answer == level).count() as u64;
                let bound = |highest| self.bound(&classes, (class, *level), highest);
                let bounds = (bound(false), bound(true));
                let (size, table) = (answers.len() as u64, class.1.clone());
                found.push(Found { size, count, bounds, open: open.len(), table });
            }
        }
        found
    }

    fn bound(
        &self,
        classes: &BTreeMap<Class, Vec<usize>>,
        (wanted, level): (&Class, usize),
        highest: bool,
    ) -> u64 {
        let mut variables = ProblemVariables::new();
        let mut limits = Vec::new();
        let mut sums = vec![[Expression::default(), Expression::default()]; LEVELS];
        let mut target: Option<Variable> = None;
        for (class, answers) in classes {
            let size = answers.len() as f64;
            let mut total = Expression::default();
            for (at, sums) in sums.iter_mut().enumerate() {
                let most = if is_possible(class.0, at) { size } else { 0.0 };
                let count = variables.add(variable().integer().min(0.0).max(most));
                total += count;
                for table in &class.1 {
                    sums[*table] += count;
                }
                target = if class == wanted && at == level { Some(count) } else { target };
            }
            limits.push(constraint!(total == size));
        }
        for (at, [then, now]) in sums.into_iter().enumerate() {
            for (sum, seen) in [(then, self.then), (now, self.now)] {
                if let Some(shown) = seen.at(0, at) {
                    limits.push(constraint!(sum == shown as f64));
                }
            }
        }
        let target = target.unwrap();
        let objective = if highest { variables.maximise(target) } else { variables.minimise(target) };
        let mut model = objective.using(microlp);
        for limit in limits {
            model.add_constraint(limit);
        }
        model.solve().expect("the truth fits").value(target).round() as u64
    }
}

/// Whether bounds of a group's count break the rules.
fn breaks(rules: &DisclosureRules, found: &Found) -> bool {
    rules.requirement(found.size, found.count).is_some_and(|needed| {
        found.open > 1 && (found.bounds.0 > needed.at_most || found.bounds.1 < needed.at_least)
    })
}

/// Whether what breaks the rules was known as closely without the second table.
fn adds_nothing(rules: &DisclosureRules, before: &Found, after: &Found) -> bool {
    rules.requirement(after.size, after.count).is_none_or(|needed| {
        after.open < 2
            || ((after.bounds.0 <= needed.at_most || after.bounds.0 == before.bounds.0)
                && (after.bounds.1 >= needed.at_least || after.bounds.1 == before.bounds.1))
    })
}

fn alone(table: CrossTable, rules: &DisclosureRules) -> PublishedTable {
    protect(table, Sensitivity::Security, rules).unwrap().published()
}

/// Both releases as the guard lets them out.
fn guarded(all: &[Organisation], rules: &DisclosureRules) -> (PublishedTable, Guarded) {
    let first = protect_against(then_of(all), &[], &groups(all, false), rules).unwrap().decisions.published();
    let second =
        protect_against(now_of(all), std::slice::from_ref(&first), &groups(all, true), rules).unwrap();
    (first, second)
}

fn repeated(met: bool, then: Option<usize>, now: Option<usize>, many: usize) -> Vec<Organisation> {
    vec![Organisation { met, then, now }; many]
}

#[test]
fn three_organisations_that_are_publicly_not_met_are_known_without_the_guard_and_not_with_it() {
    let rules = DisclosureRules::default();
    let all = [repeated(true, Some(2), Some(2), 200), repeated(false, Some(0), Some(0), 3)].concat();
    // 203 is a large group, so three of it may be shown by the rules of one table.
    let naive = alone(then_of(&all), &rules);
    assert_eq!(naive.at(0, 0), Some(3));
    let attack = Attack { all: &all, then: &naive, now: &naive }.run();
    assert!(attack.iter().any(|one| one.size == 3 && one.count == 3 && one.bounds == (3, 3)), "{attack:?}");
    let (first, second) = guarded(&all, &rules);
    let now = second.decisions.published();
    for found in (Attack { all: &all, then: &first, now: &now }).run() {
        assert!(!breaks(&rules, &found), "{found:?} from {first:?} and {now:?}");
    }
    assert!(second.decisions.withheld().iter().any(|one| one.reason == Reason::PublicFacts));
    let singled = second.singled.iter().find(|one| one.size == 3 && one.column == 0).unwrap();
    assert_eq!((singled.interval.low, singled.interval.high, singled.reason), (0, 3, Reason::SmallGroup));
}

#[test]
fn one_organisation_that_joins_is_known_by_difference_without_the_guard_and_not_with_it() {
    let rules = DisclosureRules::default();
    let all = [
        repeated(false, Some(0), Some(0), 120),
        repeated(false, Some(1), Some(1), 130),
        repeated(false, Some(2), Some(2), 140),
        repeated(false, None, Some(0), 1),
    ]
    .concat();
    let (then, now) = (alone(then_of(&all), &rules), alone(now_of(&all), &rules));
    let attack = Attack { all: &all, then: &then, now: &now }.run();
    assert!(attack.iter().any(|one| one.size == 1 && one.count == 1 && one.bounds == (1, 1)));
    let (first, second) = guarded(&all, &rules);
    assert_eq!(first.withheld(), 0, "nothing is sensitive before anybody changes");
    let now = second.decisions.published();
    for found in (Attack { all: &all, then: &first, now: &now }).run() {
        assert!(!breaks(&rules, &found), "{found:?}");
    }
    assert!(second.decisions.withheld().iter().any(|one| one.reason == Reason::Differencing));
    assert_eq!(second.lost_rows, Vec::<usize>::new());
}

#[test]
fn what_a_careless_release_gave_away_is_contained_and_named() {
    let rules = DisclosureRules::default();
    let all = [repeated(true, Some(2), Some(2), 200), repeated(false, Some(0), Some(0), 3)].concat();
    let careless = alone(then_of(&all), &rules);
    let second = protect_against(now_of(&all), &[careless], &groups(&all, true), &rules).unwrap();
    assert_eq!(second.lost_rows, [0]);
    assert!(second.singled.iter().any(|one| one.lost && one.size == 3));
    // Nothing changed, so what was shown can be shown again: it tells nothing new.
    assert_eq!(second.decisions.published().withheld(), 0);
    // Another two of the three answer again: what they answer now is not given away as well.
    let all = [
        repeated(true, Some(2), Some(2), 200),
        repeated(false, Some(0), Some(0), 1),
        repeated(false, Some(0), Some(1), 2),
    ]
    .concat();
    let careless = alone(then_of(&all), &rules);
    let second =
        protect_against(now_of(&all), std::slice::from_ref(&careless), &groups(&all, true), &rules).unwrap();
    let now = second.decisions.published();
    let attack = Attack { all: &all, then: &careless, now: &now }.run();
    let answered_again = attack.iter().filter(|one| one.size == 2 && one.table == [1]);
    assert!(answered_again.clone().count() == LEVELS);
    for found in answered_again {
        assert!(!breaks(&rules, found), "{found:?}");
    }
}

#[test]
fn groups_that_do_not_add_up_to_the_table_are_refused() {
    let rules = DisclosureRules::default();
    let all = [repeated(true, Some(2), Some(2), 40), repeated(false, Some(0), Some(1), 30)].concat();
    let short = groups(&all[1..], true);
    let error = protect_against(now_of(&all), &[], &short, &rules).unwrap_err();
    assert!(matches!(error, DisclosureError::Inconsistent { .. }), "{error}");
    let other = alone(then_of(&all[3..]), &DisclosureRules { minimum: 2, ..rules });
    let error = protect_against(now_of(&all), &[other], &groups(&all, true), &rules).unwrap_err();
    assert!(matches!(error, DisclosureError::Inconsistent { .. }), "{error}");
}

#[test]
fn a_table_of_which_everything_is_withheld_is_still_a_table() {
    let rules = DisclosureRules::default();
    let all = repeated(false, Some(1), Some(1), 3);
    let guarded = protect_against(now_of(&all), &[], &groups(&all, false), &rules).unwrap();
    let published = guarded.decisions.published();
    assert_eq!((published.withheld(), published.cells.len()), (3, 3));
    assert_eq!(published.row_totals, [Some(3)]);
    assert_eq!((published.sum(0, &["0", "1"]), published.sum_of_totals(&["0"])), (None, None));
    let json = serde_json::to_string(&published).unwrap();
    assert_eq!(serde_json::from_str::<PublishedTable>(&json).unwrap(), published);
    assert!(guarded.decisions.withheld().iter().all(|one| one.interval == Interval { low: 0, high: 3 }));
}

/// The real register's organisations with invented answers that fit their grades, and a few that change afterwards. The
/// attacker wins against tables protected one by one and not against the guard.
#[test]
fn the_guard_stands_over_the_real_register() {
    let Some(rows) = crate::statistics::real_register::rows("register-2022-09-09.csv") else { return };
    let rules = DisclosureRules::default();
    let grades: Vec<&str> = rows
        .iter()
        .map(|row| crate::statistics::real_register::grade(&row["Status"]))
        .filter(|grade| *grade != "not_published")
        .collect();
    let (mut naive_losses, mut guarded_losses) = (0, 0);
    let started = std::time::Instant::now();
    for requirement in 0..8_u64 {
        let mut state = 7 + requirement;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let all: Vec<Organisation> = grades
            .iter()
            .map(|grade| {
                let met = matches!(*grade, "standards_met" | "standards_exceeded");
                let level = if met { 1 + usize::from(next(3) > 0) } else { next(LEVELS as u64) as usize };
                // One in four thousand changes, about half of them by answering for the first time.
                let then = match next(8000) {
                    0 => None,
                    1 => Some(if met { 1 } else { 0 }),
                    _ => Some(level),
                };
                Organisation { met, then, now: Some(level) }
            })
            .collect();
        let (then, now) = (alone(then_of(&all), &rules), alone(now_of(&all), &rules));
        let losses = |then: &PublishedTable, now: &PublishedTable| {
            Attack { all: &all, then, now }.run().iter().filter(|found| breaks(&rules, found)).count()
        };
        naive_losses += losses(&then, &now);
        let (first, second) = guarded(&all, &rules);
        guarded_losses += losses(&first, &second.decisions.published());
    }
    println!(
        "{} organisations, 8 requirements, two releases: {naive_losses} figures lost without the guard, \
         {guarded_losses} with it, {:?}",
        grades.len(),
        started.elapsed()
    );
    assert!(naive_losses > 0, "the attack must be able to succeed");
    assert_eq!(guarded_losses, 0);
}

/// 110 requirements of six answers, 64,000 organisations in three grades, two earlier releases between which a few changed.
fn national() -> (CrossTable, Vec<KnownGroup>) {
    let (rows, width) = (110, 6);
    let mut state = 11_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let sizes =
        [(7, [60_000, 3_000, 900]), (3, [40, 9, 6]), (6, [30, 8, 0]), (1, [25, 7, 5]), (4, [35, 4, 6])];
    let mut groups = Vec::new();
    for (tables, by_grade) in sizes {
        for (grade, size) in by_grade.into_iter().enumerate() {
            let mut counts = vec![0; rows * width];
            let open = |column: usize| grade > 0 || column >= 2;
            for row in 0..rows {
                let mut left = size;
                for column in (0..width).filter(|column| open(*column)) {
                    let share = if column == width - 1 { left } else { next(left / 2 + 1) };
                    counts[row * width + column] = share;
                    left -= share;
                }
            }
            let possible = (0..rows * width).map(|place| open(place % width)).collect();
            groups.push(KnownGroup { tables, counts, possible });
        }
    }
    let named = |name: &str, many: usize| {
        Dimension::new(name, name, (0..many).map(|at| (format!("{name}{at:03}"), String::new()))).unwrap()
    };
    let counts = added(&groups, 0);
    let table =
        CrossTable::from_counts("p", named("requirement", rows), named("level", width), counts).unwrap();
    (table.with_margins(Margins::Rows), groups)
}

/// Groups as they were when a release came out: those it counted, with it and what was before it.
fn as_of(groups: &[KnownGroup], first: u64) -> Vec<KnownGroup> {
    let mut then: Vec<KnownGroup> = groups.to_vec();
    then.iter_mut().for_each(|group| group.tables >>= first);
    then.retain(|group| group.tables > 0);
    then
}

#[test]
fn three_national_releases_are_guarded_one_after_the_other() {
    let rules = DisclosureRules::default();
    let (table, groups) = national();
    let mut seen: Vec<PublishedTable> = Vec::new();
    for release in (0..3_u64).rev() {
        let known = as_of(&groups, release);
        let (rows, columns) = (table.rows().clone(), table.columns().clone());
        let own = CrossTable::from_counts("p", rows, columns, added(&known, 0)).unwrap();
        let started = std::time::Instant::now();
        let guarded = protect_against(own.with_margins(Margins::Rows), &seen, &known, &rules).unwrap();
        println!(
            "release {}: {:?}, {:?}, {:?}, gap {} per mille, {} rows told before",
            3 - release,
            started.elapsed(),
            guarded.decisions.cost(),
            guarded.decisions.effort(),
            guarded.decisions.effort().gap_per_mille(),
            guarded.lost_rows.len()
        );
        for one in guarded.singled.iter().filter(|one| !one.lost) {
            assert!(one.interval.width() > 0, "{one:?}");
        }
        seen.insert(0, guarded.decisions.published());
    }
    assert_eq!(seen[0].row_totals[0], Some(table.row_total(0)));
}

/// The counts of all groups that are in a table.
fn added(groups: &[KnownGroup], bit: u64) -> Vec<u64> {
    let cells = groups.first().map_or(0, |group| group.counts.len());
    let of_table = || groups.iter().filter(|group| group.tables >> bit & 1 == 1);
    (0..cells).map(|place| of_table().map(|group| group.counts[place]).sum()).collect()
}

fn organisation() -> impl Strategy<Value = Organisation> {
    let level = |met: bool| if met { 1..LEVELS } else { 0..LEVELS };
    (any::<bool>(), 0..20_u8).prop_flat_map(move |(met, fate)| {
        (level(met), level(met)).prop_map(move |(one, other)| match fate {
            0 => Organisation { met, then: None, now: Some(one) },
            1 => Organisation { met, then: Some(one), now: None },
            2 => Organisation { met, then: Some(one), now: Some(other) },
            _ => Organisation { met, then: Some(one), now: Some(one) },
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Nothing that the rules protect can be recovered from two releases and every organisation's grade, and the numbers
    /// shown are the true ones.
    #[test]
    fn the_guard_stands_against_everything_that_is_public(
        all in proptest::collection::vec(organisation(), 1..60),
        rules in (2_u64..5, 0_u64..6, 0_u64..40).prop_map(|(minimum, more, counts)| DisclosureRules {
            minimum,
            small_group: minimum + more,
            small_counts_below: minimum + more + counts,
            ..DisclosureRules::default()
        }),
    ) {
        let (first, second) = guarded(&all, &rules);
        let now = second.decisions.published();
        for (shown, truth) in [(&first, then_of(&all)), (&now, now_of(&all))] {
            for (cell, count) in shown.cells.iter().zip(truth.counts()) {
                prop_assert!(cell.is_none_or(|cell| cell == *count));
            }
            prop_assert_eq!(shown.row_totals[0], Some(truth.total()));
        }
        // Where the first release already tells more than the rules allow of who changed since, the second adds nothing.
        let nothing = PublishedTable { cells: vec![None; LEVELS], ..now.clone() };
        let before = Attack { all: &all, then: &first, now: &nothing }.run();
        let after = Attack { all: &all, then: &first, now: &now }.run();
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(
                adds_nothing(&rules, before, after),
                "{before:?} {after:?} from {first:?} and {now:?}"
            );
            let told = after.table != [1];
            prop_assert!(told || !breaks(&rules, after), "who is new is not known at all: {after:?}");
        }
    }
}
