//! What every answer has in common: headers, references, errors, health.

use actix_web::test::TestRequest;
use portal::platform::pages::{Chrome, check_pages};

use crate::on_both;
use crate::support::World;

on_both!(
    every_answer_carries_the_security_headers_and_a_reference,
    unknown_addresses_say_nothing_and_machines_get_problem_documents,
    health_tells_alive_and_ready,
    assets_are_served_for_good_and_compressed,
);

async fn every_answer_carries_the_security_headers_and_a_reference(world: World) {
    let mut browser = world.browser();
    for path in ["/sign-in", "/help", "/nowhere", "/health/live", "/api/nowhere"] {
        let answer = browser.get(path).await;
        let csp = answer.header("content-security-policy");
        assert!(csp.contains("default-src 'none'") && !csp.contains("unsafe"), "{path}: {csp}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
    let first = browser.get("/help").await;
    let second = browser.get("/help").await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    assert!(first.text().contains(&first.header("x-request-id")));
}

async fn unknown_addresses_say_nothing_and_machines_get_problem_documents(world: World) {
    let mut browser = world.browser();
    browser.get("/organisations/ZZ1/nothing").await.expect(404).shows("Page not found");
    let problem = browser.get("/api/v1/nothing").await.expect(404);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    let body: serde_json::Value = serde_json::from_slice(&problem.body).unwrap();
    assert_eq!(body["status"], 404);
}

async fn health_tells_alive_and_ready(world: World) {
    let mut browser = world.browser();
    browser.get("/health/live").await.expect(200).shows("live");
    browser.get("/health/ready").await.expect(200).shows("\"ready\"");
}

async fn assets_are_served_for_good_and_compressed(world: World) {
    let mut browser = world.browser();
    let page = browser.get("/help").await.text();
    let href =
        page.split("href=\"").find(|part| part.contains("portal.css")).unwrap().split('"').next().unwrap();
    let plain = browser.get(href).await.expect(200);
    assert!(plain.header("cache-control").contains("immutable"));
    let packed = browser
        .send(TestRequest::get().uri(href).insert_header(("accept-encoding", "gzip, br")))
        .await
        .expect(200);
    assert_eq!(packed.header("content-encoding"), "br");
    assert!(packed.body.len() < plain.body.len());
    let etag = packed.header("etag");
    let again = TestRequest::get()
        .uri(href)
        .insert_header(("accept-encoding", "br"))
        .insert_header(("if-none-match", etag.as_str()));
    browser.send(again).await.expect(304);
}

#[test]
fn every_template_uses_its_pages_fields_and_every_sample_renders() {
    let world = World::sqlite();
    let chrome = Chrome { csrf: "token".to_owned(), ..Chrome::default() };
    let problems = check_pages(&world.portal().pages, &chrome, &portal::app::page_checks().unwrap());
    assert!(problems.is_empty(), "{problems:#?}");
}
