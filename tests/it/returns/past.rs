//! What happened: changes from version to version, an earlier one restored, one answer made of two, and the activity of
//! a return.

use diesel::prelude::*;
use portal::access::CentralRole::CentralReviewer;
use portal::access::OrganisationRole::IgLead;
use portal::schema::review;
use serde_json::json;

use crate::on_both;
use crate::support::year::{levels, outcomes};
use crate::support::{World, everybodys};

on_both!(
    each_version_says_what_it_changed_and_can_be_restored,
    a_stale_restore_is_a_conflict_with_nothing_lost,
    two_answers_are_merged_and_a_third_shows_the_page_again,
    ticks_of_both_are_proposed,
    the_activity_tells_who_did_what,
    nobody_restores_what_they_may_not_save,
);

async fn each_version_says_what_it_changed_and_can_be_restored(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    world.answered(&trust, "2026", "1-1", &json!({"level": 1, "text": "Begun"}), "First words");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200);
    let second = [
        ("version", "1"),
        ("choice", "2"),
        ("text", "Begun"),
        ("comment", "Second words"),
        ("intent", "later"),
    ];
    lead.post(&question, &second).await.expect(303);
    let page =
        lead.get(&format!("{question}/history")).await.expect(200).shows("What version 2 changed").text();
    let change = page.split("What version 2 changed").nth(1).unwrap().split("</table>").next().unwrap();
    for words in [
        "Answer",
        "Level 1: descriptor of level 1",
        "Level 2: descriptor of level 2",
        "First words",
        "Second words",
        "Completed",
        "In progress",
    ] {
        assert!(change.contains(words), "{words} is not in {change}");
    }
    assert!(!change.contains("Begun"), "what stayed is not told: {change}");
    assert_eq!(page.matches("Restore this version").count(), 1, "the newest needs no restoring: {page}");
    let seen = lead.get(&format!("{question}/history")).await.expect(200).hidden("version");
    assert_eq!(seen, "2");
    let restored =
        lead.post(&format!("{question}/history/1/restore"), &[("version", &seen)]).await.expect(303);
    assert_eq!(restored.location(), question);
    let page = lead
        .get(&question)
        .await
        .expect(200)
        .shows("version 1 stands again, as version 3")
        .shows("First words");
    assert_eq!(page.hidden("version"), "3");
    lead.get(&format!("{question}/history"))
        .await
        .expect(200)
        .shows("Version 3")
        .shows("What version 3 changed")
        .shows("Second words");
    lead.post(&format!("{question}/history/9/restore"), &[("version", "3")]).await.expect(404);
    lead.post(&format!("{question}/history/1/restore"), &[]).await.expect(422);
}

async fn a_stale_restore_is_a_conflict_with_nothing_lost(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    world.answered(&trust, "2026", "1-1", &json!({"level": 1}), "First words");
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "Second words");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&format!("{question}/history")).await.expect(200);
    world.answered(&trust, "2026", "1-1", &json!({"level": 3}), "Third words");
    let page = lead
        .post(&format!("{question}/history/1/restore"), &[("version", "2")])
        .await
        .expect(409)
        .shows("A colleague changed this answer first")
        .shows("First words")
        .shows("Third words");
    assert_eq!(page.hidden("version"), "3");
    lead.get(&question).await.expect(200).shows("Third words");
}

async fn two_answers_are_merged_and_a_third_shows_the_page_again(world: World) {
    let trust = world.trust("ZZ001");
    world.person("Gus Lead", &[(trust.id, IgLead)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    world.answered(&trust, "2026", "1-1", &json!({"level": 1, "text": "Base"}), "A note");
    let (mut lead, mut gus) = (world.signed_in("Lead ZZ001").await, world.signed_in("Gus Lead").await);
    lead.get(&question).await.expect(200);
    gus.get(&question).await.expect(200);
    gus.post(&question, &[("version", "1"), ("choice", "1"), ("text", "Gus wrote"), ("comment", "A note")])
        .await
        .expect(303);
    let mine = [("version", "1"), ("choice", "3"), ("text", "Lead wrote"), ("comment", "A better note")];
    let page = lead.post(&question, &mine).await.expect(409).shows("Make one answer of both").text();
    let proposal = page.split("Make one answer of both").nth(1).unwrap();
    // Only the lead changed level and comment; both changed the statement, and both texts are there.
    assert!(proposal.contains("Gus wrote\n\nLead wrote"), "{proposal}");
    assert!(proposal.contains("A better note") && !proposal.contains(">A note<"), "{proposal}");
    let chosen =
        proposal.split("<input").find(|tag| tag.contains("type=\"radio\"") && tag.contains(" checked"));
    assert!(chosen.unwrap().contains("value=\"3\""), "{proposal}");
    // Meanwhile somebody saves again: the merged text is not lost, and is offered over the newest.
    gus.get(&question).await.expect(200);
    gus.post(&question, &[("version", "2"), ("choice", "0"), ("text", "Gus again"), ("comment", "A note")])
        .await
        .expect(303);
    let merged = [("version", "2"), ("choice", "3"), ("text", "Of both"), ("comment", "A better note")];
    let page = lead.post(&question, &merged).await.expect(409).shows("Gus again").shows("Of both");
    assert_eq!(page.hidden("version"), "3");
    let merged = [("version", "3"), ("choice", "3"), ("text", "Of all three"), ("comment", "A better note")];
    lead.post(&question, &merged).await.expect(303);
    lead.get(&question).await.expect(200).shows("Of all three");
    // A mistake in the merged form comes back with what was typed.
    let wrong = [("version", "4"), ("choice", "9"), ("text", "Of all three and more")];
    let page = lead.post(&question, &wrong).await.expect(422).shows("Of all three and more");
    assert_eq!(page.hidden("version"), "4");
}

async fn ticks_of_both_are_proposed(world: World) {
    let trust = world.trust("ZZ001");
    world.person("Gus Lead", &[(trust.id, IgLead)], &[]);
    world.usual_year(&outcomes("outcomes-2026"));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/A1.a");
    let (mut lead, mut gus) = (world.signed_in("Lead ZZ001").await, world.signed_in("Gus Lead").await);
    lead.get(&question).await.expect(200);
    gus.get(&question).await.expect(200);
    gus.post(&question, &[("version", "0"), ("indicators", "A1.a.A1")]).await.expect(303);
    let page = lead.post(&question, &[("version", "0"), ("indicators", "A1.a.A2")]).await.expect(409).text();
    let proposal = page.split("Make one answer of both").nth(1).unwrap();
    let ticked: Vec<&str> = proposal
        .split("<input")
        .filter(|tag| {
            tag.contains("name=\"indicators\"") && tag.split('>').next().unwrap().contains(" checked")
        })
        .collect();
    assert_eq!(ticked.len(), 2, "{proposal}");
}

async fn the_activity_tells_who_did_what(world: World) {
    let trust = world.trust("ZZ001");
    let gus = world.person("Gus Lead", &[(trust.id, IgLead)], &[]);
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/activity"))
        .await
        .expect(200)
        .shows("started the return")
        .shows("1 thing in all");
    lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200);
    lead.upload(&trust.at("2026", "/requirements/1-1/evidence"), &[], "a.txt", b"Evidence.")
        .await
        .expect(303);
    world.given(trust.lead, trust.id, "2026", &["1-2", "1-3"], gus);
    for minute in 0..60 {
        world.clock.advance_seconds(60);
        world.answered(&trust, "2026", "1-1", &json!({"level": minute % 3}), "A private comment");
    }
    world.clock.advance_seconds(60);
    for code in ["1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.clock.advance_seconds(60);
    world.sent(&trust, "2026");
    world.settle();
    let mut lead = world.signed_in("Lead ZZ001").await;
    let page = lead.get(&trust.at("2026", "/activity")).await.expect(200);
    let page = page.shows("submitted the return (number 1)").shows("signed the return").shows("Siro ZZ001");
    let page = page.shows("completed the answer (version 60)").hides("(version 15)").hides("private").text();
    assert!(
        page.find("submitted the return").unwrap() < page.find("completed the answer").unwrap(),
        "newest first"
    );
    assert_eq!(page.matches("<tr class=\"nhsuk-table__row\" role=\"row\"><td").count(), 50);
    lead.get(&trust.at("2026", "/activity?page=2"))
        .await
        .expect(200)
        .shows("gave 2 requirements to Gus Lead")
        .shows("attached a file")
        .shows("started the return")
        .shows("(version 15)");
    for odd in ["?page=0", "?page=x", "?page=99999999999999999999", "?page=-3"] {
        lead.get(&trust.at("2026", &format!("/activity{odd}")))
            .await
            .expect(200)
            .shows("submitted the return");
    }
    lead.get(&trust.at("2026", "/activity?page=900")).await.expect(200);
    // The central team's names stay its own.
    let mut ada = world.signed_in("Ada Reviewer").await;
    let id: i64 =
        world.db().read_now(everybodys(), |conn| Ok(review::table.select(review::id).first(conn)?)).unwrap();
    ada.get(&format!("/reviews/{id}")).await.expect(200);
    ada.post(&format!("/reviews/{id}/claim"), &[]).await.expect(303);
    lead.get(&trust.at("2026", "/activity"))
        .await
        .expect(200)
        .shows("moved the return on: under review")
        .shows("The central team")
        .hides("Ada Reviewer");
    world.settle();
}

async fn nobody_restores_what_they_may_not_save(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let question = trust.at("2026", "/requirements/1-1");
    world.answered(&trust, "2026", "1-1", &json!({"level": 1}), "");
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "");
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&format!("{question}/history")).await.expect(200).hides("Restore this version");
    siro.get("/account").await.expect(200);
    siro.post(&format!("{question}/history/1/restore"), &[("version", "2")]).await.expect(403);
    for code in ["1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.signed(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&format!("{question}/history")).await.expect(200).hides("Restore this version");
    lead.get("/account").await.expect(200);
    lead.post(&format!("{question}/history/1/restore"), &[("version", "2")]).await.expect(409);
    world.settle();
}
