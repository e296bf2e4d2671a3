//! A database that is locked, full, gone or hanging: whoever asks is told so with a reference and nothing half done, and
//! the portal goes on by itself when the database does.

mod kill;
mod postgres;
mod sqlite;

use crate::support::year::{Trust, levels};
use crate::support::{Answer, Browser, World};

/// A trust with a return under way, and its IG lead at the first question.
async fn a_lead_at_a_question(world: &World) -> (Trust, Browser) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question(&trust)).await.expect(200);
    (trust, lead)
}

fn question(trust: &Trust) -> String {
    trust.at("2026", "/requirements/1-1")
}

/// Saves the answer as a person would, from the version they have seen.
async fn save(lead: &mut Browser, trust: &Trust, version: &str, comment: &str) -> Answer {
    lead.post(&question(trust), &[("version", version), ("choice", "1"), ("comment", comment)]).await
}

/// The page that says the portal cannot answer now: what happened, when to try again, and the reference.
#[track_caller]
fn unavailable(answer: Answer) {
    let answer = answer.expect(503);
    assert!(!answer.header("retry-after").is_empty(), "no Retry-After");
    let reference = answer.header("x-request-id");
    assert!(!reference.is_empty());
    let answer = answer.shows(&reference);
    for secret in ["sqlite", "postgres", "SELECT", "database is locked", "portal_test"] {
        assert!(!answer.text().contains(secret), "the page tells \"{secret}\":\n{}", answer.text());
    }
}
