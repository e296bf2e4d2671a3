//! The reviewer's screen: everything beside an answer, the way through a review, versions of a decision, and what is shown
//! when a submission is taken away under a reviewer's hands.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::schema::review_place;
use serde_json::json;

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, ask, decide, finish};
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    a_screen_shows_all_that_a_decision_rests_on,
    cross_checks_say_what_does_not_fit,
    evidence_is_shown_only_within_our_own_pages,
    the_way_through_a_review_follows_the_filter,
    opening_a_review_again_goes_on_where_it_stopped,
    every_version_of_a_decision_is_kept,
    what_was_typed_is_not_lost_when_the_review_has_moved_on,
    a_withdrawn_submission_says_what_happened,
    a_requirement_not_put_to_the_organisation_cannot_be_decided,
    a_flag_is_the_reviewers_own,
    help_about_the_keyboard_is_for_everybody,
);

async fn a_screen_shows_all_that_a_decision_rests_on(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows("Question 1?")
        .shows("Guidance 1")
        .shows("Full marks need:")
        .shows("Level 3: descriptor of level 3")
        .shows("Claimed: Level 2")
        .shows("0 of 3 decided")
        .shows("History of the organisation")
        .shows("Save and stay")
        .shows("workspace.js")
        .hides("style=")
        .hides("The year before");
}

/// A trust that was reviewed last year and has sent this year's return: its answers are what `answers` makes of it.
pub(super) async fn two_years(world: World, answers: impl AsyncFnOnce(&World, &Trust)) -> Scene {
    let trust = world.trust("ZZ001");
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    let first = world.edition(&levels("sample-2025", 3));
    world.collection("2025", first, ["2025-12-01 09:00", "2026-01-20 12:00", "2026-01-21 12:00"]);
    world.started(&trust, "2025");
    attached(&world, &trust, "2025", "1-1", "minutes.txt", b"Minutes").await;
    for code in ["1-1", "1-2", "1-3"] {
        let level = if code == "1-2" { 0 } else { 2 };
        world.answered(&trust, "2025", code, &json!({"level": level}), "As ever");
    }
    world.sent(&trust, "2025");
    world.settle();
    let id = world.review_of(&trust);
    let scene = Scene { world, trust, id };
    let mut ada = scene.claimed().await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    scene.world.settle();
    let Scene { world, trust, .. } = scene;
    world.clock.set(portal::platform::clock::parse_london("2026-02-02 10:00").unwrap());
    let second = world.edition(&levels("sample-2026", 3));
    world.collection("2026", second, ["2026-02-01 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.started(&trust, "2026");
    answers(&world, &trust).await;
    world.sent(&trust, "2026");
    world.settle();
    let id = world.review_of(&trust);
    Scene { world, trust, id }
}

/// Attaches a file as the trust's lead.
async fn attached(world: &World, trust: &Trust, year: &str, code: &str, name: &str, content: &[u8]) {
    let mut lead = world.signed_in(&format!("Lead {}", trust.code)).await;
    let question = trust.at(year, &format!("/requirements/{code}"));
    lead.get(&question).await.expect(200);
    lead.upload(&format!("{question}/evidence"), &[], name, content).await.expect(303);
}

async fn cross_checks_say_what_does_not_fit(world: World) {
    let scene = two_years(world, async |world, trust| {
        // The same words as last year; two levels more without anything new; not relevant where it was answered.
        world.answered(trust, "2026", "1-1", &json!({"level": 2}), "As ever");
        world.answered(trust, "2026", "1-2", &json!({"level": 2}), "Better now");
        let value = json!({"not_relevant": true, "reason": "No such service"});
        world.answered(trust, "2026", "1-3", &value, "");
        attached(world, trust, "2026", "1-3", "again.txt", b"Minutes").await;
    })
    .await;
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows(", word for word.")
        .shows("The year before")
        .shows("Agreed by review");
    ada.get(&scene.at("/requirements/1-2"))
        .await
        .expect(200)
        .shows("The claim is 2 steps above last year")
        .shows("(Level 0), and no new evidence is attached.");
    ada.get(&scene.at("/requirements/1-3"))
        .await
        .expect(200)
        .shows("It is said not to be relevant, yet evidence is attached.")
        .shows("last year it was claimed at level 2")
        .shows("is the file that stood at 1-1 last year.")
        .shows("Added by Lead ZZ001 on");
    // The list can be narrowed to those with a doubt.
    let doubts = ada.get(&scene.at("/requirements/1-2?show=checks")).await.expect(200);
    doubts.shows(">1-2 Title 2</a>").shows(">1-3 Title 3</a>").hides(">1-1 Title 1</a>");
    scene.world.settle();
}

async fn evidence_is_shown_only_within_our_own_pages(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    attached(&world, &trust, "2026", "1-1", "policy.pdf", b"%PDF-1.7\nA policy\n%%EOF").await;
    attached(&world, &trust, "2026", "1-1", "notes.txt", b"Plain notes").await;
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.sent(&trust, "2026");
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.settle();
    let id = world.review_of(&trust);
    let scene = Scene { world, trust, id };
    let mut ada = scene.claimed().await;
    let page = ada.get(&scene.at("/requirements/1-1")).await.expect(200).shows("Document viewer");
    assert!(page.header("content-security-policy").contains("frame-src 'self'"));
    let text = page.text();
    let views: Vec<&str> = text
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.ends_with("/view"))
        .collect();
    // Each in the page and in a tab of its own.
    assert_eq!(views.len(), 4, "{text}");
    for view in views {
        let file = ada.get(view).await.expect(200);
        let policy = file.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'"),
            "{policy}"
        );
        assert_eq!(file.header("x-frame-options"), "SAMEORIGIN");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(file.header("content-disposition").starts_with("inline"));
        let is_pdf = file.header("content-type") == "application/pdf";
        assert_eq!(policy.starts_with("sandbox"), !is_pdf, "{policy}");
        // Saved, it may be part of no page at all.
        let saved = ada.get(view.trim_end_matches("/view")).await.expect(200);
        assert!(saved.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(saved.header("content-disposition").starts_with("attachment"));
        let mut lead = scene.world.signed_in("Lead ZZ001").await;
        lead.get(view).await.expect(404);
    }
}

async fn the_way_through_a_review_follows_the_filter(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-2", "level_1", "Too high.").await;
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows("1 of 3 decided")
        .shows("Next: 1-2")
        .shows("Next undecided: 1-3")
        .shows("Downgraded");
    ada.get(&scene.at("/requirements/1-1?show=undecided"))
        .await
        .expect(200)
        .shows("Next: 1-3")
        .hides(">1-2 Title 2</a>");
    ada.get(&scene.at("/requirements/1-1?show=differs"))
        .await
        .expect(200)
        .shows("Next: 1-2")
        .shows(">1-2 Title 2</a>")
        .hides(">1-3 Title 3</a>");
    // Saved under a filter, the way goes on under it; saved to stay, it stays.
    let at = scene.at("/requirements/1-1");
    let fields =
        [("version", "0"), ("assessed", "level_2"), ("reason", ""), ("then", "next"), ("show", "undecided")];
    let next = ada.post(&at, &fields).await.expect(303).location();
    assert_eq!(next, scene.at("/requirements/1-3?show=undecided"));
    let fields = [("version", "0"), ("assessed", "level_2"), ("reason", ""), ("then", "stay")];
    let stays = ada.post(&scene.at("/requirements/1-3"), &fields).await.expect(303).location();
    assert_eq!(stays, scene.at("/requirements/1-3"));
    let queried = ask(&mut ada, &scene, "Why?", 10).await;
    assert!(!queried.is_empty());
    ada.get(&scene.at("/requirements/1-1?show=queried"))
        .await
        .expect(200)
        .shows("waiting for a reply")
        .hides(">1-2 Title 2</a>");
    ada.get(&scene.at("/requirements/1-1?show=nonsense")).await.expect(200).shows(">1-2 Title 2</a>");
    scene.world.settle();
}

async fn opening_a_review_again_goes_on_where_it_stopped(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Max Manager", &[], &[ProgrammeManager]);
    let mut ada = scene.claimed().await;
    let to = ada.get(&scene.at("/continue")).await.expect(303).location();
    assert_eq!(to, scene.at("/requirements/1-1"));
    ada.get(&scene.at("/requirements/1-2")).await.expect(200);
    // Somebody who only looks in leaves no trace, and does not move the reviewer.
    let mut max = scene.world.signed_in("Max Manager").await;
    max.get(&scene.at("/requirements/1-3")).await.expect(200).hides("Save and stay");
    let places: i64 = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(review_place::table.count().get_result(conn)?))
        .unwrap();
    assert_eq!(places, 1);
    ada.get(&scene.at("")).await.expect(200).shows("Go on where you stopped: 1-2");
    let mut again = scene.world.signed_in("Ada Reviewer").await;
    let to = again.get(&scene.at("/continue")).await.expect(303).location();
    assert_eq!(to, scene.at("/requirements/1-2"));
}

async fn every_version_of_a_decision_is_kept(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_1", "The first finding.").await;
    decide(&mut ada, &scene, "1-1", "level_0", "The second finding.").await;
    decide(&mut ada, &scene, "1-1", "level_2", "").await;
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows("Version 3, Ada Reviewer")
        .shows("Earlier versions of this decision")
        .shows("Downgraded: Level 0")
        .shows("The second finding.")
        .shows("Downgraded: Level 1")
        .shows("Version 1, Ada Reviewer");
    // A save that came too late leaves no version behind.
    let at = scene.at("/requirements/1-1");
    ada.post(&at, &[("version", "1"), ("assessed", "level_3"), ("reason", "Much too slow")])
        .await
        .expect(409);
    ada.get(&at).await.expect(200).hides("Much too slow").hides("Version 4");
}

async fn what_was_typed_is_not_lost_when_the_review_has_moved_on(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut ada = scene.claimed().await;
    let mut tab = ada.clone();
    tab.get(&scene.at("/requirements/1-1")).await.expect(200);
    ada.post(&scene.at("/release"), &[]).await.expect(303);
    let fields = [("version", "0"), ("assessed", "level_1"), ("reason", "My careful words")];
    tab.post(&scene.at("/requirements/1-1"), &fields)
        .await
        .expect(409)
        .shows("Your decision was not saved")
        .shows("My careful words")
        .shows("Your finding: Level 1");
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get(&scene.at("")).await.expect(200);
    cy.post(&scene.at("/claim"), &[]).await.expect(303);
    decide(&mut cy, &scene, "1-1", "level_0", "What the colleague found.").await;
    tab.post(&scene.at("/requirements/1-1"), &fields)
        .await
        .expect(403)
        .shows("Only the reviewer who claimed this review")
        .shows("My careful words")
        .shows("What the colleague found.");
}

async fn a_withdrawn_submission_says_what_happened(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-2", "level_1", "Decided before.").await;
    ada.get(&scene.at("/requirements/1-1")).await.expect(200);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let withdraw = scene.trust.at("2026", "/withdraw");
    lead.get(&withdraw).await.expect(200);
    lead.post(&withdraw, &[("reason", "We sent the wrong figures")]).await.expect(303);
    scene.world.settle();
    let fields = [("version", "0"), ("assessed", "level_1"), ("reason", "Typed in vain")];
    ada.post(&scene.at("/requirements/1-1"), &fields)
        .await
        .expect(409)
        .shows("This submission was withdrawn")
        .shows("We sent the wrong figures")
        .shows("Typed in vain");
    ada.get(&scene.at("/requirements/1-2"))
        .await
        .expect(200)
        .shows("This submission was withdrawn")
        .shows("Decided before.")
        .hides("Save and stay");
    ada.get(&scene.at("")).await.expect(200).shows("This submission was withdrawn");
}

async fn a_requirement_not_put_to_the_organisation_cannot_be_decided(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/1-1")).await.expect(200);
    let fields = [("version", "0"), ("assessed", "level_2"), ("reason", "")];
    for code in ["9-9", "1-4", "A1.a"] {
        let at = scene.at(&format!("/requirements/{code}"));
        ada.post(&at, &fields).await.expect(404);
        let quote = [("then", "quote"), ("library", "1")];
        ada.post(&at, &quote).await.expect(404);
        ada.post(&scene.at("/flags"), &[("requirement", code), ("flagged", "yes")]).await.expect(404);
        ada.post(&scene.at("/notes"), &[("requirement", code), ("note", "x")]).await.expect(404);
    }
    ada.post(&scene.at("/agree"), &[("codes", "9-9"), ("step", "agree")]).await.expect(409).shows("9-9");
    assert_eq!(scene.states().0, "claimed");
}

async fn a_flag_is_the_reviewers_own(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/1-2")).await.expect(200).shows("Flag to come back to");
    let fields = [("requirement", "1-2"), ("flagged", "yes")];
    let to = ada.post(&scene.at("/flags"), &fields).await.expect(303).location();
    assert_eq!(to, scene.at("/requirements/1-2"));
    ada.post(&scene.at("/flags"), &fields).await.expect(303);
    ada.get(&scene.at("/requirements/1-1?show=flagged"))
        .await
        .expect(200)
        .shows("Undecided, flagged")
        .hides(">1-3 Title 3</a>");
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get(&scene.at("/requirements/1-2")).await.expect(200).shows("Flagged by the reviewer");
    cy.post(&scene.at("/flags"), &fields).await.expect(403);
    ada.post(&scene.at("/flags"), &[("requirement", "1-2"), ("flagged", "no")]).await.expect(303);
    ada.get(&scene.at("/requirements/1-2")).await.expect(200).shows("Flag to come back to");
}

async fn help_about_the_keyboard_is_for_everybody(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let page = ada.get("/help/keyboard").await.expect(200);
    page.shows("Goes to the next undecided requirement").shows("Switch single-key shortcuts off");
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows("href=\"/help/keyboard\"")
        .shows("<dialog");
}
