//! What counts as thin, as old and as past, and where a risk is high, are numbers of the weights; and certificates that change
//! are counted at once.

use diesel::prelude::*;
use portal::platform::ids::ReviewId;
use portal::schema::{ledger_event, review};

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue};
use crate::support::{Browser, World, everybodys};

on_both!(
    thresholds_are_numbers_of_the_weights,
    bands_are_numbers_of_the_weights,
    a_changed_certificate_counts_at_once,
);

const NUMBERS: [(&str, &str); 17] = [
    ("first_return", "0"),
    ("change", "0"),
    ("evidence", "1000"),
    ("certificates", "0"),
    ("signals", "0"),
    ("random", "0"),
    ("change_full", "250"),
    ("evidence_full", "1000"),
    ("certificates_full", "2"),
    ("low", "250"),
    ("medium", "500"),
    ("high", "1000"),
    ("thin_characters", "40"),
    ("stale_months", "24"),
    ("signal_months", "24"),
    ("band_medium", "200"),
    ("band_high", "500"),
];

/// The form of the weights with some numbers changed.
fn form<'a>(seen: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let number = |(name, usual): &(&'a str, &'a str)| {
        let changed = changed.iter().find(|(field, _)| field == name);
        (*name, changed.map_or(*usual, |(_, value)| *value))
    };
    let mut form: Vec<(&str, &str)> = NUMBERS.iter().map(number).collect();
    form.extend([("seen", seen), ("note", "A trial of other numbers")]);
    form
}

async fn put_in_force(manager: &mut Browser, world: &World, seen: &str, changed: &[(&str, &str)]) {
    manager.get("/reviews/risk").await.expect(200);
    manager.post("/reviews/risk", &form(seen, changed)).await.expect(303);
    world.settle();
}

impl World {
    fn risk_now(&self, id: ReviewId) -> i64 {
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table.filter(review::id.eq(id)).select(review::risk).first(conn)?)
            })
            .unwrap()
    }
}

async fn thresholds_are_numbers_of_the_weights(world: World) {
    let scene = a_submission_in_the_queue(world);
    let other = scene.world.trust("YY001");
    scene.world.started(&other, "2026");
    // 24 characters, 44 characters and 44 characters.
    for (code, words) in [
        ("1-1", "The board agreed to it. "),
        ("1-2", "The board agreed to it in its March meeting."),
        ("1-3", "The board agreed to it in its April meeting."),
    ] {
        scene.world.answered(&other, "2026", code, &serde_json::json!({"level": 2}), words);
    }
    scene.world.sent(&other, "2026");
    scene.world.settle();
    let id = scene.world.review_of(&other);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager
        .get("/reviews/risk")
        .await
        .expect(200)
        .shows("Characters below which a comment says hardly a word");
    put_in_force(&mut manager, &scene.world, "1", &[]).await;
    // One of three claims is thin.
    assert_eq!(scene.world.risk_now(id), 333);
    put_in_force(&mut manager, &scene.world, "2", &[("thin_characters", "45")]).await;
    assert_eq!(scene.world.risk_now(id), 1000);
    manager.get(&format!("/reviews/{id}/risk")).await.expect(200).shows("fewer than 45 characters");
    put_in_force(&mut manager, &scene.world, "3", &[("thin_characters", "10")]).await;
    assert_eq!(scene.world.risk_now(id), 0);
    // What cannot be is refused beside its field.
    manager
        .post("/reviews/risk", &form("4", &[("stale_months", "0"), ("signal_months", "121")]))
        .await
        .expect(422)
        .shows("Enter a whole number from 1 to 120");
    manager
        .post("/reviews/risk", &form("4", &[("band_high", "200")]))
        .await
        .expect(422)
        .shows("A high risk must begin above where a medium one does");
}

async fn bands_are_numbers_of_the_weights(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    // Three thin claims of three.
    put_in_force(&mut manager, &scene.world, "1", &[]).await;
    assert_eq!(scene.world.risk_now(scene.id), 1000);
    manager.get("/reviews?risk=high").await.expect(200).shows("High (500 or more)").shows("1 review");
    let changed = [("first_return", "1000"), ("evidence", "0"), ("random", "0")];
    put_in_force(&mut manager, &scene.world, "2", &changed).await;
    manager.get("/reviews?risk=high").await.expect(200).shows("1 review");
    let changed = [("evidence", "600"), ("random", "400"), ("band_medium", "50"), ("band_high", "1000")];
    put_in_force(&mut manager, &scene.world, "3", &changed).await;
    let risk = scene.world.risk_now(scene.id);
    assert!((600..=1000).contains(&risk), "{risk}");
    let band = if risk == 1000 { "high" } else { "medium" };
    manager
        .get(&format!("/reviews?risk={band}"))
        .await
        .expect(200)
        .shows("Medium (50 to 999)")
        .shows("1 review");
    manager
        .get("/reviews?risk=low")
        .await
        .expect(200)
        .shows("Low (below 50)")
        .shows("No review is like this.");
}

async fn a_changed_certificate_counts_at_once(world: World) {
    let scene = a_submission_in_the_queue(world);
    assert_eq!(scene.computed_alone(), 0);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let list = "/organisations/ZZ001/certificates";
    lead.get(&format!("{list}/services")).await.expect(200);
    lead.post(&format!("{list}/services"), &[("services", "Payroll")]).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.computed_alone(), 1, "the services that certificates are held against");
    lead.get(&format!("{list}/new")).await.expect(200);
    let certificate = [
        ("kind", "iso_27001/2022"),
        ("body", "Example Assurance"),
        ("accreditation", "Example accreditor 0001"),
        ("number", "IS 123456"),
        ("scope", "whole"),
        ("issued_on-day", "1"),
        ("issued_on-month", "5"),
        ("issued_on-year", "2024"),
        ("valid_from-day", "4"),
        ("valid_from-month", "5"),
        ("valid_from-year", "2024"),
        ("valid_to-day", "3"),
        ("valid_to-month", "5"),
        ("valid_to-year", "2027"),
    ];
    lead.post(&format!("{list}/new"), &certificate).await.expect(303);
    assert_eq!(scene.computed_alone(), 1, "not before its job");
    scene.world.settle();
    assert_eq!(scene.computed_alone(), 2);
    // An organisation without an open review has nothing to be computed, and a job that names nobody is given up.
    let other = scene.world.organisation("YY001", "Other Trust", "nhs_trust");
    scene
        .world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let (now, kind) = (tx.now(), portal::certificates::CERTIFICATES_CHANGED);
            portal::platform::jobs::enqueue(tx, kind, &other.to_string(), now, None)?;
            portal::platform::jobs::enqueue(tx, kind, "nonsense", now, None)
        })
        .unwrap();
    scene.world.settle();
    assert_eq!(scene.computed_alone(), 2);
}

impl Scene {
    /// How often the ledger says that the risks of this organisation's reviews alone were computed.
    fn computed_alone(&self) -> usize {
        let words = format!("\"organisation\":{}", self.trust.id);
        let bodies: Vec<String> = self
            .world
            .db()
            .read_now(everybodys(), |conn| {
                Ok(ledger_event::table
                    .filter(ledger_event::kind.eq("risk_computed"))
                    .select(ledger_event::body)
                    .load(conn)?)
            })
            .unwrap();
        bodies.iter().filter(|body| body.contains(&words)).count()
    }
}
