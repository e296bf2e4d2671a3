//! Last year's answers: carried forward to be confirmed, and nothing of them lost.

use portal::platform::clock::parse_london;
use portal::returns::{self, AnswerState, Which};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    last_years_answers_wait_to_be_confirmed,
    an_answer_that_fits_no_more_becomes_text,
    a_first_return_starts_empty,
    what_was_stored_and_never_submitted_is_taken_up,
    a_year_that_was_skipped_loses_nothing,
);

/// A submission of last year: level 2, level 3, and not relevant.
async fn given_last_year(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.clock.set(parse_london("2025-01-13 10:00").unwrap());
    let edition = world.edition(&levels("sample-2025", 3));
    world.collection("2025", edition, ["2025-01-05 09:00", "2025-06-30 12:00", "2025-07-14 12:00"]);
    world.started(&trust, "2025");
    world.answered(&trust, "2025", "1-1", &json!({"level": 2, "text": "as before"}), "Old comment");
    world.answered(&trust, "2025", "1-2", &json!({"level": 3}), "Best comment");
    world.answered(&trust, "2025", "1-3", &json!({"not_relevant": true, "reason": "None here"}), "");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let question = trust.at("2025", "/requirements/1-1");
    lead.get(&question).await.expect(200);
    lead.upload(&format!("{question}/evidence"), &[], "policy.txt", b"Our policy").await.expect(303);
    world.sent(&trust, "2025");
    world.clock.set(parse_london("2026-01-13 10:00").unwrap());
    portal::collections::run_due(world.db()).unwrap();
    world.settle();
    trust
}

async fn last_years_answers_wait_to_be_confirmed(world: World) {
    let trust = given_last_year(&world).await;
    world.usual_year(&levels("sample-2026", 3));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/organisations/ZZ001").await.expect(200);
    lead.post(&trust.at("2026", "/start"), &[]).await.expect(303);
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>0 of 3</strong>")
        .shows("Last year&#39;s answer must be confirmed or changed.")
        .shows("To confirm");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(409);
    let question = trust.at("2026", "/requirements/1-1");
    let page = lead
        .get(&question)
        .await
        .expect(200)
        .shows("This is last year's answer.")
        .shows("as before")
        .shows("Old comment")
        .shows("policy.txt");
    assert_eq!(page.hidden("version"), "1");
    lead.post(
        &question,
        &[("version", "1"), ("choice", "2"), ("text", "as before"), ("comment", "Old comment")],
    )
    .await
    .expect(303);
    lead.get(&question).await.expect(200).hides("This is last year");
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>1 of 3</strong>");
    lead.get(&format!("{question}/history")).await.expect(200).shows("carried forward from last year");
    let id = trust.id;
    let answers = world
        .db()
        .read_now(everybodys(), |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            returns::answers(conn, found.id)
        })
        .unwrap();
    assert_eq!(answers.len(), 3);
    assert!(answers.iter().all(|answer| answer.carried_from.is_some()));
    assert_eq!(answers.iter().filter(|answer| answer.state == AnswerState::ToConfirm).count(), 2);
}

async fn an_answer_that_fits_no_more_becomes_text(world: World) {
    let trust = given_last_year(&world).await;
    // This year's highest level is 2, so last year's level 3 is no answer any more.
    world.usual_year(&levels("sample-2026", 2));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-2"))
        .await
        .expect(200)
        .shows("Best comment")
        .shows("could not be carried over")
        .shows("Level 3: descriptor of level 3")
        .hides(" checked");
    lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).shows(" checked");
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>0 of 3</strong>");
}

async fn a_first_return_starts_empty(world: World) {
    given_last_year(&world).await;
    let fresh = world.trust("ZZ002");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&fresh, "2026");
    let mut lead = world.signed_in("Lead ZZ002").await;
    lead.get(&fresh.at("2026", "")).await.expect(200).shows("Not started").hides("To confirm");
    let home = lead.get("/organisations/ZZ002").await.expect(200).shows("Collection 2025").shows("No return");
    home.shows("Collection 2026");
}

/// What this year's return says to a question, and how far it has got.
fn answer_of(world: &World, trust: &Trust, code: &str) -> Option<(String, AnswerState)> {
    let (id, code) = (trust.id, code.to_owned());
    world
        .db()
        .read_now(everybodys(), move |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            let row = found.edition.requirement_id(&code).unwrap();
            let answers = returns::answers(conn, found.id)?;
            Ok(answers.into_iter().find(|one| one.requirement == row).map(|one| (one.value, one.state)))
        })
        .unwrap()
}

/// The next January: what is due closes.
fn a_year_later(world: &World, london: &str) {
    world.clock.set(parse_london(london).unwrap());
    portal::collections::run_due(world.db()).unwrap();
    world.settle();
}

async fn what_was_stored_and_never_submitted_is_taken_up(world: World) {
    let trust = world.trust("ZZ001");
    world.clock.set(parse_london("2025-01-13 10:00").unwrap());
    let edition = world.edition(&levels("sample-2025", 3));
    world.collection("2025", edition, ["2025-01-05 09:00", "2025-06-30 12:00", "2025-07-14 12:00"]);
    world.started(&trust, "2025");
    world.answered(&trust, "2025", "1-1", &json!({"level": 2}), "Stored comment");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let question = trust.at("2025", "/requirements/1-1");
    lead.get(&question).await.expect(200);
    lead.upload(&format!("{question}/evidence"), &[], "policy.txt", b"Our policy").await.expect(303);
    a_year_later(&world, "2026-01-13 10:00");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    assert_eq!(answer_of(&world, &trust, "1-1"), Some(("{\"level\":2}".to_owned(), AnswerState::ToConfirm)));
    assert_eq!(answer_of(&world, &trust, "1-2"), None);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-1"))
        .await
        .expect(200)
        .shows("This answer was stored last year and never submitted.")
        .shows("It was carried forward from Collection 2025, 1-1, as it was stored there, never submitted")
        .shows("Stored comment")
        .shows("policy.txt");
    lead.get(&trust.at("2026", "/changes"))
        .await
        .expect(200)
        .shows("Collection 2025, as it was stored there, never submitted")
        .shows(&format!("href=\"{}\"", trust.at("2025", "")));
    lead.get(&trust.at("2026", "/requirements/1-2")).await.expect(200).hides("never submitted");
    let export: Value =
        serde_json::from_str(&lead.get(&trust.at("2026", "/export.json")).await.expect(200).text()).unwrap();
    let from = &export["started_from"];
    assert_eq!((&from["collection"], &from["submission"]), (&json!("2025"), &Value::Null));
    assert_eq!(from["answers"][0]["requirement"], "1-1");
    assert_eq!(from["answers"][0]["comment"], "Stored comment");
    world.settle();
}

async fn a_year_that_was_skipped_loses_nothing(world: World) {
    let trust = world.trust("ZZ001");
    world.clock.set(parse_london("2024-01-13 10:00").unwrap());
    let edition = world.edition(&levels("sample-2024", 3));
    world.collection("2024", edition, ["2024-01-05 09:00", "2024-06-30 12:00", "2024-07-14 12:00"]);
    world.started(&trust, "2024");
    world.answered(&trust, "2024", "1-1", &json!({"level": 2}), "Old comment");
    world.answered(&trust, "2024", "1-2", &json!({"level": 3}), "");
    world.answered(
        &trust,
        "2024",
        "1-3",
        &json!({"not_relevant": true, "reason": "None here"}),
        "Gone comment",
    );
    world.sent(&trust, "2024");
    a_year_later(&world, "2025-01-13 10:00");
    // In the year that the organisation skips, 1-3 is asked no more.
    let between = levels("sample-2025", 3).replace("code = \"1-3\"", "code = \"1-4\"");
    let edition = world.edition(&between);
    world.collection("2025", edition, ["2025-01-05 09:00", "2025-06-30 12:00", "2025-07-14 12:00"]);
    a_year_later(&world, "2026-01-13 10:00");
    world.usual_year(&levels("sample-2026", 2));
    world.started(&trust, "2026");
    assert_eq!(answer_of(&world, &trust, "1-1"), Some(("{\"level\":2}".to_owned(), AnswerState::ToConfirm)));
    assert_eq!(answer_of(&world, &trust, "1-3"), None);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-1"))
        .await
        .expect(200)
        .shows("This answer is from Collection 2024.")
        .shows("It was carried forward from Collection 2024, submitted ")
        .shows("Old comment");
    lead.get(&trust.at("2026", "/requirements/1-2"))
        .await
        .expect(200)
        .shows("could not be carried over")
        .shows("Level 3: descriptor of level 3");
    lead.get(&trust.at("2026", "/changes"))
        .await
        .expect(200)
        .shows("Collection 2024, submitted ")
        .shows("It was asked no more after sample-2024.")
        .shows("Gone comment")
        .shows("None here");
    world.settle();
}
