//! The trial run: at any time, changing nothing, saying what is in the way.

use diesel::prelude::*;
use portal::access::OrganisationRole::{CaldicottGuardian, Contributor, IgLead};
use portal::schema::ledger_event;
use serde_json::json;

use crate::on_both;
use crate::support::year::levels;
use crate::support::{World, everybodys};

on_both!(the_trial_run_follows_the_return, who_must_sign_is_said_before_it_is_too_late);

fn events(world: &World) -> i64 {
    world.db().read_now(everybodys(), |conn| Ok(ledger_event::table.count().get_result(conn)?)).unwrap()
}

async fn the_trial_run_follows_the_return(world: World) {
    let trust = world.trust("ZZ001");
    world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    world.trust("ZZ002");
    world.usual_year(&levels("sample-2026", 3));
    let at = trust.at("2026", "/trial");
    let mut cal = world.signed_in("Cal Guardian").await;
    cal.get(&at).await.expect(404);
    world.started(&trust, "2026");
    let before = events(&world);
    cal.get(&at)
        .await
        .expect(200)
        .shows("3 are not completed.")
        .shows("There is no answer yet.")
        .shows("/requirements/1-3")
        .shows("Not satisfactory")
        .shows("Siro ZZ001")
        .shows("Lead ZZ001");
    cal.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("href=\"/organisations/ZZ001/returns/2026/trial\"");
    cal.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).shows("What still blocks the return");
    assert_eq!(events(&world), before, "a trial run changes nothing");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    cal.get(&at).await.expect(200).shows("Nothing. Every requirement").shows("<strong>Satisfactory</strong>");
    world.sent(&trust, "2026");
    cal.get(&at).await.expect(200).shows("This return has been submitted");
    let mut part = world.signed_in("Con Tributor").await;
    part.get(&trust.at("2026", "")).await.expect(200).hides("/trial");
    part.get(&at).await.expect(403);
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&at).await.expect(404);
    world.settle();
}

async fn who_must_sign_is_said_before_it_is_too_late(world: World) {
    let id = world.organisation("ZZ005", "Lonely Trust", "nhs_trust");
    world.person("Lea Lonely", &[(id, IgLead)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    let mut lea = world.signed_in("Lea Lonely").await;
    lea.get("/organisations/ZZ005").await.expect(200);
    lea.post("/organisations/ZZ005/returns/2026/start", &[]).await.expect(303);
    lea.get("/organisations/ZZ005/returns/2026/trial")
        .await
        .expect(200)
        .shows("Nobody in your organisation holds this role.")
        .shows("Blocked");
    world.settle();
}
