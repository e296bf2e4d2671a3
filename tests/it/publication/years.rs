//! Answers of every year in one file: each year's lines are those of its own file, with the year in front.

use diesel::prelude::*;
use portal::access::CentralRole::Publisher;
use portal::platform::clock::parse_london;
use portal::platform::ids::{CollectionId, EditionId};
use portal::schema::{collection, collection_scope};

use super::given::Return;
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(answers_of_every_year_stand_in_one_file);

/// Another year of the same standard, closed before the first.
pub(super) fn year_before(world: &World, key: &'static str) -> CollectionId {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let at = |text: &str| parse_london(text).unwrap();
            let now = tx.now();
            let edition: EditionId = collection::table.select(collection::edition_id).first(tx.conn())?;
            let id: CollectionId = diesel::insert_into(collection::table)
                .values((
                    collection::edition_id.eq(edition),
                    collection::key.eq(key),
                    collection::name.eq(format!("Returns {key}")),
                    collection::year_label.eq(key),
                    collection::state.eq("closed"),
                    collection::opens_at.eq(at("2024-09-01 00:00")),
                    collection::deadline_at.eq(at("2025-01-01 00:00")),
                    collection::closes_at.eq(at("2025-01-10 00:00")),
                    collection::created_at.eq(now),
                ))
                .returning(collection::id)
                .get_result(tx.conn())?;
            diesel::insert_into(collection_scope::table)
                .values((
                    collection_scope::collection_id.eq(id),
                    collection_scope::sector.eq("nhs_trust"),
                    collection_scope::profile.eq("acute"),
                ))
                .execute(tx.conn())?;
            Ok(id)
        })
        .unwrap()
}

async fn answers_of_every_year_stand_in_one_file(world: World) {
    let now = world.collected("2026", None);
    let before = year_before(&world, "2025");
    for n in 0..8_u8 {
        let region = if n % 2 == 0 { ("Y56", "London") } else { ("Y61", "East of England") };
        let id = world.organisation_in(region, &format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust");
        world.submitted(now, Return { level: n % 4, ..Return::of(id) });
        if n < 5 {
            let at = parse_london("2025-01-05 12:00").unwrap();
            world.submitted(before, Return { level: 1, at, ..Return::of(id) });
        }
    }
    let mut paul = world.person_signed_in("Paul Publisher", Publisher).await;
    for by in ["all", "sector", "region", "sector-region"] {
        let whole = paul.get(&format!("/breakdown/every-year/answers.csv?by={by}")).await.expect(200).text();
        let mut lines = whole.lines();
        let head = "year,group_code,group,requirement_code,level_code,level,count";
        assert_eq!(lines.next(), Some(head));
        let mut expected = Vec::new();
        for year in ["2026", "2025"] {
            let one = paul.get(&format!("/breakdown/{year}/answers.csv?by={by}")).await.expect(200).text();
            assert!(one.lines().count() > 1, "{year} has no answers");
            expected.extend(one.lines().skip(1).map(|line| format!("{year},{line}")));
        }
        assert_eq!(lines.collect::<Vec<_>>(), expected, "by {by}");
    }
    paul.get("/breakdown?collection=2026")
        .await
        .expect(200)
        .shows("/breakdown/every-year/answers.csv?by=sector");
    world.browser().get("/breakdown/every-year/answers.csv").await.expect(303);
}
