//! Forms about questions with mistakes in them: each is named, and what was typed stays.

use crate::on_both;
use crate::review::consistency::{a_sampled_submission, taken};
use crate::review::queries::{day, draft, post};
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::World;
use portal::access::CentralRole::CentralReviewer;

on_both!(
    every_mistake_is_named_and_what_was_typed_stays,
    a_question_is_closed_only_with_what_fits,
    questions_of_other_reviews_and_reviewers_are_out_of_reach,
    who_scores_the_submission_blind_reads_no_thread,
);

async fn every_mistake_is_named_and_what_was_typed_stays(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let thread = scene.thread(&at);
    let (ask_at, time_at, long) = (format!("{thread}/ask"), format!("{thread}/time"), "x".repeat(4001));
    let (due, past, far) = (day(&scene, "due", 5), day(&scene, "due", 0), day(&scene, "due", 91));
    post(&mut ada, &ask_at, &due, &[]).await.expect(422).shows("Enter your question");
    post(&mut ada, &ask_at, &due, &[("text", &long)]).await.expect(422).shows("4,000 characters or fewer");
    post(&mut ada, &ask_at, &past, &[("text", "Kept & shown")])
        .await
        .expect(422)
        .shows("The date must be after today")
        .shows("Kept &amp; shown</textarea>");
    post(&mut ada, &ask_at, &far, &[("text", "Why?")]).await.expect(422).shows("within 90 days");
    post(
        &mut ada,
        &ask_at,
        &[],
        &[("text", "Why?"), ("due-day", "31"), ("due-month", "2"), ("due-year", "2026")],
    )
    .await
    .expect(422)
    .shows("Enter a real date by which you need the answer");
    // More time: not later than now, without a reason, neither given nor refused.
    let sooner = day(&scene, "until", 3);
    post(&mut ada, &time_at, &sooner, &[("verdict", "give"), ("reason", "Flood")])
        .await
        .expect(422)
        .shows("The date must be after 23 January 2026");
    let later = day(&scene, "until", 20);
    post(&mut ada, &time_at, &later, &[("verdict", "give")]).await.expect(422).shows("Enter the reason");
    post(&mut ada, &time_at, &later, &[("reason", "x")])
        .await
        .expect(422)
        .shows("Choose whether to give more time");
    post(&mut ada, &time_at, &[], &[("verdict", "refuse"), ("reason", "No")])
        .await
        .expect(409)
        .shows("No request for more time waits");
    // The organisation's forms.
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", &long)])
        .await
        .expect(422)
        .shows("The answer must be 4,000 characters or fewer");
    lead.post(&at, &[("reply", " "), ("do", "draft")]).await.expect(422).shows("Enter your answer");
    post(&mut lead, &format!("{at}/time"), &later, &[])
        .await
        .expect(422)
        .shows("Enter why you need more time");
    post(&mut lead, &format!("{at}/time"), &sooner, &[("reason", "Kept")])
        .await
        .expect(422)
        .shows("The date must be after 23 January 2026")
        .shows("Kept</textarea>");
    lead.post(&format!("{at}/time"), &[("reason", "x")])
        .await
        .expect(422)
        .shows("Enter the date until which");
    let mine = draft(&mut lead, &at, "So").await;
    lead.post(&mine, &[("version", "1"), ("text", " ")]).await.expect(422).shows("Enter your answer");
    lead.post(&mine, &[("version", "one"), ("text", "x")]).await.expect(422);
    lead.post(&at, &[("reply", "Another"), ("do", "draft")])
        .await
        .expect(409)
        .shows("Your draft was changed or sent")
        .shows("Another</textarea>");
    assert_eq!(scene.states().0, "query");
    scene.world.settle();
}

async fn a_question_is_closed_only_with_what_fits(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let close = format!("{}/close", scene.thread(&at));
    let seen = ada.get(&scene.thread(&at)).await.expect(200).hidden("seen");
    let with = |outcome: &'static str, note: &'static str| [("outcome", outcome), ("note", note)];
    let seen = ("seen", seen.as_str());
    let [outcome, note] = with("", "Kept & shown");
    ada.post(&close, &[outcome, note, seen])
        .await
        .expect(422)
        .shows("Choose what came of the question")
        .shows("Kept &amp; shown</textarea>");
    for wrong in ["ended", "nonsense"] {
        ada.post(&close, &[("outcome", wrong), note, seen]).await.expect(422).shows("Choose what came");
    }
    let [outcome, note] = with("in_error", " ");
    ada.post(&close, &[outcome, note, seen]).await.expect(422).shows("Enter a note");
    let [outcome, note] = with("stands", "Fine");
    ada.post(&close, &[outcome, note, seen]).await.expect(422).shows("There is no answer to judge yet");
    let [outcome, note] = with("not_answered", "Silence");
    ada.post(&close, &[outcome, note, seen])
        .await
        .expect(409)
        .shows("The organisation has until 23 January 2026");
    ada.post(&close, &[outcome, note]).await.expect(422).shows("Load the page again");
    assert_eq!(scene.states().0, "query");
    // Asked in error: at any time, and the organisation is told that it owes nothing.
    let [outcome, note] = with("in_error", "It was about somebody else.");
    ada.post(&close, &[outcome, note, seen]).await.expect(303);
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    assert_eq!(scene.world.queued("review.query_closed").len(), 1);
    ada.post(&close, &[outcome, note, seen]).await.expect(409);
    scene.world.settle();
}

async fn questions_of_other_reviews_and_reviewers_are_out_of_reach(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let thread = scene.thread(&at);
    scene.world.settle();
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get(&thread).await.expect(200).hides("Ask further").hides("Close the question");
    let due = day(&scene, "due", 5);
    post(&mut cy, &format!("{thread}/ask"), &due, &[("text", "x")]).await.expect(403);
    let close = [("outcome", "in_error"), ("note", "x"), ("seen", "1")];
    cy.post(&format!("{thread}/close"), &close).await.expect(403);
    let until = day(&scene, "until", 20);
    post(&mut cy, &format!("{thread}/time"), &until, &[("verdict", "give"), ("reason", "x")])
        .await
        .expect(403);
    for nothing in ["/queries/999", "/queries/x"] {
        ada.get(&scene.at(nothing)).await.expect(404);
    }
    ada.get(&format!("/reviews/999{}", thread.split(&scene.at("")).nth(1).unwrap())).await.expect(404);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&thread).await.expect(404);
    lead.get(&format!("{at}/drafts/999")).await.expect(404);
    lead.get(&format!("{at}/evidence/999")).await.expect(404);
    // A SIRO reads, and neither answers nor asks for time.
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&at).await.expect(200).hides("Ask for more time");
    siro.post(&at, &[("reply", "x"), ("do", "draft")]).await.expect(403);
    post(&mut siro, &format!("{at}/time"), &until, &[("reason", "x")]).await.expect(403);
}

async fn who_scores_the_submission_blind_reads_no_thread(world: World) {
    let (scene, mut ada, _) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let thread = scene.thread(&at);
    bea.get(&thread).await.expect(403).shows("without sight of its first review");
    bea.get("/reviews/queries?whose=all").await.expect(200).hides(&thread);
    bea.get("/reviews/queries.csv?whose=all").await.expect(200).hides("ZZ001");
    ada.get("/reviews/queries?whose=all").await.expect(200).shows(&thread);
    scene.world.settle();
}
