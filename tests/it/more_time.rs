//! Requests for more time: asked by the organisation, answered by the programme, told to both.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::access::OrganisationRole::Contributor;
use portal::collections::{self, RequestState};
use portal::platform::clock::parse_london;
use portal::schema::{extension_request, ledger_event, outbound_mail};

use crate::on_both;
use crate::support::seed::address;
use crate::support::year::{Trust, levels};
use crate::support::{Browser, World, everybodys};

on_both!(
    a_request_is_granted_for_another_time_than_was_asked_for,
    a_request_is_refused_with_a_reason,
    a_request_is_taken_back_and_another_asked,
    what_is_wrong_with_a_request_is_said_beside_it,
    two_answers_at_once_leave_one,
    more_time_given_by_hand_answers_the_request,
    only_leads_ask_and_only_programme_managers_answer,
);

const ASKED: [(&str, &str); 5] = [
    ("until-day", "1"),
    ("until-month", "8"),
    ("until-year", "2026"),
    ("until-time", "12:00"),
    ("reason", "The <record> system is being replaced"),
];

fn with<'a>(field: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    ASKED.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect()
}

/// A trust in an open collection, and a programme manager.
fn a_year(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    trust
}

async fn asked(world: &World, trust: &Trust) -> Browser {
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/more-time")).await.expect(200).shows("Nobody has asked for more time");
    let sent = lead.post(&trust.at("2026", "/more-time"), &ASKED).await.expect(303);
    assert_eq!(sent.location(), trust.at("2026", "/more-time"));
    lead
}

fn the_request(world: &World) -> (i64, RequestState) {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(extension_request::table
                .order(extension_request::id.desc())
                .select((extension_request::id, extension_request::state))
                .first(conn)?)
        })
        .unwrap()
}

fn mails(world: &World) -> Vec<(String, String, String)> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(outbound_mail::table
                .order(outbound_mail::id)
                .select((outbound_mail::to_address, outbound_mail::subject, outbound_mail::text_body))
                .load(conn)?)
        })
        .unwrap()
}

async fn a_request_is_granted_for_another_time_than_was_asked_for(world: World) {
    let trust = a_year(&world);
    let mut lead = asked(&world, &trust).await;
    lead.get(&trust.at("2026", "/more-time"))
        .await
        .expect(200)
        .shows("Waiting for an answer")
        .shows("The &lt;record&gt; system")
        .hides("Ask for more time</button>");
    let (id, _) = the_request(&world);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/collections/2026").await.expect(200).shows("Requests for more time").shows("ZZ001 &amp; Sons");
    let at = format!("/collections/2026/requests/{id}");
    mo.get(&at).await.expect(200).shows("The &lt;record&gt; system").shows("value=\"2026\"");
    let answer = [
        ("decision", "grant"),
        ("until-day", "20"),
        ("until-month", "7"),
        ("until-year", "2026"),
        ("until-time", "17:00"),
        ("words", "A fortnight must do."),
    ];
    assert_eq!(mo.post(&at, &answer).await.expect(303).location(), "/collections/2026");
    mo.get("/collections/2026").await.expect(200).shows("Granted").shows("20 July 2026 at 5pm");
    assert_eq!(the_request(&world).1, RequestState::Granted);
    let due = world
        .db()
        .read_now(everybodys(), move |conn| {
            let collection = collections::collection_by_key(conn, "2026")?.unwrap();
            collections::deadline_for(conn, &collection, trust.id)
        })
        .unwrap();
    assert_eq!(due, parse_london("2026-07-20 17:00").unwrap());
    lead.get(&trust.at("2026", "/more-time"))
        .await
        .expect(200)
        .shows("Granted")
        .shows("A fortnight must do.");
    let sent = mails(&world);
    let told: Vec<(&str, &str)> =
        sent.iter().map(|(to, subject, _)| (to.as_str(), subject.as_str())).collect();
    let (mo, other, lead) = (address("Mo Manager"), address("Manager 2026"), address("Lead ZZ001"));
    assert_eq!(
        told,
        [
            (other.as_str(), "ZZ001 & Sons Trust asks for more time"),
            (mo.as_str(), "ZZ001 & Sons Trust asks for more time"),
            (lead.as_str(), "ZZ001 & Sons Trust has been given more time"),
        ]
    );
    assert!(sent[2].2.contains("20 July 2026 at 5pm") && sent[2].2.contains("A fortnight must do."));
    assert!(sent.iter().all(|(_, _, text)| !text.contains("record")), "the reason stays in the portal");
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table.order(ledger_event::id).select(ledger_event::body).load(conn)?)
        })
        .unwrap();
    assert!(bodies.iter().any(|body| body.contains("more_time_asked")));
    assert!(bodies.iter().any(|body| body.contains("extension_granted")));
    assert!(bodies.iter().all(|body| !body.contains("fortnight") && !body.contains("system is being")));
    world.settle();
}

async fn a_request_is_refused_with_a_reason(world: World) {
    let trust = a_year(&world);
    let mut lead = asked(&world, &trust).await;
    let at = format!("/collections/2026/requests/{}", the_request(&world).0);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get(&at).await.expect(200);
    mo.post(&at, &[("decision", "refuse"), ("words", "")])
        .await
        .expect(422)
        .shows("Say why the request is refused")
        .shows("value=\"refuse\" checked");
    mo.post(&at, &[("words", "Well.")]).await.expect(422).shows("Choose whether").shows("Well.");
    mo.post(&at, &[("decision", "refuse"), ("words", "It was known.")]).await.expect(303);
    assert_eq!(the_request(&world).1, RequestState::Refused);
    mo.get(&at).await.expect(200).shows("Refused").shows("It was known.").hides("Send the answer");
    lead.get(&trust.at("2026", "/more-time"))
        .await
        .expect(200)
        .shows("Refused")
        .shows("It was known.")
        .shows("Ask for more time</button>")
        .shows("30 June 2026");
    assert!(mails(&world).last().unwrap().2.contains("It was known."));
    world.settle();
}

async fn a_request_is_taken_back_and_another_asked(world: World) {
    let trust = a_year(&world);
    let mut lead = asked(&world, &trust).await;
    let (id, _) = the_request(&world);
    lead.get(&trust.at("2026", "/more-time")).await.expect(200);
    lead.post(&trust.at("2026", "/more-time"), &with("reason", "Another")).await.expect(409);
    lead.post(&trust.at("2026", &format!("/more-time/{id}/withdraw")), &[]).await.expect(303);
    assert_eq!(the_request(&world).1, RequestState::Withdrawn);
    lead.post(&trust.at("2026", &format!("/more-time/{id}/withdraw")), &[]).await.expect(409);
    lead.get(&trust.at("2026", "/more-time")).await.expect(200).shows("Taken back");
    lead.post(&trust.at("2026", "/more-time"), &with("reason", "Another")).await.expect(303);
    assert_eq!(the_request(&world).1, RequestState::Open);
    world.settle();
}

async fn what_is_wrong_with_a_request_is_said_beside_it(world: World) {
    let trust = a_year(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/more-time")).await.expect(200);
    for (field, value, words) in [
        ("reason", "", "Enter the reason"),
        ("until-day", "32", "Enter a real date"),
        ("until-month", "6", "Enter a time after 30 June 2026 at 12pm"),
        ("until-time", "soon", "hours and minutes"),
    ] {
        lead.post(&trust.at("2026", "/more-time"), &with(field, value))
            .await
            .expect(422)
            .shows(words)
            .shows("Error: More time");
    }
    lead.get(&trust.at("2099", "/more-time")).await.expect(404);
    // A practice is not asked for a return in this collection.
    let practice = world.organisation("ZZ009", "Example Practice", "gp");
    world.person("Gia Practice", &[(practice, portal::access::OrganisationRole::IgLead)], &[]);
    let mut gia = world.signed_in("Gia Practice").await;
    gia.get("/organisations/ZZ009/returns/2026/more-time").await.expect(200);
    gia.post("/organisations/ZZ009/returns/2026/more-time", &ASKED).await.expect(409).shows("is not asked");
}

async fn two_answers_at_once_leave_one(world: World) {
    let trust = a_year(&world);
    let mut lead = asked(&world, &trust).await;
    let (id, _) = the_request(&world);
    let at = format!("/collections/2026/requests/{id}");
    let (mut mo, mut other) = (world.signed_in("Mo Manager").await, world.signed_in("Manager 2026").await);
    mo.get(&at).await.expect(200);
    other.get(&at).await.expect(200);
    mo.post(&at, &[("decision", "refuse"), ("words", "No.")]).await.expect(303);
    let grant: Vec<(&str, &str)> = [("decision", "grant")].into_iter().chain(ASKED).collect();
    other.post(&at, &grant).await.expect(409);
    assert_eq!(the_request(&world).1, RequestState::Refused);
    lead.post(&trust.at("2026", &format!("/more-time/{id}/withdraw")), &[]).await.expect(409);
    world.settle();
}

async fn more_time_given_by_hand_answers_the_request(world: World) {
    let trust = a_year(&world);
    asked(&world, &trust).await;
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/collections/2026").await.expect(200);
    let form: Vec<(&str, &str)> = [("organisation", "ZZ001")].into_iter().chain(ASKED).collect();
    mo.post("/collections/2026/extensions", &form).await.expect(303);
    assert_eq!(the_request(&world).1, RequestState::Granted);
    world.settle();
}

async fn only_leads_ask_and_only_programme_managers_answer(world: World) {
    let trust = a_year(&world);
    world.trust("ZZ002");
    world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.person("Rae Reviewer", &[], &[CentralReviewer]);
    asked(&world, &trust).await;
    let (id, _) = the_request(&world);
    let own = trust.at("2026", "/more-time");
    let mut con = world.signed_in("Con Tributor").await;
    con.get(&own).await.expect(200).hides("Take the request back").hides("Ask for more time</button>");
    con.post(&own, &ASKED).await.expect(403);
    con.post(&format!("{own}/{id}/withdraw"), &[]).await.expect(403);
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&own).await.expect(404);
    stranger.get("/organisations/ZZ002/returns/2026/more-time").await.expect(200).hides("being replaced");
    stranger
        .post(&format!("/organisations/ZZ002/returns/2026/more-time/{id}/withdraw"), &[])
        .await
        .expect(404);
    let at = format!("/collections/2026/requests/{id}");
    let mut rae = world.signed_in("Rae Reviewer").await;
    rae.get(&at).await.expect(200).hides("Send the answer");
    rae.post(&at, &[("decision", "refuse"), ("words", "No.")]).await.expect(403);
    assert_eq!(the_request(&world).1, RequestState::Open);
    world.settle();
}
