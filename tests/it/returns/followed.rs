//! Improvement plans after they are agreed: the centre's list and file, overdue lines going up their stages once each,
//! evidence of completion, and closing.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, Publisher};
use portal::access::OrganisationRole::CaldicottGuardian;
use portal::platform::clock::parse_london;
use portal::returns::escalate_overdue;
use portal::schema::{improvement_plan, ledger_event, plan_escalation, plan_line};

use super::plans::{fill, lines, planned, sent, state, with_two_gaps};
use crate::on_both;
use crate::support::seed::address;
use crate::support::year::Trust;
use crate::support::{Browser, World, everybodys};

on_both!(
    the_centre_is_told_of_a_plan_and_follows_it_to_its_end,
    overdue_lines_go_up_their_stages_once_each,
    what_is_done_goes_up_no_more,
    a_new_due_day_begins_anew,
    the_days_of_escalation_are_kept_by_programme_managers,
    only_those_who_may_follow_a_plan,
);

const URL: &str = "https://portal.example";

pub(super) fn plan_at(world: &World) -> String {
    let id: i64 = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(improvement_plan::table.select(improvement_plan::id).first(conn)?)
        })
        .unwrap();
    format!("/plans/{id}")
}

/// A plan whose lines are due on 1 October, agreed; and the lead.
async fn agreed(world: &World, trust: &Trust) -> Browser {
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(world, trust, &mut lead).await;
    approve(world, trust, &mut lead).await;
    lead
}

pub(super) async fn approve(world: &World, trust: &Trust, lead: &mut Browser) {
    sent(world, trust, lead).await;
    let mut central = world.signed_in("Cen Tral").await;
    let at = plan_at(world);
    let version = central.get(&at).await.expect(200).hidden("version");
    central.post(&at, &[("version", &version), ("verdict", "approve")]).await.expect(303);
    world.settle();
}

async fn the_centre_is_told_of_a_plan_and_follows_it_to_its_end(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    let mut lead = agreed(&world, &trust).await;
    let told = world.queued("returns.plan_sent");
    assert!(told.iter().any(|(to, ..)| *to == address("Cen Tral")), "{told:#?}");
    assert!(told.iter().all(|(.., text, _)| !text.contains("have it agreed")));
    let mut central = world.signed_in("Cen Tral").await;
    let at = plan_at(&world);
    central.get("/plans").await.expect(200).shows("No plan waits for approval");
    central
        .get("/plans?show=agreed")
        .await
        .expect(200)
        .shows("1 plan")
        .shows("0 of 2")
        .shows("1 October 2026");
    for none in ["overdue", "escalated", "done", "rejected", "closed"] {
        central.get(&format!("/plans?show={none}")).await.expect(200).shows("No plan is like this");
    }
    central
        .get(&at)
        .await
        .expect(200)
        .shows("2 lines are not done with evidence yet")
        .shows(">To do<")
        .hides("Close the plan</button>");
    let version = lead.get(&trust.at("2026", "/plan")).await.expect(200).text();
    assert!(version.contains("Approved"));
    central.post(&format!("{at}/close"), &[("note", "x"), ("version", "999")]).await.expect(409);
    // One line is reported on, and both are done; one shown by a piece of the library.
    lead.get("/organisations/ZZ001/evidence").await.expect(200);
    let both = lines(&world);
    let line = |n: usize| trust.at("2026", &format!("/plan/lines/{}", both[n]));
    lead.get(&line(0)).await.expect(200);
    lead.post(&format!("{}/progress", line(0)), &[("note", "Half <done>")]).await.expect(303);
    central.get(&at).await.expect(200).shows("Half &lt;done&gt;").shows("Lead ZZ001");
    let seen = |n: usize| format!("{at}/lines/{}/seen", both[n]);
    central.post(&seen(0), &[]).await.expect(409).shows("not done yet");
    for n in [0, 1] {
        lead.post(&format!("{}/progress", line(n)), &[("evidence", "The minutes of May")]).await.expect(303);
    }
    central.get("/plans?show=done").await.expect(200).shows("2 of 2").shows("0 of 2");
    central.get(&at).await.expect(200).shows("The minutes of May").shows("Note that you have seen");
    central.get(&format!("{at}/lines/{}/evidence", both[0])).await.expect(404);
    central.post(&seen(0), &[]).await.expect(303);
    central.post(&seen(0), &[]).await.expect(409).shows("noted that already");
    central.get("/plans?show=done").await.expect(200).shows("1 of 2");
    let version = central.get(&at).await.expect(200).hidden("version");
    central
        .post(&format!("{at}/close"), &[("version", &version), ("note", " ")])
        .await
        .expect(422)
        .shows("Enter a note");
    central
        .post(&format!("{at}/close"), &[("version", &version), ("note", "All of it, well done")])
        .await
        .expect(303);
    assert_eq!(state(&world), "closed");
    central.get(&at).await.expect(200).shows("All of it, well done").hides("Close the plan</button>");
    central.get("/plans?show=closed").await.expect(200).shows("1 plan");
    lead.get(&trust.at("2026", "/plan")).await.expect(200).shows(">Closed<");
    lead.post(&trust.at("2026", "/plan/take-back"), &[]).await.expect(409);
    assert_eq!(world.queued("returns.plan_closed").len(), 2, "the lead and the SIRO");
    let file = central.get("/plans.csv?show=all").await.expect(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    let text = file.text();
    assert!(text.contains(",closed,") && text.contains(",2,2,0,"), "{text}");
    world.settle();
}

async fn overdue_lines_go_up_their_stages_once_each(world: World) {
    let trust = with_two_gaps(&world);
    let owner = world.person("Ow Ner", &[(trust.id, CaldicottGuardian)], &[]);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    let first = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    fill(&mut lead, &first, owner, &[]).await.expect(303);
    approve(&world, &trust, &mut lead).await;
    let mut days = Vec::new();
    // Over the night in which the clocks go back.
    for day in 0..60 {
        let today = parse_london("2026-10-01 08:00").unwrap().london_day().plus_days(day);
        world.clock.set(today.at_hour(8));
        let up = escalate_overdue(world.db(), URL).unwrap();
        // Run again after whatever crash, it finds nothing left to do.
        assert_eq!(escalate_overdue(world.db(), URL).unwrap(), 0);
        if up > 0 {
            days.push((today.to_string(), up));
        }
    }
    let expected = [("2026-10-08", 2), ("2026-10-22", 2), ("2026-11-05", 2)];
    assert_eq!(days, expected.map(|(day, count)| (day.to_owned(), count)));
    let mails = world.queued("returns.plan_overdue");
    let to: Vec<&str> = mails.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, [address("Lead ZZ001"), address("Ow Ner"), address("Siro ZZ001")]);
    let owners = &mails[1].2;
    assert!(owners.contains("1.1.1") && !owners.contains("1.1.4"), "an owner is told of their own: {owners}");
    assert!(
        mails.iter().all(|(.., text, _)| !text.contains("have it agreed")),
        "mails do not say what was to be done"
    );
    let (rows, events): (i64, i64) = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok((
                plan_escalation::table.count().get_result(conn)?,
                ledger_event::table
                    .filter(ledger_event::kind.eq("plan_escalated"))
                    .count()
                    .get_result(conn)?,
            ))
        })
        .unwrap();
    assert_eq!((rows, events), (6, 3));
    let mut central = world.signed_in("Cen Tral").await;
    central.get("/plans?show=escalated").await.expect(200).shows("Escalated to the programme");
    central.get("/plans?show=overdue").await.expect(200).shows("ZZ001");
    central.get(&plan_at(&world)).await.expect(200).shows("Escalated to the programme on 5 November 2026");
    world.settle();
}

async fn what_is_done_goes_up_no_more(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    agreed(&world, &trust).await;
    // The portal stood still: one stage a day, so that whoever is told has time.
    let mut ups = Vec::new();
    for day in 0..5 {
        world.clock.set(parse_london("2026-11-20 08:00").unwrap().london_day().plus_days(day).at_hour(8));
        ups.push(escalate_overdue(world.db(), URL).unwrap());
    }
    assert_eq!(ups, [2, 2, 2, 0, 0]);
    let mut central = world.signed_in("Cen Tral").await;
    central.get("/plans?show=escalated").await.expect(200).shows("1 plan");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/plan")).await.expect(200);
    for line in lines(&world) {
        let at = trust.at("2026", &format!("/plan/lines/{line}/progress"));
        lead.post(&at, &[("evidence", "Here it is")]).await.expect(303);
    }
    central.get("/plans?show=escalated").await.expect(200).shows("No plan is like this");
    central.get("/plans?show=done").await.expect(200).shows("1 plan");
    world.clock.set(parse_london("2027-01-20 08:00").unwrap());
    assert_eq!(escalate_overdue(world.db(), URL).unwrap(), 0);
    world.settle();
}

async fn a_new_due_day_begins_anew(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    agreed(&world, &trust).await;
    world.clock.set(parse_london("2026-10-08 08:00").unwrap());
    assert_eq!(escalate_overdue(world.db(), URL).unwrap(), 2);
    let moved = world
        .db()
        .housekeep_now(everybodys(), |tx| {
            Ok(diesel::update(plan_line::table).set(plan_line::due_on.eq("2026-11-01")).execute(tx.conn())?)
        })
        .unwrap();
    assert_eq!(moved, 2);
    world.clock.set(parse_london("2026-11-07 08:00").unwrap());
    assert_eq!(escalate_overdue(world.db(), URL).unwrap(), 0, "six days late");
    world.clock.set(parse_london("2026-11-08 08:00").unwrap());
    assert_eq!(escalate_overdue(world.db(), URL).unwrap(), 2, "from the first stage again");
    let stages: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(plan_escalation::table.select(plan_escalation::stage).load(conn)?)
        })
        .unwrap();
    assert_eq!(stages, ["owner"; 4]);
    world.settle();
}

async fn the_days_of_escalation_are_kept_by_programme_managers(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    world.person("Rae Viewer", &[], &[CentralReviewer]);
    agreed(&world, &trust).await;
    let mut central = world.signed_in("Cen Tral").await;
    central.get("/plans").await.expect(200).shows("value=\"21\"");
    let at = "/plans/escalation";
    for (owner, siro, centre, words) in [
        ("0", "21", "35", "Enter a number of days from 1 to 365"),
        ("7", "x", "35", "Enter a number of days from 1 to 365"),
        ("7", "7", "35", "Enter more days than for the stage before"),
        ("7", "21", "366", "Enter a number of days from 1 to 365"),
    ] {
        central
            .post(at, &[("owner", owner), ("siro", siro), ("centre", centre)])
            .await
            .expect(422)
            .shows(words);
    }
    central.post(at, &[("owner", "1"), ("siro", "2"), ("centre", "3")]).await.expect(303);
    central.get("/plans").await.expect(200).shows("value=\"3\"");
    let mut rae = world.signed_in("Rae Viewer").await;
    rae.get("/plans").await.expect(200).hides("When overdue lines go up");
    rae.post(at, &[("owner", "1"), ("siro", "2"), ("centre", "3")]).await.expect(403);
    world.clock.set(parse_london("2026-10-02 08:00").unwrap());
    assert_eq!(escalate_overdue(world.db(), URL).unwrap(), 2);
    world.settle();
}

async fn only_those_who_may_follow_a_plan(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    world.person("Con Flicted", &[(trust.id, CaldicottGuardian)], &[CentralReviewer]);
    world.person("Pub Lisher", &[], &[Publisher]);
    let mut lead = agreed(&world, &trust).await;
    let at = plan_at(&world);
    let line = lines(&world)[0];
    let mut conflicted = world.signed_in("Con Flicted").await;
    conflicted.get("/plans?show=agreed").await.expect(200).hides(&format!("href=\"{at}\""));
    conflicted.get("/plans.csv?show=agreed").await.expect(200).hides("ZZ001");
    conflicted.post(&format!("{at}/close"), &[("note", "x")]).await.expect(403);
    conflicted.post(&format!("{at}/lines/{line}/seen"), &[]).await.expect(403);
    let mut publisher = world.signed_in("Pub Lisher").await;
    publisher.get("/plans?show=all").await.expect(403);
    publisher.get("/plans.csv").await.expect(403);
    lead.post(&format!("{at}/close"), &[("note", "x")]).await.expect(404);
    lead.get("/plans.csv").await.expect(404);
    let mut central = world.signed_in("Cen Tral").await;
    central.get("/plans/999").await.expect(404);
    central.get("/plans?show=agreed").await.expect(200).shows(&format!("href=\"{at}\""));
    central.post("/plans/999/close", &[("note", "x")]).await.expect(404);
    central.post(&format!("{at}/lines/999/seen"), &[]).await.expect(404);
    world.settle();
}
