//! A question as a thread: replies of several people, further questions, drafts that a lead sends, and closing.

use crate::on_both;
use crate::review::queries::{day, draft, post};
use crate::review::{a_submission_in_the_queue, ask, close, decide, finish};
use crate::support::World;

on_both!(
    both_sides_write_into_one_thread_until_it_is_closed,
    a_contributors_answer_is_a_draft_until_a_lead_sends_it,
    an_answer_after_the_day_is_late_and_one_after_the_review_is_marked_so,
    a_question_ends_with_the_submission_it_is_about,
);

async fn both_sides_write_into_one_thread_until_it_is_closed(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which committee?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).shows("The reviewer").shows("Which committee?").hides("Ada Reviewer");
    lead.post(&at, &[("reply", "The board"), ("do", "send")]).await.expect(303);
    assert_eq!(scene.states().0, "claimed");
    let thread = scene.thread(&at);
    ada.get(&thread).await.expect(200).shows("Lead ZZ001").shows("The board").shows("Ask further");
    // A further question in the same thread stops the review again.
    let due = day(&scene, "due", 7);
    post(&mut ada, &format!("{thread}/ask"), &due, &[("text", "On which day?")]).await.expect(303);
    assert_eq!(scene.states(), ("query".into(), "query".into()));
    lead.get(&at).await.expect(200).shows("On which day?").shows("Waiting for a reply");
    lead.post(&at, &[("reply", "On 3 March")]).await.expect(303);
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    let page = ada.get(&thread).await.expect(200).text();
    let order =
        ["Which committee?", "The board", "On which day?", "On 3 March"].map(|text| page.find(text).unwrap());
    assert!(order.is_sorted(), "{order:?}");
    // The workspace and the overview show the same thread.
    ada.get(&scene.at("/requirements/1-1")).await.expect(200).shows("On 3 March").shows(&thread);
    ada.get(&scene.at("")).await.expect(200).shows("On 3 March");
    close(&mut ada, &scene, &at, "stands").await;
    ada.get(&thread).await.expect(200).shows("Closed: Answered, the claim stands").hides("Ask further");
    lead.get(&at).await.expect(200).shows("Read and weighed.");
    post(&mut ada, &format!("{thread}/ask"), &due, &[("text", "And then?")])
        .await
        .expect(409)
        .shows("This question is closed");
    scene.world.settle();
}

async fn a_contributors_answer_is_a_draft_until_a_lead_sends_it(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.contributor("Con Given", &["1-1"]);
    scene.contributor("Con Other", &["1-2"]);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which committee?", 10).await;
    scene.world.settle();
    // Who was not given the requirement finds no question.
    let mut other = scene.world.signed_in("Con Other").await;
    other.get(&at).await.expect(404);
    other.post(&at, &[("reply", "x"), ("do", "draft")]).await.expect(404);
    other.get(&scene.trust.at("2026", "/queries")).await.expect(200).shows("asked nothing");
    let mut con = scene.world.signed_in("Con Given").await;
    con.get(&scene.trust.at("2026", "/queries")).await.expect(200).shows("1-1 Title 1");
    con.get(&at).await.expect(200).shows("Save as a draft").hides("Send to the reviewer");
    con.post(&at, &[("reply", "x"), ("do", "send")]).await.expect(403);
    let mine = draft(&mut con, &at, "The <board>, in March").await;
    assert_eq!(scene.states().0, "query", "a draft answers nothing");
    let mails = scene.world.queued("review.reply_drafted");
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(
        mails[0].2.contains("Con Given has drafted") && !mails[0].2.contains("in March"),
        "{}",
        mails[0].2
    );
    con.post(&format!("{mine}/send"), &[("version", "1")]).await.expect(403);
    ada.get(&scene.thread(&at)).await.expect(200).hides("in March");
    // The lead reads it while its author writes on: what was not read is not sent.
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).shows("&lt;board&gt;").shows(&mine);
    let version = lead.get(&mine).await.expect(200).shows("Send to the reviewer").hidden("version");
    let own = con.get(&mine).await.expect(200).hidden("version");
    con.post(&mine, &[("version", &own), ("text", "The board, in May")]).await.expect(303);
    lead.post(&format!("{mine}/send"), &[("version", &version)])
        .await
        .expect(409)
        .shows("The draft was changed after the page was shown")
        .shows("The board, in May");
    // Nor does the author write over what they did not see.
    con.post(&mine, &[("version", &own), ("text", "The board, in June")])
        .await
        .expect(409)
        .shows("The board, in June</textarea>");
    lead.post(&mine, &[("version", "2"), ("text", "Mine now")]).await.expect(403);
    let version = lead.get(&mine).await.expect(200).hidden("version");
    lead.post(&format!("{mine}/send"), &[("version", &version)]).await.expect(303);
    assert_eq!(scene.states().0, "claimed");
    ada.get(&scene.thread(&at)).await.expect(200).shows("Con Given").shows("The board, in May");
    lead.get(&mine).await.expect(404);
    lead.post(&format!("{mine}/discard"), &[]).await.expect(404);
    // Sent twice is sent once; what its author wrote meanwhile is not lost.
    lead.post(&format!("{mine}/send"), &[("version", &version)]).await.expect(303);
    con.post(&mine, &[("version", &own), ("text", "The board, in July")])
        .await
        .expect(409)
        .shows("A colleague sent your draft or threw it away")
        .shows("The board, in July</textarea>");
    let page = ada.get(&scene.thread(&at)).await.expect(200).hides("in July").text();
    assert_eq!(page.matches("The board, in May").count(), 1);
    // Thrown away, a draft was never there.
    let second = draft(&mut con, &at, "One more thing").await;
    con.post(&format!("{second}/discard"), &[]).await.expect(303);
    con.get(&at).await.expect(200).hides("One more thing");
    scene.world.settle();
}

async fn an_answer_after_the_day_is_late_and_one_after_the_review_is_marked_so(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let first = ask(&mut ada, &scene, "Why?", 5).await;
    scene.world.settle();
    scene.world.clock.advance_seconds(7 * 86_400);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&first).await.expect(200);
    lead.post(&first, &[("reply", "Because of the flood")]).await.expect(303);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.thread(&first)).await.expect(200).shows("(Late)").shows("Because of the flood");
    close(&mut ada, &scene, &first, "stands").await;
    decide(&mut ada, &scene, "1-1", "level_2", "").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states().0, "decided");
    // The form was loaded before: nothing is sent by itself, and nothing is lost.
    let page = lead
        .post(&first, &[("reply", "The minutes & more")])
        .await
        .expect(409)
        .shows("The review has moved on while you wrote")
        .shows("The minutes &amp; more</textarea>");
    assert_eq!(page.hidden("after"), "yes");
    lead.post(&first, &[("reply", "The minutes & more"), ("after", "yes")]).await.expect(303);
    assert_eq!(scene.states(), ("decided".into(), "decided".into()), "nothing else moves");
    ada.get(&scene.thread(&first))
        .await
        .expect(200)
        .shows("Arrived after the review had moved on")
        .shows("The minutes &amp; more");
    let told = scene.world.queued("review.query_answered");
    assert!(told[0].2.contains("It came late.") && told[1].2.contains("had moved on"), "{told:#?}");
    scene.world.settle();
}

async fn a_question_ends_with_the_submission_it_is_about(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 5).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let withdraw = scene.trust.at("2026", "/withdraw");
    lead.get(&withdraw).await.expect(200);
    lead.post(&withdraw, &[("reason", "We found a mistake"), ("confirm", "yes")]).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.states().0, "withdrawn");
    assert_eq!(scene.clock().1, None, "no clock stands still for nobody");
    let ended = "Closed: The submission was taken back or sent again";
    lead.get(&at).await.expect(200).shows(ended).shows("No answer is needed.");
    ada.get(&scene.thread(&at)).await.expect(200).shows(ended).hides("Close the question");
    // What was on its way is kept all the same.
    lead.post(&at, &[("reply", "For the record")]).await.expect(409).shows("For the record</textarea>");
    lead.post(&at, &[("reply", "For the record"), ("after", "yes")]).await.expect(303);
    ada.get(&scene.thread(&at)).await.expect(200).shows("For the record");
    scene.world.settle();
}
