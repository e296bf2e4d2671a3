//! Planning and drawing the sample: the seed is recorded first, draws add up, and each can be made again.

use diesel::prelude::*;
use portal::access::CentralRole::{ProgrammeManager, Publisher};
use portal::review;
use portal::schema::{blind_case, job, ledger_event, sample_draw};

use super::{another_submission, planned, usual_edition};
use crate::on_both;
use crate::review::a_submission_in_the_queue;
use crate::support::{World, everybodys};

on_both!(
    the_seed_stands_in_the_ledger_before_the_draw,
    draws_add_up_and_verify,
    a_changed_sample_is_found_out,
    only_a_programme_manager_plans_and_mistakes_are_explained,
    a_draw_by_hand_needs_a_plan_and_something_new,
    the_night_draws_what_has_come_in,
);

fn kinds(world: &World) -> Vec<(String, String)> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.like("sample_%"))
                .order(ledger_event::id)
                .select((ledger_event::kind, ledger_event::body))
                .load(conn)?)
        })
        .unwrap()
}

fn cases(world: &World) -> i64 {
    world.db().read_now(everybodys(), |conn| Ok(blind_case::table.count().get_result(conn)?)).unwrap()
}

async fn the_seed_stands_in_the_ledger_before_the_draw(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut mo = scene.world.person_signed_in("Mo Manager", ProgrammeManager).await;
    planned(&mut mo, "100").await;
    mo.post("/reviews/consistency/2026/draw", &[]).await.expect(303);
    let told = kinds(&scene.world);
    let names: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(names, ["sample_planned", "sample_drawn"]);
    let planned: serde_json::Value = serde_json::from_str(&told[0].1).unwrap();
    assert_eq!(planned["data"]["seed"].as_str().unwrap().len(), 64);
    // The ledger says how many and a hash, never which.
    let drawn: serde_json::Value = serde_json::from_str(&told[1].1).unwrap();
    let number = |name: &str| drawn["data"][name].as_i64();
    assert_eq!((number("taken"), number("population")), (Some(1), Some(1)));
    assert!(drawn["organisation"].is_null());
    mo.get("/reviews/consistency/2026/sample").await.expect(200).hides("ZZ001").shows("Draw 1");
}

async fn draws_add_up_and_verify(world: World) {
    let scene = a_submission_in_the_queue(world);
    for code in ["ZZ002", "ZZ003", "ZZ004"] {
        another_submission(&scene, code);
    }
    let mut mo = scene.world.person_signed_in("Mo Manager", ProgrammeManager).await;
    planned(&mut mo, "50").await;
    mo.post("/reviews/consistency/2026/draw", &[]).await.expect(303);
    assert_eq!(cases(&scene.world), 2, "half of four");
    another_submission(&scene, "ZZ005");
    mo.get("/reviews/consistency/2026/sample").await.expect(200);
    mo.post("/reviews/consistency/2026/draw", &[]).await.expect(303);
    assert_eq!(cases(&scene.world), 3, "half of five, rounded up");
    another_submission(&scene, "ZZ006");
    mo.get("/reviews/consistency/2026/sample").await.expect(200);
    mo.post("/reviews/consistency/2026/draw", &[]).await.expect(303);
    assert_eq!(cases(&scene.world), 3, "half of six is there already");
    let (draws, differences) =
        scene.world.db().read_now(everybodys(), review::consistency::verify_samples).unwrap();
    assert_eq!((draws, differences.len()), (3, 0));
}

async fn a_changed_sample_is_found_out(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut mo = scene.world.person_signed_in("Mo Manager", ProgrammeManager).await;
    planned(&mut mo, "100").await;
    mo.post("/reviews/consistency/2026/draw", &[]).await.expect(303);
    let difference = |world: &World| {
        let (_, found) = world.db().read_now(everybodys(), review::consistency::verify_samples).unwrap();
        found.into_iter().map(|one| one.how).collect::<Vec<_>>()
    };
    assert!(difference(&scene.world).is_empty());
    scene
        .world
        .db()
        .housekeep_now(everybodys(), |tx| Ok(diesel::delete(blind_case::table).execute(tx.conn())?))
        .unwrap();
    assert!(difference(&scene.world)[0].contains("draws another sample"));
    scene
        .world
        .db()
        .housekeep_now(everybodys(), |tx| {
            Ok(diesel::update(sample_draw::table).set(sample_draw::seed.eq("another")).execute(tx.conn())?)
        })
        .unwrap();
    assert!(!difference(&scene.world).is_empty());
}

async fn only_a_programme_manager_plans_and_mistakes_are_explained(world: World) {
    let scene = a_submission_in_the_queue(world);
    let at = "/reviews/consistency/2026/sample";
    let mut mo = scene.world.person_signed_in("Mo Manager", ProgrammeManager).await;
    for share in ["", "0", "101", "a few", "2.5"] {
        mo.get(at).await.expect(200);
        mo.post(at, &[("version", "0"), ("share", share), ("moment", "at_close")])
            .await
            .expect(422)
            .shows("Enter a whole number from 1 to 100");
    }
    let plan = [("version", "0"), ("share", "5"), ("by_sector", "no"), ("moment", "at_close")];
    mo.post(at, &plan).await.expect(303);
    // Somebody who saw no plan cannot save over it, and the seed stays when the plan changes.
    mo.post(at, &plan).await.expect(409);
    planned(&mut mo, "7").await;
    let seeds: Vec<String> = kinds(&scene.world)
        .into_iter()
        .map(|(_, body)| {
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            body["data"]["seed"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(seeds.len(), 2);
    assert_eq!(seeds[0], seeds[1]);
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get(at).await.expect(200).hides("Save the plan");
    bea.post(at, &plan).await.expect(403);
    bea.post("/reviews/consistency/2026/draw", &[]).await.expect(403);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(at).await.expect(403);
    let mut pia = scene.world.person_signed_in("Pia Publisher", Publisher).await;
    pia.get(at).await.expect(403);
    pia.get("/reviews/consistency").await.expect(200).hides("Disagreements to settle");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/reviews/consistency").await.expect(404);
    mo.get("/reviews/consistency/1999/sample").await.expect(404);
}

async fn a_draw_by_hand_needs_a_plan_and_something_new(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut mo = scene.world.person_signed_in("Mo Manager", ProgrammeManager).await;
    let at = "/reviews/consistency/2026/draw";
    mo.get("/reviews/consistency/2026/sample").await.expect(200).hides("Draw the sample");
    assert!(mo.post(at, &[]).await.status.is_client_error());
    planned(&mut mo, "100").await;
    mo.post(at, &[]).await.expect(303);
    assert!(mo.post(at, &[]).await.status.is_client_error());
    assert_eq!(cases(&scene.world), 1);
}

async fn the_night_draws_what_has_come_in(world: World) {
    world.usual_year(&usual_edition());
    let trust = world.trust("ZZ001");
    world.submitted_levels(&trust, "2026");
    world.settle();
    let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
    planned(&mut mo, "20").await;
    world.db().housekeep_now(everybodys(), review::ensure_scheduled).unwrap();
    world.settle();
    assert_eq!(cases(&world), 1);
    // It asks to be run again at four in the morning.
    let next: portal::platform::clock::Timestamp = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(job::table.filter(job::kind.eq(review::consistency::NIGHT)).select(job::run_at).first(conn)?)
        })
        .unwrap();
    assert_eq!(next, world.now().london_day().plus_days(1).at_hour(4));
    // A plan for the close draws nothing while the collection is open.
    let late = world.trust("ZZ002");
    world.submitted_levels(&late, "2026");
    world.settle();
    let version = mo.get("/reviews/consistency/2026/sample").await.expect(200).hidden("version");
    let plan = [("version", version.as_str()), ("share", "100"), ("by_sector", "no"), ("moment", "at_close")];
    mo.post("/reviews/consistency/2026/sample", &plan).await.expect(303);
    world.clock.advance_seconds(86_400);
    world.settle();
    assert_eq!(cases(&world), 1);
}
