//! A form that saves itself: a draft by the same route and from the same version, told in a few words of JSON.

use actix_web::http::header::ACCEPT;
use actix_web::test::TestRequest;
use portal::access::OrganisationRole::Contributor;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::year::levels;
use crate::support::{Answer, Browser, World};

on_both!(
    a_draft_is_saved_and_the_next_one_starts_from_it,
    a_newer_answer_is_never_overwritten,
    what_cannot_be_saved_yet_says_why,
);

/// Sends the form as the script does.
async fn by_itself(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("csrf", browser.csrf().to_owned()), ("intent", "later".to_owned())];
    all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let request = TestRequest::post().uri(path).insert_header((ACCEPT, "application/json")).set_form(all);
    browser.send(request).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

async fn a_draft_is_saved_and_the_next_one_starts_from_it(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200).shows("data-autosave").shows("autosave.js");
    world.clock.advance_seconds(42 * 60);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200);
    let first = [("version", "0"), ("choice", "2"), ("comment", "Typ")];
    let told = read(&by_itself(&mut lead, &question, &first).await.expect(200));
    assert_eq!((&told["version"], &told["at"]), (&json!(1), &json!("10:42am")));
    assert_eq!(told["tag"], json!({"text": "In progress", "colour": "blue"}));
    let second = [("version", "1"), ("choice", "2"), ("comment", "Typed")];
    assert_eq!(read(&by_itself(&mut lead, &question, &second).await.expect(200))["version"], 2);
    // The answer to the last one was lost and the script tries again: nothing new is saved.
    assert_eq!(read(&by_itself(&mut lead, &question, &second).await.expect(200))["version"], 2);
    lead.get(&trust.at("2026", "")).await.expect(200).shows("In progress");
    let page = lead.get(&question).await.expect(200).shows("Typed");
    assert_eq!(page.hidden("version"), "2");
    let done = [("version", "2"), ("choice", "2"), ("comment", "Typed"), ("intent", "finished")];
    lead.post(&question, &done).await.expect(303);
}

async fn a_newer_answer_is_never_overwritten(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200);
    world.answered(&trust, "2026", "1-1", &json!({"level": 1}), "A colleague's words");
    let mine = [("version", "0"), ("choice", "2"), ("comment", "My words")];
    let told = read(&by_itself(&mut lead, &question, &mine).await.expect(409));
    assert_eq!((&told["version"], &told["href"]), (&json!(0), &json!(format!("{question}/history"))));
    assert!(told["message"].as_str().unwrap().contains("A colleague has saved another answer"), "{told}");
    lead.get(&question).await.expect(200).shows("A colleague&#39;s words").hides("My words");
    // The button leads to both.
    lead.post(&question, &mine).await.expect(409).shows("My words").shows("A colleague&#39;s words");
    for code in ["1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 1}), "");
    }
    world.signed(&trust, "2026");
    let told = read(&by_itself(&mut lead, &question, &mine).await.expect(409));
    assert!(told["message"].as_str().unwrap().starts_with("Not saved: "), "{told}");
    world.settle();
}

async fn what_cannot_be_saved_yet_says_why(world: World) {
    let trust = world.trust("ZZ001");
    world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200);
    let told =
        read(&by_itself(&mut lead, &question, &[("version", "0"), ("text", "Half")]).await.expect(422));
    assert!(told["message"].as_str().unwrap().starts_with("Not saved yet: Choose a level"), "{told}");
    assert_eq!(lead.get(&question).await.expect(200).hidden("version"), "0");
    // Without the form's token, or without having been given it, nothing is saved by a script either.
    let mut cal = world.signed_in("Cal Contributor").await;
    cal.get("/account").await.expect(200);
    let form = [("version", "0"), ("choice", "2")];
    by_itself(&mut cal, &question, &form).await.expect(404);
    lead.forget_token();
    by_itself(&mut lead, &question, &form).await.expect(403);
}
