//! Reminders and digests: on their days in London, once to each person, never to those who do not want them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use portal::access::OrganisationRole::{Contributor, IgLead, OrganisationAdministrator};
use portal::access::{CentralRole, GrantExtension, Permit, Subject};
use portal::collections::{self, Extension};
use portal::identity;
use portal::platform::clock::parse_london;
use portal::platform::ids::JobId;
use portal::platform::jobs::{Job, Outcome};
use portal::returns::{self, SentReminders, send_due};
use portal::schema::{membership, reminder};
use serde_json::json;

use crate::on_both;
use crate::support::seed::address;
use crate::support::year::levels;
use crate::support::{World, everybodys};

on_both!(
    each_reminder_comes_once_on_its_day,
    what_was_missed_is_caught_up_and_nothing_is_sent_twice,
    more_time_moves_the_reminders,
    one_mail_tells_of_all_organisations,
    nobody_is_reminded_of_what_is_submitted_or_asked_of_others,
    reminders_and_digests_can_be_turned_off,
    the_digest_says_how_far_the_return_has_got,
    the_job_waits_for_the_morning,
    days_on_which_the_clocks_change_are_counted_by_the_calendar,
    the_leads_are_told_once_of_an_owner_who_left,
    owners_are_reminded_of_what_they_were_given_until_it_is_completed,
);

const URL: &str = "https://portal.example";

fn send(world: &World, time: &str) -> SentReminders {
    world.clock.set(parse_london(time).unwrap());
    send_due(world.db(), URL).unwrap()
}

fn reminders(world: &World, time: &str) -> usize {
    send(world, time).reminders
}

fn mails(world: &World, template: &str) -> Vec<(String, String, String)> {
    world.queued(template).into_iter().map(|(to, subject, text, _)| (to, subject, text)).collect()
}

async fn each_reminder_comes_once_on_its_day(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let mut sent = BTreeMap::new();
    let first = parse_london("2026-04-20 09:00").unwrap();
    for day in 0..75 {
        world.clock.set(first.plus_seconds(day * 86_400));
        let today = world.now().london_day();
        for _ in 0..2 {
            let now = send_due(world.db(), URL).unwrap().reminders;
            *sent.entry(today.to_string()).or_insert(0) += now;
        }
    }
    sent.retain(|_, number| *number > 0);
    let days: Vec<(&str, usize)> = sent.iter().map(|(day, number)| (day.as_str(), *number)).collect();
    assert_eq!(
        days,
        [
            ("2026-05-01", 1),
            ("2026-05-31", 1),
            ("2026-06-16", 1),
            ("2026-06-23", 1),
            ("2026-06-28", 1),
            ("2026-06-29", 1),
        ]
    );
    let all = mails(&world, "returns.reminder");
    assert!(all.iter().all(|(to, ..)| *to == address("Lead ZZ001")));
    assert_eq!(all[0].1, "Due in 60 days: 2026 return of ZZ001 & Sons Trust");
    assert_eq!(all[5].1, "Due tomorrow: 2026 return of ZZ001 & Sons Trust");
    insta::assert_snapshot!("mail_reminder", format!("{}\n\n{}", all[5].1, all[5].2));
    let kept: i64 =
        world.db().read_now(everybodys(), |conn| Ok(reminder::table.count().get_result(conn)?)).unwrap();
    assert_eq!(kept, 6, "{trust:?}");
    world.settle();
}

async fn what_was_missed_is_caught_up_and_nothing_is_sent_twice(world: World) {
    world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    // The portal stood still on the 30th day before, and ran again two days later.
    assert_eq!(reminders(&world, "2026-06-02 09:00"), 1);
    assert_eq!(mails(&world, "returns.reminder")[0].1, "Due in 28 days: 2026 return of ZZ001 & Sons Trust");
    assert_eq!(reminders(&world, "2026-06-02 09:01"), 0);
    assert_eq!(reminders(&world, "2026-06-03 09:00"), 0);
    // Too late for the one of 14 days.
    assert_eq!(reminders(&world, "2026-06-20 09:00"), 0);
    // A crash after the mail was queued leaves what was written down with it.
    assert_eq!(reminders(&world, "2026-06-23 09:00"), 1);
    let somebody_new = world.person(
        "Ada New",
        &[(world_trust(&world), IgLead), (world_trust(&world), OrganisationAdministrator)],
        &[],
    );
    assert_eq!(reminders(&world, "2026-06-23 09:05"), 1, "{somebody_new:?}, who is told once for both roles");
    assert_eq!(mails(&world, "returns.reminder").len(), 3);
    // On the due day the last one is caught up; after it there is none.
    assert_eq!(reminders(&world, "2026-06-30 08:00"), 2);
    assert!(mails(&world, "returns.reminder")[3].1.starts_with("Due today"));
    assert_eq!(reminders(&world, "2026-07-01 08:00"), 0);
    world.settle();
}

fn world_trust(world: &World) -> portal::platform::ids::OrganisationId {
    world
        .db()
        .read_now(everybodys(), |conn| Ok(identity::organisation_named(conn, "ZZ001")?.unwrap()))
        .unwrap()
}

async fn more_time_moves_the_reminders(world: World) {
    let trust = world.trust("ZZ001");
    let collection = world.usual_year(&levels("sample-2026", 3));
    assert_eq!(reminders(&world, "2026-06-23 09:00"), 1);
    let mo = world.person("Mo Manager", &[], &[CentralRole::ProgrammeManager]);
    world
        .db()
        .write_now(everybodys(), move |tx| {
            let actor = identity::actor_of(tx.conn(), mo)?;
            let subject =
                Subject { kind: "collection", id: collection.get(), organisation: None, state: "open" };
            let permit = Permit::<GrantExtension>::grant(&actor, Some(subject))?;
            let until = parse_london("2026-07-10 12:00").unwrap();
            let new = Extension { organisation: "ZZ001".to_owned(), until, reason: "A flood".to_owned() };
            collections::grant_extension(tx, &permit, &new)
        })
        .unwrap();
    assert_eq!(reminders(&world, "2026-06-24 09:00"), 0, "16 days are left now");
    assert_eq!(reminders(&world, "2026-06-26 09:00"), 1);
    assert_eq!(reminders(&world, "2026-06-28 09:00"), 0);
    assert_eq!(reminders(&world, "2026-07-03 09:00"), 1);
    let all = mails(&world, "returns.reminder");
    assert!(all[1].2.contains("is due by 10 July 2026 at 12pm, in 14 days"), "{}: {:?}", trust.code, all[1]);
    assert!(all[2].2.contains("in 7 days"), "{:?}", all[2]);
    world.settle();
}

async fn one_mail_tells_of_all_organisations(world: World) {
    let ids: Vec<_> = (1..=25)
        .map(|n| {
            let code = format!("ZZ{n:03}");
            (world.organisation(&code, &format!("Example Site {n:02}"), "nhs_trust"), IgLead)
        })
        .collect();
    world.person("Hana Head", &ids, &[]);
    world.usual_year(&levels("sample-2026", 3));
    assert_eq!(reminders(&world, "2026-06-23 09:00"), 1);
    let all = mails(&world, "returns.reminder");
    let (to, subject, text) = &all[0];
    assert_eq!((to.as_str(), subject.as_str()), (address("Hana Head").as_str(), "25 returns are due soon"));
    assert!(text.contains("Example Site 01 (ZZ001)") && text.contains("Example Site 20 (ZZ020)"));
    assert!(!text.contains("Example Site 21") && text.contains("And 5 more"));
    assert!(text.contains("https://portal.example/home"));
    world.settle();
}

async fn nobody_is_reminded_of_what_is_submitted_or_asked_of_others(world: World) {
    let sent = world.trust("ZZ001");
    let practice = world.organisation("ZZ009", "Example Practice", "gp");
    world.person("Gia Practice", &[(practice, IgLead)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&sent, "2026");
    assert_eq!(send(&world, "2026-06-23 09:00"), SentReminders::default());
    assert_eq!(send(&world, "2026-06-29 09:00"), SentReminders::default(), "a Monday");
    world.settle();
}

async fn reminders_and_digests_can_be_turned_off(world: World) {
    world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/account").await.expect(200).shows("/account/emails");
    lead.get("/account/emails")
        .await
        .expect(200)
        .shows("value=\"reminders\" checked")
        .shows("value=\"digest\" checked");
    lead.post("/account/emails", &[("wanted", "digest")]).await.expect(303);
    lead.get("/account/emails")
        .await
        .expect(200)
        .hides("value=\"reminders\" checked")
        .shows("value=\"digest\" checked");
    assert_eq!(send(&world, "2026-06-29 09:00"), SentReminders { reminders: 0, digests: 1 });
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/account/emails").await.expect(200);
    lead.post("/account/emails", &[("wanted", "reminders"), ("wanted", "nonsense")]).await.expect(303);
    assert_eq!(send(&world, "2026-06-29 10:00"), SentReminders { reminders: 1, digests: 0 });
    world.settle();
}

async fn the_digest_says_how_far_the_return_has_got(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    assert_eq!(send(&world, "2026-05-18 09:00"), SentReminders { reminders: 0, digests: 1 });
    assert_eq!(send(&world, "2026-05-18 10:00"), SentReminders::default());
    assert_eq!(send(&world, "2026-05-19 09:00"), SentReminders::default());
    world.started(&trust, "2026");
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "");
    assert_eq!(send(&world, "2026-05-25 09:00"), SentReminders { reminders: 0, digests: 1 });
    let all = mails(&world, "returns.digest");
    assert!(all[0].2.contains("It has not been started."), "{}", all[0].2);
    insta::assert_snapshot!("mail_digest", format!("{}\n\n{}", all[1].1, all[1].2));
    world.settle();
}

async fn the_job_waits_for_the_morning(world: World) {
    world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let job =
        Job { id: JobId::new(1), kind: returns::REMIND.to_owned(), payload: "{}".to_owned(), attempts: 0 };
    world.clock.set(parse_london("2026-06-23 00:30").unwrap());
    let morning = parse_london("2026-06-23 08:00").unwrap();
    let run = || returns::remind(world.db(), URL, &job).unwrap();
    assert!(matches!(run(), Outcome::RetryAt(at, _) if at == morning));
    assert!(mails(&world, "returns.reminder").is_empty());
    world.clock.set(morning);
    let tomorrow = parse_london("2026-06-24 08:00").unwrap();
    assert!(matches!(run(), Outcome::RetryAt(at, said) if at == tomorrow && said.starts_with("sent 1 ")));
    assert_eq!(mails(&world, "returns.reminder").len(), 1);
    world.settle();
}

async fn days_on_which_the_clocks_change_are_counted_by_the_calendar(world: World) {
    world.trust("ZZ001");
    let edition = world.edition(&levels("sample-2026", 3));
    // Due half an hour before the clocks go forward, closed on the day on which they go back.
    world.collection("2026", edition, ["2026-01-05 09:00", "2026-03-29 00:30", "2026-10-25 12:00"]);
    for (time, sent, subject) in [
        ("2026-03-22 08:00", 1, "Due in 7 days: 2026 return of ZZ001 & Sons Trust"),
        ("2026-03-27 23:59", 1, "Due in 2 days: 2026 return of ZZ001 & Sons Trust"),
        ("2026-03-28 00:00", 1, "Due tomorrow: 2026 return of ZZ001 & Sons Trust"),
        ("2026-03-28 23:59", 0, ""),
        ("2026-03-29 00:10", 0, ""),
        ("2026-03-29 03:00", 0, ""),
        ("2026-03-30 00:00", 0, ""),
    ] {
        let before = mails(&world, "returns.reminder").len();
        assert_eq!(reminders(&world, time), sent, "{time}");
        let all = mails(&world, "returns.reminder");
        assert_eq!(all.len(), before + sent, "{time}");
        if sent > 0 {
            assert_eq!(all.last().unwrap().1, subject);
        }
    }
    world.settle();
}

async fn the_leads_are_told_once_of_an_owner_who_left(world: World) {
    let trust = world.trust("ZZ001");
    let con = world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    let stays = world.person("Sta Yer", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-1", "1-2"], con);
    world.given(trust.lead, trust.id, "2026", &["1-3"], stays);
    let tell = || returns::tell_of_leavers(world.db(), URL).unwrap();
    assert_eq!(tell(), 0, "nobody has left");
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let now = tx.now();
            Ok(diesel::update(membership::table.filter(membership::person_id.eq(con)))
                .set(membership::ended_at.eq(Some(now)))
                .execute(tx.conn())?)
        })
        .unwrap();
    assert_eq!((tell(), tell()), (1, 0));
    let [(to, _, text)] = mails(&world, "returns.leavers").try_into().unwrap();
    assert_eq!(to, address("Lead ZZ001"));
    let said =
        "Con Tributor has left. 2 requirements of the 2026 return are without an owner who can answer.";
    assert!(text.contains(said), "{text}");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/owners")).await.expect(200).shows("Con Tributor");
    world.settle();
}

async fn owners_are_reminded_of_what_they_were_given_until_it_is_completed(world: World) {
    let trust = world.trust("ZZ001");
    let con = world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    let off = world.person("Offie Turned", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    // Given for a day 30 days ahead.
    world.given(trust.lead, trust.id, "2026", &["1-1", "1-2"], con);
    world.given(trust.lead, trust.id, "2026", &["1-3"], off);
    let mut turned = world.signed_in("Offie Turned").await;
    turned.get("/account/emails").await.expect(200).shows("value=\"requests\" checked");
    turned.post("/account/emails", &[("wanted", "reminders"), ("wanted", "digest")]).await.expect(303);
    let due = world.now().london_day().plus_days(30);
    let remind = |days_left: i64| {
        world.clock.set(due.plus_days(-days_left).at_hour(9));
        let sent = returns::send_owner_reminders(world.db(), URL).unwrap();
        assert_eq!(returns::send_owner_reminders(world.db(), URL).unwrap(), 0, "twice");
        sent
    };
    assert_eq!((remind(8), remind(7), remind(6)), (0, 1, 0));
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "");
    assert_eq!((remind(2), remind(1), remind(0)), (0, 1, 0));
    assert_eq!((remind(-1), remind(-2), remind(-30)), (1, 0, 0));
    let all = mails(&world, "returns.owner_reminder");
    assert!(all.iter().all(|(to, ..)| *to == address("Con Tributor")), "{all:?}");
    let subjects: Vec<&str> = all.iter().map(|(_, subject, _)| subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "Due soon: 2 requirements that you were given",
            "Due soon: 1 requirement that you were given",
            "Overdue: 1 requirement that you were given",
        ]
    );
    assert!(
        all[0].2.contains("1-1 ") && all[0].2.contains("1-2 ") && !all[0].2.contains("1-3 "),
        "{}",
        all[0].2
    );
    assert!(!all[1].2.contains("1-1 ") && all[1].2.contains("is due tomorrow"), "{}", all[1].2);
    assert!(all[1].2.contains(&format!("{URL}{}", trust.at("2026", "/mine"))), "{}", all[1].2);
    world.settle();
}
