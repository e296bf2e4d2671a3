//! The improvement plan after a decision: what the review found too low is a gap of the plan, whatever was claimed.

use portal::access::CentralRole::{CentralReviewer, SecondReviewer};
use serde_json::json;

use super::{Scene, a_submission_in_the_queue, decide, finish};
use crate::on_both;
use crate::returns::plans::{planned, sent};
use crate::support::World;
use crate::support::year::levels;

on_both!(what_a_review_found_too_low_can_be_planned, a_plan_on_its_way_is_taken_back_for_what_a_review_found,);

async fn what_a_review_found_too_low_can_be_planned(world: World) {
    let scene = a_submission_in_the_queue(world);
    let plan = scene.trust.at("2026", "/plan");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.agree_with_rest(&scene.at("")).await;
    // What a reviewer thinks, and what waits for the second one, is no gap yet.
    lead.get(&plan).await.expect(200).hides("in the plan yet");
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states().0, "second");
    lead.get(&plan).await.expect(200).hides("in the plan yet");
    lead.post(&scene.trust.at("2026", "/plan/gaps"), &[])
        .await
        .expect(409)
        .shows("no gap that is not planned");
    scene.confirmed().await;
    lead.get(&plan)
        .await
        .expect(200)
        .shows("1 gap is not in the plan yet.")
        .shows("Make a line for each gap");
    planned(&scene.world, &scene.trust, &mut lead).await;
    lead.get(&plan).await.expect(200).shows("1-1 Title 1").hides("1-2 Title 2").hides("in the plan yet");
    sent(&scene.world, &scene.trust, &mut lead).await;
    lead.get(&plan).await.expect(200).shows(">Waiting for approval<");
    assert_eq!(scene.differences(), Vec::<String>::new());
}

async fn a_plan_on_its_way_is_taken_back_for_what_a_review_found(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    for (code, level) in [("1-1", 2), ("1-2", 1), ("1-3", 2)] {
        world.answered(&trust, "2026", code, &json!({"level": level}), "");
    }
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    sent(&world, &trust, &mut lead).await;
    world.sent(&trust, "2026");
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.person("Bea Second", &[], &[SecondReviewer]);
    world.settle();
    let id = world.review_of(&trust);
    let scene = Scene { world, trust, id };
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states().0, "decided", "both grades are the same");
    scene.world.settle();

    let (plan, gaps) = (scene.trust.at("2026", "/plan"), scene.trust.at("2026", "/plan/gaps"));
    let page = lead.get(&plan).await.expect(200);
    page.shows("1-1 Title 1")
        .shows("This gap has no line in the plan yet.")
        .hides("Make a line for each gap");
    lead.post(&gaps, &[]).await.expect(409).shows("take it back first");
    lead.post(&scene.trust.at("2026", "/plan/take-back"), &[]).await.expect(303);
    // It can be signed only with all of them.
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&plan).await.expect(200).hides("Sign the plan");
    siro.post(&scene.trust.at("2026", "/plan/sign"), &[]).await.expect(409).shows("1 gap has no line");
    planned(&scene.world, &scene.trust, &mut lead).await;
    lead.get(&plan).await.expect(200).shows("1-1 Title 1").shows("1-2 Title 2");
    sent(&scene.world, &scene.trust, &mut lead).await;
    lead.get(&plan).await.expect(200).shows(">Waiting for approval<");
    assert_eq!(scene.differences(), Vec::<String>::new());
}
