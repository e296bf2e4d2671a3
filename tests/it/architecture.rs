//! The rules of `docs/architecture.md`, section 1, checked against the source itself. A failure names the rule's number and
//! the place. `proof` shows for every rule a piece of source that breaks it.

mod discipline;
mod layers;
mod order;
mod proof;
mod purity;
mod reach;

use crate::source::Source;

/// A rule's verdict on the whole of the source: one line for each place that breaks it.
type Rule = fn(&[Source]) -> Vec<String>;

fn hold(rule: Rule, folders: &[&str]) {
    let sources = Source::all_below(folders);
    assert!(!sources.is_empty(), "no source was found: is the test run from the project?");
    let broken = rule(&sources);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn rule_1_nothing_imports_to_the_right() {
    hold(order::nothing_imports_to_the_right, &["src"]);
}

#[test]
fn rule_1_every_folder_has_its_place_in_the_order() {
    hold(order::every_folder_has_its_place, &["src"]);
}

#[test]
fn rule_2_models_know_only_what_is_as_pure_as_they_are() {
    hold(purity::models_are_pure, &["src"]);
}

#[test]
fn rule_2_stores_know_no_web() {
    hold(layers::stores_know_no_web, &["src"]);
}

#[test]
fn rule_2_web_knows_no_database() {
    hold(layers::web_knows_no_database, &["src"]);
}

#[test]
fn rule_2_statistics_are_pure() {
    hold(layers::statistics_are_pure, &["src"]);
}

#[test]
fn rule_3_only_platform_db_opens_transactions_and_connections() {
    hold(layers::only_platform_db_opens_transactions, &["src"]);
}

#[test]
fn rule_3_handlers_never_see_a_connection() {
    hold(layers::handlers_never_see_a_connection, &["src"]);
}

#[test]
fn rule_4_a_store_is_used_only_by_its_own_capability() {
    hold(order::stores_are_private, &["src"]);
}

#[test]
fn rule_5_effects_outside_the_database_happen_in_jobs() {
    hold(discipline::effects_happen_in_jobs, &["src"]);
}

#[test]
fn rule_6_a_verb_with_a_permit_gives_a_ledger_entry() {
    hold(discipline::verbs_are_recorded, &["src"]);
}

#[test]
fn rule_7_only_access_hands_out_reach() {
    hold(reach::only_access_hands_out_reach, &["src"]);
}

#[test]
fn rule_7_few_files_reach_everybody() {
    hold(reach::few_files_reach_everybody, &["src"]);
    hold(reach::the_list_is_true, &["src"]);
}

#[test]
fn rule_8_reviews_are_read_through_one_door() {
    hold(discipline::reviews_are_read_through_one_door, &["src"]);
}

#[test]
fn style_6_no_result_is_thrown_away() {
    hold(discipline::no_result_is_thrown_away, &["src", "benches"]);
}

#[test]
fn style_7_no_lint_is_switched_off_for_good() {
    hold(discipline::no_allow, &["src", "tests", "benches"]);
}
