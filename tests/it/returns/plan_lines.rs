//! Lines of an improvement plan that is signed: reminders to their owners, a piece of the library that shows that one is
//! done, and another owner for what somebody left behind.

use diesel::prelude::*;
use portal::access::OrganisationRole::CaldicottGuardian;
use portal::platform::clock::parse_london;
use portal::platform::ids::PersonId;
use portal::returns;
use portal::schema::membership;

use super::plans::{fill, lines, planned, sent, state, with_two_gaps};
use crate::on_both;
use crate::support::seed::address;
use crate::support::year::Trust;
use crate::support::{Browser, World, everybodys};

on_both!(
    owners_of_lines_are_reminded_on_their_days_and_weekly_when_overdue,
    a_piece_of_the_library_shows_that_a_line_is_done,
    a_line_whose_owner_left_is_told_of_and_given_to_another,
);

/// A plan whose lines are due on 1 October and belong to this person, sent to the centre.
async fn sent_with_owner(world: &World, trust: &Trust, lead: &mut Browser, owner: PersonId) {
    planned(world, trust, lead).await;
    for line in lines(world) {
        fill(lead, &trust.at("2026", &format!("/plan/lines/{line}")), owner, &[]).await.expect(303);
    }
    sent(world, trust, lead).await;
}

async fn owners_of_lines_are_reminded_on_their_days_and_weekly_when_overdue(world: World) {
    let trust = with_two_gaps(&world);
    let owner = world.person("Ow Ner", &[(trust.id, CaldicottGuardian)], &[]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    sent_with_owner(&world, &trust, &mut lead, owner).await;
    let mut days = Vec::new();
    // Over the night in which the clocks go back.
    for day in 0..=57 {
        let today = parse_london("2026-08-31 08:00").unwrap().london_day().plus_days(day);
        world.clock.set(today.at_hour(8));
        let sent = returns::send_line_reminders(world.db(), "https://portal.example").unwrap();
        assert_eq!(returns::send_line_reminders(world.db(), "https://portal.example").unwrap(), 0);
        if sent > 0 {
            days.push(today.to_string());
        }
    }
    assert_eq!(
        days,
        ["2026-09-01", "2026-09-24", "2026-09-30", "2026-10-02", "2026-10-09", "2026-10-16", "2026-10-23"]
    );
    let mails = world.queued("returns.plan_line");
    assert!(mails.iter().all(|(to, ..)| *to == address("Ow Ner")));
    assert_eq!(mails[0].1, "Due soon: 2 lines of the improvement plan");
    assert_eq!(mails[3].1, "Due or overdue: 2 lines of the improvement plan");
    assert!(mails[0].2.contains("1.1.1 Item text is due on 1 October 2026, in 30 days."), "{}", mails[0].2);
    assert!(!mails[0].2.contains("Write it and have it agreed"), "mails do not say what will be done");
    // Who does not want them gets none.
    let mut browser = world.signed_in("Ow Ner").await;
    browser.get("/account/emails").await.expect(200).shows("value=\"plan_lines\" checked");
    browser.post("/account/emails", &[("wanted", "reminders"), ("wanted", "digest")]).await.expect(303);
    world.clock.set(parse_london("2026-10-30 09:00").unwrap());
    assert_eq!(returns::send_line_reminders(world.db(), "https://portal.example").unwrap(), 0);
    world.settle();
}

async fn a_piece_of_the_library_shows_that_a_line_is_done(world: World) {
    let trust = with_two_gaps(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let upload = trust.at("2026", "/requirements/1.1.2/evidence");
    lead.get(&trust.at("2026", "/requirements/1.1.2")).await.expect(200);
    lead.upload(&upload, &[], "minutes.pdf", b"%PDF-1.7 minutes").await.expect(303);
    sent_with_owner(&world, &trust, &mut lead, trust.lead).await;
    let at = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    lead.get(&at)
        .await
        .expect(200)
        .shows("Does a piece of the evidence library show it?")
        .shows("minutes.pdf");
    for nothing in ["999", "x"] {
        lead.post(&format!("{at}/progress"), &[("piece", nothing)])
            .await
            .expect(422)
            .shows("Choose a piece of evidence from the list");
    }
    lead.post(&format!("{at}/progress"), &[("piece", "1")]).await.expect(303);
    lead.get(&at)
        .await
        .expect(200)
        .shows(">Done<")
        .shows("href=\"/organisations/ZZ001/evidence/1\"")
        .shows("in the evidence library");
    world.settle();
}

async fn a_line_whose_owner_left_is_told_of_and_given_to_another(world: World) {
    let trust = with_two_gaps(&world);
    let owner = world.person("Ow Ner", &[(trust.id, CaldicottGuardian)], &[]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    sent_with_owner(&world, &trust, &mut lead, owner).await;
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let now = tx.now();
            Ok(diesel::update(membership::table.filter(membership::person_id.eq(owner)))
                .set(membership::ended_at.eq(Some(now)))
                .execute(tx.conn())?)
        })
        .unwrap();
    let at = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    lead.get(&trust.at("2026", "/plan")).await.expect(200).shows("Its owner has left your organisation");
    lead.get(&at).await.expect(200).shows("has left your organisation: choose another owner");
    for _ in 0..2 {
        returns::tell_of_leavers(world.db(), "https://portal.example").unwrap();
    }
    let [(to, _, text, _)] = world.queued("returns.leavers").try_into().unwrap();
    assert_eq!(to, address("Lead ZZ001"));
    assert!(
        text.contains("Ow Ner has left. 2 lines of the improvement plan of 2026 need another owner."),
        "{text}"
    );
    // Nobody is reminded of what they left behind.
    world.clock.set(parse_london("2026-09-24 08:00").unwrap());
    assert_eq!(returns::send_line_reminders(world.db(), "https://portal.example").unwrap(), 0);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&format!("{at}/owner"), &[("owner", "")])
        .await
        .expect(422)
        .shows("Choose an owner from the list");
    lead.post(&format!("{at}/owner"), &[("owner", &trust.siro.to_string())]).await.expect(303);
    assert_eq!(state(&world), "sent", "nothing that was signed has changed");
    lead.get(&at).await.expect(200).shows("Siro ZZ001").hides("choose another owner");
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&at).await.expect(200).hides("Change the owner");
    siro.post(&format!("{at}/owner"), &[("owner", &trust.lead.to_string())]).await.expect(403);
    assert_eq!(returns::send_line_reminders(world.db(), "https://portal.example").unwrap(), 1);
    world.settle();
}
