//! A return by API: reading it, saving answers from their versions, and submitting it once.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::programme::Programme;
use super::{Program, json as read, problem};
use crate::on_both;
use crate::support::World;

on_both!(
    an_answer_is_saved_from_its_version_and_never_over_another,
    what_cannot_be_saved_is_refused_with_the_field,
    a_return_is_read_answered_signed_and_submitted_once,
    a_contributor_answers_but_does_not_submit,
);

const RETURN: &str = "/api/v1/organisations/ZZ001/returns/2026";
const ANSWER: &str = "/api/v1/organisations/ZZ001/returns/2026/answers/1-1";
const SECOND: &str = "/api/v1/organisations/ZZ001/returns/2026/answers/1-2";
const SUBMIT: &str = "/api/v1/organisations/ZZ001/returns/2026/submit";

fn level(level: u8, finished: bool) -> Value {
    json!({"value": {"level": level}, "comment": "As agreed.", "finished": finished})
}

async fn an_answer_is_saved_from_its_version_and_never_over_another(world: World) {
    let programme = Programme::begin(&world);
    let mut ada = Program::new(&world, &programme.lead);
    let mut cyd = Program::new(&world, &programme.contributor);
    let empty = ada.get(ANSWER).await.expect(200);
    assert_eq!(empty.header("etag"), "\"0\"");
    assert_eq!(read(&empty)["state"], "none");
    let unconditional = TestRequest::put().uri(ANSWER).set_json(level(1, false));
    problem(ada.send(unconditional).await, 428);
    for wrong in ["3", "\"x\"", "*", "\"\"", "\"-1\"", "W/\"0\"", "\"0\", \"1\"", "\"99999999999999999999\""]
    {
        problem(ada.put(ANSWER, wrong, &level(1, false)).await, 400);
    }
    let saved = ada.put(ANSWER, "\"0\"", &level(1, false)).await.expect(200);
    assert_eq!(saved.header("etag"), "\"1\"");
    assert_eq!(read(&saved)["value"], json!({"level": 1}));
    // Cyd read nothing yet, then a version that is gone, then one that never was.
    for stale in ["\"0\"", "\"2\"", "\"77\""] {
        problem(cyd.put(ANSWER, stale, &level(3, true)).await, 412);
    }
    cyd.put(ANSWER, "\"1\"", &level(2, true)).await.expect(200);
    problem(ada.put(ANSWER, "\"1\"", &level(0, true)).await, 412);
    let now = read(&ada.get(ANSWER).await.expect(200));
    assert_eq!(
        (&now["version"], &now["value"]["level"], &now["state"]),
        (&json!(2), &json!(2), &json!("confirmed"))
    );
}

async fn what_cannot_be_saved_is_refused_with_the_field(world: World) {
    let programme = Programme::begin(&world);
    let mut ada = Program::new(&world, &programme.lead);
    for (body, field) in [
        (json!({"value": {"level": 4}}), "value.level"),
        (json!({"value": {"text": "x"}}), "value.level"),
        (json!({"value": 3}), "value"),
        (json!({"value": null, "finished": true}), "finished"),
        (json!({"value": null, "comment": "a\u{0}b"}), "comment"),
        (json!({"value": null, "comment": "x".repeat(50_001)}), "comment"),
        (json!({"value": null, "surprise": 1}), "body"),
        (json!({"comment": "no value"}), "body"),
    ] {
        let told = problem(ada.put(ANSWER, "\"0\"", &body).await, 422);
        assert_eq!(told["errors"][0]["field"], field, "{told}");
    }
    let raw = |kind: &'static str, body: &'static str| {
        let request = TestRequest::put().uri(ANSWER).insert_header(("if-match", "\"0\""));
        request.insert_header(("content-type", kind)).set_payload(body)
    };
    problem(ada.send(raw("application/json", "{")).await, 400);
    problem(ada.send(raw("text/plain", "{\"value\":null}")).await, 415);
    let large = json!({"value": null, "comment": "x".repeat(2_000_000)});
    problem(ada.put(ANSWER, "\"0\"", &large).await, 413);
    problem(ada.put(&format!("{ANSWER}?force=yes"), "\"0\"", &level(1, false)).await, 422);
    problem(ada.put(&ANSWER.replace("1-1", "9-9"), "\"0\"", &level(1, false)).await, 404);
    assert_eq!(read(&ada.get(ANSWER).await)["version"], 0, "nothing of it was saved");
}

async fn a_return_is_read_answered_signed_and_submitted_once(world: World) {
    let programme = Programme::begin(&world);
    let mut ada = Program::new(&world, &programme.lead);
    let mut cyd = Program::new(&world, &programme.contributor);
    let list = read(&ada.get("/api/v1/organisations/ZZ001/returns").await.expect(200));
    assert_eq!(
        list["items"],
        json!([
            {"year": "2026", "name": "Returns of 2026", "state": "draft", "submitted": false}
        ])
    );
    let before = read(&ada.get(RETURN).await.expect(200));
    assert_eq!(before["readiness"]["blocks"].as_array().unwrap().len(), 2);
    assert_eq!(before["due_at"], "2026-06-30T16:00:00Z");
    problem(ada.post(SUBMIT, "early", &json!({"version": before["version"]})).await, 409);
    cyd.put(ANSWER, "\"0\"", &level(3, true)).await.expect(200);
    ada.put(
        SECOND,
        "\"0\"",
        &json!({"value": {"not_relevant": true, "reason": "No keys."}, "finished": true}),
    )
    .await
    .expect(200);
    programme.sign(&world);
    let signed = read(&ada.get(RETURN).await.expect(200));
    assert_eq!((&signed["state"], &signed["readiness"]["settled"]), (&json!("signed"), &json!(2)));
    problem(ada.put(ANSWER, "\"1\"", &level(2, true)).await, 409);
    let body = json!({"version": signed["version"]});
    let keyless = TestRequest::post().uri(SUBMIT).set_json(&body);
    problem(ada.send(keyless).await, 400);
    problem(ada.post(SUBMIT, "a key", &body).await, 422);
    problem(ada.post(SUBMIT, "old", &json!({"version": 0})).await, 409);
    let first = ada.post(SUBMIT, "key-1", &body).await.expect(200);
    assert_eq!(read(&first)["number"], 1);
    world.settle();
    // The repeat is told the same; the key is not good for anything else, nor another key for the same return.
    let again = ada.post(SUBMIT, "key-1", &body).await.expect(200);
    assert_eq!(again.body, first.body);
    problem(ada.post(SUBMIT, "key-1", &json!({"version": 99})).await, 422);
    problem(ada.post(SUBMIT, "key-2", &body).await, 409);
    let sent = read(&ada.get(RETURN).await.expect(200));
    assert_eq!(sent["submission"]["hash"], read(&first)["hash"]);
    assert_eq!(sent["submission"]["number"], 1, "{sent}");
}

async fn a_contributor_answers_but_does_not_submit(world: World) {
    let programme = Programme::begin(&world);
    let mut cyd = Program::new(&world, &programme.contributor);
    cyd.put(ANSWER, "\"0\"", &level(3, true)).await.expect(200);
    let told = problem(cyd.post(SUBMIT, "k", &json!({"version": 1})).await, 403);
    assert!(told["detail"].as_str().unwrap().contains("It is for:"), "{told}");
}
