//! Guidance on the reviewer's screen: what was in force when the return was sent, and what has come since.

use portal::access::CentralRole::StandardsEditor;

use crate::on_both;
use crate::review::a_submission_in_the_queue;
use crate::support::{Browser, World};

on_both!(a_reviewer_reads_the_guidance_of_the_day_of_the_submission_and_what_came_since);

const AT: &str = "/standards/sample-2026/guidance";

/// Publishes a note that holds from today on.
async fn published(world: &World, ed: &mut Browser, about: &str, text: &str) {
    let day = world.now().london_day().date();
    let (year, month, day) = (day.year().to_string(), day.month().to_string(), day.day().to_string());
    ed.get(AT).await.expect(200);
    let fields = [
        ("about", about),
        ("text", text),
        ("from-day", &*day),
        ("from-month", &*month),
        ("from-year", &*year),
    ];
    ed.post(AT, &fields).await.expect(303);
}

async fn a_reviewer_reads_the_guidance_of_the_day_of_the_submission_and_what_came_since(world: World) {
    world.person("Ed Standards", &[], &[StandardsEditor]);
    let scene = a_submission_in_the_queue(world);
    let world = &scene.world;
    let mut ed = world.signed_in("Ed Standards").await;
    let mut ada = scene.claimed().await;
    let (first, second) = (scene.at("/requirements/1-1"), scene.at("/requirements/1-2"));
    ada.get(&first).await.expect(200).shows("<p>Guidance 1</p>").hides("Guidance to ");
    // In force on the very day: it takes the place of the edition's own words, beside this requirement alone.
    published(world, &mut ed, "requirement:1-1", "Look for <b>decisions</b>.").await;
    ada.get(&first)
        .await
        .expect(200)
        .shows("Guidance to 1-1 Title 1, in force since 13 January 2026")
        .shows("Look for &lt;b&gt;decisions")
        .hides("<p>Guidance 1</p>")
        .hides("after the submission");
    ada.get(&second).await.expect(200).shows("<p>Guidance 2</p>").hides("Guidance to ");
    // What comes later stands beside it and is told apart: the answers were written without it.
    world.clock.advance_seconds(2 * 24 * 3_600);
    let mut ed = world.signed_in("Ed Standards").await;
    let mut ada = world.signed_in("Ada Reviewer").await;
    published(world, &mut ed, "section:1", "About the whole area.").await;
    published(world, &mut ed, "requirement:1-1", "Look for minutes.").await;
    ada.get(&first)
        .await
        .expect(200)
        .shows("Guidance to 1-1 Title 1, in force since 13 January 2026")
        .shows("Guidance to 1-1 Title 1, in force since 15 January 2026, after the submission")
        .shows("Guidance to section 1 Area one, in force since 15 January 2026, after the submission")
        .shows("Look for minutes.");
    ada.get(&second).await.expect(200).shows("About the whole area.").shows("<p>Guidance 2</p>");
    world.settle();
}
