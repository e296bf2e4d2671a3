//! What is refused: after the close, by other tenants, in the wrong role, for organisations out of scope.

use portal::access::CentralRole::CentralReviewer;
use portal::access::OrganisationRole::IgLead;
use portal::platform::clock::parse_london;
use serde_json::json;

use crate::on_both;
use crate::support::year::levels;
use crate::support::{World, everybodys};

on_both!(
    nothing_is_taken_after_the_close,
    a_return_after_its_deadline_is_late,
    an_extension_makes_it_in_time,
    other_tenants_find_nothing,
    what_is_not_asked_is_not_there,
);

async fn nothing_is_taken_after_the_close(world: World) {
    let (draft, signed) = (world.trust("ZZ001"), world.trust("ZZ002"));
    world.usual_year(&levels("sample-2026", 3));
    world.started(&draft, "2026");
    world.started(&signed, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&signed, "2026", code, &json!({"level": 2}), "");
    }
    world.signed(&signed, "2026");
    // The scheduler has not looked yet; the time itself closes the collection.
    world.clock.set(parse_london("2026-07-14 12:00").unwrap());
    for closed_by_scheduler in [false, true] {
        if closed_by_scheduler {
            portal::collections::run_due(world.db()).unwrap();
        }
        let mut lead = world.signed_in("Lead ZZ001").await;
        lead.get(&draft.at("2026", "")).await.expect(200).shows("The collection is closed");
        let question = draft.at("2026", "/requirements/1-1");
        lead.get(&question).await.expect(200).hides("Save and continue").hides("Attach a file");
        lead.post(&question, &[("version", "0"), ("choice", "2")])
            .await
            .expect(409)
            .shows("took returns until");
        lead.upload(&format!("{question}/evidence"), &[], "a.txt", b"late").await.expect(409);
        let mut lead = world.signed_in("Lead ZZ002").await;
        let version = lead.get(&signed.at("2026", "/submit")).await.expect(200).hidden("version");
        lead.post(&signed.at("2026", "/submit"), &[("version", &version)])
            .await
            .expect(409)
            .shows("14 July 2026");
        lead.post(&signed.at("2026", "/draft"), &[]).await.expect(409);
    }
    let late = world.trust("ZZ003");
    let mut lead = world.signed_in("Lead ZZ003").await;
    lead.get("/organisations/ZZ003").await.expect(200).hides("Start the return").shows("No return");
    lead.post(&late.at("2026", "/start"), &[]).await.expect(409);
    world.settle();
}

async fn a_return_after_its_deadline_is_late(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.clock.set(parse_london("2026-07-01 09:00").unwrap());
    world.signed(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let version =
        lead.get(&trust.at("2026", "/submit")).await.expect(200).shows("recorded as late").hidden("version");
    lead.post(&trust.at("2026", "/submit"), &[("version", &version)]).await.expect(303);
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).shows(">Late<");
    world.settle();
}

async fn an_extension_makes_it_in_time(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let mut manager = world.signed_in("Manager 2026").await;
    manager.get("/collections/2026").await.expect(200);
    let form = [
        ("organisation", "ZZ001"),
        ("until-day", "10"),
        ("until-month", "7"),
        ("until-year", "2026"),
        ("until-time", "12:00"),
        ("reason", "A flood"),
    ];
    manager.post("/collections/2026/extensions", &form).await.expect(303);
    world.clock.set(parse_london("2026-07-09 09:00").unwrap());
    let sent = world.submitted_levels(&trust, "2026");
    assert!(!world.db().read_now(everybodys(), |conn| portal::returns::submission(conn, sent)).unwrap().late);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows("you have been given more time");
    world.settle();
}

async fn other_tenants_find_nothing(world: World) {
    let trust = world.trust("ZZ001");
    world.trust("ZZ002");
    world.person("Rae Reviewer", &[], &[CentralReviewer]);
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    world.settle();
    let reads = ["", "/sign", "/submit", "/receipt", "/requirements/1-1", "/requirements/1-1/history"];
    let changes = [
        "/start",
        "/ready",
        "/draft",
        "/sign",
        "/submit",
        "/reopen",
        "/requirements/1-1",
        "/requirements/1-1/evidence/1/detach",
    ];
    for name in ["Lead ZZ002", "Rae Reviewer"] {
        let mut stranger = world.signed_in(name).await;
        stranger.get("/standards").await.expect(200);
        stranger.get("/organisations/ZZ001").await.expect(404);
        for more in reads {
            stranger.get(&trust.at("2026", more)).await.expect(404).hides("ZZ001 &amp; Sons");
        }
        for more in changes {
            stranger
                .post(
                    &trust.at("2026", more),
                    &[("version", "1"), ("agree", "yes"), ("reason", "x"), ("choice", "1")],
                )
                .await
                .expect(404);
        }
        stranger
            .upload(&trust.at("2026", "/requirements/1-1/evidence"), &[], "a.txt", b"x")
            .await
            .expect(404);
    }
    // An organisation, a year and a question that do not exist read the same.
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/organisations/NOBODY").await.expect(404);
    lead.get(&trust.at("1999", "")).await.expect(404);
    lead.get(&trust.at("2026", "/requirements/9-9")).await.expect(404);
    // Nobody signed in is led to sign in.
    let mut nobody = world.browser();
    assert!(nobody.get(&trust.at("2026", "")).await.expect(303).location().starts_with("/sign-in"));
}

async fn what_is_not_asked_is_not_there(world: World) {
    let practice = world.organisation("ZZ009", "Example Practice", "gp");
    world.person("Gil Practice", &[(practice, IgLead)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    let mut gil = world.signed_in("Gil Practice").await;
    gil.get("/organisations/ZZ009").await.expect(200).shows("No collection has asked");
    gil.post("/organisations/ZZ009/returns/2026/start", &[])
        .await
        .expect(409)
        .shows("does not ask your organisation");
}
