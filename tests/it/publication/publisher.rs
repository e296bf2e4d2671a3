//! The publisher's pages: who may, what they see, and that publishing happens once.

use portal::access::CentralRole;
use portal::publication::Source;

use super::given::Return;
use crate::on_both;
use crate::support::World;

on_both!(
    a_publisher_previews_prepares_and_publishes,
    a_bad_form_is_answered_beside_its_fields,
    only_a_publisher_may,
    publishing_twice_is_refused_and_changes_nothing,
);

pub fn filed(world: &World) {
    let collected = world.collected("2026", None);
    for n in 0..6 {
        let id = world.organisation(&format!("R{n}"), &format!("Trust {n}"), "nhs_trust");
        world.submitted(collected, Return { assessed: Some("satisfactory"), level: n % 3, ..Return::of(id) });
    }
}

async fn a_publisher_previews_prepares_and_publishes(world: World) {
    filed(&world);
    world.person("Paul Publisher", &[], &[CentralRole::Publisher]);
    let mut paul = world.signed_in("Paul Publisher").await;
    paul.get("/releases").await.expect(200).shows("Prepare a release");
    paul.get("/releases/new").await.expect(200).shows("Returns of Returns 2026").shows("Paul Publisher");
    let form = [
        ("source", "collection:2026"),
        ("title", "Results <b>2026</b>"),
        ("lead_statistician", "Ada Example"),
    ];
    let with = |then: &'static str| [form.as_slice(), &[("then", then)]].concat();
    let preview = paul.post("/releases/new", &with("preview")).await.expect(200);
    preview.shows("What is suppressed, and why").shows("group disclosure").hides("<b>2026");
    paul.get("/releases").await.shows("There is no release yet");
    let prepared = paul.post("/releases/new", &with("prepare")).await.expect(303);
    assert_eq!(prepared.location(), "/releases/returns-2026");
    let mut public = world.browser();
    public.get("/public/releases/returns-2026").await.expect(404);
    let check = paul
        .get("/releases/returns-2026")
        .await
        .expect(200)
        .hides("Publish now")
        .shows("Results &lt;b&gt;2026");
    let version = check.hidden("version");
    // What was neither approved nor announced is published by nobody.
    paul.post("/releases/returns-2026/publish", &[("version", &version)]).await.expect(409);
    world.publish("returns-2026").unwrap();
    world.settle();
    public.get("/").await.expect(200).shows("6 of 6 organisations");
    let page = public.get("/public/releases/returns-2026").await.expect(200);
    page.shows("Ada Example").shows("outside the");
    paul.post("/releases/returns-2026/publish", &[("version", &version)]).await.expect(409);
    let same = paul.post("/releases/new", &with("prepare")).await.expect(422);
    same.shows("says the same");
    world.settle();
}

async fn a_bad_form_is_answered_beside_its_fields(world: World) {
    filed(&world);
    world.person("Paul Publisher", &[], &[CentralRole::Publisher]);
    let mut paul = world.signed_in("Paul Publisher").await;
    paul.get("/releases/new").await.expect(200);
    for (source, lead, said) in [
        ("nonsense", "Ada", "Choose where the figures come from"),
        ("collection:1999", "Ada", "There is no collection"),
        ("register:none", "Ada", "There is no imported register"),
        ("collection:2026", " ", "Enter the lead statistician"),
    ] {
        let fields = [("source", source), ("lead_statistician", lead), ("then", "prepare")];
        paul.post("/releases/new", &fields).await.expect(422).shows(said).shows("There is a problem");
    }
    let long = "x".repeat(201);
    let fields = [("source", "collection:2026"), ("title", long.as_str()), ("lead_statistician", "Ada")];
    paul.post("/releases/new", &fields).await.expect(422).shows("Use at most 200 characters").shows(&long);
    paul.get("/releases/unknown").await.expect(404);
    paul.post("/releases/unknown/publish", &[("version", "1")]).await.expect(404);
}

async fn only_a_publisher_may(world: World) {
    filed(&world);
    world.person("Ada Reviewer", &[], &[CentralRole::CentralReviewer]);
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.get("/releases").await.expect(200).hides("Prepare a release");
    ada.get("/releases/new").await.expect(403);
    let fields = [("source", "collection:2026"), ("lead_statistician", "Ada"), ("then", "prepare")];
    ada.post("/releases/new", &fields).await.expect(403);
    let mut nobody = world.browser();
    nobody.get("/releases").await.expect(303);
    nobody.get("/releases/new").await.expect(303);
}

async fn publishing_twice_is_refused_and_changes_nothing(world: World) {
    filed(&world);
    let key = world.published(Source::Collection("2026".into()));
    let mut browser = world.browser();
    let before = browser.get(&format!("/public/releases/{key}")).await.expect(200);
    world.clock.advance_seconds(60);
    assert!(world.publish(&key).is_err());
    world.settle();
    let after = browser.get(&format!("/public/releases/{key}")).await.expect(200);
    assert_eq!(before.body, after.body);
    assert_eq!(before.header("etag"), after.header("etag"));
}
