//! A baselining sample from its plan to the figures of a release: the seed first, drawn once, drawn again by anybody, and
//! estimated as the statistics say.

use std::collections::BTreeMap;

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, Publisher};
use portal::platform::canonical::sha256;
use portal::platform::ids::OrganisationId;
use portal::publication::{self, Draft, Source};
use portal::schema::{baseline_draw, baseline_member, ledger_event, organisation};
use portal::statistics::Figure;
use portal::statistics::sampling::{StratumTally, proportion_95};

use super::given::Return;
use crate::on_both;
use crate::support::{Browser, World, everybodys};

on_both!(
    the_seed_stands_in_the_ledger_and_anybody_can_draw_again,
    it_is_drawn_once_and_its_plan_stands,
    responses_become_estimates_in_a_release,
    a_changed_sample_is_found_out,
    mistakes_are_explained_and_others_keep_out,
    a_plan_that_does_not_fit_says_why,
);

/// Forty trusts, half of them in either region.
fn trusts(world: &World) -> Vec<OrganisationId> {
    (0..40)
        .map(|n| {
            let region = if n % 2 == 0 { ("Y56", "London") } else { ("Y61", "East of England") };
            world.organisation_in(region, &format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust")
        })
        .collect()
}

async fn planned(by: &mut Browser, size: &str, by_region: &str) {
    let version = by.get("/baselining/2026").await.expect(200).hidden("version");
    let plan = [
        ("version", version.as_str()),
        ("size", size),
        ("minimum", "2"),
        ("take_all_up_to", "0"),
        ("by_region", by_region),
        ("method", "proportional"),
    ];
    by.post("/baselining/2026", &plan).await.expect(303);
}

async fn drawn(world: &World, size: &str, by_region: &str) -> Browser {
    let mut paul = world.person_signed_in("Paul Publisher", Publisher).await;
    planned(&mut paul, size, by_region).await;
    paul.get("/baselining/2026").await.expect(200).shows("Draw the sample");
    paul.post("/baselining/2026/draw", &[]).await.expect(303);
    paul
}

/// Codes and organisations of the members, by stratum.
fn members(world: &World) -> BTreeMap<String, Vec<(String, OrganisationId)>> {
    let rows: Vec<(String, String, OrganisationId)> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(baseline_member::table
                .inner_join(organisation::table.on(organisation::id.eq(baseline_member::organisation_id)))
                .order(organisation::id)
                .select((baseline_member::stratum, organisation::code, organisation::id))
                .load(conn)?)
        })
        .unwrap();
    let mut found: BTreeMap<String, Vec<(String, OrganisationId)>> = BTreeMap::new();
    for (stratum, code, id) in rows {
        found.entry(stratum).or_default().push((code, id));
    }
    found
}

fn events(world: &World) -> Vec<(String, serde_json::Value)> {
    let rows: Vec<(String, String)> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.like("baseline_%"))
                .order(ledger_event::id)
                .select((ledger_event::kind, ledger_event::body))
                .load(conn)?)
        })
        .unwrap();
    rows.into_iter().map(|(kind, body)| (kind, serde_json::from_str(&body).unwrap())).collect()
}

/// The figure of a row and a measure.
fn figure(draft: &Draft, table: &str, row: &str, measure: &str) -> Option<String> {
    let entry = draft.document.measures.iter().find(|entry| entry.name == table);
    let table = &entry.unwrap_or_else(|| panic!("no table {table}")).table;
    let row = table.rows.position(row).unwrap_or_else(|| panic!("no row {row}"));
    let at = table.measures.iter().position(|one| one.key == measure).unwrap();
    table.row(row).get(at).and_then(Figure::value).map(str::to_owned)
}

async fn the_seed_stands_in_the_ledger_and_anybody_can_draw_again(world: World) {
    trusts(&world);
    world.collected("2026", None);
    drawn(&world, "10", "yes").await;
    let told = events(&world);
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["baseline_planned", "baseline_drawn"]);
    let seed = told[0].1["data"]["seed"].as_str().unwrap();
    assert_eq!(seed.len(), 64);
    assert_eq!(
        (told[1].1["data"]["taken"].as_i64(), told[1].1["data"]["population"].as_i64()),
        (Some(10), Some(40))
    );
    // By the documented rule, from nothing but the seed and the list.
    for (region, first) in [("Y56", 0), ("Y61", 1)] {
        let stratum = format!("nhs_trust|{region}");
        let mut ordered: Vec<([u8; 32], String)> = (first..40)
            .step_by(2)
            .map(|n| format!("R{n:03}"))
            .map(|code| (sha256(format!("{seed}:{stratum}:{code}").as_bytes()), code))
            .collect();
        ordered.sort();
        let mut expected: Vec<String> = ordered.into_iter().take(5).map(|(_, code)| code).collect();
        expected.sort();
        let found: Vec<String> = members(&world)[&stratum].iter().map(|(code, _)| code.clone()).collect();
        assert_eq!(found, expected, "{stratum}");
    }
    let (_, differences) = world.db().read_now(everybodys(), publication::verify).unwrap();
    assert_eq!(differences.len(), 0);
}

async fn it_is_drawn_once_and_its_plan_stands(world: World) {
    trusts(&world);
    world.collected("2026", None);
    let mut paul = world.person_signed_in("Paul Publisher", Publisher).await;
    paul.get("/baselining/2026").await.expect(200).shows("Plan the sample");
    paul.post("/baselining/2026/draw", &[]).await.expect(409);
    planned(&mut paul, "10", "no").await;
    // A plan seen before another saved it is refused.
    let stale = [
        ("version", "0"),
        ("size", "12"),
        ("minimum", "2"),
        ("take_all_up_to", "0"),
        ("by_region", "no"),
        ("method", "neyman"),
    ];
    paul.post("/baselining/2026", &stale).await.expect(409);
    paul.get("/baselining/2026").await.expect(200);
    paul.post("/baselining/2026/draw", &[]).await.expect(303);
    paul.get("/baselining/2026")
        .await
        .expect(200)
        .shows("Organisations in the sample")
        .hides("Save the plan");
    paul.post("/baselining/2026/draw", &[]).await.expect(409);
    let again = [("version", "1")].into_iter().chain(stale.into_iter().skip(1)).collect::<Vec<_>>();
    paul.post("/baselining/2026", &again).await.expect(409);
    assert_eq!(members(&world).values().map(Vec::len).sum::<usize>(), 10);
    let list = paul.get("/baselining/2026/organisations").await.expect(200);
    list.shows("10 organisations were drawn").shows("No response yet");
    let csv = paul.get("/baselining/2026/organisations.csv").await.expect(200).text();
    assert_eq!(csv.lines().count(), 11);
    assert!(csv.starts_with("code,organisation,stratum,response,submitted_on"));
    paul.get("/baselining").await.expect(200).shows("Drawn");
}

async fn responses_become_estimates_in_a_release(world: World) {
    trusts(&world);
    let collected = world.collected("2026", None);
    let mut paul = drawn(&world, "20", "yes").await;
    // In London eight of ten respond, six of them well; in the East five of ten, one of them well.
    let mut tallies = Vec::new();
    for (stratum, responses, good) in [("nhs_trust|Y61", 5, 1), ("nhs_trust|Y56", 8, 6)] {
        let mut tally = StratumTally::new(0, 20);
        for (n, (_, id)) in members(&world)[stratum].iter().take(responses).enumerate() {
            let grade = if n < good { "satisfactory" } else { "not_satisfactory" };
            world.submitted(collected, Return { assessed: Some(grade), ..Return::of(*id) });
            tally.respond(Some(i32::from(n < good)));
        }
        tallies.push(tally);
    }
    let draft = world.composed(Source::Collection("2026".to_owned()));
    let response = |row: &str, measure: &str| figure(&draft, "baseline-response", row, measure).unwrap();
    assert_eq!(response("nhs_trust|Y56", "drawn"), "10");
    assert_eq!(response("nhs_trust|Y56", "response_rate"), "80.0");
    assert_eq!(response("nhs_trust|Y56", "weight"), "2.50");
    assert_eq!((response("all", "responded"), response("all", "not_responded")), ("13".into(), "7".into()));
    // (20 * 6 / 8 + 20 * 1 / 5) / 40, and not 7 of 13.
    let meeting = |row: &str, measure: &str| figure(&draft, "baseline-meeting", row, measure);
    assert_eq!(meeting("all", "estimate").as_deref(), Some("47.5"));
    let expected = proportion_95(&tallies, 1).unwrap();
    assert_eq!(meeting("all", "low"), Some(expected.low.to_string()));
    assert_eq!(meeting("all", "high"), Some(expected.high.to_string()));
    assert_eq!(meeting("region:Y61", "estimate").as_deref(), Some("20.0"));
    assert_eq!(meeting("sector:nhs_trust", "population").as_deref(), Some("40"));
    // Points are no public fact: thirteen responses are too few for them.
    assert_eq!(figure(&draft, "baseline-points", "all", "estimate"), None);
    assert_eq!(figure(&draft, "baseline-points", "all", "responses").as_deref(), Some("13"));
    paul.get("/baselining/2026").await.expect(200).shows("47.5").shows("Design effect");
    let key = world.published(Source::Collection("2026".to_owned()));
    let mut public = world.browser();
    public.get(&format!("/public/releases/{key}")).await.expect(200).shows("47.5").shows("Response rate");
    let csv = public.get(&format!("/public/releases/{key}/baseline-meeting.csv")).await.expect(200).text();
    assert!(
        csv.contains("all,All organisations,estimate,Meeting the standard (%),percent,47.5,normal,"),
        "{csv}"
    );
    let json = public.get(&format!("/public/releases/{key}/baseline-points.json")).await.expect(200).text();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["observations"][0]["status"], "confidential");
    public.get("/public/submissions").await.expect(200).shows("Baselining sample: who responded");
}

async fn a_changed_sample_is_found_out(world: World) {
    let ids = trusts(&world);
    world.collected("2026", None);
    drawn(&world, "10", "no").await;
    let said = |world: &World| -> Vec<String> {
        let (_, found) = world.db().read_now(everybodys(), publication::verify).unwrap();
        found.into_iter().map(|one| one.how).collect()
    };
    assert!(said(&world).is_empty());
    let taken: Vec<OrganisationId> = members(&world)["nhs_trust"].iter().map(|(_, id)| *id).collect();
    let other = *ids.iter().find(|id| !taken.contains(id)).unwrap();
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::update(baseline_member::table.filter(baseline_member::organisation_id.eq(taken[0])))
                .set(baseline_member::organisation_id.eq(other))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    assert_eq!(said(&world), ["its members are not the ones that were drawn"]);
    world
        .db()
        .housekeep_now(everybodys(), |tx| {
            diesel::update(baseline_draw::table)
                .set(baseline_draw::seed.eq("chosen so that the right ones are drawn"))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let found = said(&world);
    assert!(
        found.contains(&"its seed draws another sample than the one that is stored".to_owned()),
        "{found:?}"
    );
    assert!(found.contains(&"the ledger has another seed".to_owned()), "{found:?}");
}

async fn mistakes_are_explained_and_others_keep_out(world: World) {
    trusts(&world);
    world.collected("2026", None);
    let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
    mo.get("/baselining/2026").await.expect(200);
    for (size, minimum, method, said) in [
        ("0", "2", "neyman", "Enter a whole number from 1 to 1000000"),
        ("many", "2", "neyman", "Enter a whole number from 1 to 1000000"),
        ("10", "", "neyman", "Enter a whole number from 1 to 1000000"),
        ("10", "2", "by feeling", "Choose how the size is given to the strata"),
    ] {
        let plan = [
            ("version", "0"),
            ("size", size),
            ("minimum", minimum),
            ("take_all_up_to", "0"),
            ("by_region", "no"),
            ("method", method),
        ];
        mo.post("/baselining/2026", &plan).await.expect(422).shows(said).shows("There is a problem");
    }
    mo.get("/baselining/1999").await.expect(404);
    mo.get("/baselining/2026/organisations").await.expect(404);
    let mut ada = world.person_signed_in("Ada Reviewer", CentralReviewer).await;
    for path in ["/baselining", "/baselining/2026", "/baselining/2026/organisations.csv"] {
        ada.get(path).await.expect(403);
    }
    ada.get("/releases").await.expect(200);
    ada.post("/baselining/2026/draw", &[]).await.expect(403);
    assert!(events(&world).is_empty());
}

async fn a_plan_that_does_not_fit_says_why(world: World) {
    trusts(&world);
    world.collected("2026", None);
    let mut paul = world.person_signed_in("Paul Publisher", Publisher).await;
    planned(&mut paul, "41", "no").await;
    paul.get("/baselining/2026").await.expect(200).shows("41 are to be drawn of 40");
    paul.post("/baselining/2026/draw", &[]).await.expect(409);
    planned(&mut paul, "3", "yes").await;
    paul.get("/baselining/2026").await.expect(200).shows("at least 4 are needed");
    planned(&mut paul, "40", "yes").await;
    paul.get("/baselining/2026").await.expect(200).hides("are to be drawn");
    paul.post("/baselining/2026/draw", &[]).await.expect(303);
    assert_eq!(members(&world).values().map(Vec::len).sum::<usize>(), 40);
}
