//! Reminders of questions: on their days in London, once each, whatever is run again, never to those who do not want them.

use std::collections::BTreeMap;

use portal::platform::clock::parse_london;
use portal::review::send_query_reminders;

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::World;
use crate::support::seed::address;

on_both!(
    reminders_come_on_their_days_and_once,
    reminders_can_be_turned_off,
    nobody_is_reminded_of_what_is_answered
);

const URL: &str = "https://portal.example";

async fn reminders_come_on_their_days_and_once(world: World) {
    let scene = a_submission_in_the_queue(world);
    // Over the night in which the clocks go forward.
    scene.world.clock.set(parse_london("2026-03-20 10:00").unwrap());
    let mut ada = scene.claimed().await;
    ask(&mut ada, &scene, "Which <committee>?", 10).await;
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    for day in 0..60 {
        let today = parse_london("2026-03-21 08:00").unwrap().london_day().plus_days(day);
        scene.world.clock.set(today.at_hour(8));
        for _ in 0..3 {
            let now = send_query_reminders(scene.world.db(), URL).unwrap();
            *sent.entry(today.to_string()).or_default() += now;
        }
    }
    sent.retain(|_, number| *number > 0);
    let days: Vec<(&str, usize)> = sent.iter().map(|(day, number)| (day.as_str(), *number)).collect();
    // Due on 30 March: five and two days ahead, on the day, then weekly four times; the reviewer once.
    assert_eq!(
        days,
        [
            ("2026-03-25", 1),
            ("2026-03-28", 1),
            ("2026-03-30", 1),
            ("2026-03-31", 2),
            ("2026-04-07", 1),
            ("2026-04-14", 1),
            ("2026-04-21", 1),
        ]
    );
    let mails = scene.world.queued("review.query_reminder");
    let to_ada: Vec<&String> = mails
        .iter()
        .filter(|(to, ..)| *to == address("Ada Reviewer"))
        .map(|(_, subject, ..)| subject)
        .collect();
    assert_eq!(to_ada, ["Not answered in time: 1 question of yours"]);
    assert!(mails.iter().all(|(.., text, _)| !text.contains("committee")), "mails do not say what was asked");
    assert_eq!(mails[0].1, "Due soon: 1 question of a reviewer");
    assert!(mails[0].2.contains("in 5 days"), "{}", mails[0].2);
    scene.world.settle();
}

async fn reminders_can_be_turned_off(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    ask(&mut ada, &scene, "Why?", 5).await;
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/account/emails").await.expect(200).shows("value=\"queries\" checked");
    lead.post("/account/emails", &[("wanted", "reminders"), ("wanted", "digest"), ("wanted", "plan_lines")])
        .await
        .expect(303);
    assert_eq!(send_query_reminders(scene.world.db(), URL).unwrap(), 0);
    scene.world.settle();
}

async fn nobody_is_reminded_of_what_is_answered(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let first = ask(&mut ada, &scene, "Why?", 5).await;
    ask(&mut ada, &scene, "And how?", 5).await;
    assert_eq!(send_query_reminders(scene.world.db(), URL).unwrap(), 1, "one mail for both");
    let mails = scene.world.queued("review.query_reminder");
    assert_eq!(mails[0].1, "Due soon: 2 questions of a reviewer");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&first).await.expect(200);
    lead.post(&first, &[("reply", "So")]).await.expect(303);
    scene.world.clock.set(parse_london("2026-01-16 09:00").unwrap());
    assert_eq!(send_query_reminders(scene.world.db(), URL).unwrap(), 1);
    let mails = scene.world.queued("review.query_reminder");
    assert_eq!(mails[1].1, "Due soon: 1 question of a reviewer");
    scene.world.settle();
}
