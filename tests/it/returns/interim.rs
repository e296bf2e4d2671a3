//! The interim return: signed by the IG lead, kept as it was sent, never scored and never in the way of the return.

use std::collections::BTreeMap;

use diesel::prelude::*;
use portal::access::CentralRole::ProgrammeManager;
use portal::access::OrganisationRole::OrganisationAdministrator;
use portal::collections::{CollectionKey, Plan, Windows};
use portal::platform::canonical::sha256;
use portal::platform::clock::parse_london;
use portal::returns::{self, Snapshot};
use portal::schema::{interim_submission, job};
use portal::standards::SectorKey;
use serde_json::json;

use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    an_interim_return_is_signed_sent_and_kept,
    an_interim_return_comes_late_and_not_after_the_deadline,
    only_an_ig_lead_sends_it_and_only_where_it_is_asked_for,
    reminders_of_it_come_until_it_is_sent,
);

/// A trust in a collection that asks for an interim return by the end of March.
fn a_year(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    let edition = world.edition(&levels("sample-2026", 3));
    let at = |time: &str| parse_london(time).unwrap();
    let manager = world.person("Mo Manager", &[], &[ProgrammeManager]);
    let windows = Windows::new(
        at("2026-01-05 09:00"),
        Some(at("2026-03-31 12:00")),
        at("2026-06-30 12:00"),
        at("2026-07-14 12:00"),
    );
    world.planned(
        manager,
        Plan {
            edition,
            key: CollectionKey::new("2026").unwrap(),
            name: "Collection 2026".to_owned(),
            year_label: "2026".to_owned(),
            windows: windows.unwrap(),
            scope: BTreeMap::from([(SectorKey::new("nhs_trust").unwrap(), "acute".to_owned())]),
        },
    );
    world.started(&trust, "2026");
    trust
}

fn stored(world: &World) -> Vec<(i64, bool, String, Vec<u8>)> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(interim_submission::table
                .order(interim_submission::id)
                .select((
                    interim_submission::number,
                    interim_submission::late,
                    interim_submission::snapshot,
                    interim_submission::snapshot_hash,
                ))
                .load(conn)?)
        })
        .unwrap()
}

async fn an_interim_return_is_signed_sent_and_kept(world: World) {
    let trust = a_year(&world);
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "A private comment");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows("Interim return</a>, due by 31 March 2026");
    let at = trust.at("2026", "/interim");
    lead.get(&at).await.expect(200).shows("<strong>1 of 3</strong>").shows("No interim return has been sent");
    lead.post(&at, &[]).await.expect(422).shows("Tick the box to sign");
    lead.post(&at, &[("agree", "yes")]).await.expect(303);
    world.answered(&trust, "2026", "1-2", &json!({"level": 3}), "");
    lead.get(&at).await.expect(200).shows("Number 1, ").shows("signed by Lead ZZ001").hides(">Late<");
    lead.post(&at, &[("agree", "yes")]).await.expect(303);
    let all = stored(&world);
    assert_eq!(all.iter().map(|one| (one.0, one.1)).collect::<Vec<_>>(), [(1, false), (2, false)]);
    for (_, _, text, hash) in &all {
        assert_eq!(hash[..], sha256(text.as_bytes()));
    }
    let read = |text: &str| serde_json::from_str::<Snapshot>(text).unwrap();
    let (first, second) = (read(&all[0].2), read(&all[1].2));
    assert_eq!(first.answers[1].value, json!(null));
    assert_eq!(second.answers[1].value, json!({"level": 3}));
    let [signature] = first.sign_offs.as_slice() else { panic!("one signature: {:?}", first.sign_offs) };
    assert_eq!((signature.role.as_str(), signature.person), ("ig_lead", trust.lead));
    // Nobody reviews it, and the return goes on.
    let queued: i64 = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(job::table.filter(job::kind.eq("review.queue")).count().get_result(conn)?)
        })
        .unwrap();
    assert_eq!(queued, 0);
    world.answered(&trust, "2026", "1-3", &json!({"level": 2}), "");
    world.sent(&trust, "2026");
    lead.get(&at).await.expect(200).shows("Number 2, ").hides("Sign and submit the interim return");
    lead.post(&at, &[("agree", "yes")]).await.expect(409);
    world.settle();
    let verify = || world.db().read_now(everybodys(), returns::verify).unwrap().1;
    assert_eq!(verify(), []);
    world
        .db()
        .housekeep_now(everybodys(), |tx| {
            diesel::update(interim_submission::table.filter(interim_submission::number.eq(1)))
                .set(interim_submission::snapshot.eq("{}"))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let found = verify();
    assert_eq!(found.len(), 1);
    assert!(found[0].what.starts_with("interim return "), "{found:?}");
}

async fn an_interim_return_comes_late_and_not_after_the_deadline(world: World) {
    let trust = a_year(&world);
    let at = trust.at("2026", "/interim");
    world.clock.set(parse_london("2026-03-31 12:00").unwrap().plus_seconds(1));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).shows("which has passed");
    lead.post(&at, &[("agree", "yes")]).await.expect(303);
    lead.get(&at).await.expect(200).shows(">Late<");
    world.clock.set(parse_london("2026-06-30 12:00").unwrap().plus_seconds(1));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).hides("Sign and submit the interim return");
    lead.post(&at, &[("agree", "yes")]).await.expect(409).shows("The return itself is due by now");
    assert_eq!(stored(&world).iter().map(|one| one.1).collect::<Vec<_>>(), [true]);
    world.settle();
}

async fn only_an_ig_lead_sends_it_and_only_where_it_is_asked_for(world: World) {
    let trust = a_year(&world);
    world.person("Adi Ministrator", &[(trust.id, OrganisationAdministrator)], &[]);
    let at = trust.at("2026", "/interim");
    for name in ["Siro ZZ001", "Adi Ministrator"] {
        let mut other = world.signed_in(name).await;
        other.get(&at).await.expect(200).hides("Sign and submit the interim return");
        other.post(&at, &[("agree", "yes")]).await.expect(403);
    }
    let plain = world.trust("ZZ002");
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&at).await.expect(404);
    let edition = world.edition(&levels("sample-2027", 3));
    world.collection("2027", edition, ["2026-01-06 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.started(&plain, "2027");
    stranger.get(&plain.at("2027", "")).await.expect(200).hides("Interim return");
    stranger.get(&plain.at("2027", "/interim")).await.expect(404);
    stranger
        .post(&plain.at("2027", "/interim"), &[("agree", "yes")])
        .await
        .expect(409)
        .shows("asks for no interim");
    assert!(stored(&world).is_empty());
    world.settle();
}

async fn reminders_of_it_come_until_it_is_sent(world: World) {
    let trust = a_year(&world);
    let remind = |time: &str| {
        world.clock.set(parse_london(time).unwrap());
        returns::send_due(world.db(), "https://portal.example").unwrap().reminders
    };
    // Due at the end of March: 30, 14 and 7 days before, each once, and nothing of the return itself, which is due in June.
    assert_eq!((remind("2026-03-01 09:00"), remind("2026-03-01 09:01")), (1, 0));
    assert_eq!(
        (remind("2026-03-17 09:00"), remind("2026-03-20 09:00"), remind("2026-03-24 09:00")),
        (1, 0, 1)
    );
    let all = world.queued("returns.reminder");
    assert_eq!(all.len(), 3);
    assert_eq!(all[2].1, "Due in 7 days: 2026 interim return of ZZ001 & Sons Trust");
    let said = "the interim return in Collection 2026 is due by 31 March 2026 at 12pm, in 7 days.";
    assert!(all[2].2.contains(said), "{}", all[2].2);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/interim")).await.expect(200);
    lead.post(&trust.at("2026", "/interim"), &[("agree", "yes")]).await.expect(303);
    assert_eq!(
        (remind("2026-03-29 09:00"), remind("2026-03-30 09:00"), remind("2026-03-31 09:00")),
        (0, 0, 0)
    );
    // The return itself goes its own way.
    assert_eq!(remind("2026-06-23 09:00"), 1);
    assert_eq!(world.queued("returns.reminder")[3].1, "Due in 7 days: 2026 return of ZZ001 & Sons Trust");
    world.settle();
}
