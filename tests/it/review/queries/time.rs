//! More time for an answer: asked for, given, refused, and overtaken by the answer.

use crate::on_both;
use crate::review::queries::{day, post};
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::World;

on_both!(more_time_is_asked_for_and_given, more_time_is_refused_or_overtaken, a_reviewer_gives_time_unasked);

async fn more_time_is_asked_for_and_given(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let thread = scene.thread(&at);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).shows("Ask for more time");
    let until = day(&scene, "until", 20);
    post(&mut lead, &format!("{at}/time"), &until, &[("reason", "A <flood>")]).await.expect(303);
    lead.get(&at).await.expect(200).shows("Your request for more time waits").shows("A &lt;flood&gt;");
    post(&mut lead, &format!("{at}/time"), &until, &[("reason", "Again")])
        .await
        .expect(409)
        .shows("waits for the reviewer already");
    let mails = scene.world.queued("review.query_time_asked");
    assert!(mails[0].2.contains("2 February 2026") && !mails[0].2.contains("flood"), "{}", mails[0].2);
    // The reviewer gives less than was wanted.
    ada.get(&thread).await.expect(200).shows("The organisation asks for more time").shows("value=\"2\"");
    let less = day(&scene, "until", 15);
    post(&mut ada, &format!("{thread}/time"), &less, &[("verdict", "give"), ("reason", "Floods are bad")])
        .await
        .expect(303);
    lead.get(&at)
        .await
        .expect(200)
        .shows("More time was given until 28 January 2026 at 5pm: Floods are bad.")
        .shows("The answer is due 28 January 2026");
    assert_eq!(scene.world.queued("review.query_time_given").len(), 1);
    scene.world.settle();
}

async fn more_time_is_refused_or_overtaken(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 10).await;
    let thread = scene.thread(&at);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    let until = day(&scene, "until", 20);
    post(&mut lead, &format!("{at}/time"), &until, &[("reason", "A flood")]).await.expect(303);
    let refuse = [("verdict", "refuse"), ("reason", "You had a month")];
    post(&mut ada, &format!("{thread}/time"), &[], &refuse).await.expect(303);
    lead.get(&at).await.expect(200).shows("It was refused: You had a month.").shows("due 23 January 2026");
    assert_eq!(scene.world.queued("review.query_time_refused").len(), 1);
    post(&mut lead, &format!("{at}/time"), &until, &[("reason", "Please")]).await.expect(303);
    lead.post(&at, &[("reply", "Here it is after all")]).await.expect(303);
    lead.get(&at).await.expect(200).shows("Nobody needs it any more.").hides("Ask for more time");
    // The question waits no more, so neither side can move its day.
    post(&mut ada, &format!("{thread}/time"), &until, &[("verdict", "give"), ("reason", "x")])
        .await
        .expect(409);
    post(&mut lead, &format!("{at}/time"), &until, &[("reason", "x")]).await.expect(409);
    scene.world.settle();
}

async fn a_reviewer_gives_time_unasked(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 2).await;
    let thread = scene.thread(&at);
    scene.world.clock.advance_seconds(4 * 86_400);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&thread).await.expect(200).shows("Give more time").hides("Refuse it");
    let until = day(&scene, "until", 6);
    post(&mut ada, &format!("{thread}/time"), &until, &[("verdict", "give"), ("reason", "Holidays")])
        .await
        .expect(303);
    // It is overdue no more, so the review waits.
    ada.get(&scene.at("")).await.expect(200).hides("Go on without an answer");
    ada.post(&scene.at("/go-on"), &[]).await.expect(409).shows("The organisation has until 23 January 2026");
    scene.world.settle();
}
