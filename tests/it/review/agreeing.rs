//! Agreeing at once where nothing differs from last year's decision, and with nothing else.

use serde_json::json;

use crate::on_both;
use crate::review::workspace::two_years;
use crate::review::{Scene, a_submission_in_the_queue, ask};
use crate::support::World;

on_both!(
    what_nothing_speaks_against_is_agreed_with_at_once,
    a_first_return_offers_nothing_to_agree_with_at_once,
    what_has_changed_meanwhile_stops_all_of_it,
);

/// This year's return: 1-1 and 1-3 as last year, 1-2 raised from 0 to 2 without evidence.
async fn second_year(world: World) -> Scene {
    two_years(world, async |world, trust| {
        world.answered(trust, "2026", "1-1", &json!({"level": 2}), "As ever, seen again");
        world.answered(trust, "2026", "1-2", &json!({"level": 2}), "Better now");
        world.answered(trust, "2026", "1-3", &json!({"level": 2}), "As ever");
    })
    .await
}

async fn what_nothing_speaks_against_is_agreed_with_at_once(world: World) {
    let scene = second_year(world).await;
    let mut ada = scene.claimed().await;
    let at = scene.at("/agree");
    ada.get(&scene.at("")).await.expect(200).shows("Agree where nothing differs from last year");
    ada.get(&at)
        .await
        .expect(200)
        .shows("1-1 Title 1: Level 2")
        .shows("1-3 Title 3: Level 2")
        .hides("1-2 Title 2")
        .shows("Look at the other 1 one by one");
    ada.post(&at, &[("step", "preview")]).await.expect(422).shows("Tick at least one answer");
    // What was not offered is not taken along by the preview.
    ada.post(&at, &[("step", "preview"), ("codes", "1-3"), ("codes", "1-2")])
        .await
        .expect(200)
        .shows("Check what you agree with")
        .shows("1-3 Title 3: Level 2")
        .hides("1-2 Title 2");
    ada.get(&scene.at("")).await.expect(200).shows("0 of 3 decided");
    ada.post(&at, &[("step", "agree"), ("codes", "1-3"), ("codes", "1-1")]).await.expect(303);
    ada.get(&scene.at("")).await.expect(200).shows("2 of 3 decided").shows("You agreed with 2 answers.");
    ada.get(&scene.at("/requirements/1-3")).await.expect(200).shows("Agreed: Level 2");
    ada.get(&scene.at("/requirements/1-2")).await.expect(200).hides("Agreed: Level 2");
    ada.get(&at).await.expect(200).shows("There is no undecided answer where nothing differs");
}

async fn a_first_return_offers_nothing_to_agree_with_at_once(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/agree"))
        .await
        .expect(200)
        .shows("There is no undecided answer where nothing differs");
    let all = [("step", "agree"), ("codes", "1-1"), ("codes", "1-2"), ("codes", "1-3")];
    ada.post(&scene.at("/agree"), &all).await.expect(409).shows("1-1, 1-2, 1-3");
    ada.get(&scene.at("")).await.expect(200).shows("0 of 3 decided");
}

async fn what_has_changed_meanwhile_stops_all_of_it(world: World) {
    let scene = second_year(world).await;
    let mut ada = scene.claimed().await;
    let at = scene.at("/agree");
    ada.get(&at).await.expect(200).shows("1-3 Title 3");
    // Flagged, and asked about, since the page was loaded.
    ada.post(&scene.at("/flags"), &[("requirement", "1-3"), ("flagged", "yes")]).await.expect(303);
    let both = [("step", "agree"), ("codes", "1-1"), ("codes", "1-3")];
    ada.post(&at, &both).await.expect(409).shows("one by one: 1-3");
    ada.get(&scene.at("")).await.expect(200).shows("0 of 3 decided");
    ask(&mut ada, &scene, "Which committee?", 10).await;
    ada.get(&at).await.expect(200).hides("1-1 Title 1").hides("1-3 Title 3");
    ada.post(&scene.at("/flags"), &[("requirement", "1-3"), ("flagged", "no")]).await.expect(303);
    ada.get(&at).await.expect(200).shows("1-3 Title 3").hides("1-1 Title 1");
    scene.world.settle();
}
