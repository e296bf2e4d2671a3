//! The ledger: recorded with the change, sequenced into a tree, verified, and not to be altered unnoticed.

use diesel::connection::SimpleConnection as _;
use portal::access::CentralRole;
use portal::ledger;

use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    what_is_recorded_is_sequenced_and_verifies,
    an_altered_event_is_found,
    a_removed_event_is_found,
    a_clock_that_runs_backwards_stops_the_sequencer,
    a_lost_head_is_not_taken_for_an_empty_ledger,
);

fn differences(world: &World) -> Vec<String> {
    let key = world.parts.key.clone();
    let (_, found) = world.db().read_now(everybodys(), |conn| ledger::verify(conn, &key)).unwrap();
    found.into_iter().map(|d| format!("{}: {}", d.what, d.how)).collect()
}

fn tamper(world: &World, sql: &'static str) {
    world.db().housekeep_now(everybodys(), move |tx| Ok(tx.conn().batch_execute(sql)?)).unwrap();
}

async fn what_is_recorded_is_sequenced_and_verifies(world: World) {
    for n in 0..7 {
        world.person(&format!("Person {n}"), &[], &[CentralRole::Publisher]);
        world.settle();
    }
    let head = world.db().read_now(everybodys(), ledger::head).unwrap().unwrap();
    assert_eq!(head.size, 14);
    assert_eq!(differences(&world), Vec::<String>::new());
    let mut browser = world.browser();
    browser.get("/ledger").await.expect(200).shows("14 events").hides("Person 1");
}

async fn an_altered_event_is_found(world: World) {
    world.person("Ada", &[], &[]);
    world.person("Bea", &[], &[]);
    world.settle();
    tamper(&world, "UPDATE ledger_event SET body = replace(body, 'active', 'invited') WHERE leaf_index = 1");
    let found = differences(&world);
    assert!(found[0].starts_with("ledger event 2: its body hashes to"), "{found:?}");
    assert!(found.iter().any(|d| d.starts_with("ledger head")), "{found:?}");
}

async fn a_removed_event_is_found(world: World) {
    for name in ["Ada", "Bea", "Cyd"] {
        world.person(name, &[], &[]);
    }
    world.settle();
    tamper(&world, "DELETE FROM ledger_event WHERE leaf_index = 1");
    let found = differences(&world);
    assert!(found[0].starts_with("ledger position 1: is missing"), "{found:?}");
}

async fn a_clock_that_runs_backwards_stops_the_sequencer(world: World) {
    world.person("Ada", &[], &[]);
    world.settle();
    world.clock.advance_seconds(-60);
    world.person("Bea", &[], &[]);
    let refused = ledger::sequence_once(world.db(), &world.parts.key).unwrap_err();
    assert!(refused.to_string().contains("clock ran backwards"), "{refused}");
}

async fn a_lost_head_is_not_taken_for_an_empty_ledger(world: World) {
    world.person("Ada", &[], &[]);
    world.settle();
    tamper(&world, "DELETE FROM ledger_head");
    assert!(world.db().read_now(everybodys(), ledger::head).is_err());
}
