//! What a publication says of a decision that can still be challenged, and of one that is final.

use portal::publication::{Draft, Source};

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue};
use crate::support::{World, everybodys};

on_both!(a_release_sets_what_can_be_challenged_apart_from_what_is_final,);

fn composed(scene: &Scene) -> Draft {
    scene.world.composed(Source::Collection("2026".to_owned()))
}

/// Grades by how firm they are: final, open to challenge, not reviewed.
fn firmness(draft: &Draft) -> [Option<u64>; 3] {
    let table = &draft.document.table("review-by-sector").unwrap().table;
    let row = table.rows.position("nhs_trust").unwrap();
    ["final", "open_to_challenge", "provisional"]
        .map(|key| table.at(row, table.columns.position(key).unwrap()))
}

/// What the list of organisations says.
fn status(draft: &Draft) -> &'static str {
    draft.records.iter().find(|record| record.code == "ZZ001").unwrap().observation_status()
}

async fn a_release_sets_what_can_be_challenged_apart_from_what_is_final(world: World) {
    let scene = a_submission_in_the_queue(world);
    let claimed = composed(&scene);
    assert_eq!((firmness(&claimed), status(&claimed)), ([Some(0), Some(0), Some(1)], "provisional"));
    assert!(claimed.document.table("claims-after-review").is_none(), "nobody has decided anything");
    scene.decided().await;
    let open = composed(&scene);
    assert!(
        open.document.table("claims-after-review").is_none(),
        "what became of the claims of one is not told"
    );
    assert_eq!((firmness(&open), status(&open)), ([Some(0), Some(1), Some(0)], "open_to_challenge"));
    assert_eq!((open.document.headline.provisional, open.document.headline.challengeable), (0, 1));
    assert!(open.document.is_provisional());
    assert!(open.document.notes.iter().any(|note| note.contains("can be challenged no more")));
    // What is published keeps the mark, in its pages and its files.
    let key = scene.world.published(Source::Collection("2026".to_owned()));
    let mut reader = scene.world.browser();
    reader
        .get("/public/organisations/ZZ001")
        .await
        .expect(200)
        .shows("Provisional: decided in the central review.")
        .shows("It is provisional until");
    reader.get("/public/submissions").await.expect(200).shows("[p]");
    reader.get("/").await.expect(200).shows("decided in review, and open to challenge");
    let list = reader.get("/public/data/organisations.csv").await.expect(200).text();
    assert!(list.contains("open_to_challenge"), "{list}");
    // A challenge keeps it open after its day, and then it is final.
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200);
    let whole = [("scope", "whole"), ("grounds", "All of it."), ("evidence", "")];
    siro.post(&scene.challenge(), &whole).await.expect(303);
    scene.world.db().housekeep_now(everybodys(), portal::review::ensure_scheduled).unwrap();
    scene.world.clock.advance_seconds(40 * 86_400);
    scene.world.settle();
    assert_eq!(firmness(&composed(&scene)), [Some(0), Some(1), Some(0)]);
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200);
    siro.post(&format!("{}/withdraw", scene.challenge()), &[]).await.expect(303);
    scene.world.clock.advance_seconds(120);
    scene.world.settle();
    assert!(scene.is_final());
    let settled = composed(&scene);
    assert_eq!((firmness(&settled), status(&settled)), ([Some(1), Some(0), Some(0)], "normal"));
    assert!(!settled.document.is_provisional());
    // The release that was published stays as it was.
    reader.get(&format!("/public/releases/{key}")).await.expect(200).shows("could still be challenged");
}
