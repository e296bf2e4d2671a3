//! What is refused: one's own correction, a preview that is no longer true, rules outside the edition, and a release of
//! the old rules.

use portal::access::CentralRole::Publisher;
use portal::publication::Source;
use serde_json::json;

use super::{HERE, Scene, a_year_that_closed, standing};
use crate::on_both;
use crate::support::World;

on_both!(
    nobody_approves_their_own,
    a_stale_preview_is_computed_again,
    what_is_outside_the_edition_is_refused,
    a_release_of_the_old_rules_is_not_published,
    one_correction_at_a_time,
);

async fn nobody_approves_their_own(world: World) {
    let scene = a_year_that_closed(world, 1, 1);
    let mut edith = scene.drafted().await;
    // Not before it was previewed, by nobody.
    let mut max = scene.world.signed_in("Max Manager").await;
    max.get(&format!("{HERE}/1")).await.expect(200).hides("Your decision");
    let version = "1".to_owned();
    let form = [("version", version.as_str()), ("decision", "approve"), ("statement", "Mine.")];
    max.post(&format!("{HERE}/1/decision"), &form).await.expect(409);
    scene.previewed(&mut edith).await;
    let page = edith.get(&format!("{HERE}/1")).await.expect(200).hides("Your decision");
    let version = page.hidden("version");
    let form = [("version", version.as_str()), ("decision", "approve"), ("statement", "Mine.")];
    edith.post(&format!("{HERE}/1/decision"), &form).await.expect(403).shows("somebody else");
    // A colleague does not change what they would then approve.
    let mut ellis = scene.world.signed_in("Ellis Editor").await;
    let edit = [("version", version.as_str()), ("reason", "Another."), ("expected:A1.a:acute", "achieved")];
    ellis.get(&format!("{HERE}/1/edit")).await.expect(403).shows("Only its author changes a correction");
    ellis.post(&format!("{HERE}/1/edit"), &edit).await.expect(403);
    // Nor does somebody without the role even read what it changes.
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&format!("{HERE}/1/results")).await.expect(403);
    assert_eq!(scene.state().0, "previewed");
}

async fn a_stale_preview_is_computed_again(world: World) {
    let scene = a_year_that_closed(world, 1, 1);
    let mut edith = scene.drafted().await;
    scene.previewed(&mut edith).await;
    let late = scene.world.trust("ZZ900");
    scene.world.started(&late, "2026");
    for code in ["A1.a", "A1.b"] {
        scene.world.answered(&late, "2026", code, &json!({"indicators": [format!("{code}.P1")]}), "");
    }
    scene.world.sent(&late, "2026");
    scene.world.settle();
    let mut max = scene.world.signed_in("Max Manager").await;
    scene.approved(&mut max).await.expect(409).shows("Returns have changed since the preview");
    scene.world.settle();
    assert_eq!(scene.state(), ("previewed".to_owned(), 3));
    max.get(&format!("{HERE}/1")).await.expect(200).shows("Of 3 returns 3 met the standard before, and 1 do");
    scene.approved(&mut max).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.state(), ("in_force".to_owned(), 3));
}

async fn what_is_outside_the_edition_is_refused(world: World) {
    let scene = a_year_that_closed(world, 1, 0);
    let mut edith = scene.world.signed_in("Edith Editor").await;
    edith.get(&format!("{HERE}/new")).await.expect(200);
    let post = async |edith: &mut crate::support::Browser, field: &str, value: &str| {
        edith.post(&format!("{HERE}/new"), &[("reason", "Wrong."), (field, value)]).await
    };
    post(&mut edith, "expected:Z9.z:acute", "achieved").await.expect(422).shows("Z9.z is not asked");
    post(&mut edith, "expected:A1.a:mental", "achieved").await.expect(422).shows("A1.a is not asked");
    post(&mut edith, "expected:A1.a:acute", "splendid").await.expect(422).shows("Select what is expected");
    post(&mut edith, "expected:A1.a:acute", "partially_achieved")
        .await
        .expect(422)
        .shows("at least one rule");
    post(&mut edith, "expected:A1.a:acute", "").await.expect(422).shows("nobody would be asked");
    let silent = [("expected:A1.a:acute", "achieved")];
    edith.post(&format!("{HERE}/new"), &silent).await.expect(422).shows("Say what was wrong");
    edith.get(HERE).await.expect(200).shows("have never been corrected");
    assert_eq!(standing(&scene.world), [(None, 1)]);
}

async fn a_release_of_the_old_rules_is_not_published(world: World) {
    let scene = a_year_that_closed(world, 1, 1);
    scene.world.person("Paul Publisher", &[], &[Publisher]);
    let mut paul = scene.world.signed_in("Paul Publisher").await;
    paul.get("/releases/new").await.expect(200);
    let form = [
        ("source", "collection:2026"),
        ("title", "Results"),
        ("lead_statistician", "Ada Example"),
        ("then", "prepare"),
    ];
    let prepared = paul.post("/releases/new", &form).await.expect(303).location();
    let version = paul.get(&prepared).await.expect(200).hidden("version");
    scene.world.clock.advance_seconds(60);
    in_force(&scene).await;
    let refused = paul.post(&format!("{prepared}/submit"), &[("version", &version)]).await.expect(409);
    refused.shows("Not every quality check is passed or explained");
    paul.get(&prepared).await.expect(200).shows("when the corrected results are in force");
    scene.world.published(Source::Collection("2026".to_owned()));
}

/// The correction, all the way.
async fn in_force(scene: &Scene) {
    let mut edith = scene.drafted().await;
    scene.previewed(&mut edith).await;
    let mut max = scene.world.signed_in("Max Manager").await;
    scene.approved(&mut max).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.state().0, "in_force");
}

async fn one_correction_at_a_time(world: World) {
    let scene = a_year_that_closed(world, 1, 1);
    let mut edith = scene.drafted().await;
    let another = [("reason", "Also wrong."), ("expected:A1.a:acute", "achieved")];
    edith.post(&format!("{HERE}/new"), &another).await.expect(409).shows("is under way");
    let version = edith.get(&format!("{HERE}/1")).await.expect(200).hidden("version");
    edith.post(&format!("{HERE}/1/discard"), &[("version", &version)]).await.expect(303);
    edith.get(&format!("{HERE}/1")).await.expect(200).shows("Discarded").shows("Achieved");
    let made = edith.post(&format!("{HERE}/new"), &another).await.expect(303);
    assert_eq!(made.location(), format!("{HERE}/2"), "a number is never used again");
}
