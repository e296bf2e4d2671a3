//! Moderation: both scores side by side, settled by somebody who gave neither, and what that does to the review.

use diesel::prelude::*;
use portal::access::CentralRole::SecondReviewer;
use portal::access::OrganisationRole::Contributor;
use portal::review;
use portal::schema::{review_decision, review_decision_version, score_comparison};

use super::{a_disagreement, moderator, reviewer};
use crate::on_both;
use crate::review::{Scene, finish};
use crate::support::{World, everybodys};

on_both!(
    a_finished_review_goes_back_with_the_settled_decision,
    the_first_decision_can_stand,
    a_decided_review_is_listed_for_reopening,
    neither_of_the_two_settles_and_mistakes_are_explained,
    the_report_says_how_far_they_agree,
);

/// Version, status and reason of the first decision.
fn first_decision(scene: &Scene) -> (i64, i64, String) {
    let id = scene.id;
    scene
        .world
        .db()
        .read_now(everybodys(), move |conn| {
            Ok(review_decision::table
                .filter(review_decision::review_id.eq(id))
                .order(review_decision::requirement_id)
                .select((review_decision::version, review_decision::assessed_level, review_decision::reason))
                .first(conn)?)
        })
        .unwrap()
}

/// Version, status and reason of decisions that others have taken the place of.
fn earlier_decisions(world: &World) -> Vec<(i64, i64, String)> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(review_decision_version::table
                .order(review_decision_version::version)
                .select((
                    review_decision_version::version,
                    review_decision_version::assessed_level,
                    review_decision_version::reason,
                ))
                .load(conn)?)
        })
        .unwrap()
}

fn effect(world: &World) -> Option<String> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(score_comparison::table
                .filter(score_comparison::state.eq("settled"))
                .select(score_comparison::effect)
                .first(conn)?)
        })
        .unwrap()
}

async fn a_finished_review_goes_back_with_the_settled_decision(world: World) {
    let (scene, mut ada, id) = a_disagreement(world).await;
    assert_eq!(scene.states().0, "second");
    let mut mia = moderator(&scene.world).await;
    mia.get("/reviews/moderation")
        .await
        .expect(200)
        .shows("1-1 Title 1")
        .shows("Ada Reviewer")
        .shows("Bea Second");
    let at = format!("/reviews/moderation/{id}");
    mia.get(&at).await.expect(200).shows("The policy is a draft.").shows("Nothing was sent.");
    mia.post(&at, &[("settled", "level_0"), ("rationale", "No policy was attached.")]).await.expect(303);
    assert_eq!(effect(&scene.world).as_deref(), Some("replaced"));
    assert_eq!(first_decision(&scene), (2, 0, "No policy was attached.".to_owned()));
    // What the decision said before is kept.
    assert_eq!(earlier_decisions(&scene.world), [(1, 1, "The policy is a draft.".to_owned())]);
    assert_eq!(scene.states().0, "claimed");
    ada.get(&scene.at("")).await.expect(200).shows("changed the decision about 1-1");
    mia.get(&at).await.expect(200).shows("The decision was replaced").hides("name=\"settled\"");
    mia.post(&at, &[("settled", "level_1"), ("rationale", "Again.")]).await.expect(409);
    // What is stored can still be computed again.
    finish(&mut ada, &scene, "").await;
    let (_, differences) = scene.world.db().read_now(everybodys(), review::verify).unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    scene.world.settle();
}

async fn the_first_decision_can_stand(world: World) {
    let (scene, _, id) = a_disagreement(world).await;
    let mut mia = moderator(&scene.world).await;
    let at = format!("/reviews/moderation/{id}");
    mia.get(&at).await.expect(200);
    mia.post(&at, &[("settled", "level_1"), ("rationale", "A draft is something.")]).await.expect(303);
    assert_eq!(effect(&scene.world).as_deref(), Some("stands"));
    assert_eq!(first_decision(&scene), (1, 1, "The policy is a draft.".to_owned()));
    assert_eq!(scene.states().0, "second");
    mia.get("/reviews/moderation").await.expect(200).shows("There is none.");
    mia.get("/reviews/moderation?list=settled").await.expect(200).shows("The first decision stands");
    mia.get("/reviews/moderation?list=reopen").await.expect(200).shows("There is none.");
}

async fn a_decided_review_is_listed_for_reopening(world: World) {
    let (scene, _, id) = a_disagreement(world).await;
    let mut second = scene.world.person_signed_in("Sam Second", SecondReviewer).await;
    let version = second.get(&scene.at("/confirm")).await.expect(200).hidden("version");
    second.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.states().0, "decided");
    let mut mia = moderator(&scene.world).await;
    let at = format!("/reviews/moderation/{id}");
    mia.get(&at).await.expect(200);
    mia.post(&at, &[("settled", "level_0"), ("rationale", "No policy was attached.")]).await.expect(303);
    assert_eq!(effect(&scene.world).as_deref(), Some("reopen"));
    assert_eq!(first_decision(&scene).0, 1, "what is decided stays until it is reopened");
    mia.get("/reviews/moderation?list=reopen").await.expect(200).shows(&format!("href=\"{}\"", scene.at("")));
    let file = mia.get("/reviews/moderation.csv?list=reopen").await.expect(200).text();
    assert!(file.contains("settled,reopen"), "{file}");
}

async fn neither_of_the_two_settles_and_mistakes_are_explained(world: World) {
    let (scene, _, id) = a_disagreement(world).await;
    let at = format!("/reviews/moderation/{id}");
    let form = [("settled", "level_0"), ("rationale", "Because.")];
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get(&at).await.expect(200).hides("name=\"settled\"");
    bea.post(&at, &form).await.expect(403).shows("You gave one of the two scores");
    let mut cy = reviewer(&scene.world, "Cy Reviewer").await;
    cy.get("/reviews").await.expect(200);
    cy.get(&at).await.expect(403);
    cy.post(&at, &form).await.expect(403);
    cy.get("/reviews/moderation").await.expect(403);
    scene.world.person("Con Flicted", &[(scene.trust.id, Contributor)], &[SecondReviewer]);
    let mut con = scene.world.signed_in("Con Flicted").await;
    con.get("/reviews/moderation").await.expect(200).hides("1-1 Title 1");
    con.get(&at).await.expect(403);
    con.post(&at, &form).await.expect(403);
    let mut mia = moderator(&scene.world).await;
    mia.get(&at).await.expect(200);
    mia.post(&at, &[("settled", ""), ("rationale", "")])
        .await
        .expect(422)
        .shows("Choose the status that holds")
        .shows("Say why this status holds");
    mia.post(&at, &[("settled", "achieved"), ("rationale", "Kept & shown")])
        .await
        .expect(422)
        .shows("Choose the status that holds")
        .shows("Kept &amp; shown");
    mia.post("/reviews/moderation/999", &form).await.expect(404);
    assert_eq!(scene.world.open_disagreements().len(), 1);
}

async fn the_report_says_how_far_they_agree(world: World) {
    let (scene, ..) = a_disagreement(world).await;
    let mut mo = scene.world.signed_in("Mo Manager").await;
    // Three answers, two alike: 2 of 3 with its interval; observed 2/3, expected by chance (2*2+1*0+0*1)/9.
    mo.get("/reviews/consistency/2026/agreement")
        .await
        .expect(200)
        .shows("Answers scored twice: 3. Scored alike: 2. Waiting for a moderator: 1.")
        .shows("66.7% (20.8% to 93.9%)")
        .shows("few answers");
    let file = mo.get("/reviews/consistency/2026/agreement.csv").await.expect(200).text();
    let line = |name: &str| file.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    // Kappa (2/3 - 4/9) / (1 - 4/9) is two fifths.
    assert!(line("all,Everything,3,2,66.7,20.8,93.9,3,0.4000").ends_with(",few"), "{file}");
    assert!(line("requirement,1-1 Title 1,1,0,0.0").contains(",0.0000,"), "{file}");
    assert!(line("requirement,1-2 Title 2,1,1,100.0").ends_with(",1,,,,,,,,,,few"), "{file}");
    assert!(!line("reviewer,Ada Reviewer,3,2").is_empty() && !line("reviewer,Bea Second,3,2").is_empty());
    assert!(!line("pair,Ada Reviewer and Bea Second,3,2").is_empty());
    assert!(!line("sector,NHS trust,3,2").is_empty(), "{file}");
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/consistency/2026/agreement").await.expect(403);
    ada.get("/reviews/consistency/2026/agreement.csv").await.expect(403);
}
