//! Collections: planned by a form, opened and closed by the scheduler, extended for one organisation.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::collections;
use portal::platform::clock::parse_london;
use portal::platform::error::Error;
use portal::platform::ids::OrganisationId;
use portal::schema::{collection_result, edition};

use crate::on_both;
use crate::support::year::levels;
use crate::support::{World, everybodys};

on_both!(
    a_programme_manager_plans_a_collection_and_the_scheduler_opens_it,
    a_form_with_mistakes_is_kept_and_explained,
    at_the_close_everybody_who_did_not_submit_gets_a_status,
    an_extension_outlasts_the_close,
    only_a_programme_manager_plans_opens_and_extends,
    an_edition_is_immutable_once_a_collection_has_opened_it,
);

const PLAN: [(&str, &str); 18] = [
    ("edition", "sample-2026"),
    ("key", "2026"),
    ("name", "Annual collection 2026"),
    ("year_label", "2026/27"),
    ("opens-day", "1"),
    ("opens-month", "2"),
    ("opens-year", "2026"),
    ("opens-time", "09:00"),
    ("deadline-day", "30"),
    ("deadline-month", "6"),
    ("deadline-year", "2026"),
    ("deadline-time", "12:00"),
    ("closes-day", "14"),
    ("closes-month", "7"),
    ("closes-year", "2026"),
    ("closes-time", "12:00"),
    ("scope-nhs_trust", "acute"),
    ("scope-gp", ""),
];

/// The form with one field changed.
fn with<'a>(field: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    PLAN.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect()
}

async fn a_programme_manager_plans_a_collection_and_the_scheduler_opens_it(world: World) {
    world.edition(&levels("sample-2026", 3));
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/collections")
        .await
        .expect(200)
        .shows("Plan a collection")
        .shows("No collection has been planned yet");
    mo.get("/collections/new").await.expect(200).shows("Which edition is asked?").shows("sample-2026");
    mo.get("/collections/new?edition=sample-2026").await.expect(200).shows("Who is in scope?");
    assert_eq!(mo.post("/collections/new", &PLAN).await.expect(303).location(), "/collections/2026");
    mo.get("/collections/2026")
        .await
        .expect(200)
        .shows("Planned")
        .shows("1 February 2026 at 9am")
        .shows("NHS trust: Acute");
    // The deadline is in summer: noon in London is eleven o'clock UTC.
    let planned = world
        .db()
        .read_now(everybodys(), |conn| collections::collection_by_key(conn, "2026"))
        .unwrap()
        .unwrap();
    assert_eq!(planned.deadline_at.rfc3339(), "2026-06-30T11:00:00Z");
    assert_eq!(collections::run_due(world.db()).unwrap().opened, 0);
    world.clock.set(parse_london("2026-02-01 09:00").unwrap());
    assert_eq!(collections::run_due(world.db()).unwrap().opened, 1);
    assert_eq!(collections::run_due(world.db()).unwrap().opened, 0);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/collections/2026").await.expect(200).shows(">Open<").hides("Open the collection now");
    world.settle();
}

async fn a_form_with_mistakes_is_kept_and_explained(world: World) {
    world.edition(&levels("sample-2026", 3));
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/collections/new?edition=sample-2026").await.expect(200);
    for (field, value, words) in [
        ("key", "Year 2026", "lower-case letters, digits or hyphens"),
        ("name", "", "Enter a name"),
        ("opens-day", "31", "Enter a real date"),
        ("opens-time", "noon", "hours and minutes"),
        ("deadline-month", "1", "The deadline must be after the opening"),
        ("closes-month", "6", "The close must not be before the deadline"),
        ("scope-nhs_trust", "", "Choose at least one kind of organisation"),
        ("scope-nhs_trust", "mental", "Choose one of the profiles"),
    ] {
        mo.post("/collections/new", &with(field, value))
            .await
            .expect(422)
            .shows(words)
            .shows("Error: Plan a collection")
            .shows("value=\"2026/27\"");
    }
    mo.post("/collections/new", &PLAN).await.expect(303);
    mo.post("/collections/new", &PLAN).await.expect(422).shows("There is a collection with this key already");
    mo.post("/collections/new", &with("edition", "nothing")).await.expect(404);
}

async fn at_the_close_everybody_who_did_not_submit_gets_a_status(world: World) {
    let (sent, silent) = (world.trust("ZZ001"), world.trust("ZZ002"));
    let practice = world.organisation("ZZ003", "Example Practice", "gp");
    let collection = world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&sent, "2026");
    world.started(&silent, "2026");
    world.clock.set(parse_london("2026-07-14 11:59").unwrap());
    assert_eq!(collections::run_due(world.db()).unwrap(), collections::Moved::default());
    world.clock.set(parse_london("2026-07-14 12:00").unwrap());
    let moved = collections::run_due(world.db()).unwrap();
    assert_eq!((moved.closed, moved.not_published), (1, 1));
    let listed: Vec<OrganisationId> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(collection_result::table
                .filter(collection_result::collection_id.eq(collection))
                .select(collection_result::organisation_id)
                .load(conn)?)
        })
        .unwrap();
    assert_eq!(listed, [silent.id], "not {practice}, which is out of scope");
    assert_eq!(collections::run_due(world.db()).unwrap(), collections::Moved::default());
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/collections/2026").await.expect(200).shows("Closed").shows("Not published at the close");
    world.settle();
}

async fn an_extension_outlasts_the_close(world: World) {
    let (given, silent) = (world.trust("ZZ001"), world.trust("ZZ002"));
    world.usual_year(&levels("sample-2026", 3));
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/collections/2026").await.expect(200).shows("Grant an extension");
    let until = [
        ("until-day", "1"),
        ("until-month", "8"),
        ("until-year", "2026"),
        ("until-time", "12:00"),
        ("reason", "A flood <in> the data centre"),
    ];
    let post = |code: &'static str| [vec![("organisation", code)], until.to_vec()].concat();
    mo.post("/collections/2026/extensions", &post("NOBODY"))
        .await
        .expect(422)
        .shows("There is no organisation");
    mo.post("/collections/2026/extensions", &until)
        .await
        .expect(422)
        .shows("Enter the organisation")
        .shows("A flood &lt;in&gt;");
    let mut early = post("ZZ001");
    early[2] = ("until-month", "2");
    mo.post("/collections/2026/extensions", &early).await.expect(422).shows("must end after the deadline");
    mo.post("/collections/2026/extensions", &post("zz001")).await.expect(303);
    mo.get("/collections/2026")
        .await
        .expect(200)
        .shows("ZZ001 &amp; Sons Trust")
        .shows("1 August 2026 at midday");
    world.clock.set(parse_london("2026-07-14 12:00").unwrap());
    assert_eq!(collections::run_due(world.db()).unwrap().not_published, 1, "{silent:?} only");
    // The extended trust still submits, in time, although the collection is closed.
    world.submitted_levels(&given, "2026");
    world.clock.set(parse_london("2026-08-01 12:00").unwrap());
    assert_eq!(collections::run_due(world.db()).unwrap(), collections::Moved::default());
    world.settle();
}

async fn only_a_programme_manager_plans_opens_and_extends(world: World) {
    let trust = world.trust("ZZ001");
    let edition = world.edition(&levels("sample-2026", 3));
    world.collection("2026", edition, ["2026-03-01 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.person("Rae Reviewer", &[], &[CentralReviewer]);
    let mut rae = world.signed_in("Rae Reviewer").await;
    rae.get("/collections").await.expect(200).hides("Plan a collection");
    rae.get("/collections/2026")
        .await
        .expect(200)
        .hides("Open the collection now")
        .hides("Grant an extension");
    rae.get("/collections/new").await.expect(403);
    rae.get("/home").await.expect(200);
    rae.post("/collections/new", &PLAN).await.expect(403);
    rae.post("/collections/2026/open", &[]).await.expect(403);
    let mut lead = world.signed_in(&format!("Lead {}", trust.code)).await;
    lead.get(&format!("/organisations/{}", trust.code)).await.expect(200);
    for path in ["/collections", "/collections/new", "/collections/2026"] {
        lead.get(path).await.expect(404);
    }
    lead.post("/collections/2026/open", &[]).await.expect(404);
    lead.post("/collections/2026/extensions", &[]).await.expect(404);
    let mut manager = world.signed_in("Manager 2026").await;
    manager.get("/collections/2026").await.expect(200).shows("Open the collection now");
    manager.get("/collections/2099").await.expect(404);
    manager.post("/collections/2026/open", &[]).await.expect(303);
    manager.post("/collections/2026/open", &[]).await.expect(409);
    world.settle();
}

async fn an_edition_is_immutable_once_a_collection_has_opened_it(world: World) {
    let first = world.edition(&levels("sample-2026", 3));
    assert_eq!(world.edition(&levels("sample-2026", 3)), first, "the same file again is the same edition");
    // A draft may still be corrected.
    assert_eq!(world.edition(&levels("sample-2026", 2)), first);
    world.usual_year(&levels("sample-2026", 2));
    let state: String = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(edition::table.filter(edition::id.eq(first)).select(edition::state).first(conn)?)
        })
        .unwrap();
    assert_eq!(state, "open");
    let changed = world.try_edition(&levels("sample-2026", 3));
    assert!(matches!(changed, Err(Error::Refused(_))), "{changed:?}");
    assert_eq!(world.edition(&levels("sample-2026", 2)), first);
    world.trust("ZZ001");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/standards").await.expect(200).shows("Sample standard").shows("In use");
    lead.get("/standards/sample-2026")
        .await
        .expect(200)
        .shows("1-1 Title 1")
        .shows("descriptor of level 2")
        .hides("level 3");
    lead.get("/standards/nothing").await.expect(404);
}
