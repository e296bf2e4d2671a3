//! What goes on after a correction as if nothing had happened: exports from before it come back, the public finds what it
//! sees, and last year counts as it counts now.

use diesel::prelude::*;
use portal::publication::Source;
use portal::schema::{corrected_result, improvement_plan};
use portal::{returns, standards};
use serde_json::{Value, json};

use super::{HERE, Scene, a_year_that_closed};
use crate::on_both;
use crate::support::year::assertions;
use crate::support::{Browser, World, everybodys};

on_both!(
    an_export_from_before_a_correction_comes_back,
    the_public_finds_what_it_sees,
    last_year_is_told_as_it_counts,
    an_organisation_has_approached_where_the_grade_in_force_says_so,
);

/// Both minima are raised and in force.
async fn corrected(scene: &Scene) {
    scene.closed();
    let mut edith = scene.drafted().await;
    scene.previewed(&mut edith).await;
    let mut max = scene.world.signed_in("Max Manager").await;
    scene.approved(&mut max).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.state().0, "in_force");
}

/// A second collection of the same edition beside the first, open until the end of the year: nothing is carried into it.
fn another_collection(world: &World, key: &str) {
    let edition = world
        .db()
        .read_now(everybodys(), |conn| Ok(standards::edition_by_key(conn, "outcomes-2026")?.unwrap().0.id()))
        .unwrap();
    world.collection(key, edition, ["2026-01-05 09:00", "2026-12-30 12:00", "2026-12-31 12:00"]);
}

async fn exported(lead: &mut Browser, at: &str) -> Value {
    serde_json::from_str(&lead.get(at).await.expect(200).text()).unwrap()
}

async fn an_export_from_before_a_correction_comes_back(world: World) {
    let scene = a_year_that_closed(world, 1, 1);
    let trust = &scene.trusts[0];
    let mut lead = scene.world.signed_in("Lead ZZ000").await;
    let before = exported(&mut lead, &trust.at("2026", "/export.json")).await;
    another_collection(&scene.world, "again");
    scene.world.started(trust, "again");
    corrected(&scene).await;
    let mut lead = scene.world.signed_in("Lead ZZ000").await;
    let now = exported(&mut lead, &trust.at("again", "/export.json")).await;
    assert_ne!(now["edition"]["hash"], before["edition"]["hash"], "the correction changed the rules");
    // What no rules of the edition ever were is refused still, also what was never more than a draft.
    let to = trust.at("again", "/offline/restore");
    for hash in ["00".repeat(32), "none".to_owned()] {
        let mut other = before.clone();
        other["edition"]["hash"] = json!(hash);
        lead.get(&trust.at("again", "/offline")).await.expect(200);
        lead.upload(&to, &[], "a.json", &serde_json::to_vec(&other).unwrap())
            .await
            .expect(422)
            .shows("another edition of the requirements");
    }
    lead.get(&trust.at("again", "/offline")).await.expect(200);
    lead.upload(&to, &[], "a.json", &serde_json::to_vec(&before).unwrap()).await.expect(303);
    let again = exported(&mut lead, &trust.at("again", "/export.json")).await;
    let values = |export: &Value| -> Vec<Value> {
        let rows = export["requirements"].as_array().unwrap();
        rows.iter().map(|row| row["answer"]["value"].clone()).collect()
    };
    assert_eq!(values(&again), values(&before));
    assert_eq!(values(&again).len(), 2);
    scene.world.settle();
}

async fn the_public_finds_what_it_sees(world: World) {
    let scene = a_year_that_closed(world, 2, 3);
    scene.closed();
    scene.world.published(Source::Collection("2026".to_owned()));
    scene.world.clock.advance_seconds(3_600);
    let search = |grade: &str| format!("/public/organisations?grade={grade}");
    let mut public = scene.world.browser();
    public.get(&search("standards_met")).await.expect(200).shows("ZZ000").shows("ZZ002");
    public.get(&search("standards_not_met")).await.expect(200).hides("ZZ002");
    corrected(&scene).await;
    let met = public.get(&search("standards_met")).await.expect(200);
    met.shows("ZZ000").shows("ZZ001").hides("ZZ002");
    let not_met = public.get(&search("standards_not_met")).await.expect(200);
    not_met.hides("ZZ000").shows("ZZ002").shows("ZZ003").shows("ZZ004").shows("Revised");
    // The list says of every organisation the very status by which it is found.
    public.get("/public/organisations").await.expect(200).shows("ZZ000").shows("ZZ004");
    public.get("/public/organisations/ZZ002").await.expect(200).shows("Standards not met");
}

async fn last_year_is_told_as_it_counts(world: World) {
    let scene = a_year_that_closed(world, 1, 1);
    corrected(&scene).await;
    let mut edith = scene.world.signed_in("Edith Editor").await;
    edith.get(&format!("{HERE}/1")).await.expect(200).shows("In force");
    let trust = scene.trusts[1].clone();
    let edition = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(standards::edition_by_key(conn, "outcomes-2026")?.unwrap().0.id()))
        .unwrap();
    scene.world.collection("2027", edition, ["2026-07-20 08:00", "2026-12-30 12:00", "2026-12-31 12:00"]);
    scene.world.started(&trust, "2027");
    let (claimed, levels) = scene
        .world
        .db()
        .read_now(everybodys(), move |conn| {
            let found = returns::find(conn, returns::Which::Of(trust.id, "2026"))?.unwrap();
            let sent = returns::submission(conn, found.submission.unwrap())?;
            assert_eq!(sent.claimed_grade, "standards_met", "what was sent stays as it was sent");
            returns::claim_in_force(conn, sent.id, (sent.claimed_grade.clone(), sent.levels.clone()))
        })
        .unwrap();
    assert_eq!((claimed.as_str(), levels.len()), ("standards_not_met", 2));
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let standing = lead.get(&scene.trusts[1].at("2027", "/standing")).await.expect(200);
    standing.shows("In 2026 the answers gave: Standards not met");
}

async fn an_organisation_has_approached_where_the_grade_in_force_says_so(world: World) {
    let scene = a_year_that_closed(world, 1, 1);
    corrected(&scene).await;
    let trust = scene.trusts[1].clone();
    let next = scene.world.edition(&assertions("items-2027"));
    scene.world.collection("2027", next, ["2026-07-20 08:00", "2026-12-30 12:00", "2026-12-31 12:00"]);
    scene.world.started(&trust, "2027");
    let (db, whose) = (scene.world.db(), trust.id);
    let found = || {
        let found = db.read_now(everybodys(), |conn| returns::find(conn, returns::Which::Of(whose, "2027")));
        found.unwrap().unwrap()
    };
    // It is asked only of a return with a plan.
    let id = found().id;
    db.housekeep_now(everybodys(), move |tx| {
        diesel::insert_into(improvement_plan::table)
            .values((
                improvement_plan::return_id.eq(id),
                improvement_plan::organisation_id.eq(whose),
                improvement_plan::state.eq("draft"),
            ))
            .execute(tx.conn())?;
        Ok(())
    })
    .unwrap();
    assert!(!found().circumstances.approached_before);
    // What the correction made of last year's claim is what counts, not what was sent.
    db.housekeep_now(everybodys(), move |tx| {
        diesel::update(corrected_result::table.filter(corrected_result::organisation_id.eq(whose)))
            .set(corrected_result::new_claimed.eq("approaching_standards"))
            .execute(tx.conn())?;
        Ok(())
    })
    .unwrap();
    assert!(found().circumstances.approached_before);
}
