//! The evidence library, through its pages.

mod adding;
mod bucket;
mod clamd;
mod ending;
mod reading;
mod replacing;
mod scanning;
mod sending;
mod serving;
mod uploads;
mod verified;

use crate::support::year::{Trust, levels};
use crate::support::{Answer, Browser, World};

/// The address of a trust's library, with more.
fn at(trust: &Trust, more: &str) -> String {
    format!("/organisations/{}/evidence{more}", trust.code)
}

/// A trust with a draft return of three questions, and its IG lead's browser.
async fn drafting(world: &World) -> (Trust, Browser) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at(&trust, "/new")).await.expect(200);
    (trust, lead)
}

/// Adds a file to the library under a title, with more fields; gives the piece's address.
async fn added(
    lead: &mut Browser,
    trust: &Trust,
    title: &str,
    more: &[(&str, &str)],
    content: &[u8],
) -> String {
    let mut fields = vec![("title", title), ("classification", "official")];
    fields.extend_from_slice(more);
    let answer = lead.upload(&at(trust, "/new"), &fields, "policy.txt", content).await.expect(303);
    let href = answer.location();
    assert!(href.starts_with(&at(trust, "/")), "{href}");
    href
}

/// The number at the end of a piece's address.
fn number(href: &str) -> &str {
    href.rsplit('/').next().unwrap()
}

/// Chooses pieces for the answer to a question.
async fn choose(lead: &mut Browser, question: &str, pieces: &[&str]) -> Answer {
    let fields: Vec<(&str, &str)> = pieces.iter().map(|href| ("pieces", number(href))).collect();
    lead.post(&format!("{question}/evidence/choose"), &fields).await
}

/// Three fields of a date.
fn date<'a>(name: [&'a str; 3], day: [&'a str; 3]) -> [(&'a str, &'a str); 3] {
    [(name[0], day[0]), (name[1], day[1]), (name[2], day[2])]
}

/// The last day of a piece, as fields.
fn until<'a>(day: &'a str, month: &'a str, year: &'a str) -> [(&'a str, &'a str); 3] {
    date(["valid_to-day", "valid_to-month", "valid_to-year"], [day, month, year])
}
