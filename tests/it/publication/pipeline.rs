//! A release on its way: checks, a second person, a date, and the moment at which it becomes public, once.

use diesel::prelude::*;
use portal::access::CentralRole::{ProgrammeManager, Publisher};
use portal::access::{Actor, Permit, PublishBySystem, Subject};
use portal::platform::clock::{Timestamp, parse_london};
use portal::publication::{self, PublicSite, Source};
use portal::schema::{ledger_event, release};

use super::given::Return;
use super::publisher::filed;
use crate::on_both;
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    a_release_goes_the_whole_way_and_is_public_at_its_time,
    the_clock_stepping_back_over_the_time_changes_nothing,
    a_kill_between_tables_and_pages_is_made_good,
    two_people_at_once_change_it_once,
    whoever_had_a_hand_does_not_approve,
    a_collection_without_submissions_must_be_explained,
    a_collection_without_organisations_is_not_published,
    what_was_sent_back_or_discarded_is_not_published,
);

pub const KEY: &str = "returns-2026";
pub const HERE: &str = "/releases/returns-2026";
/// The first day that can be announced on the day on which every world begins, and the clock just before its time.
pub const DAY: (&str, &str, &str) = ("11", "2", "2026");
pub const BEFORE: &str = "2026-02-11 09:29";
pub const DUE: &str = "2026-02-11 09:30";

pub fn at(text: &str) -> Timestamp {
    parse_london(text).unwrap()
}

impl World {
    /// A publisher and a programme manager.
    pub fn releasers(&self) {
        self.person("Paul Publisher", &[], &[Publisher]);
        self.person("Max Manager", &[], &[ProgrammeManager]);
    }

    /// How many events of a kind the ledger holds.
    pub fn events_of(&self, kind: &str) -> i64 {
        let kind = kind.to_owned();
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(ledger_event::table.filter(ledger_event::kind.eq(&kind)).count().get_result(conn)?)
            })
            .unwrap()
    }

    /// Where a release stands, and when it became public.
    pub fn standing_of(&self, key: &str) -> (String, Option<Timestamp>) {
        let key = key.to_owned();
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(release::table
                    .filter(release::key.eq(&key))
                    .select((release::state, release::published_at))
                    .first(conn)?)
            })
            .unwrap()
    }
}

/// Sends a form of a release's page with the version that the page shows now.
pub async fn send(browser: &mut Browser, page: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(page).await.expect(200).hidden("version");
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    browser.post(to, &all).await
}

/// Prepares the release of the collection, which is a draft then.
pub async fn prepared(paul: &mut Browser) -> String {
    paul.get("/releases/new").await.expect(200);
    let fields = [
        ("source", "collection:2026"),
        ("title", "Results 2026"),
        ("lead_statistician", "Ada Example"),
        ("then", "prepare"),
    ];
    paul.post("/releases/new", &fields).await.expect(303).location()
}

/// Gives a draft its text.
pub async fn worded(paul: &mut Browser, here: &str, reason: &str) {
    let fields = [
        ("contact", "Ada Example, ada@statistics.example"),
        ("commentary", "Every trust filed its return. <i>"),
        ("reason", reason),
    ];
    send(paul, &format!("{here}/text"), &format!("{here}/text"), &fields).await.expect(303);
}

/// Approves what was submitted.
pub async fn approved(max: &mut Browser, here: &str) -> Answer {
    let fields = [("decision", "approve"), ("statement", "Added up by hand.")];
    let version = max.get(here).await.expect(200).shows("Send the decision").hidden("version");
    max.post(&format!("{here}/decision"), &[&fields[..], &[("version", version.as_str())]].concat()).await
}

/// Announces the first day that can be.
pub async fn announced(max: &mut Browser, (day, month, year): (&str, &str, &str)) -> Answer {
    max.get("/releases/calendar/new").await.expect(200);
    let fields = [
        ("title", "Results 2026"),
        ("about", "How well trusts protect data."),
        ("lead_statistician", "Ada Example"),
        ("contact", "ada@statistics.example"),
        ("day-day", day),
        ("day-month", month),
        ("day-year", year),
    ];
    max.post("/releases/calendar/new", &fields).await
}

/// From nothing to a release on its date.
pub async fn scheduled(world: &World) -> (Browser, Browser) {
    filed(world);
    world.releasers();
    let mut paul = world.signed_in("Paul Publisher").await;
    let mut max = world.signed_in("Max Manager").await;
    assert_eq!(prepared(&mut paul).await, HERE);
    worded(&mut paul, HERE, "").await;
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    approved(&mut max, HERE).await.expect(303);
    announced(&mut max, DAY).await.expect(303);
    send(&mut max, HERE, &format!("{HERE}/schedule"), &[("date", "1")]).await.expect(303);
    world.settle();
    (paul, max)
}

async fn a_release_goes_the_whole_way_and_is_public_at_its_time(world: World) {
    filed(&world);
    world.releasers();
    let mut paul = world.signed_in("Paul Publisher").await;
    let mut max = world.signed_in("Max Manager").await;
    let mut public = world.browser();
    prepared(&mut paul).await;
    let draft = paul.get(HERE).await.expect(200).shows("Still to be written").hides("Submit it for approval");
    let version = draft.hidden("version");
    paul.post(&format!("{HERE}/submit"), &[("version", &version)]).await.expect(409);
    worded(&mut paul, HERE, "").await;
    let complete =
        paul.get(HERE).await.expect(200).hides("Needs an explanation").shows("Submit it for approval");
    complete.shows("Every trust filed its return. &lt;i&gt;");
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    max.get(HERE).await.expect(200).shows("Denominators and totals add up");
    send(&mut max, HERE, &format!("{HERE}/decision"), &[("decision", "approve")]).await.expect(422);
    send(&mut max, HERE, &format!("{HERE}/decision"), &[]).await.expect(422).shows("Select your decision");
    approved(&mut max, HERE).await.expect(303);
    // Today is 13 January, after half past nine.
    announced(&mut max, ("10", "2", "2026")).await.expect(422).shows("11 February 2026 or later");
    announced(&mut max, DAY).await.expect(303);
    send(&mut max, HERE, &format!("{HERE}/schedule"), &[]).await.expect(422).shows("Select a date");
    send(&mut max, HERE, &format!("{HERE}/schedule"), &[("date", "1")]).await.expect(303);
    assert_eq!(world.standing_of(KEY).0, "announced");
    paul.get(HERE).await.expect(200).hides("Publish now").shows("11 February 2026");
    let early = send(&mut paul, &format!("{HERE}/early-readers"), &format!("{HERE}/publish"), &[]).await;
    early.expect(409).shows("cannot be published before");
    assert!(world.publish(KEY).is_err(), "nor does the operator publish what is announced");
    world.settle();
    public.get("/public/calendar").await.expect(200).shows("11 February 2026 at 9:30am").hides(KEY);
    world.clock.set(at(BEFORE));
    world.settle();
    public.get(&format!("/public/releases/{KEY}")).await.expect(404);
    assert_eq!(world.standing_of(KEY), ("announced".to_owned(), None));
    world.clock.set(at(DUE));
    world.settle();
    assert_eq!(world.standing_of(KEY), ("published".to_owned(), Some(at(DUE))));
    let page = public.get(&format!("/public/releases/{KEY}")).await.expect(200);
    page.shows("Every trust filed its return. &lt;i&gt;")
        .shows("ada@statistics.example")
        .shows("Final")
        .hides("outside the");
    public.get("/public/calendar").await.expect(200).shows(KEY);
    assert_eq!(world.events_of("release.published"), 1);
}

async fn the_clock_stepping_back_over_the_time_changes_nothing(world: World) {
    scheduled(&world).await;
    // The job comes late, by a clock that is an hour ahead, and the clock is put right afterwards.
    world.clock.set(at("2026-02-11 10:30"));
    world.settle();
    let published = world.standing_of(KEY);
    assert_eq!(published.0, "published");
    let mut public = world.browser();
    let before = public.get(&format!("/public/releases/{KEY}")).await.expect(200);
    for earlier in ["2026-02-11 09:20", "2026-01-13 10:00"] {
        world.clock.set(at(earlier));
        let done =
            publication::run_due(world.db(), "https://portal.example", &*world.portal().random).unwrap();
        assert!(done.keys.is_empty() && done.held.is_empty(), "{done:?}");
        world.settle();
        assert_eq!(world.standing_of(KEY), published);
        let after = public.get(&format!("/public/releases/{KEY}")).await.expect(200);
        assert_eq!(after.body, before.body);
    }
    // What follows is never dated before what was there.
    let late = world.organisation("R9", "Trust 9", "nhs_trust");
    let found = world.db().read_now(everybodys(), |conn| {
        Ok(portal::schema::collection::table.select(portal::schema::collection::id).first(conn)?)
    });
    world.submitted(found.unwrap(), Return::of(late));
    let draft = world.composed(Source::Collection("2026".into()));
    let (_, next) = world
        .db()
        .write_now(everybodys(), move |tx| {
            let permit = Permit::<PublishBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
            publication::prepare_release(tx, &permit, &draft)
        })
        .unwrap();
    world.publish(&next).unwrap();
    assert_eq!(world.standing_of(&next).1, published.1, "by the clock it would be four weeks earlier");
    // The ledger waits until time has caught up.
    world.clock.set(at("2026-02-11 10:31"));
    world.settle();
}

async fn a_kill_between_tables_and_pages_is_made_good(world: World) {
    scheduled(&world).await;
    world.clock.set(at(DUE));
    let run = || publication::run_due(world.db(), "https://portal.example", &*world.portal().random).unwrap();
    // The process ends here: the tables are public and no page was made.
    assert_eq!(run().keys, [KEY]);
    let address = format!("/public/releases/{KEY}");
    let mut public = world.browser();
    public.get(&address).await.expect(404);
    assert!(run().keys.is_empty(), "the job does it once");
    let opened =
        PublicSite::open(world.db(), &world.portal().pages, "https://portal.example", &world.parts.key, None)
            .unwrap();
    assert!(opened.addresses().contains(&address), "a process that starts has the page");
    world.settle();
    public.get(&address).await.expect(200);
    assert_eq!(world.events_of("release.published"), 1);
    let verified = world.db().read_now(everybodys(), publication::verify).unwrap();
    assert!(verified.1.is_empty(), "{:?}", verified.1);
}

async fn two_people_at_once_change_it_once(world: World) {
    filed(&world);
    world.releasers();
    world.person("Mia Manager", &[], &[ProgrammeManager]);
    let mut paul = world.signed_in("Paul Publisher").await;
    let (mut max, mut mia) = (world.signed_in("Max Manager").await, world.signed_in("Mia Manager").await);
    prepared(&mut paul).await;
    // Two windows of one text.
    let seen = paul.get(&format!("{HERE}/text")).await.expect(200).hidden("version");
    let text = |words: &'static str| [("version", seen.as_str()), ("commentary", words), ("contact", "Ada")];
    paul.post(&format!("{HERE}/text"), &text("First.")).await.expect(303);
    paul.post(&format!("{HERE}/text"), &text("Second.")).await.expect(409).shows("Second.");
    paul.get(HERE).await.expect(200).shows("First.").hides("Second.");
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    let version = max.get(HERE).await.expect(200).hidden("version");
    mia.get(HERE).await.expect(200);
    let fields = [("version", version.as_str()), ("decision", "approve"), ("statement", "Looked at.")];
    max.post(&format!("{HERE}/decision"), &fields).await.expect(303);
    mia.post(&format!("{HERE}/decision"), &fields).await.expect(409);
    assert_eq!(world.events_of("release.approved"), 1);
    announced(&mut max, DAY).await.expect(303);
    let version = max.get(HERE).await.expect(200).hidden("version");
    let fields = [("version", version.as_str()), ("date", "1")];
    max.post(&format!("{HERE}/schedule"), &fields).await.expect(303);
    mia.post(&format!("{HERE}/schedule"), &fields).await.expect(409);
    world.settle();
    world.clock.set(at(DUE));
    // Two workers look at the same moment.
    let looks: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2)
            .map(|_| {
                let (db, random) = (world.db().clone(), std::sync::Arc::clone(&world.portal().random));
                scope.spawn(move || publication::run_due(&db, "https://portal.example", &*random))
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap().unwrap()).collect()
    });
    assert_eq!(looks.iter().map(|look| look.keys.len()).sum::<usize>(), 1, "{looks:?}");
    world.settle();
    assert_eq!(world.events_of("release.published"), 1);
}

async fn whoever_had_a_hand_does_not_approve(world: World) {
    filed(&world);
    world.releasers();
    world.person("Pia Publisher", &[], &[Publisher]);
    let (mut paul, mut pia) =
        (world.signed_in("Paul Publisher").await, world.signed_in("Pia Publisher").await);
    let mut max = world.signed_in("Max Manager").await;
    prepared(&mut paul).await;
    max.get(&format!("{HERE}/text")).await.expect(403);
    worded(&mut pia, HERE, "").await;
    send(&mut pia, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    for browser in [&mut paul, &mut pia] {
        browser.get(HERE).await.expect(200).shows("had a hand").hides("Send the decision");
        let fields = [("decision", "approve"), ("statement", "Mine.")];
        send(browser, HERE, &format!("{HERE}/decision"), &fields).await;
    }
    assert_eq!(world.standing_of(KEY).0, "checked");
    approved(&mut max, HERE).await.expect(303);
    // Nobody approves what is approved.
    send(&mut max, HERE, &format!("{HERE}/decision"), &[("decision", "approve"), ("statement", "Again.")])
        .await
        .expect(409);
}

async fn a_collection_without_submissions_must_be_explained(world: World) {
    world.collected("2026", None);
    for n in 0..2 {
        world.organisation(&format!("R{n}"), &format!("Trust {n}"), "nhs_trust");
    }
    world.releasers();
    let mut paul = world.signed_in("Paul Publisher").await;
    prepared(&mut paul).await;
    worded(&mut paul, HERE, "").await;
    let page = paul.get(HERE).await.expect(200);
    page.shows("None of 2 organisations in scope has submitted a return").hides("Submit it for approval");
    let check = format!("{HERE}/checks/organisations");
    send(&mut paul, &check, &check, &[("explanation", " ")])
        .await
        .expect(422)
        .shows("Explain what was found");
    send(&mut paul, &check, &check, &[("explanation", "The portal was closed.")]).await.expect(303);
    paul.get(HERE).await.expect(200).shows("Explained: The portal was closed.");
    // There is nothing to explain of what was passed, and no such check.
    paul.get(&format!("{HERE}/checks/sums")).await.expect(404);
    paul.get(&format!("{HERE}/checks/nonsense")).await.expect(404);
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
}

async fn a_collection_without_organisations_is_not_published(world: World) {
    world.collected("2026", None);
    world.releasers();
    let mut paul = world.signed_in("Paul Publisher").await;
    prepared(&mut paul).await;
    worded(&mut paul, HERE, "").await;
    paul.get(HERE).await.expect(200).shows("there is nothing to publish").shows("Failed");
    paul.get(&format!("{HERE}/checks/organisations")).await.expect(404);
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(409);
}

async fn what_was_sent_back_or_discarded_is_not_published(world: World) {
    filed(&world);
    world.releasers();
    let mut paul = world.signed_in("Paul Publisher").await;
    let mut max = world.signed_in("Max Manager").await;
    prepared(&mut paul).await;
    worded(&mut paul, HERE, "").await;
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    let back = [("decision", "send_back"), ("statement", "The base is missing.")];
    send(&mut max, HERE, &format!("{HERE}/decision"), &back).await.expect(303);
    paul.get(HERE).await.expect(200).shows("The base is missing.").shows("Change the text");
    send(&mut paul, HERE, &format!("{HERE}/submit"), &[]).await.expect(303);
    approved(&mut max, HERE).await.expect(303);
    // What corrects nothing waits for its date.
    send(&mut paul, HERE, &format!("{HERE}/correction"), &[]).await.expect(409).shows("nothing public");
    send(&mut max, HERE, &format!("{HERE}/discard"), &[]).await.expect(403);
    send(&mut paul, HERE, &format!("{HERE}/discard"), &[]).await.expect(303);
    assert_eq!(world.standing_of(KEY).0, "discarded");
    assert!(world.publish(KEY).is_err());
    let mut public = world.browser();
    public.get(&format!("/public/releases/{KEY}")).await.expect(404);
    public.get("/api/v1/releases").await.expect(200).hides(KEY);
    // The next one has a key of its own.
    assert_eq!(prepared(&mut paul).await, "/releases/returns-2026-r2");
}
