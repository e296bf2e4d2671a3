//! The answer matrix held against plain counts of what the database holds, before and after every kind of change.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, Publisher};
use portal::platform::ids::{CollectionId, OrganisationId};
use portal::publication::Source;
use portal::schema::{annual_return, organisation, review, submission};
use portal::statistics::Figure;

use super::given::Return;
use crate::on_both;
use crate::support::{Browser, World, everybodys};

on_both!(
    every_change_is_in_the_next_count,
    a_collection_without_answers_is_said_to_have_none,
    only_statisticians_see_counts_before_disclosure_control,
    requirements_are_analysed_in_a_release,
);

fn trust(world: &World, n: u8) -> OrganisationId {
    let region = if n.is_multiple_of(2) { ("Y56", "London") } else { ("Y61", "East of England") };
    world.organisation_in(region, &format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust")
}

/// Counts of the file: group, requirement, level, count.
async fn counted(by: &mut Browser, breakdown: &str) -> Vec<(String, String, String, u64)> {
    let csv = by.get(&format!("/breakdown/2026/answers.csv?by={breakdown}")).await.expect(200).text();
    let mut found: Vec<(String, String, String, u64)> = csv::Reader::from_reader(csv.as_bytes())
        .records()
        .map(|row| {
            let row = row.unwrap();
            (row[0].to_owned(), row[2].to_owned(), row[3].to_owned(), row[5].parse().unwrap())
        })
        .collect();
    found.sort();
    found
}

/// The same from the rows themselves.
fn recounted(world: &World, id: CollectionId, by_region: bool) -> Vec<(String, String, String, u64)> {
    type Row = (String, Option<String>, Vec<u8>, Option<Vec<u8>>);
    let rows: Vec<Row> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(annual_return::table
                .inner_join(submission::table.on(annual_return::submission_id.eq(submission::id.nullable())))
                .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
                .left_join(review::table.on(review::submission_id.eq(submission::id)))
                .filter(annual_return::collection_id.eq(id))
                .select((
                    organisation::sector,
                    organisation::region_code,
                    submission::levels,
                    review::assessed_levels.nullable(),
                ))
                .load(conn)?)
        })
        .unwrap();
    let edition = super::given::levels_edition();
    let mut found = std::collections::BTreeMap::new();
    for (sector, region, claimed, assessed) in rows {
        let group = if by_region { region.unwrap() } else { sector };
        for (requirement, level) in edition.requirements().iter().zip(assessed.unwrap_or(claimed)) {
            let key = (group.clone(), requirement.code.as_str().to_owned(), format!("level_{level}"));
            *found.entry(key).or_insert(0_u64) += 1;
        }
    }
    found.into_iter().map(|((group, code, level), count)| (group, code, level, count)).collect()
}

async fn every_change_is_in_the_next_count(world: World) {
    let trusts: Vec<OrganisationId> = (0..12).map(|n| trust(&world, n)).collect();
    let collected = world.collected("2026", None);
    let mut paul = world.person_signed_in("Paul Publisher", Publisher).await;
    for (n, id) in trusts.iter().take(6).enumerate() {
        world.submitted(collected, Return { level: n as u8 % 4, ..Return::of(*id) });
    }
    let both = |world: &World| (recounted(world, collected, false), recounted(world, collected, true));
    let (sectors, regions) = both(&world);
    assert!(!sectors.is_empty());
    assert_eq!(counted(&mut paul, "sector").await, sectors);
    assert_eq!(counted(&mut paul, "region").await, regions);
    // Others submit, and a review finds another level.
    for id in &trusts[6..9] {
        world.submitted(collected, Return { assessed: Some("satisfactory"), level: 3, ..Return::of(*id) });
    }
    assert_eq!(counted(&mut paul, "region").await, recounted(&world, collected, true));
    let reviewed = trusts[6];
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let width = super::given::levels_edition().requirements().len();
            diesel::update(review::table.filter(review::organisation_id.eq(reviewed)))
                .set(review::assessed_levels.eq(Some(vec![1_u8; width])))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let (sectors, regions) = both(&world);
    assert_eq!(counted(&mut paul, "sector").await, sectors);
    assert_eq!(counted(&mut paul, "region").await, regions);
    // An organisation moves, and a submission is taken back.
    let (moved, back) = (trusts[0], trusts[1]);
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::update(organisation::table.filter(organisation::id.eq(moved)))
                .set(organisation::region_code.eq("Y61"))
                .execute(tx.conn())?;
            diesel::update(annual_return::table.filter(annual_return::organisation_id.eq(back)))
                .set((annual_return::submission_id.eq(None::<i64>), annual_return::state.eq("draft")))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let (sectors, regions) = both(&world);
    assert_eq!(counted(&mut paul, "sector").await, sectors);
    assert_eq!(counted(&mut paul, "region").await, regions);
    let page = paul.get("/breakdown?collection=2026&by=sector-region").await.expect(200);
    page.shows("8 submissions count").shows("East of England");
}

async fn a_collection_without_answers_is_said_to_have_none(world: World) {
    let mut paul = world.person_signed_in("Paul Publisher", Publisher).await;
    paul.get("/breakdown").await.expect(200).shows("0 submissions count");
    world.collected("2026", None);
    paul.get("/breakdown").await.expect(200).shows("0 submissions count").shows("Returns 2026");
    assert!(counted(&mut paul, "all").await.is_empty());
    paul.get("/breakdown?collection=1999").await.expect(404);
    paul.get("/breakdown/2026/answers.csv?by=phase-of-the-moon").await.expect(404);
}

async fn only_statisticians_see_counts_before_disclosure_control(world: World) {
    world.collected("2026", None);
    let mut ada = world.person_signed_in("Ada Reviewer", CentralReviewer).await;
    ada.get("/breakdown").await.expect(403);
    ada.get("/breakdown/2026/answers.csv").await.expect(403);
    world.browser().get("/breakdown").await.expect(303);
}

async fn requirements_are_analysed_in_a_release(world: World) {
    let collected = world.collected("2026", None);
    for n in 0..99 {
        world.submitted(collected, Return { level: n % 4, ..Return::of(trust(&world, n)) });
    }
    let figures = |draft: portal::publication::Draft| -> Vec<Option<String>> {
        let entry = draft.document.measures.into_iter().find(|entry| entry.name == "requirements-analysed");
        entry.unwrap().table.row(0).iter().map(|figure| figure.value().map(str::to_owned)).collect()
    };
    let source = || Source::Collection("2026".to_owned());
    let few = figures(world.composed(source()));
    assert_eq!(few.iter().filter(|figure| figure.is_some()).count(), 1, "only how many answered: {few:?}");
    world.submitted(collected, Return { level: 3, ..Return::of(trust(&world, 99)) });
    let found = figures(world.composed(source()));
    // Everybody has the same level on everything: 25 of each level, and a requirement goes wholly with the others.
    let found: Vec<&str> = found.iter().map(|figure| figure.as_deref().unwrap()).collect();
    assert_eq!(found, ["50.0", "25.0", "25.0", "1.00", "100", "No"]);
    let draft = world.composed(source());
    let points = draft.document.measures.iter().find(|entry| entry.name == "points-by-sector").unwrap();
    let row = points.table.row(points.table.rows.position("nhs_trust").unwrap());
    assert_eq!(row.iter().filter_map(Figure::value).collect::<Vec<_>>().last(), Some(&"100"));
}
