//! Reviews ticked in the queue itself: only for whoever gives reviews out, looked at once more, given or taken back.

use portal::access::CentralRole::CentralReviewer;

use crate::on_both;
use crate::review::a_submission_in_the_queue;
use crate::support::World;

on_both!(
    reviews_are_ticked_in_the_queue_and_given,
    what_cannot_be_given_is_said,
    only_who_gives_reviews_out_ticks,
);

async fn reviews_are_ticked_in_the_queue_and_given(world: World) {
    let scene = a_submission_in_the_queue(world);
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]).to_string();
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager
        .get("/reviews?state=open")
        .await
        .expect(200)
        .shows(&format!("for=\"choose-{}\"", scene.id))
        .shows("Choose ZZ001 &amp; Sons Trust (ZZ001)")
        .shows("Go on with those chosen");
    let at = format!("/reviews/allocation/chosen?review={}", scene.id);
    let page = manager.get(&at).await.expect(200).shows("ZZ001").shows(" checked").text();
    let boxed = page.split(&format!("value=\"{}/", scene.id)).nth(1).unwrap();
    let chosen = format!("{}/{}", scene.id, boxed.split('"').next().unwrap());
    let shown = scene.id.to_string();
    let form = [("review", chosen.as_str()), ("shown", shown.as_str())];
    let here = "/reviews/allocation/chosen";
    manager.post(here, &[form[0], form[1], ("do", "give")]).await.expect(422).shows("Choose a reviewer");
    manager
        .post(here, &[("shown", shown.as_str()), ("do", "take")])
        .await
        .expect(422)
        .shows("Choose at least one review")
        .shows("ZZ001");
    manager.post(here, &[form[0], form[1], ("person", &cy), ("do", "give")]).await.expect(303);
    assert_eq!(scene.states().0, "claimed");
    assert_eq!(scene.world.queued("review.allocated").len(), 1);
    // The version that was seen has passed.
    manager.post(here, &[form[0], form[1], ("do", "take")]).await.expect(409);
    let page = manager.get(&at).await.expect(200).shows("in review").text();
    let boxed = page.split(&format!("value=\"{}/", scene.id)).nth(1).unwrap();
    let chosen = format!("{}/{}", scene.id, boxed.split('"').next().unwrap());
    manager.post(here, &[("review", &chosen), ("do", "take")]).await.expect(303);
    assert_eq!(scene.states().0, "queued");
    scene.world.settle();
}

async fn what_cannot_be_given_is_said(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager
        .get(&format!("/reviews/allocation/chosen?review={}&review=999&review=nonsense", scene.id))
        .await
        .expect(200)
        .shows("1 of the reviews that you chose cannot be given to anybody now.")
        .shows("ZZ001");
    manager.get("/reviews/allocation/chosen").await.expect(200).shows("Tick reviews in the list first.");
}

async fn only_who_gives_reviews_out_ticks(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews").await.expect(200).hides("Go on with those chosen").hides("id=\"choose-");
    ada.get(&format!("/reviews/allocation/chosen?review={}", scene.id)).await.expect(403);
    ada.post("/reviews/allocation/chosen", &[("do", "take")]).await.expect(403);
}
