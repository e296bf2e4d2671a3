//! The whole way: minima of two outcomes raised after the close.

use portal::publication::Source;

use super::{HERE, Scene, a_year_that_closed, differences, review_of, standing};
use crate::on_both;
use crate::support::World;

on_both!(two_minima_are_raised_after_the_close, reviews_go_on_under_the_corrected_rules);

/// Ada agrees with everything in the review of this trust, and finishes it.
async fn reviewed(scene: &Scene, place: usize, finished: bool) -> String {
    let id = review_of(&scene.world, &scene.trusts[place]);
    let at = format!("/reviews/{id}");
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&at).await.expect(200);
    ada.post(&format!("{at}/claim"), &[]).await.expect(303);
    ada.agree_with_rest(&at).await;
    if finished {
        let version = ada.get(&at).await.expect(200).hidden("version");
        ada.post(&format!("{at}/finish"), &[("version", &version), ("summary", "")]).await.expect(303);
    }
    scene.world.settle();
    at
}

async fn two_minima_are_raised_after_the_close(world: World) {
    let scene = a_year_that_closed(world, 2, 3);
    reviewed(&scene, 4, true).await;
    scene.closed();
    let release = scene.world.published(Source::Collection("2026".to_owned()));
    scene.world.clock.advance_seconds(3_600);
    let mut public = scene.world.browser();
    public.get("/public/corrections").await.expect(200).shows("No rules have been corrected");
    let before = standing(&scene.world);
    let mut edith = scene.drafted().await;
    edith.get(&format!("{HERE}/1")).await.expect(200).shows("Partially achieved").shows("Draft");
    scene.previewed(&mut edith).await;
    let seen = edith.get(&format!("{HERE}/1")).await.expect(200);
    seen.shows("Of 5 returns 5 met the standard before, and 2 do after").shows("somebody else");
    assert_eq!(standing(&scene.world), before, "a preview changes nothing");
    let results = edith.get(&format!("{HERE}/1/results")).await.expect(200);
    results.shows("3 returns").shows("ZZ002").shows("2 of 2, now 0 of 2").hides("ZZ000");
    edith.get(&format!("{HERE}/1/results?show=all")).await.expect(200).shows("5 returns").shows("ZZ000");
    let csv = edith.get(&format!("{HERE}/1/results.csv?new=standards_not_met")).await.expect(200).text();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    // Refused by the second person, changed, and previewed again.
    let mut max = scene.world.signed_in("Max Manager").await;
    let version = max.get(&format!("{HERE}/1")).await.expect(200).hidden("version");
    let refusal = [("version", version.as_str()), ("decision", "refuse"), ("statement", "Which paper?")];
    max.post(&format!("{HERE}/1/decision"), &refusal).await.expect(303);
    let again = edith.get(&format!("{HERE}/1/edit")).await.expect(200);
    let version = again.hidden("version");
    edith.get(&format!("{HERE}/1")).await.shows("Which paper?");
    let changed = [
        ("version", version.as_str()),
        ("reason", "The paper of May 2026 says achieved for both outcomes."),
        ("expected:A1.a:acute", "achieved"),
        ("expected:A1.b:acute", "achieved"),
    ];
    edith.post(&format!("{HERE}/1/edit"), &changed).await.expect(303);
    scene.previewed(&mut edith).await;
    // Approved: until the job has run everybody reads the old results.
    scene.approved(&mut max).await.expect(303);
    assert_eq!(scene.state().0, "rescoring");
    assert_eq!(standing(&scene.world), before);
    scene.world.settle();
    assert_eq!(scene.state(), ("in_force".to_owned(), 5));
    what_is_read_afterwards(&scene, &release).await;
    assert_eq!(differences(&scene.world), Vec::<String>::new());
}

async fn what_is_read_afterwards(scene: &Scene, release: &str) {
    // The reviewed return carries the new grade; the others are claims.
    assert!(standing(&scene.world).contains(&(Some("standards_not_met".to_owned()), 1)));
    // Lead and SIRO of three trusts, once each, however often the jobs look.
    assert_eq!(scene.world.queued("corrections.told").len(), 6);
    scene.world.settle();
    assert_eq!(scene.world.queued("corrections.told").len(), 6);
    let mut lead = scene.world.signed_in("Lead ZZ002").await;
    let at = scene.trusts[2].at("2026", "/corrected");
    lead.get(&at)
        .await
        .expect(200)
        .shows("Standards met")
        .shows("Standards not met")
        .shows("outcomes-2026.1+1")
        .shows("These are gaps now")
        .shows("A1.a Outcome a");
    let mut other = scene.world.signed_in("Lead ZZ000").await;
    other.get(&scene.trusts[0].at("2026", "/corrected")).await.expect(200).shows("stays as it is");
    // The public reads the notice, and old and new grade beside each other.
    let mut public = scene.world.browser();
    public.get("/public/corrections").await.expect(200).shows("Correction 1 of the rules of");
    let notice = public.get("/public/corrections/1").await.expect(200);
    let notice = notice.shows("The paper of May 2026").shows("withheld").shows("outcomes-2026.1+1");
    notice.shows(&format!("/public/releases/{release}"));
    public.get(&format!("/public/releases/{release}")).await.expect(200).shows("marked revised");
    public.get("/").await.expect(200).shows("marked revised");
    let page = public.get("/public/organisations/ZZ002").await.expect(200).shows("Revised");
    page.shows("The grade was published as Standards met. It was revised to Standards not met");
    public.get("/public/organisations/ZZ000").await.expect(200).hides("Revised");
    // A release that is made now is of the corrected rules.
    let newer = scene.world.published(Source::Collection("2026".to_owned()));
    public
        .get(&format!("/public/releases/{newer}"))
        .await
        .expect(200)
        .shows("outcomes-2026.1+1")
        .hides("marked revised");
    public.get(&format!("/public/releases/{release}")).await.expect(200).shows("marked revised");
}

async fn reviews_go_on_under_the_corrected_rules(world: World) {
    let scene = a_year_that_closed(world, 0, 1);
    let at = reviewed(&scene, 0, false).await;
    scene.closed();
    let mut edith = scene.drafted().await;
    scene.previewed(&mut edith).await;
    let mut ellis = scene.world.signed_in("Ellis Editor").await;
    let version = ellis.get(&format!("{HERE}/1")).await.expect(200).hidden("version");
    // No return meets the standard under these rules: that must be meant.
    scene.approved(&mut ellis).await.expect(422).shows("Confirm that this is meant");
    let meant = [
        ("version", version.as_str()),
        ("decision", "approve"),
        ("statement", "Checked."),
        ("none_accepted", "yes"),
    ];
    ellis.post(&format!("{HERE}/1/decision"), &meant).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.state().0, "in_force");
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let version = ada.get(&at).await.expect(200).shows("outcomes-2026.1+1").hidden("version");
    ada.post(&format!("{at}/finish"), &[("version", &version), ("summary", "")]).await.expect(303);
    scene.world.settle();
    assert_eq!(standing(&scene.world), [(Some("standards_not_met".to_owned()), 1)]);
    assert_eq!(differences(&scene.world), Vec::<String>::new());
}
