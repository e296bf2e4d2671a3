//! The lists of questions: of a reviewer, of the team, as a file, and the organisation's own.

use portal::access::CentralRole::{CentralReviewer, Publisher};

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask, close};
use crate::support::World;

on_both!(questions_are_listed_by_what_they_wait_for);

async fn questions_are_listed_by_what_they_wait_for(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    scene.world.person("Pia Publisher", &[], &[Publisher]);
    let mut ada = scene.claimed().await;
    let answered = ask(&mut ada, &scene, "Why?", 10).await;
    let closed = ask(&mut ada, &scene, "And how?", 10).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&answered).await.expect(200);
    lead.post(&answered, &[("reply", "So")]).await.expect(303);
    lead.post(&closed, &[("reply", "So")]).await.expect(303);
    close(&mut ada, &scene, &closed, "stands").await;
    let open = ask(&mut ada, &scene, "When?", 2).await;
    scene.world.clock.advance_seconds(3 * 86_400);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    let threads = [&open, &answered, &closed].map(|at| scene.thread(at));
    for (query, shown) in [
        ("", [true, true, false]),
        ("show=open", [true, true, false]),
        ("show=overdue", [true, false, false]),
        ("show=answered", [false, true, false]),
        ("show=closed", [false, false, true]),
        ("show=all", [true, true, true]),
        ("show=nonsense&whose=nonsense&page=nonsense", [true, true, false]),
        ("page=7", [false, false, false]),
    ] {
        let page = ada.get(&format!("/reviews/queries?{query}")).await.expect(200).text();
        let found = threads.each_ref().map(|thread| page.contains(&format!("{thread}\"")));
        assert_eq!(found, shown, "{query}");
    }
    ada.get("/reviews/queries?show=overdue").await.expect(200).shows("(overdue)").shows("1 question");
    cy.get("/reviews/queries?show=all").await.expect(200).shows("No question is like this");
    cy.get("/reviews/queries?show=all&whose=all")
        .await
        .expect(200)
        .shows("3 questions")
        .shows("Ada Reviewer");
    let file = cy.get("/reviews/queries.csv?show=all&whose=all").await.expect(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    let text = file.text();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 4);
    assert!(rows[0].starts_with("organisation_code,organisation,year,requirement,reviewer,state,overdue"));
    assert!(rows[1].contains("open,true") && rows[1].contains("ZZ001"), "{}", rows[1]);
    assert_eq!(rows.iter().filter(|row| row.ends_with(",stands")).count(), 1, "{rows:#?}");
    let mut pia = scene.world.signed_in("Pia Publisher").await;
    pia.get("/reviews/queries").await.expect(403);
    pia.get("/reviews/queries.csv").await.expect(403);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/reviews/queries").await.expect(404);
    lead.get(&scene.trust.at("2026", "")).await.expect(200).shows("See the questions of the reviewer");
    lead.get(&scene.trust.at("2026", "/queries"))
        .await
        .expect(200)
        .shows("3 questions")
        .shows("Answered, the claim stands")
        .shows("Waiting for a reply");
    lead.get(&scene.trust.at("2027", "/queries")).await.expect(404);
    scene.world.settle();
}
