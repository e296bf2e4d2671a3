//! The description: it lists every address with its methods, each with its problems, and people can read it.

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use portal::api::ENDPOINTS;
use serde_json::Value;

use super::{Program, json as read, problem};
use crate::on_both;
use crate::support::World;

on_both!(
    the_description_lists_every_address,
    other_methods_are_refused_with_what_is_allowed,
    people_read_it_too
);

/// Address and methods as the header Allow lists them.
fn listed(description: &Value) -> BTreeSet<(String, String)> {
    let paths = description["paths"].as_object().unwrap();
    paths
        .iter()
        .map(|(path, item)| {
            let methods: Vec<String> = ["get", "put", "post", "patch", "delete"]
                .into_iter()
                .filter(|method| item.get(method).is_some())
                .map(str::to_uppercase)
                .collect();
            // Whatever can be read can be asked for its head.
            (path.clone(), methods.join(", ").replace("GET", "GET, HEAD"))
        })
        .collect()
}

async fn the_description_lists_every_address(world: World) {
    let mut anyone = Program::new(&world, "");
    let description = read(&anyone.get("/api/openapi.json").await.expect(200));
    assert!(description["openapi"].as_str().unwrap().starts_with("3."));
    assert_eq!(description["info"]["version"], "1");
    assert_eq!(description["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let served: BTreeSet<_> = ENDPOINTS.iter().map(|e| (e.path.to_owned(), e.methods.to_owned())).collect();
    assert_eq!(listed(&description), served);
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{place}");
            let answers = operation["responses"].as_object().unwrap();
            assert_eq!(operation.get("security").is_none(), answers.contains_key("304"), "{place}");
            for (status, answer) in answers {
                if status == "304" {
                    assert!(answer.get("content").is_none(), "{place}");
                    continue;
                }
                let media =
                    if status.starts_with('2') { "application/json" } else { "application/problem+json" };
                assert!(answer["content"][media]["schema"].is_object(), "{place} {status}: {answer}");
            }
            assert_eq!(operation.get("security").is_some(), answers.contains_key("401"), "{place}");
            assert_eq!(operation.get("security").is_some(), path.contains("{organisation}"), "{place}");
        }
    }
}

async fn other_methods_are_refused_with_what_is_allowed(world: World) {
    let mut anyone = Program::new(&world, "");
    for endpoint in ENDPOINTS {
        let path = endpoint.path.replace(['{', '}'], "");
        for method in [Method::GET, Method::PUT, Method::POST, Method::PATCH, Method::DELETE, Method::TRACE] {
            let allowed = endpoint.methods.split(", ").any(|allowed| allowed == method.as_str());
            let answer = anyone.send(TestRequest::with_uri(&path).method(method)).await;
            if allowed {
                assert_ne!(answer.status.as_u16(), 405, "{path}");
            } else {
                assert_eq!(answer.header("allow"), endpoint.methods, "{path}");
                problem(answer, 405);
            }
        }
        let head = anyone.send(TestRequest::with_uri(&path).method(Method::HEAD)).await;
        let allowed = endpoint.methods.split(", ").any(|allowed| allowed == "HEAD");
        assert_eq!(head.status.as_u16() != 405, allowed, "HEAD {path}");
    }
}

async fn people_read_it_too(world: World) {
    let page = world.browser().get("/api").await.expect(200);
    let mut page = page.shows("/api/openapi.json").shows("Idempotency-Key");
    for endpoint in ENDPOINTS {
        page = page.shows(endpoint.path);
    }
}
