//! The machine interface: who may ask, what is told, saving from a version, submitting once, and the description.

mod cached;
mod description;
mod found;
mod programme;
mod returns;
mod schemathesis;
mod tokens;

use actix_web::test::TestRequest;
use serde_json::Value;

use crate::support::{Answer, Browser, World};

/// A program with a token, or without one when it is empty.
struct Program {
    browser: Browser,
    token: String,
}

impl Program {
    fn new(world: &World, token: &str) -> Self {
        Self { browser: world.browser(), token: token.to_owned() }
    }

    fn with_token(&self, request: TestRequest) -> TestRequest {
        if self.token.is_empty() {
            request
        } else {
            request.insert_header(("authorization", format!("Bearer {}", self.token)))
        }
    }

    async fn send(&mut self, request: TestRequest) -> Answer {
        let request = self.with_token(request);
        self.browser.send(request).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Saves an answer from a version.
    async fn put(&mut self, path: &str, version: &str, body: &Value) -> Answer {
        let request = TestRequest::put().uri(path).insert_header(("if-match", version)).set_json(body);
        self.send(request).await
    }

    /// Posts under an idempotency key.
    async fn post(&mut self, path: &str, key: &str, body: &Value) -> Answer {
        let request = TestRequest::post().uri(path).insert_header(("idempotency-key", key)).set_json(body);
        self.send(request).await
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.text()))
}

/// Fails unless the answer is a problem document of this status; gives it.
#[track_caller]
fn problem(answer: Answer, status: u16) -> Value {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = json(&answer);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["instance"], format!("urn:request:{}", answer.header("x-request-id")));
    problem
}
