//! Calibration: how claims survive review, over decided reviews and with what moderation settled.

use portal::access::CentralRole::SecondReviewer;
use portal::review::consistency::calibration_of;
use portal::statistics::calibration::Tally;

use super::{a_disagreement, moderator};
use crate::on_both;
use crate::review::Scene;
use crate::support::{World, everybodys};

on_both!(claims_are_counted_when_the_review_is_decided, what_moderation_settled_counts,);

fn tallies(scene: &Scene) -> Vec<Tally> {
    scene
        .world
        .db()
        .read_now(everybodys(), |conn| {
            let collection = portal::collections::collection_by_key(conn, "2026")?.unwrap();
            Ok(calibration_of(conn, collection.id)?.counts.by_requirement().to_vec())
        })
        .unwrap()
}

async fn confirmed(scene: &Scene) {
    let mut sam = scene.world.person_signed_in("Sam Second", SecondReviewer).await;
    let version = sam.get(&scene.at("/confirm")).await.expect(200).hidden("version");
    sam.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    scene.world.settle();
}

async fn claims_are_counted_when_the_review_is_decided(world: World) {
    let (scene, mut ada, _) = a_disagreement(world).await;
    assert!(tallies(&scene).iter().all(|tally| tally.claims() == 0), "it waits for its second reviewer");
    ada.get("/reviews/consistency/2026/calibration")
        .await
        .expect(200)
        .shows("There is nothing to count yet.");
    confirmed(&scene).await;
    let tally = |stood, lowered| Tally { stood, lowered, raised: 0 };
    assert_eq!(tallies(&scene), [tally(0, 1), tally(1, 0), tally(1, 0)]);
    // Two of three survived.
    ada.get("/reviews/consistency/2026/calibration")
        .await
        .expect(200)
        .shows("Decided submissions: 1. Claims in them: 3.")
        .shows("66.7%")
        .shows("By the status claimed");
    let file = ada.get("/reviews/consistency/2026/calibration.csv").await.expect(200).text();
    assert!(file.contains("all,All claims,3,2,0,1,66.7,20.8,93.9\r\n"), "{file}");
    assert!(file.contains("requirement,1-1 Title 1,1,0,0,1,0.0,0.0,79.3\r\n"), "{file}");
    assert!(file.contains("claim,Level 2,3,2,0,1,66.7,20.8,93.9\r\n"), "{file}");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/reviews/consistency/2026/calibration").await.expect(404);
}

async fn what_moderation_settled_counts(world: World) {
    let (scene, _, id) = a_disagreement(world).await;
    confirmed(&scene).await;
    let mut mia = moderator(&scene.world).await;
    let at = format!("/reviews/moderation/{id}");
    mia.get(&at).await.expect(200);
    mia.post(&at, &[("settled", "level_2"), ("rationale", "The policy came later.")]).await.expect(303);
    assert_eq!(tallies(&scene)[0], Tally { stood: 1, lowered: 0, raised: 0 });
}
