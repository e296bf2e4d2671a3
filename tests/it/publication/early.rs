//! Reading before publication: by the list only, in the last day only, and never unseen.

use super::pipeline::{DUE, HERE, KEY, at, scheduled, send};
use crate::on_both;
use crate::support::World;
use crate::support::seed::address;

on_both!(
    people_on_the_list_read_in_the_last_day_and_each_reading_is_recorded,
    whoever_was_taken_off_reads_no_more,
    a_moved_date_makes_old_links_useless,
);

const READERS: &str = "/releases/returns-2026/early-readers";
const OPENS: &str = "2026-02-10 09:30";

const MINA: [(&str, &str); 5] = [
    ("name", "Mina Minister"),
    ("role", "Minister"),
    ("body", "Department of <Health>"),
    ("reason", "To answer questions on the day"),
    ("email", "mina@department.example"),
];

fn member() -> Vec<(&'static str, String)> {
    vec![
        ("name", "Ada Reviewer".to_owned()),
        ("role", "Reviewer".to_owned()),
        ("body", "The programme".to_owned()),
        ("reason", "To check the figures".to_owned()),
        ("email", address("Ada Reviewer")),
    ]
}

/// The token in the mail that opens the release to somebody.
fn token(world: &World, to: &str) -> String {
    let mails = world.queued("publication.early");
    let (_, _, text, _) = mails.iter().rfind(|mail| mail.0 == to).expect("a mail to the reader").clone();
    text.split("/early/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

async fn people_on_the_list_read_in_the_last_day_and_each_reading_is_recorded(world: World) {
    let (mut paul, _) = scheduled(&world).await;
    world.person("Ada Reviewer", &[], &[portal::access::CentralRole::CentralReviewer]);
    world.person("Nosy Parker", &[], &[portal::access::CentralRole::CentralReviewer]);
    paul.get(READERS).await.expect(200).shows("Nobody may read it early");
    send(&mut paul, READERS, READERS, &[("name", "Mina"), ("email", "no address")])
        .await
        .expect(422)
        .shows("Enter their role")
        .shows("Enter an email address in the correct format");
    send(&mut paul, READERS, READERS, &MINA).await.expect(303);
    send(&mut paul, READERS, READERS, &MINA).await.expect(422).shows("is on the list already");
    let ada = member();
    let fields: Vec<(&str, &str)> = ada.iter().map(|(name, value)| (*name, value.as_str())).collect();
    send(&mut paul, READERS, READERS, &fields).await.expect(303);
    world.settle();
    assert!(world.queued("publication.early").is_empty(), "nobody is told before the day");
    world.clock.set(at("2026-02-10 09:29"));
    world.settle();
    assert!(world.queued("publication.early").is_empty());
    world.clock.set(at(OPENS));
    world.settle();
    assert_eq!(world.queued("publication.early").len(), 2);
    world.settle();
    assert_eq!(world.queued("publication.early").len(), 2, "each is told once");
    let link = format!("/early/{}", token(&world, "mina@department.example"));
    let mut mina = world.browser();
    // A scanner of mails follows links: it sees no figure, and is no reader.
    mina.get(&link).await.expect(200).shows("Read the release").hides("Every trust filed its return");
    assert_eq!(world.events_of("release.read_early"), 0);
    let read = mina.post(&link, &[]).await.expect(200);
    read.shows("Every trust filed its return").shows("Read by Mina Minister").hides(".csv");
    assert_eq!(world.events_of("release.read_early"), 1);
    let mut reader = world.signed_in("Ada Reviewer").await;
    let own = format!("{HERE}/early");
    reader.get(&own).await.expect(200).hides("Every trust");
    reader.post(&own, &[]).await.expect(200).shows("Read by Ada Reviewer");
    let mut nosy = world.signed_in("Nosy Parker").await;
    nosy.get(&own).await.expect(404);
    nosy.get("/account").await.expect(200);
    nosy.post(&own, &[]).await.expect(404);
    mina.get("/early/guessed").await.expect(404);
    mina.forget_token();
    mina.post(&link, &[]).await.expect(403);
    let mut paul = world.signed_in("Paul Publisher").await;
    let page = paul.get(READERS).await.expect(200).shows("Department of &lt;Health&gt;");
    page.shows("Mina Minister, 10 February 2026 at 9:30am");
    // At the time itself the link is over, and the list is public.
    world.clock.set(at(DUE));
    mina.get("/sign-in").await.expect(200);
    mina.post(&link, &[]).await.expect(409);
    world.settle();
    mina.get(&link).await.expect(404);
    mina.post(&link, &[]).await.expect(404);
    assert_eq!(world.events_of("release.read_early"), 2);
    let public = mina.get(&format!("/public/releases/{KEY}")).await.expect(200);
    public
        .shows("Mina Minister, Minister, Department of &lt;Health&gt;: To answer questions on the day")
        .hides("mina@department.example");
}

async fn whoever_was_taken_off_reads_no_more(world: World) {
    let (mut paul, _) = scheduled(&world).await;
    send(&mut paul, READERS, READERS, &MINA).await.expect(303);
    world.clock.set(at(OPENS));
    world.settle();
    let link = format!("/early/{}", token(&world, "mina@department.example"));
    let mut mina = world.browser();
    mina.get(&link).await.expect(200);
    let mut paul = world.signed_in("Paul Publisher").await;
    send(&mut paul, READERS, &format!("{READERS}/1/remove"), &[]).await.expect(303);
    mina.post(&link, &[]).await.expect(404);
    send(&mut paul, READERS, &format!("{READERS}/1/remove"), &[]).await.expect(404);
    // Whoever never read is not named.
    world.clock.set(at(DUE));
    world.settle();
    mina.get(&format!("/public/releases/{KEY}")).await.expect(200).hides("Mina Minister");
    let mut paul = world.signed_in("Paul Publisher").await;
    paul.get(READERS).await.expect(409);
}

async fn a_moved_date_makes_old_links_useless(world: World) {
    let (mut paul, _) = scheduled(&world).await;
    send(&mut paul, READERS, READERS, &MINA).await.expect(303);
    world.clock.set(at(OPENS));
    world.settle();
    let link = format!("/early/{}", token(&world, "mina@department.example"));
    let mut max = world.signed_in("Max Manager").await;
    let date = "/releases/calendar/1";
    let fields = [("day-day", "18"), ("day-month", "2"), ("day-year", "2026"), ("reason", "A doubt.")];
    send(&mut max, date, &format!("{date}/move"), &fields).await.expect(303);
    let mut mina = world.browser();
    mina.get(&link).await.expect(404);
    world.clock.set(at("2026-02-17 09:30"));
    world.settle();
    let newer = format!("/early/{}", token(&world, "mina@department.example"));
    assert_ne!(newer, link);
    mina.get(&newer).await.expect(200).shows("Read the release");
    world.settle();
}
