//! PostgreSQL: gone, and holding a lock that somebody else does not let go of.

use diesel::connection::SimpleConnection as _;

use super::{a_lead_at_a_question, question, save, unavailable};
use crate::support::World;

#[test]
fn a_server_that_went_away_is_unavailable_and_recovers() {
    if let Some(world) = World::postgres() {
        world.run(gone);
    }
}

async fn gone(world: World) {
    let (trust, mut lead) = a_lead_at_a_question(&world).await;
    let (mut server, name) = world.server();
    let allow = |yes: bool| format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {yes}");
    server.batch_execute(&allow(false)).unwrap();
    server
        .batch_execute(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .unwrap();
    unavailable(lead.get(&question(&trust)).await);
    unavailable(save(&mut lead, &trust, "0", "to nowhere").await);
    let health = world.browser().get("/health/ready").await;
    assert_eq!(health.status, 503, "{}", health.text());
    server.batch_execute(&allow(true)).unwrap();
    // At once, on every connection, although each of them died.
    lead.get(&question(&trust)).await.expect(200);
    save(&mut lead, &trust, "0", "it is back").await.expect(303);
    lead.get(&question(&trust)).await.expect(200).shows("it is back");
    world.browser().get("/health/ready").await.expect(200);
    world.settle();
}

#[test]
fn a_lock_that_is_not_let_go_of_is_unavailable_and_recovers() {
    if let Some(world) = World::postgres() {
        world.run(locked);
    }
}

async fn locked(world: World) {
    let (trust, mut lead) = a_lead_at_a_question(&world).await;
    let mut other = world.another_connection();
    other.batch_execute("BEGIN; LOCK TABLE answer IN SHARE MODE").unwrap();
    unavailable(save(&mut lead, &trust, "0", "while it is locked").await);
    lead.get(&question(&trust)).await.expect(200).hides("while it is locked");
    other.batch_execute("COMMIT").unwrap();
    save(&mut lead, &trust, "0", "afterwards").await.expect(303);
    lead.get(&question(&trust)).await.expect(200).shows("afterwards");
    world.settle();
}
