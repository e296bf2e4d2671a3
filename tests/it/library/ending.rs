//! Evidence that goes out of date: it blocks, and its owner is warned in time and once.

use diesel::prelude::*;
use portal::access::OrganisationRole::{CaldicottGuardian, OrganisationAdministrator};
use portal::platform::clock::parse_london;
use portal::platform::jobs;
use portal::returns::WARN;
use portal::schema::{evidence_warning, job, membership};
use serde_json::json;

use super::{added, at, choose, drafting, until};
use crate::on_both;
use crate::support::year::Trust;
use crate::support::{Browser, World, everybodys};

on_both!(
    what_is_out_of_date_blocks_from_the_day_after,
    the_owner_is_warned_sixty_thirty_and_seven_days_ahead,
    a_day_that_was_missed_is_made_good_once,
    without_an_owner_the_leads_are_told,
    a_new_last_day_starts_anew,
);

fn go_to(world: &World, london: &str) {
    world.clock.set(parse_london(london).unwrap());
}

/// Runs the daily look as the server does: the job is there from its start on.
fn look(world: &World) {
    world
        .db()
        .housekeep_now(everybodys(), |tx| {
            let now = tx.now();
            jobs::enqueue(tx, WARN, "{}", now, Some(WARN))?;
            diesel::update(job::table.filter(job::kind.eq(WARN)))
                .set(job::run_at.eq(now))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    world.settle();
}

/// Subjects of the mails that were sent since the last time.
fn subjects(world: &World, seen: &mut usize) -> Vec<String> {
    let mails = world.mails();
    let new = mails[*seen..]
        .iter()
        .map(|mail| {
            let line = |name: &str| {
                mail.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
            };
            format!("{} {}", line("To:"), line("Subject:"))
        })
        .collect();
    *seen = mails.len();
    new
}

async fn what_is_out_of_date_blocks_from_the_day_after(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &until("31", "3", "2026"), b"Our policy").await;
    let question = trust.at("2026", "/requirements/1-1");
    choose(&mut lead, &question, &[&policy]).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    lead.get(&trust.at("2026", "")).await;
    // The last day ends in London, an hour before it does in UTC: the clocks went forward two days ago.
    go_to(&world, "2026-03-31 23:59");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows("Mark as ready").hides("out of date");
    lead.get(&question).await.expect(200).shows("Out of date tomorrow");
    world.clock.advance_seconds(60);
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Evidence beside the answer is out of date")
        .shows(&format!("href=\"{question}\""))
        .shows("2 of 3 completed")
        .hides("Mark as ready");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(409).shows("is not finished");
    lead.get(&question).await.expect(200).shows("Out of date");
    lead.get(&policy).await.expect(200).shows("It went out of date after 31 March 2026");
    lead.get(&at(&trust, "?show=stale")).await.expect(200).shows("Access policy");
    lead.get(&at(&trust, "?show=current")).await.expect(200).hides("Access policy");
    // A newer version mends it.
    let seen = lead.get(&format!("{policy}/replace")).await.expect(200).hidden("version");
    lead.upload(&format!("{policy}/replace"), &[("version", &seen)], "new.txt", b"Newer").await.expect(303);
    lead.get(&trust.at("2026", "")).await.expect(200).hides("out of date").shows("Mark as ready");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    world.settle();
}

/// A piece of the trust that ends on 30 June 2026, owned by the SIRO unless said otherwise.
async fn ending(trust: &Trust, lead: &mut Browser, owner: &str) -> String {
    let mut fields = vec![("owner", owner)];
    fields.extend(until("30", "6", "2026"));
    added(lead, trust, "Access policy", &fields, b"Our policy").await
}

async fn the_owner_is_warned_sixty_thirty_and_seven_days_ahead(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    ending(&trust, &mut lead, &trust.siro.to_string()).await;
    let mut seen = 0;
    let mut told = Vec::new();
    // Every day of three months, and twice on each.
    let mut day = parse_london("2026-04-25 06:00").unwrap().london_day();
    let last = day.plus_days(80);
    while day < last {
        for hour in ["00:10", "23:50"] {
            go_to(&world, &format!("{day} {hour}"));
            look(&world);
            told.extend(subjects(&world, &mut seen).into_iter().map(|subject| format!("{day} {subject}")));
        }
        day = day.plus_days(1);
    }
    let siro = "siro.zz001@people.example Evidence goes out of date in";
    assert_eq!(
        told,
        [
            format!("2026-05-01 {siro} 60 days: Access policy"),
            format!("2026-05-31 {siro} 30 days: Access policy"),
            format!("2026-06-23 {siro} 7 days: Access policy"),
        ]
    );
    let mail = world.mails().pop().unwrap();
    assert!(mail.contains("/organisations/ZZ001/evidence/1"), "{mail}");
}

async fn a_day_that_was_missed_is_made_good_once(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    ending(&trust, &mut lead, &trust.siro.to_string()).await;
    let mut seen = 0;
    // Nothing ran from April to June: the nearest warning is sent, and the ones before it are not.
    for (now, days) in
        [("2026-06-03 08:00", Some("27 days")), ("2026-06-04 08:00", None), ("2026-06-29 08:00", Some("1"))]
    {
        go_to(&world, now);
        look(&world);
        let told = subjects(&world, &mut seen);
        match days {
            None => assert_eq!(told, Vec::<String>::new(), "{now}"),
            Some("1") => assert!(told.len() == 1 && told[0].contains("tomorrow"), "{told:?}"),
            Some(days) => assert!(told.len() == 1 && told[0].contains(days), "{told:?}"),
        }
    }
    // A crash between the look and its mark runs it again; what was said stays said.
    look(&world);
    assert_eq!(subjects(&world, &mut seen), Vec::<String>::new());
    // What has ended is warned of no more.
    go_to(&world, "2026-07-01 08:00");
    look(&world);
    assert_eq!(subjects(&world, &mut seen), Vec::<String>::new());
    // The next look is tomorrow morning.
    let next = world.db().read_now(everybodys(), |conn| {
        Ok(job::table.filter(job::kind.eq(WARN)).select(job::run_at).first::<i64>(conn)?)
    });
    assert_eq!(next.unwrap(), parse_london("2026-07-02 06:00").unwrap().micros());
}

async fn without_an_owner_the_leads_are_told(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let helper = world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    ending(&trust, &mut lead, &helper.to_string()).await;
    world.person("Ad Ministrator", &[(trust.id, OrganisationAdministrator)], &[]);
    let leave = |person: i64| {
        let now = world.now();
        world
            .db()
            .housekeep_now(everybodys(), move |tx| {
                let row = membership::table.filter(membership::person_id.eq(person));
                Ok(diesel::update(row).set(membership::ended_at.eq(Some(now))).execute(tx.conn())?)
            })
            .unwrap();
    };
    let mut seen = 0;
    // The owner has left.
    leave(helper.get());
    go_to(&world, "2026-05-01 08:00");
    look(&world);
    assert!(subjects(&world, &mut seen)[0].starts_with("lead.zz001@"));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/organisations/ZZ001/evidence/1").await.expect(200).shows("who has left the organisation");
    let edit = "/organisations/ZZ001/evidence/1/edit";
    let seen_version = lead.get(edit).await.expect(200).shows("who has left").hidden("version");
    // Saved as it stands, the owner stays; nobody is asked to choose another one before the dates can be changed.
    let owner = helper.to_string();
    let mut fields = vec![
        ("title", "Access policy"),
        ("classification", "official"),
        ("owner", owner.as_str()),
        ("version", seen_version.as_str()),
    ];
    fields.extend(until("30", "6", "2026"));
    lead.post(edit, &fields).await.expect(303);
    // Without leads either, those who run the organisation's people.
    leave(trust.lead.get());
    go_to(&world, "2026-06-01 08:00");
    look(&world);
    let told = subjects(&world, &mut seen);
    assert!(told.len() == 1 && told[0].starts_with("ad.ministrator@"), "{told:?}");
}

async fn a_new_last_day_starts_anew(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let policy = ending(&trust, &mut lead, &trust.siro.to_string()).await;
    let mut seen = 0;
    go_to(&world, "2026-06-25 08:00");
    look(&world);
    assert_eq!(subjects(&world, &mut seen).len(), 1);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let edit = format!("{policy}/edit");
    let version = lead.get(&edit).await.expect(200).hidden("version");
    let owner = trust.siro.to_string();
    let mut fields = vec![
        ("title", "Access policy"),
        ("classification", "official"),
        ("owner", owner.as_str()),
        ("version", version.as_str()),
    ];
    fields.extend(until("1", "7", "2026"));
    lead.post(&edit, &fields).await.expect(303);
    look(&world);
    let told = subjects(&world, &mut seen);
    assert!(told.len() == 1 && told[0].contains("in 6 days"), "{told:?}");
    look(&world);
    assert_eq!(subjects(&world, &mut seen).len(), 0);
    // What was removed is warned of no more.
    lead.post(&format!("{policy}/remove"), &[]).await.expect(303);
    world
        .db()
        .housekeep_now(everybodys(), |tx| Ok(diesel::delete(evidence_warning::table).execute(tx.conn())?))
        .unwrap();
    look(&world);
    assert_eq!(subjects(&world, &mut seen).len(), 0);
}
