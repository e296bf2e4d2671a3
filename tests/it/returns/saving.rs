//! Saving answers: two people at once, mistakes in every kind of field, and the history that is kept.

use portal::access::OrganisationRole::Contributor;

use crate::on_both;
use crate::support::year::{assertions, levels, outcomes};
use crate::support::{World, everybodys};

on_both!(
    a_stale_save_shows_both_texts_and_lets_the_person_choose,
    what_was_typed_is_shown_when_the_return_has_moved_on,
    the_same_answer_sent_twice_is_no_conflict,
    mistakes_are_explained_and_the_form_is_kept,
    every_kind_of_item_is_answered,
    an_outcome_shows_what_its_statements_give,
    an_honest_no_can_be_submitted,
);

async fn a_stale_save_shows_both_texts_and_lets_the_person_choose(world: World) {
    let trust = world.trust("ZZ001");
    let cal = world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-1"], cal);
    let question = trust.at("2026", "/requirements/1-1");
    let (mut lead, mut cal) = (world.signed_in("Lead ZZ001").await, world.signed_in("Cal Contributor").await);
    assert_eq!(lead.get(&question).await.expect(200).hidden("version"), "0");
    assert_eq!(cal.get(&question).await.expect(200).hidden("version"), "0");
    cal.post(&question, &[("version", "0"), ("choice", "1"), ("comment", "Cal's <words>")]).await.expect(303);
    let mine = [("version", "0"), ("choice", "3"), ("text", "Mine too"), ("comment", "Lead's words")];
    let page = lead
        .post(&question, &mine)
        .await
        .expect(409)
        .shows("Cal&#39;s &lt;words&gt;")
        .shows("descriptor of level 1")
        .shows("by Cal Contributor")
        .shows("Lead&#39;s words")
        .shows("Mine too")
        .shows("descriptor of level 3");
    // Nothing of the lead's was saved, and all of it comes back with the choice.
    lead.get(&question).await.expect(200).shows("Cal&#39;s &lt;words&gt;").hides("Lead&#39;s words");
    let again = ["version", "choice", "text", "comment"].map(|name| (name, page.hidden(name)));
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(again[0], ("version", "1"));
    lead.post(&question, &unescaped(&again)).await.expect(303);
    lead.get(&question).await.expect(200).shows("Mine too").shows("Last saved").shows("by Lead ZZ001");
    lead.get(&format!("{question}/history"))
        .await
        .expect(200)
        .shows("Version 2")
        .shows("Lead&#39;s words")
        .shows("Version 1")
        .shows("Cal&#39;s &lt;words&gt;");
    // A stale change of an answer that was changed since is a conflict as well.
    cal.post(&question, &[("version", "1"), ("choice", "0")]).await.expect(409).shows("Mine too");
}

/// What a browser sends for values that the page holds escaped.
fn unescaped<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| (*name, if *name == "comment" { "Lead's words" } else { *value }))
        .collect()
}

async fn what_was_typed_is_shown_when_the_return_has_moved_on(world: World) {
    let trust = world.trust("ZZ001");
    let cal = world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-1"], cal);
    let question = trust.at("2026", "/requirements/1-1");
    let (mut lead, mut cal) = (world.signed_in("Lead ZZ001").await, world.signed_in("Cal Contributor").await);
    cal.get(&question).await.expect(200);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &serde_json::json!({"level": 2}), "");
    }
    lead.get(&trust.at("2026", "")).await.expect(200);
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    let typed =
        [("version", "0"), ("choice", "3"), ("text", "Line one\r\nLine <two>"), ("comment", "Cal's words")];
    cal.post(&question, &typed)
        .await
        .expect(409)
        .shows("Your answer to 1-1 was not saved")
        .shows("the return is ready")
        .shows("descriptor of level 3")
        .shows("Line one\nLine &lt;two&gt;")
        .shows("Cal&#39;s words");
    // What is no answer is shown word for word.
    let typed =
        [("version", "0"), ("choice", ""), ("text", "Only a statement"), ("comment", "Half a thought")];
    cal.post(&question, &typed).await.expect(409).shows("Only a statement").shows("Half a thought");
    // And whoever may not save at all is told so, as ever.
    let mut signer = world.signed_in("Siro ZZ001").await;
    signer.get(&trust.at("2026", "")).await.expect(200);
    signer.post(&question, &typed).await.expect(403);
    cal.get(&question).await.expect(200).hides("Only a statement").hides("Line one");
    world.settle();
}

async fn the_same_answer_sent_twice_is_no_conflict(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200);
    let form = [("version", "0"), ("choice", "2"), ("comment", "Twice")];
    for _ in 0..2 {
        assert_eq!(
            lead.post(&question, &form).await.expect(303).location(),
            trust.at("2026", "/requirements/1-2")
        );
    }
    assert_eq!(lead.get(&question).await.expect(200).hidden("version"), "1");
}

async fn mistakes_are_explained_and_the_form_is_kept(world: World) {
    let trust = world.trust("ZZ001");
    let levels = world.edition(&levels("sample-2026", 3));
    let items = world.edition(&assertions("items-2026"));
    let outcomes = world.edition(&outcomes("outcomes-2026"));
    let times = ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"];
    world.collection("levels", levels, times);
    world.collection("items", items, times);
    world.collection("outcomes", outcomes, times);
    for year in ["levels", "items", "outcomes"] {
        world.started(&trust, year);
    }
    let mut lead = world.signed_in("Lead ZZ001").await;
    let long = "x".repeat(20_001);
    let cases: Vec<(&str, &str, Vec<(&str, &str)>, &str)> = vec![
        ("levels", "1-1", vec![], "Choose a level"),
        ("levels", "1-1", vec![("choice", "7")], "whole number from 0 to 3"),
        ("levels", "1-1", vec![("choice", "two")], "whole number from 0 to 3"),
        ("levels", "1-1", vec![("choice", "2"), ("text", &long)], "20,000"),
        ("levels", "1-1", vec![("choice", "not_relevant"), ("reason", "x")], "applies to every organisation"),
        ("levels", "1-3", vec![("choice", "not_relevant")], "Explain why"),
        ("levels", "1-1", vec![("intent", "later"), ("text", "kept text")], "move your text to the comment"),
        ("levels", "1-1", vec![("version", "x"), ("choice", "2")], "Load the page again"),
        ("items", "1.1", vec![], "Say whether you can confirm this"),
        ("items", "1.1.1", vec![], "Enter your answer"),
        (
            "items",
            "1.1.2",
            vec![("date-day", "31"), ("date-month", "2"), ("date-year", "2026")],
            "Enter a real date",
        ),
        ("items", "1.1.2", vec![("date-day", "soon")], "Enter a real date"),
        ("items", "1.1.2", vec![], "Enter a date"),
        ("items", "1.1.3", vec![("choice", "maybe")], "Choose one of the answers"),
        ("items", "1.1.4", vec![], "Say whether the documents are attached"),
        ("outcomes", "A1.a", vec![("indicators", "A1.a.X9")], "is not an indicator"),
        ("outcomes", "A1.a", vec![("claim", "superb"), ("justification", "y")], "Choose achieved"),
        ("outcomes", "A1.a", vec![("claim", "achieved")], "Explain the alternative control"),
    ];
    for (year, code, fields, words) in cases {
        let question = trust.at(year, &format!("/requirements/{code}"));
        let version = lead.get(&question).await.expect(200).hidden("version");
        let mut form = vec![("comment", "Kept <comment>")];
        if !fields.iter().any(|(name, _)| *name == "version") {
            form.push(("version", version.as_str()));
        }
        form.extend(fields);
        lead.post(&question, &form)
            .await
            .expect(422)
            .shows(words)
            .shows("<title>Error: ")
            .shows("There is a problem")
            .shows("Kept &lt;comment&gt;");
        lead.get(&question).await.expect(200).hides("Kept");
    }
}

async fn every_kind_of_item_is_answered(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&assertions("items-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = |code: &str| trust.at("2026", &format!("/requirements/{code}"));
    lead.get(&at("1.1.1")).await.expect(200);
    lead.post(&at("1.1.1"), &[("version", "0"), ("text", "Line one\r\nLine two")]).await.expect(303);
    lead.get(&at("1.1.1")).await.expect(200).shows("Line one\nLine two");
    let date = [("version", "0"), ("date-day", "31"), ("date-month", "1"), ("date-year", "2026")];
    lead.post(&at("1.1.2"), &date).await.expect(303);
    lead.get(&at("1.1.2")).await.expect(200).shows("value=\"31\"").shows("value=\"2026\"");
    lead.post(&at("1.1.3"), &[("version", "0"), ("choice", "no"), ("text", "Not yet")]).await.expect(303);
    lead.post(&at("1.1"), &[("version", "0"), ("choice", "yes")]).await.expect(303);
    lead.post(&at("1.1.4"), &[("version", "0"), ("choice", "yes")]).await.expect(303);
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>4 of 5</strong>")
        .shows("The answer says that documents are attached, but there are none.");
    lead.upload(&at("1.1.4/evidence"), &[], "policy.txt", b"Our policy, in plain text.").await.expect(303);
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>5 of 5</strong>").shows("Mark as ready");
    let sent = world.sent(&trust, "2026");
    let stored = world.db().read_now(everybodys(), |conn| portal::returns::submission(conn, sent)).unwrap();
    assert_eq!(stored.levels, [1, 1, 1, 1, 1]);
    assert_eq!(stored.claimed_grade, "standards_met");
    let evidence = &stored.parsed().unwrap().answers[4].evidence;
    assert_eq!((evidence.len(), evidence[0].name.as_str(), evidence[0].size), (1, "policy.txt", 26));
    world.settle();
}

async fn an_outcome_shows_what_its_statements_give(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&outcomes("outcomes-2026"));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/A1.a");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question)
        .await
        .expect(200)
        .shows("First good")
        .shows("Half good")
        .shows("Bad")
        .hides("statements that are saved");
    lead.post(&question, &[("version", "0"), ("indicators", "A1.a.P1"), ("indicators", "A1.a.A1")])
        .await
        .expect(303);
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("the statements you ticked give &quot;Partially achieved&quot;");
    lead.get(&question).await.expect(200).shows("give: <strong>Partially achieved</strong>");
    let all =
        [("version", "1"), ("indicators", "A1.a.A1"), ("indicators", "A1.a.A2"), ("indicators", "A1.a.N1")];
    lead.post(&question, &all).await.expect(303);
    lead.get(&question).await.expect(200).shows("give: <strong>Not achieved</strong>");
    let claim = [
        ("version", "2"),
        ("indicators", "A1.a.N1"),
        ("claim", "achieved"),
        ("justification", "Another control does it"),
    ];
    lead.post(&question, &claim).await.expect(303);
    lead.get(&question)
        .await
        .expect(200)
        .shows("give: <strong>Not achieved</strong>")
        .shows("Another control does it");
    let sent = world.sent(&trust, "2026");
    let stored = world.db().read_now(everybodys(), |conn| portal::returns::submission(conn, sent)).unwrap();
    // The claim counts and stays visible beside what the statements give.
    assert_eq!((stored.levels.as_slice(), stored.claimed_grade.as_str()), ([2].as_slice(), "standards_met"));
    assert!(stored.score.contains("\"computed\":\"not_achieved\""), "{}", stored.score);
    world.settle();
}

async fn an_honest_no_can_be_submitted(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&assertions("items-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = |code: &str| trust.at("2026", &format!("/requirements/{code}"));
    lead.get(&at("1.1")).await.expect(200);
    lead.post(&at("1.1"), &[("version", "0"), ("choice", "no")]).await.expect(303);
    lead.post(&at("1.1.1"), &[("version", "0"), ("text", "Said")]).await.expect(303);
    let date = [("version", "0"), ("date-day", "31"), ("date-month", "1"), ("date-year", "2026")];
    lead.post(&at("1.1.2"), &date).await.expect(303);
    lead.post(&at("1.1.3"), &[("version", "0"), ("choice", "no")]).await.expect(303);
    lead.post(&at("1.1.4"), &[("version", "0"), ("choice", "no")]).await.expect(303);
    lead.get(&trust.at("2026", "")).await.expect(200).shows("Explain why the documents are not attached.");
    lead.post(&at("1.1.4"), &[("version", "1"), ("choice", "no"), ("text", "Being written")])
        .await
        .expect(303);
    let sent = world.sent(&trust, "2026");
    let stored = world.db().read_now(everybodys(), |conn| portal::returns::submission(conn, sent)).unwrap();
    assert_eq!(stored.claimed_grade, "standards_not_met");
    world.settle();
}
