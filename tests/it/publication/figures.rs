//! The figures of a release against plain recounts of what they were made from.

use std::collections::BTreeMap;

use portal::platform::ids::OrganisationId;
use portal::publication::{Draft, Source};

use super::given::Return;
use crate::on_both;
use crate::support::World;

on_both!(
    a_register_is_counted_as_it_was_published,
    a_successors_status_counts_only_where_there_is_no_own_current_one,
    a_collection_counts_everybody_in_scope,
    a_collection_without_a_single_return_is_a_release_too,
    answers_of_a_few_are_suppressed_whole_and_cannot_be_worked_out,
    answers_are_left_out_where_two_releases_would_tell_the_difference,
    year_on_year_change_counts_matched_organisations_only,
);

const SNAPSHOT: &str = "register@2022-09-09";

fn register() -> Source {
    Source::Register(SNAPSHOT.to_owned())
}

fn collection() -> Source {
    Source::Collection("2026".to_owned())
}

/// The count under two keys of a table.
fn count(draft: &Draft, table: &str, row: &str, column: &str) -> Option<u64> {
    let entry = draft.document.table(table).unwrap_or_else(|| panic!("no table {table}"));
    let place = |dimension: &portal::statistics::Dimension, key: &str| {
        dimension.position(key).unwrap_or_else(|| panic!("{table} has no {key}"))
    };
    entry.table.at(place(&entry.table.rows, row), place(&entry.table.columns, column))
}

async fn a_register_is_counted_as_it_was_published(world: World) {
    let statuses = [
        ("nhs_trust", "21/22", "Standards Met", "standards_met"),
        ("nhs_trust", "21/22", "Standards Met", "standards_met"),
        ("nhs_trust", "21/22", "Standards Exceeded", "standards_exceeded"),
        ("gp", "19/20", "Entry Level", "approaching_standards"),
        ("gp", "", "Not Published", "not_published"),
        ("gp", "22/23", "Standards Met", "standards_met"),
    ];
    let mut recount: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (n, (sector, edition, label, grade)) in statuses.into_iter().enumerate() {
        let id = world.organisation(&format!("A{n}"), &format!("Organisation {n}"), sector);
        world.status(SNAPSHOT, id, edition, label, grade);
        *recount.entry((sector, grade)).or_default() += 1;
    }
    let draft = world.composed(register());
    for ((sector, grade), expected) in recount {
        assert_eq!(count(&draft, "grade-by-sector", sector, grade), Some(expected), "{sector} {grade}");
    }
    assert_eq!(draft.document.edition, "21/22");
    assert_eq!(count(&draft, "grade-by-edition", "19/20", "approaching_standards"), Some(1));
    assert_eq!(count(&draft, "standing-by-sector", "gp", "older_edition"), Some(1));
    assert_eq!(count(&draft, "grade-by-region", "Y56", "standards_met"), Some(3));
    let headline = &draft.document.headline;
    assert_eq!((headline.in_scope, headline.published, headline.meeting, headline.older), (6, 5, 4, 1));
    assert_eq!(headline.meeting_share.as_deref(), Some("66.7"));
    assert!(draft.document.tables.iter().all(|entry| entry.table.withheld() == 0));
    assert!(world.try_composed(Source::Register("register@1999-01-01".into()), None).is_err());
}

async fn a_successors_status_counts_only_where_there_is_no_own_current_one(world: World) {
    let heir = world.organisation("H1", "Heir", "nhs_trust");
    let gone = world.organisation("G1", "Gone", "nhs_trust");
    let stale = world.organisation("G2", "Stale", "nhs_trust");
    let own = world.organisation("O1", "Own", "nhs_trust");
    world.status(SNAPSHOT, heir, "21/22", "Standards Exceeded", "standards_exceeded");
    world.status(SNAPSHOT, gone, "", "Not Published", "not_published");
    world.status(SNAPSHOT, stale, "20/21", "Standards Met", "standards_met");
    world.status(SNAPSHOT, own, "21/22", "Standards Not Met", "standards_not_met");
    for id in [gone, stale, own] {
        world.successor(id, heir);
    }
    let draft = world.composed(register());
    let standing = |code: &str| {
        let record = draft.records.iter().find(|record| record.code == code).unwrap();
        (record.standing.as_str(), record.inherited_from.clone())
    };
    assert_eq!(standing("G1"), ("standards_exceeded", Some("H1".into())));
    assert_eq!(standing("G2"), ("standards_exceeded", Some("H1".into())));
    assert_eq!(standing("O1"), ("standards_not_met", None));
    // What was printed is counted as it was printed.
    assert_eq!(count(&draft, "grade-by-sector", "nhs_trust", "standards_met"), Some(1));
    assert_eq!(count(&draft, "standing-by-sector", "nhs_trust", "standards_exceeded"), Some(3));
    assert_eq!(draft.document.headline.inherited, 2);
}

fn trusts(world: &World, number: usize) -> Vec<OrganisationId> {
    (0..number).map(|n| world.organisation(&format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust")).collect()
}

async fn a_collection_counts_everybody_in_scope(world: World) {
    let trusts = trusts(&world, 8);
    world.organisation("GP1", "A practice, not in scope", "gp");
    let collected = world.collected("2026", None);
    world.submitted(collected, Return { assessed: Some("not_satisfactory"), ..Return::of(trusts[0]) });
    world
        .submitted(collected, Return { assessed: Some("satisfactory"), late: true, ..Return::of(trusts[1]) });
    world.submitted(collected, Return { claimed: "satisfactory", ..Return::of(trusts[2]) });
    let draft = world.composed(collection());
    assert_eq!(draft.records.len(), 8);
    assert_eq!(count(&draft, "grade-by-sector", "nhs_trust", "satisfactory"), Some(2));
    assert_eq!(count(&draft, "grade-by-sector", "nhs_trust", "not_satisfactory"), Some(1));
    assert_eq!(count(&draft, "grade-by-sector", "nhs_trust", "not_published"), Some(5));
    assert_eq!(count(&draft, "late-by-sector", "nhs_trust", "late"), Some(1));
    assert_eq!(count(&draft, "late-by-sector", "nhs_trust", "not_submitted"), Some(5));
    assert_eq!(count(&draft, "review-by-sector", "nhs_trust", "provisional"), Some(1));
    assert_eq!(draft.document.headline.provisional, 1);
    assert!(draft.document.is_provisional());
}

async fn a_collection_without_a_single_return_is_a_release_too(world: World) {
    world.collected("2026", None);
    let nobody = world.composed(collection());
    assert_eq!(nobody.document.headline.in_scope, 0);
    assert_eq!(nobody.document.headline.meeting_share, None);
    let key = world.published(collection());
    let mut browser = world.browser();
    browser.get("/").await.expect(200).shows("No organisation is in scope");
    browser.get(&format!("/public/releases/{key}")).await.expect(200);
    browser.get("/public/organisations").await.expect(200).shows("No organisation found");
    browser.get("/public/data/organisations.csv").await.expect(200).shows("observation_status");
    trusts(&world, 3);
    let silent = world.composed(collection());
    assert_eq!(count(&silent, "grade-by-sector", "nhs_trust", "not_published"), Some(3));
    assert!(silent.document.table("answers-by-requirement").is_none());
}

async fn answers_of_a_few_are_suppressed_whole_and_cannot_be_worked_out(world: World) {
    let trusts = trusts(&world, 3);
    let collected = world.collected("2026", None);
    for (n, id) in trusts.iter().enumerate() {
        world.submitted(collected, Return { level: n as u8, ..Return::of(*id) });
    }
    let draft = world.composed(collection());
    let entry = draft.document.table("answers-by-requirement").unwrap();
    assert!(entry.protected);
    assert!(
        entry.table.cells.iter().all(Option::is_none),
        "three organisations answered: nothing may be shown"
    );
    let report: serde_json::Value = serde_json::from_str(&draft.report).unwrap();
    for cell in report["withheld"].as_array().unwrap() {
        assert!(cell["low"].as_u64() < cell["high"].as_u64(), "{cell}");
    }
    // Nothing public says more than the document does.
    let key = world.published(collection());
    let mut browser = world.browser();
    let csv =
        browser.get(&format!("/public/releases/{key}/answers-by-requirement.csv")).await.expect(200).text();
    for line in csv.lines().skip(1).filter(|line| !line.contains(",total,")) {
        assert!(line.contains(",confidential,") && line.contains(",,3,,"), "{line}");
    }
    browser.get("/public/requirements").await.expect(200).shows("suppressed");
}

async fn answers_are_left_out_where_two_releases_would_tell_the_difference(world: World) {
    let trusts = trusts(&world, 40);
    let collected = world.collected("2026", None);
    for id in &trusts[..30] {
        world.submitted(collected, Return::of(*id));
    }
    world.published(collection());
    let later = |id: OrganisationId| Return { at: world.now().plus_seconds(60), level: 1, ..Return::of(id) };
    world.submitted(collected, later(trusts[30]));
    world.clock.advance_seconds(3600);
    let revised = world.composed(collection());
    assert!(revised.document.table("answers-by-requirement").is_none());
    assert!(revised.report.contains("fewer than the minimum"));
    for id in &trusts[31..36] {
        world.submitted(collected, later(*id));
    }
    assert!(world.composed(collection()).document.table("answers-by-requirement").is_some());
}

async fn year_on_year_change_counts_matched_organisations_only(world: World) {
    let earlier = "register-2019@2019-06-17";
    let ids: Vec<OrganisationId> =
        (0..4).map(|n| world.organisation(&format!("A{n}"), &format!("Organisation {n}"), "gp")).collect();
    world.status(earlier, ids[0], "18/19", "Entry Level", "approaching_standards");
    world.status(earlier, ids[1], "18/19", "Standards Met", "standards_met");
    world.status(earlier, ids[2], "", "", "not_published");
    world.status(SNAPSHOT, ids[0], "21/22", "Standards Met", "standards_met");
    world.status(SNAPSHOT, ids[1], "21/22", "Standards Met", "standards_met");
    world.status(SNAPSHOT, ids[3], "21/22", "Standards Met", "standards_met");
    let change = world.composed(register()).document.change.unwrap();
    assert_eq!((change.matched, change.improved, change.unchanged, change.worsened), (2, 1, 1, 0));
    assert_eq!((change.joined, change.left), (1, 1));
    assert_eq!(change.earlier_name, "the national register of 17 June 2019");
}
