//! Pages from which something is left out are as long as others and say how many there are: the queue, what is given by hand,
//! and the questions, for somebody who has an interest in some of the organisations.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::platform::ids::{OrganisationId, PersonId};
use portal::schema::{declared_interest, organisation};

use super::listing::many_reviews;
use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::year::levels;
use crate::support::{World, everybodys};

on_both!(
    pages_of_the_queue_are_full_without_what_is_left_out,
    what_is_offered_by_hand_is_full_without_what_is_left_out,
    questions_are_counted_without_what_is_left_out,
);

impl World {
    /// An interest of somebody in the organisations of these codes.
    fn interested(&self, who: PersonId, codes: &[&str]) {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                let now = tx.now();
                for code in codes {
                    let id: OrganisationId = organisation::table
                        .filter(organisation::code.eq(code))
                        .select(organisation::id)
                        .first(tx.conn())?;
                    diesel::insert_into(declared_interest::table)
                        .values((
                            declared_interest::person_id.eq(who),
                            declared_interest::organisation_id.eq(id),
                            declared_interest::reason.eq("A relative works there"),
                            declared_interest::declared_at.eq(now),
                        ))
                        .execute(tx.conn())?;
                }
                Ok(())
            })
            .unwrap();
    }
}

async fn pages_of_the_queue_are_full_without_what_is_left_out(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    let ada = world.person("Ada Reviewer", &[], &[CentralReviewer]);
    many_reviews(&world, 205);
    world.interested(ada, &["Q0003", "Q0007", "Q0150"]);
    let mut ada = world.signed_in("Ada Reviewer").await;
    let rows = |page: &str| page.matches("Practice Q").count();
    let first = ada.get("/reviews?sector=gp").await.expect(200).shows("202 reviews").text();
    assert_eq!(rows(&first), 100);
    assert!(!first.contains("Practice Q0003") && first.contains("Practice Q0101"), "{first}");
    let second = ada.get("/reviews?sector=gp&page=2").await.expect(200).text();
    assert_eq!(rows(&second), 100);
    let last = ada.get("/reviews?sector=gp&page=3").await.expect(200).text();
    assert_eq!(rows(&last), 2);
    let file = ada.get("/reviews/queue.csv?sector=gp").await.expect(200).text();
    assert_eq!(file.lines().count(), 203);
    assert!(!file.contains("Q0150"));
}

async fn what_is_offered_by_hand_is_full_without_what_is_left_out(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    let max = world.person("Max Manager", &[], &[ProgrammeManager]);
    many_reviews(&world, 105);
    world.interested(max, &["Q0003", "Q0007"]);
    let mut max = world.signed_in("Max Manager").await;
    let page = max.get("/reviews/allocation/queue").await.expect(200).text();
    assert_eq!(page.matches("Practice Q").count(), 100);
    assert!(!page.contains("Practice Q0003") && page.contains("Practice Q0101"));
}

async fn questions_are_counted_without_what_is_left_out(world: World) {
    let scene = a_submission_in_the_queue(world);
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut ada = scene.claimed().await;
    ask(&mut ada, &scene, "Why?", 20).await;
    scene.world.settle();
    let mut colleague = scene.world.signed_in("Cy Reviewer").await;
    colleague.get("/reviews/queries?whose=all").await.expect(200).shows("1 question").shows("ZZ001");
    scene.world.interested(cy, &["ZZ001"]);
    colleague
        .get("/reviews/queries?whose=all")
        .await
        .expect(200)
        .hides("1 question")
        .hides("ZZ001")
        .shows("No question is like this");
    colleague.get("/reviews/queries.csv?whose=all").await.expect(200).hides("ZZ001");
}
