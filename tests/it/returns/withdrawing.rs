//! Taking a submission back, what becomes of its review, and pressing the button too late.

use diesel::prelude::*;
use portal::access::CentralRole;
use portal::access::OrganisationRole::Contributor;
use portal::collections;
use portal::platform::clock::parse_london;
use portal::returns::{self, ReturnState, Which};
use portal::schema::{collection_result, ledger_event, withdrawal};
use serde_json::json;

use crate::on_both;
use crate::support::seed::address;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    what_is_withdrawn_leaves_the_queue_and_stays_readable,
    a_reviewer_is_told_of_what_was_withdrawn,
    what_is_withdrawn_and_not_sent_again_is_not_published_at_the_close,
    nothing_is_withdrawn_out_of_turn,
    a_deadline_that_passed_is_said_before_anything_is_sent,
    a_collection_that_closed_keeps_everything_and_hears_a_request,
);

fn given_a_submission(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    world.settle();
    trust
}

fn found(world: &World, trust: &Trust) -> returns::Found {
    let id = trust.id;
    world
        .db()
        .read_now(everybodys(), move |conn| returns::find(conn, Which::Of(id, "2026")))
        .unwrap()
        .unwrap()
}

async fn what_is_withdrawn_leaves_the_queue_and_stays_readable(world: World) {
    let trust = given_a_submission(&world);
    let mut rev = world.person_signed_in("Rea Viewer", CentralRole::CentralReviewer).await;
    rev.get("/reviews").await.expect(200).shows("ZZ001 &amp; Sons Trust");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).shows("Withdraw the submission");
    lead.get(&trust.at("2026", "/withdraw")).await.expect(200).shows("not published at the close");
    lead.post(&trust.at("2026", "/withdraw"), &[("reason", " ")]).await.expect(422).shows("Enter the reason");
    lead.post(&trust.at("2026", "/withdraw"), &[("reason", "The wrong figures entirely")]).await.expect(303);
    let now = found(&world, &trust);
    assert_eq!((now.state, now.submission), (ReturnState::Draft, None));
    lead.get(&trust.at("2026", "")).await.expect(200).shows("You have withdrawn your submission.");
    lead.get(&trust.at("2026", "/receipt")).await.expect(404);
    world.settle();
    rev.get("/reviews").await.expect(200).hides("ZZ001 &amp; Sons Trust");
    rev.get("/reviews?state=withdrawn").await.expect(200).shows("ZZ001 &amp; Sons Trust");
    // Kept and readable.
    lead.get(&trust.at("2026", "/submissions"))
        .await
        .expect(200)
        .shows("Submission 1")
        .shows("The wrong figures entirely")
        .shows("Withdrawn");
    lead.get(&trust.at("2026", "/submissions/1"))
        .await
        .expect(200)
        .shows("Level 2: descriptor of level 2")
        .shows("Siro ZZ001");
    lead.get(&trust.at("2026", "/submissions/2")).await.expect(404);
    // The next one names the reason and is a new review.
    world.answered(&trust, "2026", "1-1", &json!({"level": 3}), "");
    world.sent(&trust, "2026");
    world.settle();
    lead.get(&trust.at("2026", "/receipt"))
        .await
        .expect(200)
        .shows("Number 2")
        .shows("The wrong figures entirely");
    lead.get(&trust.at("2026", "/submissions")).await.expect(200).shows("Stands");
    rev.get("/reviews").await.expect(200).shows("ZZ001 &amp; Sons Trust");
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| Ok(ledger_event::table.select(ledger_event::body).load(conn)?))
        .unwrap();
    assert!(bodies.iter().any(|body| body.contains("submission_withdrawn")));
    assert!(bodies.iter().all(|body| !body.contains("wrong figures")));
    let (count, differences) = world.db().read_now(everybodys(), returns::verify).unwrap();
    assert_eq!((count, differences.len()), (2, 0));
}

async fn a_reviewer_is_told_of_what_was_withdrawn(world: World) {
    let trust = given_a_submission(&world);
    let mut rev = world.person_signed_in("Rea Viewer", CentralRole::CentralReviewer).await;
    rev.get("/reviews/1").await.expect(200);
    rev.post("/reviews/1/claim", &[]).await.expect(303);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/withdraw")).await.expect(200).shows("A reviewer has begun to review it.");
    lead.post(&trust.at("2026", "/withdraw"), &[("reason", "The wrong figures")]).await.expect(303);
    // Before the review has learnt of it, nothing can be decided any more.
    rev.post("/reviews/1/release", &[]).await.expect(409);
    world.settle();
    rev.get("/reviews/1").await.expect(200).shows("Withdrawn by the organisation");
    let [(to, subject, text, _)] = world.queued("review.withdrawn").try_into().unwrap();
    assert_eq!(
        (to, subject.as_str()),
        (address("Rea Viewer"), "Withdrawn: 2026 return of ZZ001 & Sons Trust")
    );
    assert!(!text.contains("wrong figures"));
    assert_eq!(found(&world, &trust).state, ReturnState::Draft);
}

async fn what_is_withdrawn_and_not_sent_again_is_not_published_at_the_close(world: World) {
    let trust = given_a_submission(&world);
    let kept = world.trust("ZZ002");
    world.submitted_levels(&kept, "2026");
    world.settle();
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/withdraw")).await.expect(200);
    lead.post(&trust.at("2026", "/withdraw"), &[("reason", "The wrong figures")]).await.expect(303);
    world.clock.set(parse_london("2026-07-14 12:00").unwrap());
    let moved = collections::run_due(world.db()).unwrap();
    assert_eq!((moved.closed, moved.not_published), (1, 1));
    returns::settle_reopened(world.db()).unwrap();
    let now = found(&world, &trust);
    assert_eq!((now.state, now.submission), (ReturnState::Draft, None), "nothing stands by itself again");
    let named: Vec<portal::platform::ids::OrganisationId> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(collection_result::table.select(collection_result::organisation_id).load(conn)?)
        })
        .unwrap();
    assert_eq!(named, [trust.id]);
    world.settle();
}

async fn nothing_is_withdrawn_out_of_turn(world: World) {
    let trust = world.trust("ZZ001");
    world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/withdraw")).await.expect(409);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.sent(&trust, "2026");
    world.settle();
    for name in ["Siro ZZ001", "Con Tributor"] {
        let mut browser = world.signed_in(name).await;
        browser.get(&trust.at("2026", "/withdraw")).await.expect(403);
    }
    let mut part = world.signed_in("Con Tributor").await;
    part.get(&trust.at("2026", "/submissions")).await.expect(403);
    part.get(&trust.at("2026", "/submissions/1")).await.expect(403);
    world.clock.set(parse_london("2026-07-14 12:00").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).hides("Withdraw the submission");
    lead.post(&trust.at("2026", "/withdraw"), &[("reason", "Too late")]).await.expect(409);
    let kept: i64 =
        world.db().read_now(everybodys(), |conn| Ok(withdrawal::table.count().get_result(conn)?)).unwrap();
    assert_eq!(kept, 0);
    world.settle();
}

fn given_a_signed_return(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.signed(&trust, "2026");
    trust
}

async fn a_deadline_that_passed_is_said_before_anything_is_sent(world: World) {
    let trust = given_a_signed_return(&world);
    world.clock.set(parse_london("2026-06-30 11:59").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    let page = lead.get(&trust.at("2026", "/submit")).await.expect(200).hides("recorded as late");
    let form = [("version", page.hidden("version")), ("late", page.hidden("late"))];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.clock.set(parse_london("2026-06-30 12:01").unwrap());
    let page = lead
        .post(&trust.at("2026", "/submit"), &form)
        .await
        .expect(409)
        .shows("nothing has been submitted yet")
        .shows("recorded as late")
        .shows("/more-time");
    assert_eq!(found(&world, &trust).state, ReturnState::Signed);
    let form = [("version", page.hidden("version")), ("late", page.hidden("late"))];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lead.post(&trust.at("2026", "/submit"), &form).await.expect(303);
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).shows("Late");
    world.settle();
}

async fn a_collection_that_closed_keeps_everything_and_hears_a_request(world: World) {
    let trust = given_a_signed_return(&world);
    world.clock.set(parse_london("2026-07-14 11:59").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    let version = lead.get(&trust.at("2026", "/submit")).await.expect(200).hidden("version");
    world.clock.set(parse_london("2026-07-14 12:00").unwrap());
    collections::run_due(world.db()).unwrap();
    lead.post(&trust.at("2026", "/submit"), &[("version", &version), ("late", "yes")])
        .await
        .expect(409)
        .shows("Nothing was submitted")
        .shows("Nothing is lost")
        .shows("/more-time");
    assert_eq!(found(&world, &trust).state, ReturnState::Signed);
    // The programme hears the request and gives time; the return goes as it stands.
    lead.get(&trust.at("2026", "/more-time")).await.expect(200).shows("Why do you need more time?");
    let ask = [
        ("until-day", "20"),
        ("until-month", "7"),
        ("until-year", "2026"),
        ("until-time", "12:00"),
        ("reason", "We pressed the button a minute late"),
    ];
    lead.post(&trust.at("2026", "/more-time"), &ask).await.expect(303);
    let mut mo = world.person_signed_in("Mo Manager", CentralRole::ProgrammeManager).await;
    mo.get("/collections/2026/requests/1").await.expect(200);
    let grant = [
        ("decision", "grant"),
        ("until-day", "20"),
        ("until-month", "7"),
        ("until-year", "2026"),
        ("until-time", "12:00"),
        ("words", ""),
    ];
    mo.post("/collections/2026/requests/1", &grant).await.expect(303);
    let left: i64 = world
        .db()
        .read_now(everybodys(), |conn| Ok(collection_result::table.count().get_result(conn)?))
        .unwrap();
    assert_eq!(left, 0, "what the close recorded is lifted");
    lead.post(&trust.at("2026", "/submit"), &[("version", &version), ("late", "yes")]).await.expect(303);
    assert_eq!(found(&world, &trust).state, ReturnState::Submitted);
    // Long after the close nothing is heard any more.
    world.clock.set(parse_london("2026-08-12 12:00").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/more-time")).await.expect(200).hides("Why do you need more time?");
    lead.post(&trust.at("2026", "/more-time"), &ask).await;
    world.settle();
}
