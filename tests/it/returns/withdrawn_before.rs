//! The year after a submission was taken back: its words are the newest that the organisation signed, so they are carried
//! forward, and every page says that they come from a return that was withdrawn.

use portal::platform::clock::parse_london;
use serde_json::json;

use crate::on_both;
use crate::support::World;
use crate::support::year::{Trust, levels};

on_both!(what_was_withdrawn_is_carried_and_says_so, what_was_sent_again_stands_and_is_not_called_withdrawn,);

const LAST_YEAR: [&str; 3] = ["2025-01-05 09:00", "2025-06-30 12:00", "2025-07-14 12:00"];

/// A submission of last year, and a reason to withdraw it in the week before the close.
async fn given_a_withdrawal(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.clock.set(parse_london("2025-01-13 10:00").unwrap());
    let edition = world.edition(&levels("sample-2025", 3));
    world.collection("2025", edition, LAST_YEAR);
    world.started(&trust, "2025");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2025", code, &json!({"level": 2, "text": "As signed"}), "Signed comment");
    }
    world.sent(&trust, "2025");
    world.settle();
    // Half an hour after midnight in London, which is the day before in UTC.
    world.clock.set(parse_london("2025-07-08 00:30").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2025", "/withdraw")).await.expect(200);
    lead.post(&trust.at("2025", "/withdraw"), &[("reason", "The wrong figures entirely")]).await.expect(303);
    world.settle();
    trust
}

/// Last year closes, and this year's return is started.
fn given_this_year(world: &World, trust: &Trust) {
    world.clock.set(parse_london("2026-01-13 10:00").unwrap());
    portal::collections::run_due(world.db()).unwrap();
    world.settle();
    world.usual_year(&levels("sample-2026", 3));
    world.started(trust, "2026");
}

async fn what_was_withdrawn_is_carried_and_says_so(world: World) {
    let trust = given_a_withdrawal(&world).await;
    // Changed after the withdrawal and signed by nobody: it is not what the organisation said.
    world.answered(&trust, "2025", "1-2", &json!({"level": 0, "text": "A thought"}), "Unsigned comment");
    given_this_year(&world, &trust);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-2"))
        .await
        .expect(200)
        .shows("This is last year's answer.")
        .shows("Signed comment")
        .shows("from a return that was withdrawn on 8 July 2025")
        .hides("Unsigned comment");
    lead.get(&trust.at("2026", "/changes"))
        .await
        .expect(200)
        .shows("from a return that was withdrawn on 8 July 2025");
    // Nothing stood, so there is no result of last year to be held against.
    lead.get(&trust.at("2026", "/standing")).await.expect(200).hides("In 2025 the answers gave");
    world.settle();
}

async fn what_was_sent_again_stands_and_is_not_called_withdrawn(world: World) {
    let trust = given_a_withdrawal(&world).await;
    world.answered(&trust, "2025", "1-2", &json!({"level": 3, "text": "Mended"}), "Mended comment");
    world.sent(&trust, "2025");
    given_this_year(&world, &trust);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-2"))
        .await
        .expect(200)
        .shows("Mended comment")
        .shows("submitted 8 July 2025")
        .hides("that was withdrawn");
    lead.get(&trust.at("2026", "/changes")).await.expect(200).hides("that was withdrawn");
    lead.get(&trust.at("2026", "/standing"))
        .await
        .expect(200)
        .shows("In 2025 the answers gave: Satisfactory.");
    world.settle();
}
