//! Bounds: tries from one address, tries of one job, how long leftovers are kept, and HEAD, which is GET without a body.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::test::TestRequest;
use diesel::prelude::*;
use portal::access::CentralRole::ProgrammeManager;
use portal::platform::error::Error;
use portal::platform::http::{TRIES, WINDOW};
use portal::platform::idempotency::KEPT_DAYS;
use portal::platform::jobs::{self, Handlers, Outcome};
use portal::platform::{ids::PersonId, sweep};
use portal::schema::{idempotency, job};

use crate::on_both;
use crate::support::seed::{PASSWORD, address};
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    an_address_that_guesses_passwords_has_to_wait,
    an_address_that_guesses_invitations_has_to_wait,
    a_job_that_asks_to_be_run_later_has_not_failed,
    a_job_that_always_fails_is_given_up,
    answers_kept_for_repeats_are_forgotten_in_time,
    head_is_get_without_a_body,
);

const GUESSER: &str = "192.0.2.66:4000";
const OTHER: &str = "192.0.2.77:4000";

/// Signs in from somewhere.
async fn try_from(browser: &mut Browser, from: &str, email: &str, password: &str) -> Answer {
    browser.get("/sign-in").await.expect(200);
    let form =
        [("csrf", browser.csrf().to_owned()), ("email", email.to_owned()), ("password", password.to_owned())];
    let request = TestRequest::post().uri("/sign-in").peer_addr(from.parse().unwrap()).set_form(form);
    browser.send(request).await
}

async fn an_address_that_guesses_passwords_has_to_wait(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    let mut guesser = world.browser();
    for n in 0..TRIES {
        // Another account each time, so that no account's own limit is met.
        try_from(&mut guesser, GUESSER, &format!("a{n}@people.example"), "guess guess guess")
            .await
            .expect(422);
    }
    let ada = address("Ada Reviewer");
    let refused = try_from(&mut guesser, GUESSER, &ada, PASSWORD).await.expect(429);
    assert_eq!(refused.header("retry-after"), WINDOW.to_string());
    refused.shows("Too many tries").shows("Wait 600 seconds");
    // Somebody else is not held up, and a header that anybody can write changes nothing.
    try_from(&mut world.browser(), OTHER, &ada, PASSWORD).await.expect(303);
    guesser.get("/sign-in").await.expect(200);
    let form =
        [("csrf", guesser.csrf().to_owned()), ("email", ada.clone()), ("password", PASSWORD.to_owned())];
    let claimed = TestRequest::post()
        .uri("/sign-in")
        .peer_addr(GUESSER.parse().unwrap())
        .insert_header(("x-forwarded-for", "198.51.100.7"))
        .set_form(form);
    guesser.send(claimed).await.expect(429);
    world.clock.advance_seconds(WINDOW);
    try_from(&mut guesser, GUESSER, &ada, PASSWORD).await.expect(303);
}

async fn an_address_that_guesses_invitations_has_to_wait(world: World) {
    world.person("Mo Programme", &[], &[ProgrammeManager]);
    let mut mo = world.signed_in("Mo Programme").await;
    mo.get("/people/central").await.expect(200);
    let fields = [("name", "Bea New"), ("email", "bea.new@people.example"), ("role", "publisher")];
    mo.post("/people/central", &fields).await.expect(303);
    world.settle();
    let mail = world.mails().pop().unwrap().replace("=\r\n", "");
    let start = mail.find("/invitations/").unwrap();
    let link = mail[start..].split_whitespace().next().unwrap().to_owned();
    let mut guesser = world.browser();
    for n in 0..TRIES {
        let guess =
            TestRequest::get().uri(&format!("/invitations/guess{n}")).peer_addr(GUESSER.parse().unwrap());
        guesser.send(guess).await.expect(404);
    }
    let from = |place: &str| TestRequest::get().uri(&link).peer_addr(place.parse().unwrap());
    guesser.send(from(GUESSER)).await.expect(429).shows("Too many tries");
    guesser.get("/sign-in").await.expect(200);
    let form = [
        ("csrf", guesser.csrf().to_owned()),
        ("password", PASSWORD.to_owned()),
        ("again", PASSWORD.to_owned()),
    ];
    let accept = TestRequest::post().uri(&link).peer_addr(GUESSER.parse().unwrap()).set_form(form);
    guesser.send(accept).await.expect(429);
    // The invited person, elsewhere, opens the link as often as they like.
    for _ in 0..2 * TRIES {
        world.browser().send(from(OTHER)).await.expect(200);
    }
}

/// What is stored of the one job of a kind: its state and its failed tries.
fn stored(world: &World, kind: &'static str) -> (String, i64) {
    world
        .db()
        .read_now(everybodys(), move |conn| {
            Ok(job::table.filter(job::kind.eq(kind)).select((job::state, job::attempts)).first(conn)?)
        })
        .unwrap()
}

fn enqueue(world: &World, kind: &'static str) {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let now = tx.now();
            jobs::enqueue(tx, kind, "{}", now, None)
        })
        .unwrap();
}

async fn a_job_that_asks_to_be_run_later_has_not_failed(world: World) {
    let runs = Arc::new(AtomicI64::new(0));
    let counted = Arc::clone(&runs);
    // Thirty times it only asks for another time, then it fails eleven times, asks once more, fails again, and is done.
    let handlers =
        Handlers::default().on("test.later", move |db, _| match counted.fetch_add(1, Ordering::SeqCst) {
            0..30 | 41 => Ok(Outcome::RetryAt(db.clock().now().plus_seconds(60), "later".to_owned())),
            30..41 | 42 => Err(Error::Unavailable("not now".to_owned())),
            _ => Ok(Outcome::Done),
        });
    enqueue(&world, "test.later");
    for run in 1..=44 {
        assert!(jobs::run_once(world.db(), &handlers, "test").unwrap(), "run {run}");
        let failed = match run {
            31..=41 => run - 30,
            43 | 44 => 1,
            _ => 0,
        };
        let (state, attempts) = stored(&world, "test.later");
        assert_eq!(state, if run == 44 { "done" } else { "queued" }, "run {run}");
        if run < 44 {
            assert_eq!(attempts, failed, "run {run}");
        }
        world.clock.advance_seconds(6 * 3600);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 44);
}

async fn a_job_that_always_fails_is_given_up(world: World) {
    let handlers = Handlers::default().on("test.fails", |_, _| Err(Error::Unavailable("never".to_owned())));
    enqueue(&world, "test.fails");
    let mut runs = 0;
    while stored(&world, "test.fails").0 == "queued" {
        assert!(jobs::run_once(world.db(), &handlers, "test").unwrap());
        runs += 1;
        world.clock.advance_seconds(24 * 3600);
    }
    assert_eq!((runs, stored(&world, "test.fails").0.as_str()), (12, "gave_up"));
}

async fn answers_kept_for_repeats_are_forgotten_in_time(world: World) {
    let person: PersonId = world.person("Ada Machine", &[], &[]);
    let keep = |key: &'static str| {
        world
            .db()
            .housekeep_now(everybodys(), move |tx| {
                let now = tx.now();
                Ok(diesel::insert_into(idempotency::table)
                    .values((
                        idempotency::person_id.eq(person),
                        idempotency::idempotency_key.eq(key),
                        idempotency::route.eq("POST /x"),
                        idempotency::request_hash.eq(vec![0_u8; 32]),
                        idempotency::status.eq(201),
                        idempotency::body.eq("{}"),
                        idempotency::created_at.eq(now),
                    ))
                    .execute(tx.conn())?)
            })
            .unwrap();
    };
    let kept = || {
        let mut keys: Vec<String> = world
            .db()
            .read_now(everybodys(), |conn| {
                Ok(idempotency::table.select(idempotency::idempotency_key).load(conn)?)
            })
            .unwrap();
        keys.sort();
        keys
    };
    keep("old");
    world.clock.advance_seconds(KEPT_DAYS * 24 * 3600 - 60);
    keep("young");
    world.db().housekeep_now(everybodys(), sweep::ensure_scheduled).unwrap();
    world.settle();
    assert_eq!(kept(), ["old", "young"], "not a minute too early");
    // The next day's round; the job is never done, and never twice in the queue.
    world.db().housekeep_now(everybodys(), sweep::ensure_scheduled).unwrap();
    world.clock.advance_seconds(24 * 3600);
    world.settle();
    assert_eq!(kept(), ["young"]);
    assert_eq!(stored(&world, sweep::SWEEP), ("queued".to_owned(), 0));
}

async fn head_is_get_without_a_body(world: World) {
    let mut browser = world.browser();
    let head = |path: &str| TestRequest::default().method(actix_web::http::Method::HEAD).uri(path);
    for path in ["/api/v1/standards", "/api/openapi.json", "/sign-in", "/help", "/health/live"] {
        let got = browser.get(path).await.expect(200);
        let answer = browser.send(head(path)).await.expect(200);
        assert!(answer.body.is_empty(), "{path}");
        assert!(!got.body.is_empty(), "{path}");
        assert_eq!(answer.header("content-type"), got.header("content-type"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    let missing = browser.send(head("/api/v1/nothing")).await.expect(404);
    assert_eq!(
        (missing.header("content-type").as_str(), missing.body.len()),
        ("application/problem+json", 0)
    );
    // What only takes a post takes no HEAD either.
    let refused = browser.send(head("/api/v1/organisations/ZZ001/returns/2026/submit")).await.expect(405);
    assert_eq!((refused.header("allow").as_str(), refused.body.len()), ("POST", 0));
    browser.send(head("/home")).await.expect(303);
}
