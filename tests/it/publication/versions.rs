//! Versions of the same figures: a correction says why it came, comes at once, and leaves the old one readable.

use portal::platform::ids::OrganisationId;
use portal::publication::Source;

use super::given::Return;
use super::pipeline::{approved, prepared, send, worded};
use crate::on_both;
use crate::support::World;

on_both!(
    a_correction_says_why_comes_at_once_and_old_versions_stay,
    a_correction_after_a_merger_keeps_both_organisations_readable,
);

const SECOND: &str = "/releases/returns-2026-r2";

/// A collection of six trusts whose figures are public.
fn published(world: &World) -> Vec<OrganisationId> {
    let collected = world.collected("2026", None);
    let mut trusts = Vec::new();
    for n in 0..6 {
        let id = world.organisation(&format!("R{n}"), &format!("Trust {n}"), "nhs_trust");
        if n < 5 {
            world.submitted(collected, Return { assessed: Some("satisfactory"), ..Return::of(id) });
        }
        trusts.push(id);
    }
    world.published(Source::Collection("2026".into()));
    trusts
}

/// The return that was overlooked.
fn found_again(world: &World, trust: OrganisationId) {
    use diesel::prelude::*;
    use portal::schema::collection;
    let collected = world
        .db()
        .read_now(crate::support::everybodys(), |conn| {
            Ok(collection::table.select(collection::id).first::<portal::platform::ids::CollectionId>(conn)?)
        })
        .unwrap();
    world.submitted(collected, Return { assessed: Some("not_satisfactory"), ..Return::of(trust) });
}

async fn a_correction_says_why_comes_at_once_and_old_versions_stay(world: World) {
    let trusts = published(&world);
    world.releasers();
    let mut public = world.browser();
    let first = public.get("/public/releases/returns-2026").await.expect(200);
    first.clone().shows("Version 1").hides("Revised").hides("Other versions");
    public.get("/public/revisions").await.expect(200).shows("No release has been revised");
    found_again(&world, trusts[5]);
    let mut paul = world.signed_in("Paul Publisher").await;
    let mut max = world.signed_in("Max Manager").await;
    assert_eq!(prepared(&mut paul).await, SECOND);
    paul.get(&format!("{SECOND}/text")).await.expect(200).shows("Why is there another version?");
    worded(&mut paul, SECOND, "").await;
    let page = paul.get(SECOND).await.expect(200);
    page.shows("why there is another version of these figures").shows("5 of 6");
    worded(&mut paul, SECOND, "One return was <b>overlooked</b>.").await;
    let change = format!("{SECOND}/checks/change");
    send(&mut paul, &change, &change, &[("explanation", "That return.")]).await.expect(303);
    send(&mut paul, SECOND, &format!("{SECOND}/submit"), &[]).await.expect(303);
    send(&mut paul, SECOND, &format!("{SECOND}/correction"), &[]).await.expect(409);
    approved(&mut max, SECOND).await.expect(303);
    send(&mut max, SECOND, &format!("{SECOND}/correction"), &[]).await.expect(303);
    let second = public.get("/public/releases/returns-2026-r2").await.expect(200);
    second
        .shows("One return was &lt;b&gt;overlooked&lt;/b&gt;.")
        .shows("Revised")
        .shows("Version 2")
        .hides("outside the")
        .shows("href=\"/public/releases/returns-2026\"");
    let old = public.get("/public/releases/returns-2026").await.expect(200);
    old.shows("A newer release").shows("5 of 6").shows("Version 2");
    let revisions = public.get("/public/revisions").await.expect(200);
    revisions.shows("One return was &lt;b&gt;overlooked&lt;/b&gt;.").shows("version 1");
    for (asked, leads) in [
        ("returns-2026/latest", "returns-2026-r2"),
        ("returns-2026/v1", "returns-2026"),
        ("returns-2026/v2", "returns-2026-r2"),
    ] {
        let answer = public.get(&format!("/public/releases/{asked}")).await.expect(303);
        assert_eq!(answer.location(), format!("/public/releases/{leads}"));
    }
    for none in ["returns-2026/v3", "returns-2026/vx", "returns-2027/latest"] {
        public.get(&format!("/public/releases/{none}")).await.expect(404);
    }
    // Twice is once.
    send(&mut max, SECOND, &format!("{SECOND}/correction"), &[]).await.expect(409);
    assert_eq!(world.events_of("release.published"), 2);
    world.settle();
}

async fn a_correction_after_a_merger_keeps_both_organisations_readable(world: World) {
    let trusts = published(&world);
    world.releasers();
    // The overlooked trust has merged into another since.
    world.successor(trusts[5], trusts[0]);
    found_again(&world, trusts[5]);
    let mut paul = world.signed_in("Paul Publisher").await;
    let mut max = world.signed_in("Max Manager").await;
    prepared(&mut paul).await;
    worded(&mut paul, SECOND, "A return was overlooked.").await;
    let change = format!("{SECOND}/checks/change");
    send(&mut paul, &change, &change, &[("explanation", "That return.")]).await.expect(303);
    send(&mut paul, SECOND, &format!("{SECOND}/submit"), &[]).await.expect(303);
    approved(&mut max, SECOND).await.expect(303);
    send(&mut max, SECOND, &format!("{SECOND}/correction"), &[]).await.expect(303);
    world.settle();
    let mut public = world.browser();
    // Its own grade of this edition counts, and not its successor's.
    public.get("/public/organisations/R5").await.expect(200).shows("Not satisfactory");
    public.get("/public/organisations/R0").await.expect(200).shows("Satisfactory");
    let first = public.get("/public/releases/returns-2026/organisations.csv").await.expect(200);
    let second = public.get("/public/releases/returns-2026-r2/organisations.csv").await.expect(200);
    assert_eq!(first.text().lines().count(), second.text().lines().count());
    let verified = world.db().read_now(crate::support::everybodys(), portal::publication::verify).unwrap();
    assert!(verified.1.is_empty(), "{:?}", verified.1);
}
