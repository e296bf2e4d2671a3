//! Gold cases: kept without anything that names an organisation, practised on, and retired.

use diesel::prelude::*;
use portal::schema::{gold_attempt, gold_case};

use super::{a_disagreement, moderator, reviewer};
use crate::on_both;
use crate::review::Scene;
use crate::support::{Browser, World, everybodys};

on_both!(
    a_case_is_kept_only_without_names,
    reviewers_practise_and_see_what_was_agreed,
    a_retired_case_is_not_practised_on,
);

async fn settled(world: World) -> (Scene, Browser, String) {
    let (scene, _, id) = a_disagreement(world).await;
    let mut mia = moderator(&scene.world).await;
    let at = format!("/reviews/moderation/{id}");
    mia.get(&at).await.expect(200);
    let rationale = "ZZ001 & Sons Trust sent no policy.";
    mia.post(&at, &[("settled", "level_1"), ("rationale", rationale)]).await.expect(303);
    (scene, mia, format!("{at}/gold"))
}

async fn kept(mia: &mut Browser, at: &str) {
    mia.get(at).await.expect(200);
    let form = [("answer", "Level 2: in place."), ("rationale", "No policy was sent.")];
    mia.post(at, &form).await.expect(303);
}

async fn a_case_is_kept_only_without_names(world: World) {
    let (scene, mut mia, at) = settled(world).await;
    mia.get(&at)
        .await
        .expect(200)
        .shows("[the organisation] sent no policy.")
        .hides("ZZ001 &amp; Sons Trust sent")
        .shows("Take out everything that could name the organisation");
    for telling in ["ZZ001 has one.", "zz001's board", "write to ig@trust.example", "https://trust.example/p"]
    {
        mia.post(&at, &[("answer", telling), ("rationale", "Because.")])
            .await
            .expect(422)
            .shows("Take out what could tell whose answer it is");
        mia.post(&at, &[("answer", "Fine."), ("rationale", telling)]).await.expect(422);
    }
    mia.post(&at, &[("answer", ""), ("rationale", "Because.")]).await.expect(422).shows("Enter the answer");
    let count = |world: &World| -> i64 {
        world.db().read_now(everybodys(), |conn| Ok(gold_case::table.count().get_result(conn)?)).unwrap()
    };
    assert_eq!(count(&scene.world), 0);
    kept(&mut mia, &at).await;
    assert_eq!(count(&scene.world), 1);
    // Reviewers do not make cases.
    let mut cy = reviewer(&scene.world, "Cy Reviewer").await;
    cy.get("/reviews/gold").await.expect(200);
    cy.post(&at, &[("answer", "Fine."), ("rationale", "Because.")]).await.expect(403);
    let case = cy.get("/reviews/gold").await.expect(200).text();
    assert!(!case.contains("ZZ001"));
}

async fn reviewers_practise_and_see_what_was_agreed(world: World) {
    let (scene, mut mia, at) = settled(world).await;
    kept(&mut mia, &at).await;
    let id: i64 = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(gold_case::table.select(gold_case::id).first(conn)?))
        .unwrap();
    let case = format!("/reviews/gold/{id}");
    let mut cy = reviewer(&scene.world, "Cy Reviewer").await;
    cy.get(&case).await.expect(200).shows("Level 2: in place.").hides("No policy was sent.").hides("ZZ001");
    cy.post(&case, &[("assessed", "")]).await.expect(422).shows("Choose what you found");
    cy.post(&case, &[("assessed", "achieved")]).await.expect(422);
    cy.post(&case, &[("assessed", "level_2")]).await.expect(303);
    cy.get(&case).await.expect(200).shows("No policy was sent.").shows("Agreed is <strong>Level 1</strong>");
    // The first try counts.
    cy.post(&case, &[("assessed", "level_1")]).await.expect(409);
    cy.get("/reviews/gold")
        .await
        .expect(200)
        .shows("Otherwise")
        .shows("0.0% (0.0% to 79.3%)")
        .hides("Everybody");
    let mut mo = scene.world.signed_in("Mo Manager").await;
    mo.get("/reviews/gold").await.expect(200).shows("Cy Reviewer").shows("0.0% (0.0% to 79.3%)");
    let file = mo.get("/reviews/gold.csv").await.expect(200).text();
    assert!(file.contains("reviewer,Cy Reviewer,1,0,0.0,0.0,79.3,1,"), "{file}");
    // A reviewer's own file has nobody else in it.
    let own = cy.get("/reviews/gold.csv").await.expect(200).text();
    assert!(own.contains("own,You,1,0,0.0,0.0,79.3,1,") && !own.contains("Cy Reviewer"), "{own}");
    let tries: i64 = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(gold_attempt::table.count().get_result(conn)?))
        .unwrap();
    assert_eq!(tries, 1);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&case).await.expect(404);
    lead.get("/reviews/gold.csv").await.expect(404);
}

async fn a_retired_case_is_not_practised_on(world: World) {
    let (scene, mut mia, at) = settled(world).await;
    kept(&mut mia, &at).await;
    let id: i64 = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(gold_case::table.select(gold_case::id).first(conn)?))
        .unwrap();
    let mut cy = reviewer(&scene.world, "Cy Reviewer").await;
    cy.get("/reviews/gold").await.expect(200).hides("Retire case");
    cy.post(&format!("/reviews/gold/{id}/retire"), &[]).await.expect(403);
    mia.get("/reviews/gold").await.expect(200).shows("Retire case");
    mia.post(&format!("/reviews/gold/{id}/retire"), &[]).await.expect(303);
    assert!(mia.post(&format!("/reviews/gold/{id}/retire"), &[]).await.status.is_client_error());
    cy.get("/reviews/gold").await.expect(200).shows("There is no gold case yet.");
    assert!(
        cy.post(&format!("/reviews/gold/{id}"), &[("assessed", "level_1")]).await.status.is_client_error()
    );
}
