//! Answers under guard: what grades and earlier releases single out is not published, and only the publisher sees what was
//! suppressed.

use diesel::prelude::*;
use portal::access::CentralRole;
use portal::platform::error::Error;
use portal::platform::ids::OrganisationId;
use portal::publication::{Draft, Source};
use portal::schema::release_answer;
use portal::statistics::Figure;
use serde_json::Value;

use super::given::Return;
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    a_few_that_are_publicly_below_the_standard_are_not_mapped,
    many_below_the_standard_are_counted_as_before,
    those_who_joined_since_a_release_cannot_be_subtracted,
    who_left_is_a_difference_too,
    figures_taken_before_another_release_became_public_are_not_published,
    only_the_publisher_sees_what_is_suppressed,
);

fn collection() -> Source {
    Source::Collection("2026".to_owned())
}

fn trusts(world: &World, number: usize) -> Vec<OrganisationId> {
    (0..number).map(|n| world.organisation(&format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust")).collect()
}

fn satisfactory(id: OrganisationId) -> Return {
    Return { claimed: "satisfactory", level: 2, ..Return::of(id) }
}

fn below(id: OrganisationId) -> Return {
    Return { claimed: "not_satisfactory", level: 1, ..Return::of(id) }
}

/// The figures of the table of answers: shown ones by row and column keys.
fn shown(draft: &Draft) -> Vec<(String, String, u64)> {
    let entry = draft.document.table("answers-by-requirement").expect("a table of answers");
    let table = &entry.table;
    let mut found = Vec::new();
    for (r, row) in table.rows.categories().iter().enumerate() {
        for (c, column) in table.columns.categories().iter().enumerate() {
            found.extend(table.at(r, c).map(|count| (row.key.clone(), column.key.clone(), count)));
        }
    }
    found
}

fn disclosure(draft: &Draft) -> Value {
    serde_json::from_str(&draft.disclosure).unwrap()
}

async fn a_few_that_are_publicly_below_the_standard_are_not_mapped(world: World) {
    let collected = world.collected("2026", None);
    for (n, id) in trusts(&world, 123).into_iter().enumerate() {
        world.submitted(collected, if n < 3 { below(id) } else { satisfactory(id) });
    }
    let draft = world.composed(collection());
    // Three of 123 would be shown by the rules of one table. The register names the three, so only what the others may
    // have answered is shown: whether any of the three is among those 120 stays open.
    let figures = shown(&draft);
    assert!(figures.iter().all(|(_, answer, count)| answer == "level_2" && *count == 120), "{figures:?}");
    let entry = draft.document.table("answers-by-requirement").unwrap();
    assert!(entry.table.row_totals.contains(&Some(123)));
    // Shares of 123 would be the same counts in other words.
    let analysed =
        draft.document.measures.iter().find(|entry| entry.name == "requirements-analysed").unwrap();
    assert!(analysed.table.figures.iter().all(|figure| *figure == Figure::Withheld));
    let report = disclosure(&draft);
    let table = &report["tables"][0];
    assert!(table["reasons"]["small group known from public grades"].as_u64().unwrap() > 0, "{table}");
    for one in table["singled"].as_array().unwrap().iter().filter(|one| one["size"] == 3) {
        assert_eq!((one["low"].as_u64(), one["high"].as_u64()), (Some(0), Some(3)), "{one}");
    }
    assert!(report["left_out"][0].as_str().unwrap().contains("claims in review is left out"));
    let key = world.published(collection());
    let mut browser = world.browser();
    browser.get(&format!("/public/releases/{key}")).await.expect(200).shows("is suppressed");
}

async fn many_below_the_standard_are_counted_as_before(world: World) {
    let collected = world.collected("2026", None);
    for (n, id) in trusts(&world, 80).into_iter().enumerate() {
        world.submitted(collected, if n < 30 { below(id) } else { satisfactory(id) });
    }
    let draft = world.composed(collection());
    let figures = shown(&draft);
    assert!(figures.iter().any(|(_, column, count)| column == "level_1" && *count == 30), "{figures:?}");
    assert!(figures.iter().any(|(_, column, count)| column == "level_2" && *count == 50), "{figures:?}");
    assert_eq!(disclosure(&draft)["tables"][0]["withheld"].as_array().unwrap().len(), 0);
}

async fn those_who_joined_since_a_release_cannot_be_subtracted(world: World) {
    let trusts = trusts(&world, 60);
    let collected = world.collected("2026", None);
    for id in &trusts[..40] {
        world.submitted(collected, satisfactory(*id));
    }
    world.published(collection());
    world.clock.advance_seconds(3600);
    // Six are enough for the rule of numbers, but all six answered the same.
    for id in &trusts[40..46] {
        let late = Return { at: world.now(), level: 3, ..satisfactory(*id) };
        world.submitted(collected, late);
    }
    let revised = world.composed(collection());
    let figures = shown(&revised);
    assert!(figures.iter().all(|(_, column, _)| column != "level_3"), "{figures:?}");
    let report = disclosure(&revised);
    assert_eq!(report["earlier"], serde_json::json!(["returns-2026"]));
    let singled = report["tables"][0]["singled"].as_array().unwrap();
    let joined: Vec<&Value> = singled.iter().filter(|one| one["changed"] == true).collect();
    assert!(!joined.is_empty());
    for one in joined {
        assert!(one["low"].as_u64().unwrap() <= 1 && one["high"].as_u64() == Some(6), "{one}");
        assert_eq!(one["lost"], false);
    }
}

async fn who_left_is_a_difference_too(world: World) {
    let trusts = trusts(&world, 40);
    let collected = world.collected("2026", None);
    for id in &trusts {
        world.submitted(collected, satisfactory(*id));
    }
    world.published(collection());
    world.clock.advance_seconds(3600);
    let gone = trusts[0];
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            use portal::schema::organisation;
            diesel::update(organisation::table.filter(organisation::id.eq(gone)))
                .set(organisation::closed_on.eq(Some("2025-12-01")))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let revised = world.composed(collection());
    assert_eq!(revised.records.len(), 39);
    assert!(revised.document.table("answers-by-requirement").is_none());
    assert!(revised.report.contains("1 organisations changed since release returns-2026"));
}

async fn figures_taken_before_another_release_became_public_are_not_published(world: World) {
    let trusts = trusts(&world, 60);
    let collected = world.collected("2026", None);
    for id in &trusts[..40] {
        world.submitted(collected, satisfactory(*id));
    }
    let first = world.stored(collection());
    world.clock.advance_seconds(3600);
    for id in &trusts[40..46] {
        world.submitted(collected, Return { at: world.now(), level: 3, ..satisfactory(*id) });
    }
    // Nothing was public when it was counted, so it was protected against nothing.
    let second = world.stored(collection());
    world.publish(&first).unwrap();
    let refused = world.publish(&second).unwrap_err();
    let Error::Refused(why) = refused else { panic!("{refused:?}") };
    assert!(why.contains("became public after the figures"), "{why}");
    let again = world.stored(collection());
    world.publish(&again).unwrap();
    world.settle();
}

async fn only_the_publisher_sees_what_is_suppressed(world: World) {
    let collected = world.collected("2026", None);
    for (n, id) in trusts(&world, 30).into_iter().enumerate() {
        world.submitted(collected, if n < 2 { below(id) } else { satisfactory(id) });
    }
    let key = world.published(collection());
    let kept: i64 = world
        .db()
        .read_now(everybodys(), |conn| Ok(release_answer::table.count().get_result(conn)?))
        .unwrap();
    assert_eq!(kept, 30);
    world.person("Paul Publisher", &[], &[CentralRole::Publisher]);
    world.person("Ada Reviewer", &[], &[CentralRole::CentralReviewer]);
    let (page, list) = (format!("/releases/{key}/disclosure"), format!("/releases/{key}/disclosure.csv"));
    let mut paul = world.signed_in("Paul Publisher").await;
    paul.get(&format!("/releases/{key}")).await.expect(200).shows(&page);
    paul.get(&page)
        .await
        .expect(200)
        .shows("Not for publication")
        .shows("True count")
        .shows("small group known from public grades")
        .shows("independent parts are proved to be the cheapest choice");
    let csv = paul.get(&list).await.expect(200).text();
    assert!(csv.starts_with("table,row,column,published,group_size,count,reason,"), "{csv}");
    assert!(csv.lines().any(|line| line.contains(",never,2,,small group,0,2,same public grade,no")), "{csv}");
    paul.get("/releases/unknown/disclosure").await.expect(404);
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.get(&page).await.expect(403);
    ada.get(&list).await.expect(403);
    ada.get(&format!("/releases/{key}")).await.expect(200).hides(&page);
    let mut nobody = world.browser();
    nobody.get(&page).await.expect(303);
    nobody.get(&list).await.expect(303);
    nobody.get(&format!("/public/releases/{key}/disclosure.csv")).await.expect(404);
}
