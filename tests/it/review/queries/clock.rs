//! The reviewer's clock stands still while the organisation is asked, over nights, weekends and clock changes.

use portal::platform::clock::parse_london;

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, ask};
use crate::support::World;

on_both!(
    what_is_due_moves_on_by_the_office_time_that_passed,
    several_questions_stop_the_clock_once,
    the_clock_runs_again_without_an_answer_too,
);

/// Moves the clock to a London time, after which everybody signs in again.
fn at(scene: &Scene, time: &str) {
    scene.world.clock.set(parse_london(time).unwrap());
}

async fn what_is_due_moves_on_by_the_office_time_that_passed(world: World) {
    let scene = a_submission_in_the_queue(world);
    assert_eq!(scene.clock(), (parse_london("2026-02-10 17:00").unwrap(), None));
    // Over the weekend in which the clocks go forward: Friday at four until Monday at half past ten.
    at(&scene, "2026-03-27 16:00");
    let mut ada = scene.claimed().await;
    let query = ask(&mut ada, &scene, "Why?", 10).await;
    assert_eq!(scene.clock().1, Some(parse_london("2026-03-27 16:00").unwrap()));
    ada.get(&scene.at("")).await.expect(200).shows("Clock stopped since 27 March 2026 at 4pm");
    at(&scene, "2026-03-30 10:30");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&query).await.expect(200);
    lead.post(&query, &[("reply", "So")]).await.expect(303);
    // Two and a half hours of the office: 10 February at five, and on to half past eleven the next day.
    assert_eq!(scene.clock(), (parse_london("2026-02-11 11:30").unwrap(), None));
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("")).await.expect(200).hides("Clock stopped").shows("11 February 2026 at 11:30am");
    scene.world.settle();
}

async fn several_questions_stop_the_clock_once(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    at(&scene, "2026-01-13 10:30");
    let first = ask(&mut ada, &scene, "Why?", 10).await;
    at(&scene, "2026-01-13 11:15");
    let second = ask(&mut ada, &scene, "And how?", 10).await;
    assert_eq!(scene.clock().1, Some(parse_london("2026-01-13 10:30").unwrap()));
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&second).await.expect(200);
    at(&scene, "2026-01-13 11:45");
    lead.post(&second, &[("reply", "So")]).await.expect(303);
    assert_eq!(scene.states().0, "query", "the first still waits");
    assert!(scene.clock().1.is_some());
    at(&scene, "2026-01-13 12:30");
    lead.post(&first, &[("reply", "So")]).await.expect(303);
    // From half past ten to half past twelve: two hours.
    assert_eq!(scene.clock(), (parse_london("2026-02-11 11:00").unwrap(), None));
    scene.world.settle();
}

async fn the_clock_runs_again_without_an_answer_too(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    ask(&mut ada, &scene, "Why?", 2).await;
    // Tuesday at ten to Friday at ten: three office days.
    at(&scene, "2026-01-16 10:00");
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("")).await.expect(200);
    ada.post(&scene.at("/go-on"), &[]).await.expect(303);
    assert_eq!(scene.clock(), (parse_london("2026-02-13 17:00").unwrap(), None));
    scene.world.settle();
}
