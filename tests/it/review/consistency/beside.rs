//! What goes on beside a second scoring: reviews are given out past the blind scorer, what is taken back is scored by nobody,
//! and lists of the centre tell a blind scorer nothing of the first review.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, SecondReviewer};
use portal::platform::ids::{PersonId, ReviewId};
use portal::schema::review;

use super::{a_sampled_submission, another_submission, reviewer, scored, taken};
use crate::on_both;
use crate::review::{ask, close, decide, finish};
use crate::support::{World, everybodys};

on_both!(
    a_run_passes_over_whoever_scores_blind,
    what_is_taken_back_is_scored_by_nobody,
    a_challenge_tells_a_blind_scorer_nothing,
    whoever_asked_in_the_first_review_does_not_score,
);

/// Who has a review, and its version.
fn holder(world: &World, id: ReviewId) -> (Option<PersonId>, i64) {
    world
        .db()
        .read_now(everybodys(), move |conn| {
            Ok(review::table
                .filter(review::id.eq(id))
                .select((review::reviewer_id, review::version))
                .first(conn)?)
        })
        .unwrap()
}

async fn a_run_passes_over_whoever_scores_blind(world: World) {
    let (scene, mut ada, _) = a_sampled_submission(world).await;
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut scorer = scene.world.signed_in("Cy Reviewer").await;
    scorer.get("/reviews/blind").await.expect(200);
    scorer.post("/reviews/blind/next", &[]).await.expect(303);
    // Ada gives the review back and may not have it again: nobody but the blind scorer is left.
    ada.get(&scene.at("")).await.expect(200);
    ada.post(&scene.at("/release"), &[]).await.expect(303);
    ada.get("/reviews/interests").await.expect(200);
    ada.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "x")]).await.expect(303);
    let other = another_submission(&scene, "ZZ002");
    let mut mo = scene.world.signed_in("Mo Manager").await;
    let page = mo.get("/reviews/allocation/preview?number=5").await.expect(200);
    let page = page.shows("1 scoring it a second time").shows("1 of 2 would be given");
    let [number, collection, seed, plan] =
        ["number", "collection", "seed", "plan"].map(|name| page.hidden(name));
    let form = [("number", number.as_str()), ("collection", &collection), ("seed", &seed), ("plan", &plan)];
    mo.post("/reviews/allocation/run", &form).await.expect(303);
    assert_eq!(holder(&scene.world, scene.id).0, None);
    let second: ReviewId = scene
        .world
        .db()
        .read_now(everybodys(), move |conn| {
            Ok(review::table.filter(review::organisation_id.eq(other)).select(review::id).first(conn)?)
        })
        .unwrap();
    assert!(holder(&scene.world, second).0.is_some());
    // By hand it is refused as well, and they cannot claim it.
    let chosen = format!("{}/{}", scene.id, holder(&scene.world, scene.id).1);
    mo.get("/reviews/allocation/queue").await.expect(200);
    let to = cy.to_string();
    let refused = mo.post("/reviews/allocation/queue", &[("person", &to), ("review", &chosen)]).await;
    assert!(refused.status.is_client_error());
    assert!(scorer.post(&scene.at("/claim"), &[]).await.status.is_client_error());
    assert_eq!(holder(&scene.world, scene.id).0, None);
    scene.world.settle();
}

async fn what_is_taken_back_is_scored_by_nobody(world: World) {
    let (scene, _, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    bea.get(&format!("/reviews/blind/{id}")).await.expect(200);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let withdraw = scene.trust.at("2026", "/withdraw");
    lead.get(&withdraw).await.expect(200);
    lead.post(&withdraw, &[("reason", "The wrong figures entirely")]).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.states().0, "withdrawn");
    let at = format!("/reviews/blind/{id}/requirements/1-1");
    bea.get(&at).await.expect(409);
    bea.post(&at, &[("version", "0"), ("assessed", "level_2"), ("reason", "")]).await.expect(409);
    bea.get("/reviews/blind").await.expect(200).shows("Ended, taken back or replaced");
    // There is nothing any more that the first review could tell them too early.
    bea.get(&scene.at("")).await.expect(200);
}

async fn a_challenge_tells_a_blind_scorer_nothing(world: World) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    let mut sam = scene.world.person_signed_in("Sam Second", SecondReviewer).await;
    let version = sam.get(&scene.at("/confirm")).await.expect(200).hidden("version");
    sam.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200);
    let whole = [("scope", "whole"), ("grounds", "All of it."), ("evidence", "")];
    siro.post(&scene.challenge(), &whole).await.expect(303);
    sam.get("/reviews/challenges").await.expect(200).shows("ZZ001");
    bea.get("/reviews/challenges").await.expect(200).hides("ZZ001");
    bea.get("/reviews/challenges.csv?state=all").await.expect(200).hides("ZZ001");
    bea.get(&scene.at("/challenge")).await.expect(403);
    // Once both are done she may read it, and does not settle it: she has said already what she thinks of the answers.
    scored(&mut bea, id, &[("1-1", "level_0", "Nothing."), ("1-2", "level_2", ""), ("1-3", "level_2", "")])
        .await;
    bea.get(&scene.at("/challenge")).await.expect(200);
    let ruling = [("ruling-0", "rejected"), ("assessed-0", ""), ("reason-0", "No."), ("remarks", "")];
    bea.post(&scene.at("/challenge"), &ruling).await.expect(403).shows("You had a part in this decision");
    scene.world.settle();
}

async fn whoever_asked_in_the_first_review_does_not_score(world: World) {
    let (scene, mut ada, _) = a_sampled_submission(world).await;
    let at = ask(&mut ada, &scene, "Which committee?", 10).await;
    close(&mut ada, &scene, &at, "in_error").await;
    ada.get(&scene.at("")).await.expect(200);
    ada.post(&scene.at("/release"), &[]).await.expect(303);
    let mut cy = reviewer(&scene.world, "Cy Reviewer").await;
    cy.get(&scene.at("")).await.expect(200);
    cy.post(&scene.at("/claim"), &[]).await.expect(303);
    // Ada has decided nothing and has it no more, and yet she knows it.
    ada.get("/reviews/blind").await.expect(200);
    assert!(ada.post("/reviews/blind/next", &[]).await.status.is_client_error());
    scene.world.settle();
}
