//! Tokens: none, wrong, expired, revoked; and that a browser's session is none.

use actix_web::test::TestRequest;
use portal::access::OrganisationRole::IgLead;
use portal::access::{Actor, Permit, RevokeApiToken};
use portal::identity::{self, EmailAddress};

use super::programme::{Programme, token};
use super::{Program, problem};
use crate::on_both;
use crate::support::seed::address;
use crate::support::{World, everybodys};

on_both!(
    without_a_good_token_nothing_is_told,
    a_token_ends_by_itself_and_by_hand,
    a_session_of_a_browser_is_no_token,
    other_organisations_returns_are_not_there,
);

const RETURNS: &str = "/api/v1/organisations/ZZ001/returns";

async fn without_a_good_token_nothing_is_told(world: World) {
    Programme::begin(&world);
    for header in ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer portal_wrong", "Bearer wrong"] {
        for path in
            [RETURNS, "/api/v1/organisations/ZZ999/returns", "/api/v1/organisations/ZZ001/returns/2026"]
        {
            let mut request = TestRequest::get().uri(path);
            if !header.is_empty() {
                request = request.insert_header(("authorization", header));
            }
            let answer = world.browser().send(request).await;
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"api\"", "{header}");
            problem(answer, 401);
        }
    }
}

async fn a_token_ends_by_itself_and_by_hand(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Ada Lead", &[(trust, IgLead)], &[]);
    let mut short = Program::new(&world, &token(&world, "Ada Lead", "short", 1));
    let mut long = Program::new(&world, &token(&world, "Ada Lead", "long", 30));
    short.get(RETURNS).await.expect(200);
    world.clock.advance_seconds(24 * 3600 - 1);
    short.get(RETURNS).await.expect(200);
    world.clock.advance_seconds(1);
    problem(short.get(RETURNS).await, 401);
    long.get(RETURNS).await.expect(200);
    let email = EmailAddress::parse(&address("Ada Lead")).unwrap();
    world
        .db()
        .write_now(everybodys(), move |tx| {
            let subject = identity::token_subject(tx.conn(), &email)?;
            let permit = Permit::<RevokeApiToken>::grant(&Actor::system(), subject)?;
            identity::revoke_api_token(tx, &permit, "long")
        })
        .unwrap();
    problem(long.get(RETURNS).await, 401);
}

async fn a_session_of_a_browser_is_no_token(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Ada Lead", &[(trust, IgLead)], &[]);
    let mut ada = world.signed_in("Ada Lead").await;
    problem(ada.get(RETURNS).await, 401);
}

async fn other_organisations_returns_are_not_there(world: World) {
    let programme = Programme::begin(&world);
    let mut stranger = Program::new(&world, &programme.stranger);
    stranger.get("/api/v1/organisations/ZZ002/returns/2026").await.expect(200);
    let same = |problem: &serde_json::Value| (problem["title"].clone(), problem["detail"].clone());
    let nowhere = problem(stranger.get("/api/v1/organisations/ZZ999/returns").await, 404);
    let body = serde_json::json!({"value": {"level": 1}});
    for path in ["", "/2026", "/2026/answers/1-1"] {
        let told = problem(stranger.get(&format!("{RETURNS}{path}")).await, 404);
        assert_eq!(same(&told), same(&nowhere));
    }
    problem(stranger.put(&format!("{RETURNS}/2026/answers/1-1"), "\"0\"", &body).await, 404);
    let version = serde_json::json!({"version": 1});
    problem(stranger.post(&format!("{RETURNS}/2026/submit"), "k", &version).await, 404);
    problem(stranger.get("/api/v1/organisations/zz002/returns").await, 404);
    problem(stranger.get("/api/v1/organisations/ZZ002/returns/2025").await, 404);
    problem(stranger.get("/api/v1/organisations/ZZ002/returns/2026%00").await, 404);
}
