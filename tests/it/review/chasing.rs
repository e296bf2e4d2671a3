//! Reminders by hand: looked at before, sent once a day to each organisation whatever happens in between.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::access::OrganisationRole::OrganisationAdministrator;
use portal::platform::clock::parse_london;
use portal::platform::ids::OrganisationId;
use portal::platform::jobs;
use portal::schema::{job, ledger_event, reminder_line, reminder_round};

use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{Browser, World, everybodys};

on_both!(
    reminders_reach_those_at_risk_and_nobody_else,
    a_form_sent_twice_and_a_second_round_remind_once,
    a_round_that_broke_off_goes_on_where_it_stopped,
    only_programme_managers_remind,
    those_chosen_one_by_one_are_reminded,
);

/// Three trusts that have not started, one of them with nobody to write to, on a day when that matters.
fn a_slow_year(world: &World) -> [Trust; 2] {
    let trusts = [world.trust("AA001"), world.trust("BB002")];
    world.person("Abe Admin", &[(trusts[0].id, OrganisationAdministrator)], &[]);
    world.organisation("CC003", "Nobody's Trust", "nhs_trust");
    world.usual_year(&levels("sample-2026", 3));
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    world.clock.set(parse_london("2026-04-03 10:00").unwrap());
    world.looked_ahead();
    trusts
}

const EVERYBODY: &str = "/programme/reminders/new?collection=2026&everybody=yes";

async fn begun(mo: &mut Browser, form: &[(&str, &str)]) -> String {
    mo.post("/programme/reminders", form).await.expect(303).location()
}

fn told(world: &World) -> Vec<String> {
    let mut told: Vec<String> = world.queued("review.chased").into_iter().map(|(to, ..)| to).collect();
    told.sort();
    told
}

fn lines(world: &World) -> Vec<(OrganisationId, String)> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(reminder_line::table
                .order((reminder_line::day, reminder_line::organisation_id))
                .select((reminder_line::organisation_id, reminder_line::state))
                .load(conn)?)
        })
        .unwrap()
}

async fn reminders_reach_those_at_risk_and_nobody_else(world: World) {
    let [first, second] = a_slow_year(&world);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/programme/at-risk").await.expect(200).shows("Look at reminders to all 3");
    let page = mo.get(EVERYBODY).await.expect(200).shows("Send the reminders").text();
    let facts: Vec<&str> = page
        .split("nhsuk-summary-list__value\">")
        .skip(1)
        .map(|rest| rest.split("</dd>").next().unwrap().trim())
        .collect();
    assert_eq!(facts, ["3", "0", "2", "3", "1"]);
    // One of them submits between the look and the job's turn.
    world.submitted_levels(&second, "2026");
    let at = begun(&mut mo, &[("collection", "2026"), ("everybody", "yes")]).await;
    world.settle();
    assert_eq!(told(&world), ["abe.admin@people.example", "lead.aa001@people.example"]);
    let mail = &world.queued("review.chased")[0];
    assert!(
        mail.2.contains("is due by 30 June 2026 at 12pm") && mail.2.contains("/organisations/AA001"),
        "{}",
        mail.2
    );
    mo.get(&at)
        .await
        .expect(200)
        .shows("Reminded")
        .shows("Had submitted")
        .shows("Nobody to write to")
        .hides("being written");
    let file = mo.get(&format!("{at}/organisations.csv")).await.expect(200).text();
    assert_eq!(file.lines().count(), 4);
    mo.get("/programme/reminders?collection=2026").await.expect(200).shows("Mo Manager").shows("Finished");
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.like("reminders_%"))
                .select(ledger_event::body)
                .load(conn)?)
        })
        .unwrap();
    assert_eq!(bodies.len(), 2, "the round and its one part");
    assert!(bodies.iter().all(|body| !body.contains('@')));
    assert_eq!(lines(&world).len(), 3);
    drop(first);
}

async fn a_form_sent_twice_and_a_second_round_remind_once(world: World) {
    a_slow_year(&world);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get(EVERYBODY).await.expect(200);
    let form = [("collection", "2026"), ("everybody", "yes"), ("once", "page-1")];
    begun(&mut mo, &form).await;
    let again = mo.post("/programme/reminders", &form).await.expect(303);
    assert_eq!(again.location(), "/programme/reminders?collection=2026");
    let other = [("collection", "2026"), ("everybody", "yes"), ("once", "page-2")];
    mo.post("/programme/reminders", &other).await.expect(409).shows("left to be reminded today");
    world.settle();
    assert_eq!(told(&world).len(), 3);
    mo.get(EVERYBODY).await.expect(200).shows("nobody left").hides("Send the reminders");
    // The next day is another day.
    world.clock.advance_seconds(86_400);
    world.settle();
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get(EVERYBODY).await.expect(200);
    begun(&mut mo, &[("collection", "2026"), ("everybody", "yes"), ("once", "page-3")]).await;
    world.settle();
    assert_eq!(told(&world).len(), 6);
}

async fn a_round_that_broke_off_goes_on_where_it_stopped(world: World) {
    let [first, _] = a_slow_year(&world);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get(EVERYBODY).await.expect(200);
    begun(&mut mo, &[("collection", "2026"), ("everybody", "yes")]).await;
    world.settle();
    let before = told(&world);
    // As if the worker had died after its part was written down and before the job was marked as done, and once more
    // with one organisation left.
    let again = |left: Option<OrganisationId>| {
        world
            .db()
            .housekeep_now(everybodys(), move |tx| {
                if let Some(left) = left {
                    diesel::update(reminder_line::table.filter(reminder_line::organisation_id.ne(left)))
                        .set(reminder_line::state.eq("told"))
                        .execute(tx.conn())?;
                }
                let now = tx.now();
                let round: i64 = reminder_round::table.select(reminder_round::id).first(tx.conn())?;
                jobs::enqueue(tx, "review.chase", &round.to_string(), now, None)?;
                jobs::enqueue(tx, "review.chase", "nonsense", now, None)
            })
            .unwrap();
        world.settle();
    };
    again(None);
    assert_eq!(told(&world), before);
    again(Some(first.id));
    assert_eq!(told(&world), before);
    let gave_up: i64 = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(job::table
                .filter(job::kind.eq("review.chase"))
                .filter(job::state.eq("gave_up"))
                .count()
                .get_result(conn)?)
        })
        .unwrap();
    assert_eq!(gave_up, 2, "only what names no round");
    assert!(lines(&world).iter().all(|(_, state)| state != "wanted"));
}

async fn only_programme_managers_remind(world: World) {
    a_slow_year(&world);
    let mut cy = world.person_signed_in("Cy Reviewer", CentralReviewer).await;
    cy.get("/programme/at-risk").await.expect(200).hides("Look at reminders");
    cy.get(EVERYBODY).await.expect(403);
    cy.post("/programme/reminders", &[("collection", "2026"), ("everybody", "yes")]).await.expect(403);
    let mut lead = world.signed_in("Lead AA001").await;
    lead.get(EVERYBODY).await.expect(404);
    lead.post("/programme/reminders", &[("collection", "2026"), ("everybody", "yes")]).await.expect(404);
    assert!(told(&world).is_empty() && lines(&world).is_empty());
}

async fn those_chosen_one_by_one_are_reminded(world: World) {
    let [first, second] = a_slow_year(&world);
    let practice = world.organisation("GG009", "A practice that is not asked", "gp");
    let mut mo = world.signed_in("Mo Manager").await;
    let ids = [second.id, practice].map(|id| id.to_string());
    let address =
        format!("/programme/reminders/new?collection=2026&organisation={}&organisation={}", ids[0], ids[1]);
    mo.get(&address).await.expect(200).shows("Send the reminders");
    let form = [("collection", "2026"), ("organisation", ids[0].as_str()), ("organisation", ids[1].as_str())];
    begun(&mut mo, &form).await;
    world.settle();
    assert_eq!(told(&world), ["lead.bb002@people.example"]);
    assert_eq!(lines(&world).len(), 1, "who is not at risk is left out");
    mo.get("/programme/reminders/new?collection=2026")
        .await
        .expect(422)
        .shows("Choose at least one organisation");
    mo.get("/programme/reminders/new?collection=2026&organisation=nonsense").await.expect(422);
    mo.get("/programme/reminders/new?collection=2026&everybody=yes&rule=nonsense").await.expect(404);
    mo.get("/programme/reminders/999").await.expect(404);
    let rest = "/programme/reminders/new?collection=2026&everybody=yes&rule=no_lead";
    mo.get(rest).await.expect(200);
    begun(&mut mo, &[("collection", "2026"), ("everybody", "yes"), ("rule", "no_lead")]).await;
    world.settle();
    assert_eq!(told(&world).len(), 3);
    drop(first);
}
