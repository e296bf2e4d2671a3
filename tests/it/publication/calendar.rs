//! The calendar of releases: what is announced, moved and cancelled, and what everybody reads of it.

use portal::access::CentralRole::CentralReviewer;
use portal::platform::clock::Day;
use portal::publication::{first_day, moment_of};

use super::pipeline::{BEFORE, DAY, DUE, HERE, KEY, announced, at, scheduled, send};
use crate::on_both;
use crate::support::World;

on_both!(
    a_date_is_moved_with_a_reason_that_everybody_reads,
    a_cancelled_date_gives_its_release_back,
    a_late_release_comes_out_when_it_is_ready,
    only_those_who_decide_announce,
    one_date_has_one_release,
);

const DATE: &str = "/releases/calendar/1";

/// A day as the form of a move takes it.
fn to(day: &'static str, month: &'static str, reason: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("day-day", day), ("day-month", month), ("day-year", "2026"), ("reason", reason)]
}

async fn a_date_is_moved_with_a_reason_that_everybody_reads(world: World) {
    let (_, mut max) = scheduled(&world).await;
    let moving = format!("{DATE}/move");
    send(&mut max, DATE, &moving, &to("18", "2", "")).await.expect(422).shows("Say why the date is changed");
    // Sooner than announced, without the notice.
    let refused = send(&mut max, DATE, &moving, &to("4", "2", "We are ready.")).await.expect(422);
    refused.shows("an earlier day needs the whole notice again").shows("We are ready.");
    send(&mut max, DATE, &moving, &to("11", "2", "The same.")).await.expect(422);
    send(&mut max, DATE, &moving, &to("30", "2", "No such day."))
        .await
        .expect(422)
        .shows("Enter a real date");
    send(&mut max, DATE, &moving, &to("18", "2", "The review takes <b>longer</b>.")).await.expect(303);
    max.get("/releases/calendar.csv").await.expect(200).shows("2026-02-18T09:30:00Z,announced,Results 2026");
    world.settle();
    let mut public = world.browser();
    let page = public.get("/public/calendar").await.expect(200);
    page.shows("moved from 11 February 2026 at 9:30am to 18 February 2026 at 9:30am")
        .shows("The review takes &lt;b&gt;longer&lt;/b&gt;.");
    // The old time passes.
    world.clock.set(at(DUE));
    world.settle();
    assert_eq!(world.standing_of(KEY).0, "announced");
    world.clock.set(at("2026-02-18 09:30"));
    world.settle();
    assert_eq!(world.standing_of(KEY).1, Some(at("2026-02-18 09:30")));
    // What is published is moved no more.
    let mut max = world.signed_in("Max Manager").await;
    max.get(DATE).await.expect(200).hides("Move the date");
    send_without_form(&mut max, &moving).await;
}

async fn send_without_form(max: &mut crate::support::Browser, moving: &str) {
    max.get("/account").await.expect(200);
    let fields =
        [("version", "4"), ("day-day", "1"), ("day-month", "6"), ("day-year", "2026"), ("reason", "x")];
    max.post(moving, &fields).await.expect(409);
}

async fn a_cancelled_date_gives_its_release_back(world: World) {
    let (mut paul, mut max) = scheduled(&world).await;
    let cancelling = format!("{DATE}/cancel");
    let refused = send(&mut max, DATE, &cancelling, &[("cancel_reason", "")]).await.expect(422);
    refused.shows("Say why the date is cancelled");
    send(&mut max, DATE, &cancelling, &[("cancel_reason", "The source is in doubt.")]).await.expect(303);
    assert_eq!(world.standing_of(KEY).0, "approved");
    world.settle();
    world.clock.set(at(DUE));
    world.settle();
    assert_eq!(world.standing_of(KEY), ("approved".to_owned(), None));
    let mut public = world.browser();
    let page = public.get("/public/calendar").await.expect(200);
    page.shows("Cancelled")
        .shows("The source is in doubt.")
        .shows("it was due on 11 February 2026 at 9:30am");
    world.clock.set(at("2026-01-13 10:00"));
    // It can be put on another.
    announced(&mut max, ("12", "2", "2026")).await.expect(303);
    send(&mut paul, HERE, &format!("{HERE}/schedule"), &[("date", "1")]).await.expect(409);
    send(&mut paul, HERE, &format!("{HERE}/schedule"), &[("date", "2")]).await.expect(303);
    world.settle();
}

async fn a_late_release_comes_out_when_it_is_ready(world: World) {
    let (_, mut max) = scheduled(&world).await;
    send(&mut max, DATE, &format!("{DATE}/cancel"), &[("cancel_reason", "Wrong title.")]).await.expect(303);
    announced(&mut max, DAY).await.expect(303);
    world.settle();
    // The day passes without a release on the date.
    world.clock.set(at("2026-02-11 15:00"));
    world.settle();
    let mut max = world.signed_in("Max Manager").await;
    max.get("/releases/calendar").await.expect(200).shows("Late");
    send(&mut max, HERE, &format!("{HERE}/schedule"), &[("date", "2")]).await.expect(303);
    assert_eq!(world.standing_of(KEY).0, "announced");
    world.settle();
    assert_eq!(world.standing_of(KEY).1, Some(at("2026-02-11 15:00")));
    let mut paul = world.signed_in("Paul Publisher").await;
    paul.get(HERE).await.expect(200).shows("Published");
}

async fn only_those_who_decide_announce(world: World) {
    let (mut paul, _) = scheduled(&world).await;
    let mut ada = world.person_signed_in("Ada Reviewer", CentralReviewer).await;
    ada.get("/releases/calendar").await.expect(200).hides("Announce a release");
    ada.get("/releases/calendar/new").await.expect(403);
    ada.get(DATE).await.expect(200).hides("Move the date");
    announced_by_nobody(&mut ada).await;
    paul.get(DATE).await.expect(200).shows("Move the date");
    paul.get("/releases/calendar/99").await.expect(404);
    paul.get("/releases/calendar/x").await.expect(404);
    let mut nobody = world.browser();
    nobody.get("/releases/calendar").await.expect(303);
    // Before its time nothing of the release can be read anywhere.
    world.clock.set(at(BEFORE));
    world.settle();
    for path in [
        format!("/public/releases/{KEY}"),
        format!("/public/releases/{KEY}/latest"),
        format!("/public/releases/{KEY}/organisations.csv"),
        format!("/public/releases/{KEY}/grade-by-sector.csv"),
        format!("/api/v1/releases/{KEY}"),
    ] {
        nobody.get(&path).await.expect(404);
    }
}

async fn announced_by_nobody(ada: &mut crate::support::Browser) {
    ada.get("/account").await.expect(200);
    ada.post("/releases/calendar/new", &[("title", "Mine")]).await.expect(403);
    ada.post(&format!("{DATE}/move"), &[("version", "2")]).await.expect(403);
    ada.post(&format!("{DATE}/cancel"), &[("version", "2")]).await.expect(403);
}

async fn one_date_has_one_release(world: World) {
    let (mut paul, mut max) = scheduled(&world).await;
    // Another release of the same figures.
    let second = super::pipeline::prepared(&mut paul).await;
    super::pipeline::worded(&mut paul, &second, "").await;
    send(&mut paul, &second, &format!("{second}/submit"), &[]).await.expect(303);
    super::pipeline::approved(&mut max, &second).await.expect(303);
    let refused = send(&mut paul, &second, &format!("{second}/schedule"), &[("date", "1")]).await.expect(409);
    refused.shows("There is a release on this date already");
    world.settle();
}

#[test]
fn the_first_day_follows_the_calendar_over_a_change_of_the_clocks() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    // Announced in winter time for a day of summer time, and the other way round.
    for (announced, first) in [("2026-03-10 09:30", "2026-04-07"), ("2026-10-05 09:30", "2026-11-02")] {
        assert_eq!(first_day(at(announced)), day(first));
        assert_eq!(moment_of(day(first)).london_time(), "09:30");
    }
}
