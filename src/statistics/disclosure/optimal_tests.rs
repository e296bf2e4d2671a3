//! The exact search against trying every choice, and its lower bounds against the optimum.

use proptest::prelude::*;

use super::build::Builder;
use super::complementary::{self, Limits, needs_of, prices};
use super::engine::Engine;
use super::optimal::{cost_of, improve, is_candidate};
use super::parts::holds;
use super::rules::Reason;
use super::system::{FigureId, Status, System};
use super::{DisclosureRules, Effort, Sensitivity, protect};
use crate::statistics::{CrossTable, Dimension};

fn table(rows: usize, columns: usize, counts: &[u64]) -> CrossTable {
    let names = |name: &str, size: usize| {
        Dimension::new(name, name, (0..size).map(|at| (format!("{name}{at}"), format!("{name}{at}"))))
            .unwrap()
    };
    CrossTable::from_counts("p", names("group", rows), names("level", columns), counts.to_vec()).unwrap()
}

fn system_of(table: &CrossTable, rules: &DisclosureRules) -> System {
    let mut builder = Builder::default();
    let layout = builder.add(table, rules).unwrap();
    builder.add_sums(&[table], &[layout], &[]);
    builder.system.settle_what_is_public();
    builder.system
}

/// The cost of the cheapest choice, by trying all of them.
fn cheapest_of_all(system: &System, engine: &Engine) -> u64 {
    let needs = needs_of(system);
    let candidates: Vec<FigureId> =
        (0..system.figures.len()).filter(|id| is_candidate(system, *id)).collect();
    let price = |chosen: u32| -> u64 {
        let hidden = candidates.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
        hidden.map(|(_, id)| system.figure(*id).unwrap().cost).sum()
    };
    let mut choices: Vec<(u64, u32)> =
        (0..1_u32 << candidates.len()).map(|chosen| (price(chosen), chosen)).collect();
    choices.sort_unstable();
    let protects = |chosen: u32| {
        let mut trial = system.clone();
        for (at, id) in candidates.iter().enumerate() {
            let hidden = chosen >> at & 1 == 1;
            trial.set(*id, if hidden { Status::Withheld(Reason::Complementary) } else { Status::Open });
        }
        let prices = prices(&trial, false);
        needs.iter().all(|need| {
            let witness = engine.push(&trial, need.figure, need.direction, need.amount, &prices);
            need.is_met_by(&witness) && holds(&trial, &witness)
        })
    };
    choices.into_iter().find(|(_, chosen)| protects(*chosen)).unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_exact_search_finds_what_trying_everything_finds(
        counts in proptest::collection::vec(prop_oneof![3 => 0_u64..6, 2 => 6_u64..60], 9),
    ) {
        let rules = DisclosureRules::default();
        let table = table(3, 3, &counts);
        let mut system = system_of(&table, &rules);
        let engine = Engine::for_system(&system);
        let found = complementary::protect(&mut system, &engine).unwrap();
        let first = cost_of(&system);
        let best = cheapest_of_all(&system, &engine);
        let mut effort = Effort::default();
        let needs = needs_of(&system);
        let proofs = improve(&mut system, &engine, found, &Limits::default(), &mut effort);
        prop_assert!(cost_of(&system) <= first);
        prop_assert!(effort.bound <= best, "the bound {} is above the optimum {best}", effort.bound);
        if !needs.is_empty() {
            prop_assert_eq!((effort.parts, effort.cost), (1, cost_of(&system)));
            prop_assert_eq!(effort.cost, best, "{:?}", effort);
            prop_assert_eq!(effort.gap_per_mille(), 0);
        }
        for (need, proof) in needs.iter().zip(&proofs) {
            prop_assert!(need.is_met_by(proof) && holds(&system, proof));
        }
    }
}

#[test]
fn a_search_that_may_not_work_keeps_the_first_choice_and_says_how_far_off_it_may_be() {
    let rules = DisclosureRules { small_counts_below: 1000, ..DisclosureRules::default() };
    let table = table(4, 4, &[2, 40, 31, 27, 44, 3, 38, 52, 61, 33, 29, 2, 48, 57, 1, 66]);
    let mut system = system_of(&table, &rules);
    let engine = Engine::for_system(&system);
    let found = complementary::protect(&mut system, &engine).unwrap();
    let first = cost_of(&system);
    assert!(first > 0);
    for limits in [
        Limits { exact_figures: 0, bounded_figures: 0, ..Limits::default() },
        Limits { exact_figures: 0, bounded_programmes: 3, ..Limits::default() },
        Limits { exact_programmes: 2, ..Limits::default() },
    ] {
        let mut effort = Effort::default();
        let mut copy = system.clone();
        let kept = improve(&mut copy, &engine, found.clone(), &limits, &mut effort);
        assert_eq!((kept, effort.cost, effort.improved), (found.clone(), first, 0));
        assert!(effort.bound <= effort.cost && effort.gap_per_mille() <= 1000);
        assert!(effort.programmes <= 4, "{effort:?}");
    }
}

#[test]
fn the_choice_is_the_same_each_time_and_is_reported_with_the_table() {
    let rules = DisclosureRules { small_counts_below: 1000, ..DisclosureRules::default() };
    let counts: Vec<u64> =
        (0..40_u64).map(|at| if at % 7 == 0 { at % 5 } else { 20 + at * 13 % 90 }).collect();
    let once = protect(table(8, 5, &counts), Sensitivity::Security, &rules).unwrap();
    let again = protect(table(8, 5, &counts), Sensitivity::Security, &rules).unwrap();
    assert_eq!(once, again);
    let effort = once.effort();
    println!("8 by 5: {effort:?}, gap {} per mille", effort.gap_per_mille());
    assert!(effort.parts == 1 && effort.bound > 0 && effort.bound <= effort.cost);
}
