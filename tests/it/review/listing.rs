//! The queue: what is filtered, sorted, counted and cut into pages; and the job that fills it.

use diesel::prelude::*;
use portal::access::CentralRole::CentralReviewer;
use portal::platform::clock::Timestamp;
use portal::platform::ids::{CollectionId, OrganisationId, SubmissionId};
use portal::platform::jobs;
use portal::schema::{collection, organisation, review};

use crate::on_both;
use crate::review::a_submission_in_the_queue;
use crate::support::year::levels;
use crate::support::{Bare, World, everybodys};

on_both!(the_queue_is_filtered_sorted_and_counted, a_long_queue_has_pages, queueing_again_changes_nothing,);

async fn the_queue_is_filtered_sorted_and_counted(world: World) {
    let scene = a_submission_in_the_queue(world);
    let other = scene.world.trust("AA002");
    scene.world.clock.advance_seconds(3 * 86_400);
    scene.world.submitted_levels(&other, "2026");
    scene.world.settle();
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let order = |page: &str| (page.find(">ZZ001 ").unwrap(), page.find(">AA002 ").unwrap());
    let page = ada.get("/reviews").await.expect(200).shows("2 reviews").shows("10 February 2026").text();
    let (first, second) = order(&page);
    assert!(first < second, "what is due first comes first");
    let page = ada.get("/reviews?sort=organisation").await.expect(200).text();
    let (second, first) = order(&page);
    assert!(first < second, "by name");
    ada.post(&scene.at("/claim"), &[]).await.expect(303);
    for (query, zz, aa) in [
        ("state=claimed", true, false),
        ("state=queued", false, true),
        ("state=decided", false, false),
        ("whose=mine", true, false),
        ("whose=unclaimed", false, true),
        ("sector=nhs_trust", true, true),
        ("sector=gp", false, false),
        ("region=Y56", true, true),
        ("region=Y61", false, false),
        ("grade=satisfactory", true, true),
        ("grade=not_satisfactory", false, false),
        ("collection=2026", true, true),
        ("collection=all&state=all", true, true),
        ("state=nonsense&sort=nonsense&page=nonsense", true, true),
        ("page=7", false, false),
    ] {
        let page = ada.get(&format!("/reviews?{query}")).await.expect(200).text();
        assert_eq!((page.contains(">ZZ001 "), page.contains(">AA002 ")), (zz, aa), "{query}");
    }
    ada.get("/reviews?state=queued")
        .await
        .expect(200)
        .shows("1 review")
        .shows("In review</a>: 1")
        .shows("Queued</a>: 1");
    scene.world.clock.advance_seconds(60 * 86_400);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews").await.expect(200).shows("(overdue)");
}

/// Reviews without the way to them, because only the list is looked at.
pub(super) fn many_reviews(world: &World, count: i64) {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let year: CollectionId = collection::table.select(collection::id).first(tx.conn())?;
            for number in 0..count {
                let code = format!("Q{number:04}");
                let due = Timestamp::from_micros(1_780_000_000_000_000).plus_seconds(number);
                let whose: OrganisationId = diesel::insert_into(organisation::table)
                    .values((
                        organisation::code.eq(&code),
                        organisation::name.eq(format!("Practice {code}")),
                        organisation::search_name.eq(format!("practice {code}")),
                        organisation::sector.eq("gp"),
                        organisation::source.eq("test"),
                        organisation::created_at.eq(due),
                        organisation::updated_at.eq(due),
                    ))
                    .returning(organisation::id)
                    .get_result(tx.conn())?;
                let (of, sent) = Bare::of(whose, year, due).write(tx)?;
                diesel::insert_into(review::table)
                    .values((
                        review::submission_id.eq(sent),
                        review::return_id.eq(of),
                        review::organisation_id.eq(whose),
                        review::collection_id.eq(year),
                        review::state.eq("queued"),
                        review::claimed_grade.eq("satisfactory"),
                        review::queued_at.eq(due),
                        review::due_at.eq(due),
                    ))
                    .execute(tx.conn())?;
            }
            Ok(())
        })
        .unwrap();
}

async fn a_long_queue_has_pages(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    many_reviews(&world, 205);
    let mut ada = world.signed_in("Ada Reviewer").await;
    let rows = |page: &str| page.matches("Practice Q").count();
    let first = ada.get("/reviews?sector=gp").await.expect(200).shows("205 reviews").text();
    assert_eq!(rows(&first), 100);
    assert!(first.contains("sector=gp&amp;page=2") && !first.contains("Practice Q0100"));
    let second = ada.get("/reviews?sector=gp&page=2").await.expect(200).text();
    assert!(second.contains("Practice Q0100") && second.contains("Practice Q0199"));
    let last = ada.get("/reviews?sector=gp&page=3").await.expect(200).text();
    assert_eq!(rows(&last), 5);
}

async fn queueing_again_changes_nothing(world: World) {
    let scene = a_submission_in_the_queue(world);
    let count = |world: &World| -> i64 {
        world.db().read_now(everybodys(), |conn| Ok(review::table.count().get_result(conn)?)).unwrap()
    };
    let sent: SubmissionId = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(review::table.select(review::submission_id).first(conn)?))
        .unwrap();
    scene
        .world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let now = tx.now();
            jobs::enqueue(tx, "review.queue", &sent.to_string(), now, None)?;
            jobs::enqueue(tx, "review.queue", "999", now, None)?;
            jobs::enqueue(tx, "review.queue", "nonsense", now, None)
        })
        .unwrap();
    scene.world.settle();
    assert_eq!(count(&scene.world), 1);
    assert_eq!(scene.states(), ("queued".into(), "submitted".into()));
}
