//! The page "Where do we stand": from a return without answers to one after the deadline, with and without a last year,
//! and for nobody who sees only a part.

use portal::access::OrganisationRole::{CaldicottGuardian, Contributor};
use portal::platform::clock::parse_london;
use serde_json::json;

use crate::on_both;
use crate::support::World;
use crate::support::year::levels;

on_both!(
    the_page_follows_the_return,
    last_year_stands_beside_this_one,
    a_return_opened_after_the_deadline_has_no_pace,
    only_who_sees_the_whole_return_sees_where_it_stands,
);

fn at(world: &World, time: &str) {
    world.clock.set(parse_london(time).unwrap());
}

async fn the_page_follows_the_return(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let page = trust.at("2026", "/standing");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows(&format!("href=\"{page}\""));
    lead.get(&page)
        .await
        .expect(200)
        .shows("0 of 3 requirements that count are completed; 3 still block.")
        .shows("0 of 3 answers are confirmed.")
        .shows("role=\"img\"")
        .shows("There is no submission of last year to compare with.")
        .shows("have not been computed yet")
        .shows("None has been made for this return yet.");
    // The days on which the clocks change: an answer late in the evening before, one on the day.
    at(&world, "2026-03-28 23:59");
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "");
    at(&world, "2026-03-29 23:30");
    world.answered(&trust, "2026", "1-2", &json!({"level": 1}), "");
    at(&world, "2026-03-30 00:05");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&page)
        .await
        .expect(200)
        .shows("2 of 3 answers are confirmed.")
        .shows("28 March 2026")
        .shows("29 March 2026")
        .shows("1 is left, and 93 days are left until the deadline of 30 June 2026")
        .shows("In the last 14 days 2 were added, which is 1 a week.");
    world.settle();
}

async fn last_year_stands_beside_this_one(world: World) {
    let trust = world.trust("ZZ001");
    let edition = world.edition(&levels("sample-2026", 3));
    world.collection("2026", edition, ["2026-01-05 09:00", "2026-01-30 12:00", "2026-02-01 12:00"]);
    world.submitted_levels(&trust, "2026");
    world.settle();
    at(&world, "2026-02-02 09:00");
    world.settle();
    let next = world.edition(&levels("sample-2027", 3));
    world.collection("2027", next, ["2026-02-02 08:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.settle();
    world.started(&trust, "2027");
    let page = trust.at("2027", "/standing");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&page)
        .await
        .expect(200)
        .shows("In 2026 the answers gave: Satisfactory.")
        .shows("3 not yet answered");
    for (code, level) in [("1-1", 3), ("1-2", 2), ("1-3", 0)] {
        world.answered(&trust, "2027", code, &json!({"level": level}), "");
    }
    lead.get(&page)
        .await
        .expect(200)
        .shows("1 better, 1 the same, 1 worse")
        .shows("3 of 3")
        .shows("2 of 3")
        .shows("1-3 Title 3")
        .shows("Level 0");
    world.settle();
}

async fn a_return_opened_after_the_deadline_has_no_pace(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    at(&world, "2026-07-02 09:00");
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/standing"))
        .await
        .expect(200)
        .shows("The deadline of 30 June 2026 has passed; 3 are left.")
        .hides("class=\"chart-line chart-l1\"");
    world.settle();
}

async fn only_who_sees_the_whole_return_sees_where_it_stands(world: World) {
    let trust = world.trust("ZZ001");
    world.trust("ZZ002");
    world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    let page = trust.at("2026", "/standing");
    let mut cal = world.signed_in("Cal Guardian").await;
    cal.get(&page).await.expect(404);
    world.started(&trust, "2026");
    cal.get(&page).await.expect(200).shows("Make a board paper");
    let mut part = world.signed_in("Con Tributor").await;
    part.get(&trust.at("2026", "")).await.expect(200).hides("/standing");
    part.get(&page).await.expect(403);
    part.post(&format!("{page}/board-papers"), &[]).await.expect(403);
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&page).await.expect(404);
    world.settle();
}
