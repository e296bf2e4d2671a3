//! What an organisation takes out of its review: questions as soon as they are asked, decisions when they are final.

use diesel::prelude::*;
use portal::platform::ids::QueryId;
use portal::schema::{query_message, query_time};
use serde_json::{Value, json};

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask, close, decide, finish};
use crate::support::oscal::{follows, schema};
use crate::support::{World, everybodys};

on_both!(
    an_export_tells_of_a_review_what_the_organisation_may_read,
    letters_and_challenges_are_taken_out_as_they_were_sent,
    what_is_begun_and_not_sent_is_taken_out_apart,
);

async fn an_export_tells_of_a_review_what_the_organisation_may_read(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which committee?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", "The board")]).await.expect(303);
    close(&mut ada, &scene, &at, "does_not_stand").await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.get(&scene.at("")).await.expect(200);
    ada.agree_with_rest(&scene.at("")).await;
    let path = scene.trust.at("2026", "/export.json");
    let review = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap()["reviews"][0].clone();
    let before = review(&lead.get(&path).await.expect(200).hides("The minutes show a draft").body);
    assert_eq!(before["queries"][0]["question"], "Which committee?");
    assert_eq!(before["queries"][0]["reply"], "The board");
    assert_eq!(before["queries"][0]["requirement"], "1-1");
    assert_eq!(before["queries"][0]["state"], "closed");
    assert_eq!(before["queries"][0]["outcome"], "does_not_stand");
    assert_eq!(before["queries"][0]["messages"][1]["side"], "organisation");
    assert_eq!(before["queries"][0]["messages"][1]["standing"], "in_time");
    assert_eq!(before["decisions"], Value::Array(Vec::new()));
    assert_eq!(before["assessed_grade"], Value::Null);
    let oscal = scene.trust.at("2026", "/oscal.json");
    lead.get(&oscal).await.expect(200).shows("Which committee?").hides("The minutes show a draft");
    finish(&mut ada, &scene, "").await;
    scene.world.settle();
    let still = review(&lead.get(&path).await.expect(200).hides("The minutes show a draft").body);
    assert_eq!(still["state"], "second");
    let mut bea = scene.world.signed_in("Bea Second").await;
    let confirm = scene.at("/confirm");
    let version = bea.get(&confirm).await.expect(200).hidden("version");
    bea.post(&confirm, &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    scene.world.settle();
    let after = review(&lead.get(&path).await.expect(200).body);
    assert_eq!(after["state"], "decided");
    assert_eq!(after["assessed_grade"], "not_satisfactory");
    let decisions = after["decisions"].as_array().unwrap();
    let first = decisions.iter().find(|decision| decision["requirement"] == "1-1").unwrap();
    assert_eq!(
        (first["outcome"].as_str(), first["reason"].as_str()),
        (Some("downgrade"), Some("The minutes show a draft."))
    );
    assert_eq!(decisions.len(), 3);
    // The same as OSCAL, which the published schema still takes.
    let document: Value = serde_json::from_slice(&lead.get(&oscal).await.expect(200).body).unwrap();
    follows(schema().as_ref(), &document);
    let result = &document["assessment-results"]["results"][0];
    let observations = result["observations"].as_array().unwrap();
    let said = |words: &str| observations.iter().find(|one| one["description"] == words);
    let decision = said("The minutes show a draft.").expect("the decision is an observation");
    assert_eq!(
        (&decision["props"][0]["value"], &decision["types"]),
        (&json!("downgrade"), &json!(["finding"]))
    );
    let related = result["findings"][0]["related-observations"].as_array().unwrap();
    assert!(related.iter().any(|of| of["observation-uuid"] == decision["uuid"]), "{related:?}");
    let (question, reply) = (said("Which committee?").unwrap(), said("The board").unwrap());
    assert_ne!(question["origins"], reply["origins"], "each is the word of whoever said it");
    let whole = observations.iter().find(|one| one["title"] == "Review of submission 1").unwrap();
    assert_eq!(whole["props"][0]["value"], "not_satisfactory");
}

async fn letters_and_challenges_are_taken_out_as_they_were_sent(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let path = scene.trust.at("2026", "/export.json");
    let before: Value = serde_json::from_slice(&lead.get(&path).await.expect(200).body).unwrap();
    assert_eq!(before["letters"], Value::Array(Vec::new()));
    scene.decided().await;
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200);
    let some =
        [("scope", "parts"), ("requirements", "1-1"), ("grounds", "It is approved."), ("evidence", "Item 4")];
    siro.post(&scene.challenge(), &some).await.expect(303);
    let after: Value = serde_json::from_slice(&lead.get(&path).await.expect(200).body).unwrap();
    let letter = &after["letters"][0];
    assert_eq!((letter["number"].as_i64(), letter["submission"].as_i64()), (Some(1), Some(1)));
    assert!(letter["content"].to_string().contains("The minutes show a draft."), "{letter}");
    // Whoever has the file can compute the hash that the ledger has.
    let text = portal::platform::canonical::to_string(&letter["content"]).unwrap();
    let hash = portal::platform::canonical::sha256(text.as_bytes());
    assert_eq!(letter["sha256"].as_str(), Some(portal::platform::canonical::hex(&hash).as_str()));
    let challenge = &after["reviews"][0]["challenges"][0];
    assert_eq!(
        (challenge["grounds"].as_str(), challenge["state"].as_str()),
        (Some("It is approved."), Some("open"))
    );
    assert_eq!(challenge["lines"][0]["requirement"], "1-1");
    assert_eq!(challenge["lines"][0]["ruling"], Value::Null);
    scene.world.settle();
}

async fn what_is_begun_and_not_sent_is_taken_out_apart(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which committee?", 10).await;
    let id = QueryId::new(at.rsplit('/').next().unwrap().parse().unwrap());
    let (whose, lead, now) = (scene.trust.id, scene.trust.lead, scene.world.now());
    scene
        .world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::insert_into(query_message::table)
                .values((
                    query_message::query_id.eq(id),
                    query_message::organisation_id.eq(whose),
                    query_message::side.eq("organisation"),
                    query_message::text.eq("The board, I think"),
                    query_message::author_id.eq(lead),
                    query_message::written_at.eq(now),
                ))
                .execute(tx.conn())?;
            diesel::insert_into(query_time::table)
                .values((
                    query_time::query_id.eq(id),
                    query_time::organisation_id.eq(whose),
                    query_time::state.eq("asked"),
                    query_time::asked_by.eq(Some(lead)),
                    query_time::asked_at.eq(Some(now)),
                    query_time::asked_until.eq(Some(now.plus_seconds(86_400))),
                    query_time::asked_reason.eq("She is away"),
                ))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let mut reader = scene.world.signed_in("Lead ZZ001").await;
    let export = reader.get(&scene.trust.at("2026", "/export.json")).await.expect(200);
    let export: Value = serde_json::from_slice(&export.body).unwrap();
    let query = &export["reviews"][0]["queries"][0];
    assert_eq!(query["messages"].as_array().unwrap().len(), 1, "what is not sent is nobody's word yet");
    assert_eq!(query["drafts"][0]["text"], "The board, I think");
    assert_eq!(query["drafts"][0]["author"], "Lead ZZ001");
    assert_eq!(
        (&query["time"][0]["state"], &query["time"][0]["reason"]),
        (&json!("asked"), &json!("She is away"))
    );
    reader
        .get(&scene.trust.at("2026", "/oscal.json"))
        .await
        .expect(200)
        .shows("Which committee?")
        .hides("The board, I think");
    scene.world.settle();
}
