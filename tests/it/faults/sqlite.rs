//! The embedded database: locked by another program, full, moved away.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use super::{a_lead_at_a_question, question, save, unavailable};
use crate::support::{World, everybodys};

#[test]
fn a_locked_database_is_unavailable_and_recovers() {
    World::sqlite().run(locked);
}

#[expect(clippy::disallowed_methods, reason = "another program's own connection")]
async fn locked(world: World) {
    let (trust, mut lead) = a_lead_at_a_question(&world).await;
    let path = world.folder().join("portal.sqlite");
    let mut other = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    unavailable(save(&mut lead, &trust, "0", "while it is locked").await);
    lead.get(&question(&trust)).await.expect(200).hides("while it is locked");
    other.batch_execute("COMMIT").unwrap();
    save(&mut lead, &trust, "0", "afterwards").await.expect(303);
    lead.get(&question(&trust)).await.expect(200).shows("afterwards");
    world.settle();
}

#[test]
fn a_full_disk_is_unavailable_and_recovers() {
    World::sqlite().run(full);
}

async fn full(world: World) {
    let (trust, mut lead) = a_lead_at_a_question(&world).await;
    // The writer's own limit stands for the disk's: SQLite refuses in the same words.
    let limit = |pages: &str| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        world.db().housekeep_now(everybodys(), move |tx| Ok(tx.conn().batch_execute(&sql)?)).unwrap();
    };
    limit("1");
    let (mut version, mut saved) = (0, String::new());
    let refused = loop {
        let comment = format!("{version} {}", "word ".repeat(700));
        let answer = save(&mut lead, &trust, &version.to_string(), &comment).await;
        if answer.status != 303 {
            break answer;
        }
        (version, saved) = (version + 1, format!("{version} word"));
        assert!(version < 200, "the database never gets full");
    };
    unavailable(refused);
    if !saved.is_empty() {
        lead.get(&question(&trust)).await.expect(200).shows(&saved);
    }
    limit("1000000");
    save(&mut lead, &trust, &version.to_string(), "there is room again").await.expect(303);
    lead.get(&question(&trust)).await.expect(200).shows("there is room again");
    world.settle();
}

#[test]
fn a_database_that_is_gone_is_unavailable_and_nothing_is_saved_beside_it() {
    World::sqlite().run(gone);
}

async fn gone(world: World) {
    let (trust, mut lead) = a_lead_at_a_question(&world).await;
    save(&mut lead, &trust, "0", "before").await.expect(303);
    let (path, aside) = (world.folder().join("portal.sqlite"), world.folder().join("aside.sqlite"));
    std::fs::rename(&path, &aside).unwrap();
    unavailable(save(&mut lead, &trust, "1", "to nowhere").await);
    unavailable(save(&mut lead, &trust, "1", "to nowhere, again").await);
    let health = world.browser().get("/health/ready").await;
    assert_eq!(health.status, 503, "{}", health.text());
    assert!(!path.exists(), "an empty database was made in its place");
    std::fs::rename(&aside, &path).unwrap();
    save(&mut lead, &trust, "1", "it is back").await.expect(303);
    lead.get(&question(&trust)).await.expect(200).shows("it is back");
    world.browser().get("/health/ready").await.expect(200);
    world.settle();
}
