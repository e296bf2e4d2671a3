//! Signing in and out, sessions, and forms of other sites.

use std::sync::mpsc::channel;

use portal::access::CentralRole;
use portal::platform::db::Reach;

use crate::on_both;
use crate::support::World;
use crate::support::seed::{PASSWORD, address};

on_both!(
    a_person_signs_in_and_out,
    a_wrong_password_and_an_unknown_address_read_the_same,
    five_wrong_passwords_make_the_account_wait,
    an_idle_session_ends_and_a_used_one_does_not,
    pages_are_read_while_a_long_change_runs,
    a_form_without_its_token_is_refused,
    personas_exist_only_in_the_demo,
    after_sign_in_nobody_is_sent_to_another_site,
);

async fn a_person_signs_in_and_out(world: World) {
    world.person("Ada Reviewer", &[], &[CentralRole::CentralReviewer]);
    let mut ada = world.browser();
    ada.get("/home").await.expect(303);
    ada.get("/sign-in").await.expect(200).shows("Email address");
    let welcomed = ada.post("/sign-in", &[("email", &address("Ada Reviewer")), ("password", PASSWORD)]).await;
    assert_eq!(welcomed.expect(303).location(), "/home");
    assert!(ada.cookies().contains_key("__Host-session"));
    ada.get("/home").await.expect(200).shows("Ada Reviewer").shows("Reviews");
    let before = ada.clone();
    ada.post("/sign-out", &[]).await.expect(303);
    assert!(!ada.cookies().contains_key("__Host-session"));
    // The token is dead in the database too, not only forgotten by this browser.
    before.clone().get("/home").await.expect(303);
}

async fn a_wrong_password_and_an_unknown_address_read_the_same(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    let words = "The email address and the password do not go together";
    browser
        .post("/sign-in", &[("email", &address("Ada Reviewer")), ("password", "wrong wrong wrong")])
        .await
        .expect(422)
        .shows(words)
        .shows(&address("Ada Reviewer"))
        .hides("wrong wrong wrong");
    browser
        .post("/sign-in", &[("email", "nobody@people.example"), ("password", PASSWORD)])
        .await
        .expect(422)
        .shows(words);
    browser
        .post("/sign-in", &[("email", "nonsense"), ("password", "")])
        .await
        .expect(422)
        .shows("Enter your password");
}

async fn five_wrong_passwords_make_the_account_wait(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    let email = address("Ada Reviewer");
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    for _ in 0..5 {
        browser.post("/sign-in", &[("email", &email), ("password", "wrong wrong wrong")]).await.expect(422);
    }
    browser.post("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.expect(429);
    world.clock.advance_seconds(301);
    browser.post("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.expect(303);
}

async fn an_idle_session_ends_and_a_used_one_does_not(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    let mut ada = world.signed_in("Ada Reviewer").await;
    for _ in 0..3 {
        world.clock.advance_seconds(50 * 60);
        ada.get("/home").await.expect(200);
    }
    world.clock.advance_seconds(61 * 60);
    ada.get("/home").await.expect(303);
    // However much it is used, a session ends after its longest time.
    let mut again = world.signed_in("Ada Reviewer").await;
    for _ in 0..15 {
        world.clock.advance_seconds(45 * 60);
        again.get("/home").await.expect(200);
    }
    world.clock.advance_seconds(50 * 60);
    again.get("/home").await.expect(303);
}

async fn pages_are_read_while_a_long_change_runs(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    let mut ada = world.signed_in("Ada Reviewer").await;
    let (begun, has_begun) = channel();
    let (let_go, wait) = channel();
    let db = world.db().clone();
    let long = std::thread::spawn(move || {
        db.housekeep_now(Reach::nobodys(), move |_| {
            begun.send(()).unwrap();
            wait.recv().unwrap();
            Ok(())
        })
    });
    has_begun.recv().unwrap();
    // Long enough for the session's use to be noted again, which on SQLite waits for the one writer.
    world.clock.advance_seconds(2 * 60);
    ada.get("/home").await.expect(200);
    let_go.send(()).unwrap();
    long.join().unwrap().unwrap();
    // Whatever was queued before this is written.
    world.db().housekeep_now(Reach::nobodys(), |_| Ok(())).unwrap();
    world.clock.advance_seconds(59 * 60);
    ada.get("/home").await.expect(200);
}

async fn a_form_without_its_token_is_refused(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    let mut stranger = world.browser();
    stranger.post("/sign-in", &[("email", "a@b.example"), ("password", "x")]).await.expect(403);
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.forget_token();
    ada.post("/sign-out", &[]).await.expect(403).shows("This form has expired");
    ada.get("/home").await.expect(200);
}

async fn personas_exist_only_in_the_demo(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    let mut browser = world.browser();
    browser.get("/sign-in").await.expect(200).hides("Choose who to be");
    browser.post("/sign-in/persona", &[("email", &address("Ada Reviewer"))]).await.expect(404);
}

async fn after_sign_in_nobody_is_sent_to_another_site(world: World) {
    world.person("Ada Reviewer", &[], &[]);
    for (next, goes) in
        [("/ledger", "/ledger"), ("https://evil.example", "/home"), ("//evil.example", "/home")]
    {
        let mut browser = world.browser();
        browser.get("/sign-in").await;
        let fields = [("email", &*address("Ada Reviewer")), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/sign-in", &fields).await.expect(303).location(), goes);
    }
}
