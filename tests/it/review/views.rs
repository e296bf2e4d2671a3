//! Saved views: whose they are, who sees them, and where the queue opens.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::schema::{ledger_event, queue_view};

use crate::on_both;
use crate::review::a_submission_in_the_queue;
use crate::support::{Browser, World, everybodys};

on_both!(
    a_view_is_ones_own_until_it_is_shared,
    the_queue_opens_with_the_view_that_somebody_chose,
    what_is_wrong_with_a_view_is_said,
    members_of_organisations_see_no_views,
);

fn the_view(world: &World) -> i64 {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(queue_view::table.order(queue_view::id.desc()).select(queue_view::id).first(conn)?)
        })
        .unwrap()
}

async fn saved(browser: &mut Browser, world: &World, name: &str, query: &str) -> i64 {
    browser.get(&format!("/reviews?{query}")).await.expect(200);
    let sent = browser.post("/reviews/views", &[("name", name), ("query", query)]).await.expect(303);
    let id = the_view(world);
    assert_eq!(sent.location(), format!("/reviews?view={id}"));
    id
}

async fn a_view_is_ones_own_until_it_is_shared(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Mo Manager", &[], &[ProgrammeManager]);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let mut mo = scene.world.signed_in("Mo Manager").await;
    let id = saved(&mut mo, &scene.world, "Practices <first>", "sector=gp").await;
    mo.get(&format!("/reviews?view={id}"))
        .await
        .expect(200)
        .shows("Practices &lt;first&gt;")
        .shows("aria-current=\"page\"")
        .shows("No review is like this.");
    ada.get("/reviews").await.expect(200).hides("Practices");
    ada.get(&format!("/reviews/views/{id}")).await.expect(404);
    // A view that is not hers to see is no filter.
    ada.get(&format!("/reviews?view={id}")).await.expect(200).shows("ZZ001 &amp; Sons");
    let version = mo.get(&format!("/reviews/views/{id}")).await.expect(200).hidden("version");
    let change = [("name", "Practices"), ("shared", "yes"), ("version", version.as_str())];
    mo.post(&format!("/reviews/views/{id}"), &change).await.expect(303);
    mo.post(&format!("/reviews/views/{id}"), &change).await.expect(409);
    ada.get("/reviews").await.expect(200).shows("Practices").shows("shared by Mo Manager");
    ada.get(&format!("/reviews/views/{id}")).await.expect(200).hides("name=\"name\"");
    ada.post(&format!("/reviews/views/{id}"), &[("name", "Mine"), ("version", "2")]).await.expect(403);
    ada.post(&format!("/reviews/views/{id}/remove"), &[]).await.expect(403);
    ada.post(&format!("/reviews/views/{id}/default"), &[("start", "yes")]).await.expect(303);
    assert_eq!(ada.get("/reviews").await.expect(303).location(), format!("/reviews?view={id}"));
    // No longer shared, it is nobody else's start.
    let version = mo.get(&format!("/reviews/views/{id}")).await.expect(200).hidden("version");
    let change = [("name", "Practices"), ("shared", "no"), ("version", version.as_str())];
    mo.post(&format!("/reviews/views/{id}"), &change).await.expect(303);
    ada.get("/reviews").await.expect(200).hides("Practices");
    mo.get("/reviews/views").await.expect(200);
    mo.post(&format!("/reviews/views/{id}/remove"), &[]).await.expect(303);
    mo.get("/reviews").await.expect(200).hides("Practices");
    mo.post(&format!("/reviews/views/{id}/remove"), &[]).await.expect(404);
    let bodies: Vec<String> = scene
        .world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.like("view_%"))
                .order(ledger_event::id)
                .select(ledger_event::body)
                .load(conn)?)
        })
        .unwrap();
    assert_eq!(bodies.len(), 5);
    assert!(bodies.iter().all(|body| !body.contains("Practices") && !body.contains("sector")));
}

async fn the_queue_opens_with_the_view_that_somebody_chose(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let id = saved(&mut ada, &scene.world, "Decided", "state=decided&sort=risk").await;
    ada.post(&format!("/reviews/views/{id}/default"), &[("start", "yes")]).await.expect(303);
    assert_eq!(ada.get("/reviews").await.expect(303).location(), format!("/reviews?view={id}"));
    ada.get(&format!("/reviews?view={id}")).await.expect(200).shows("where you start");
    ada.get("/reviews?state=open").await.expect(200).shows("1 review");
    ada.get(&format!("/reviews?view={id}&page=0")).await.expect(200);
    ada.post(&format!("/reviews/views/{id}/default"), &[("start", "no")]).await.expect(303);
    ada.get("/reviews").await.expect(200).shows("1 review");
    // Removing the view that one starts with leaves the whole queue.
    ada.post(&format!("/reviews/views/{id}/default"), &[("start", "yes")]).await.expect(303);
    ada.post(&format!("/reviews/views/{id}/remove"), &[]).await.expect(303);
    ada.get("/reviews").await.expect(200).shows("1 review");
}

async fn what_is_wrong_with_a_view_is_said(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews").await.expect(200);
    ada.post("/reviews/views", &[("name", " "), ("query", "state=query")])
        .await
        .expect(422)
        .shows("Enter a name for the view")
        .shows("Error: Views of the queue")
        .shows("value=\"state=query\"");
    let long = "x".repeat(61);
    ada.post("/reviews/views", &[("name", &long), ("query", "")]).await.expect(422).shows("60 characters");
    let id = saved(&mut ada, &scene.world, "One", "state=query").await;
    ada.post("/reviews/views", &[("name", "One"), ("query", "")])
        .await
        .expect(422)
        .shows("of this name already");
    let other = saved(&mut ada, &scene.world, "Two", "state=all").await;
    let version = ada.get(&format!("/reviews/views/{other}")).await.expect(200).hidden("version");
    ada.post(&format!("/reviews/views/{other}"), &[("name", "One"), ("version", &version)])
        .await
        .expect(422)
        .shows("of this name already");
    ada.post(&format!("/reviews/views/{id}"), &[("name", ""), ("version", "1")]).await.expect(422);
    ada.get("/reviews/views/999").await.expect(404);
    ada.get("/reviews?view=nonsense").await.expect(200);
    // What was stored is a filter and nothing else, whatever was sent.
    let odd = saved(&mut ada, &scene.world, "Odd", "state=%00&nonsense=%27&page=7").await;
    ada.get(&format!("/reviews?view={odd}")).await.expect(200).shows("1 review");
}

async fn members_of_organisations_see_no_views(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    let id = saved(&mut cy, &scene.world, "Mine", "state=query").await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    for path in ["/reviews/views".to_owned(), format!("/reviews/views/{id}"), "/reviews/queue.csv".to_owned()]
    {
        lead.get(&path).await.expect(404);
    }
    lead.post("/reviews/views", &[("name", "Mine"), ("query", "")]).await.expect(404);
    lead.post(&format!("/reviews/views/{id}/remove"), &[]).await.expect(404);
}
