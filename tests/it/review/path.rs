//! The whole path: queue, claim, query, reply, decide, finish, second reviewer, outcome.

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask, close, decide, finish, question};
use crate::support::World;

on_both!(
    from_the_queue_to_a_confirmed_change_of_grade,
    a_review_that_agrees_is_final_without_a_second_reviewer,
    a_second_reviewer_gives_a_review_back,
    a_submission_sent_again_takes_the_place_of_the_first,
    a_review_given_back_keeps_its_decisions,
    a_review_goes_on_without_an_answer_that_is_overdue,
);

async fn from_the_queue_to_a_confirmed_change_of_grade(world: World) {
    let scene = a_submission_in_the_queue(world);
    let before = scene.world.mails().len();
    let mut ada = scene.claimed().await;
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    ada.get("/reviews?whose=mine").await.expect(200).shows("ZZ001 &amp; Sons Trust").shows("In review");
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows("Question 1?")
        .shows("Level 2: descriptor of level 2")
        .shows("Claimed: Level 2")
        .shows("Next: 1-2");

    // A question stops the review until it is answered.
    let text = "Which committee\napproved <it>?";
    let at = ask(&mut ada, &scene, text, 10).await;
    assert_eq!(scene.states(), ("query".into(), "query".into()));
    let again = question(&scene, text, 10);
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ada.post(&scene.at("/query"), &again).await.expect(409).shows("asked already");
    ada.get(&scene.at("")).await.expect(200).shows("Waiting for a reply").hides("Finish the review");
    scene.world.settle();
    let mail = &scene.world.mails()[before];
    assert!(mail.contains("lead.zz001@people.example") && !mail.contains("committee"), "{mail}");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).shows("approved &lt;it&gt;?").shows("Level 2: descriptor of level 2");
    lead.post(&at, &[("reply", " ")]).await.expect(422).shows("Enter your answer");
    lead.post(&at, &[("reply", "The board\r\non 3 March")]).await.expect(303);
    // Until the reviewer closes it, more can be said.
    lead.post(&at, &[("reply", "And again in May")]).await.expect(303);
    lead.get(&at).await.expect(200).shows("on 3 March").shows("And again in May");
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    scene.world.settle();
    assert!(scene.world.mails().last().unwrap().contains("ada.reviewer@people.example"));

    // Decided: one answer lower, which changes the grade.
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.get(&scene.at(""))
        .await
        .expect(200)
        .shows("These answers still need a decision")
        .hides("Finish the review");
    ada.post(&scene.at("/finish"), &[("version", "99"), ("summary", "")]).await.expect(409);
    ada.agree_with_rest(&scene.at("")).await;
    ada.post(&scene.at("/agree"), &[]).await.expect(422).shows("There is nothing to agree with at once");
    // Not with a question that nobody has closed.
    let version = ada.get(&scene.at("")).await.expect(200).hidden("version");
    ada.post(&scene.at("/finish"), &[("version", &version), ("summary", "")])
        .await
        .expect(409)
        .shows("The question about 1-1 is not closed yet");
    close(&mut ada, &scene, &at, "does_not_stand").await;
    finish(&mut ada, &scene, "Good work\nin general").await;
    assert_eq!(scene.states(), ("second".into(), "under_review".into()));
    assert_eq!(scene.final_grade(), None);

    // Until a second reviewer confirms it, the organisation sees nothing.
    lead.get(&scene.trust.at("2026", "/review")).await.expect(404);
    let told = scene.world.mails().len();
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get(&scene.at("")).await.expect(200).shows("Confirm or give back");
    let page = bea.get(&scene.at("/confirm")).await.expect(200);
    let page =
        page.shows("The minutes show a draft.").shows("Not satisfactory").shows("from Level 2 to Level 1");
    let version = page.hidden("version");
    bea.post(&scene.at("/confirm"), &[("version", &version)])
        .await
        .expect(422)
        .shows("Choose whether to confirm");
    bea.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    assert_eq!(scene.states(), ("decided".into(), "decided".into()));
    assert_eq!(scene.final_grade().as_deref(), Some("not_satisfactory"));
    bea.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(409);
    scene.world.settle();
    let mails = scene.world.mails().split_off(told);
    assert_eq!(mails.len(), 2, "the IG lead and the SIRO are told: {mails:#?}");

    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.trust.at("2026", "/review"))
        .await
        .expect(200)
        .shows("Not satisfactory")
        .shows("from Level 2 to Level 1")
        .shows("The minutes show a draft.")
        .shows("in general")
        .shows("1-2 Title 2")
        // Nobody remarked on what stands, so there is no column for it.
        .hides("Remark")
        .shows("on 3 March");
}

async fn a_review_that_agrees_is_final_without_a_second_reviewer(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_3", "More than they say.").await;
    decide(&mut ada, &scene, "1-2", "level_2", "Well shown.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states(), ("decided".into(), "decided".into()));
    assert_eq!(scene.final_grade().as_deref(), Some("satisfactory"));
    ada.get(&scene.at("")).await.expect(200).shows("Upgraded").hides("Go to the next undecided answer");
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .hides("What did you find?")
        .hides("name=\"question\"");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&scene.trust.at("2026", "/review"))
        .await
        .expect(200)
        .shows("The grade stands as you claimed it")
        .shows("Remark")
        .shows("Well shown.");
    scene.world.settle();
}

async fn a_second_reviewer_gives_a_review_back(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-2", "level_0", "Nothing is there.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    let mut bea = scene.world.signed_in("Bea Second").await;
    let version = bea.get(&scene.at("/confirm")).await.expect(200).hidden("version");
    bea.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "return"), ("reason", " ")])
        .await
        .expect(422)
        .shows("Say what the reviewer should look at again");
    let reason = "The evidence of 1-2 says otherwise.";
    bea.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "return"), ("reason", reason)])
        .await
        .expect(303);
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    ada.get(&scene.at("")).await.expect(200).shows(reason);
    decide(&mut ada, &scene, "1-2", "level_2", "").await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states(), ("decided".into(), "decided".into()));
    assert_eq!(scene.final_grade().as_deref(), Some("satisfactory"));
    scene.world.settle();
}

async fn a_submission_sent_again_takes_the_place_of_the_first(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&scene.trust.at("2026", "")).await.expect(200);
    lead.post(&scene.trust.at("2026", "/reopen"), &[("reason", "We found a mistake")]).await.expect(303);
    // Nobody can begin on a return that its organisation has taken up again.
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("")).await.expect(200);
    ada.post(&scene.at("/claim"), &[]).await.expect(409);
    scene.world.sent(&scene.trust, "2026");
    scene.world.settle();
    assert_eq!(scene.states().0, "superseded");
    let newer = scene.world.review_of(&scene.trust);
    assert_ne!(newer, scene.id);
    ada.get("/reviews")
        .await
        .expect(200)
        .shows(&format!("/reviews/{newer}\""))
        .hides(&format!("/reviews/{}\"", scene.id));
    ada.post(&format!("/reviews/{newer}/claim"), &[]).await.expect(303);
}

async fn a_review_given_back_keeps_its_decisions(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[portal::access::CentralRole::CentralReviewer]);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_2", "Seen.").await;
    ada.post(&scene.at("/release"), &[]).await.expect(303);
    assert_eq!(scene.states(), ("queued".into(), "submitted".into()));
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get(&scene.at("")).await.expect(200);
    cy.post(&scene.at("/claim"), &[]).await.expect(303);
    cy.get(&scene.at("/requirements/1-1")).await.expect(200).shows("Agreed: Level 2").shows("Seen.");
}

async fn a_review_goes_on_without_an_answer_that_is_overdue(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 5).await;
    scene.world.settle();
    ada.get(&scene.at("")).await.expect(200).hides("Go on without an answer");
    ada.post(&scene.at("/go-on"), &[]).await.expect(409).shows("The organisation has until 18 January 2026");
    scene.world.clock.advance_seconds(6 * 86_400);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("")).await.expect(200).shows("Go on without an answer");
    ada.post(&scene.at("/go-on"), &[]).await.expect(303);
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    ada.get(&scene.at("")).await.expect(200).shows("Closed: Not answered");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at)
        .await
        .expect(200)
        .shows("Closed: Not answered")
        .shows("The review has moved on without waiting for this answer");
    // A form loaded before sends nothing by itself and loses nothing.
    lead.post(&at, &[("reply", "Too late")]).await.expect(409).shows("Too late</textarea>");
}
