//! Publishing that is cut off: a process killed between tables and pages or anywhere in the command, and a disk that is full.
//! Readers see the state before or the state after, the ledger agrees with it, and what was not done is done later.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use portal::access::{Actor, Permit, PublishBySystem, Subject};
use portal::publication::{self, Source};
use portal::schema::{release, release_organisation};

use super::given::Return;
use super::pipeline::{KEY, scheduled};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    a_process_killed_between_tables_and_pages_publishes_once,
    a_command_killed_anywhere_leaves_all_or_nothing,
    a_full_disk_publishes_nothing_and_later_everything,
);

const SNAPSHOT: &str = "register@2022-09-09";
/// Organisations of the register.
const MANY: usize = 60;
/// How long a server may take until its calendar has been looked at.
const WITHIN: Duration = Duration::from_secs(60);

async fn a_process_killed_between_tables_and_pages_publishes_once(world: World) {
    // By the real clock the announced time has passed, so the first look at the calendar publishes.
    drop(scheduled(&world).await);
    let mut served = world.serve();
    let begun = Instant::now();
    // The interface for programs asks the database, and pages follow after it: this is the moment between the two.
    while !served.get("/api/v1/releases").is_some_and(|(status, body)| status == 200 && body.contains(KEY)) {
        assert!(begun.elapsed() < WITHIN, "nothing was published:\n{}", served.said());
        std::thread::sleep(Duration::from_millis(2));
    }
    served.kill_9();
    served.restart();
    for address in [
        format!("/public/releases/{KEY}"),
        format!("/public/releases/{KEY}/grade-by-sector.csv"),
        "/".to_owned(),
    ] {
        let (status, body) = served.get(&address).expect("an answer");
        assert_eq!(status, 200, "{address}\n{body}");
    }
    served.stop();
    let world = served.world();
    world.settle();
    let (_, differences) = world.db().read_now(everybodys(), publication::verify).unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    assert_eq!(world.events_of("release.published"), 1);
    assert_eq!(world.standing_of(KEY).0, "published");
}

fn publishing(world: &World) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    command.args(["publish", "--register", SNAPSHOT]).env_clear().envs(world.environment());
    command
}

/// Every release is whole, and the ledger tells of exactly those that there are; their states.
fn whole(world: &World) -> Vec<String> {
    let (states, lines): (Vec<String>, i64) = world
        .db()
        .read_now(everybodys(), |conn| {
            let states = release::table.order(release::id).select(release::state).load(conn)?;
            Ok((states, release_organisation::table.count().get_result(conn)?))
        })
        .unwrap();
    assert_eq!(usize::try_from(lines).unwrap(), states.len() * MANY, "{states:?}");
    assert_eq!(world.events_of("release.prepared"), i64::try_from(states.len()).unwrap());
    let public = states.iter().filter(|state| *state != "draft").count();
    assert_eq!(world.events_of("release.published"), i64::try_from(public).unwrap(), "{states:?}");
    let verified = world.db().read_now(everybodys(), publication::verify).unwrap();
    assert!(verified.1.is_empty(), "{:?}", verified.1);
    states
}

async fn a_command_killed_anywhere_leaves_all_or_nothing(world: World) {
    world.now_in_earnest();
    for number in 0..MANY {
        let id = world.organisation(&format!("X{number:02}"), &format!("Practice {number}"), "gp");
        world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
    }
    let count = |world: &World| -> i64 {
        world.db().read_now(everybodys(), |conn| Ok(release::table.count().get_result(conn)?)).unwrap()
    };
    // Before anything is stored, and as soon as the tables are.
    for wait in [Some(30), Some(300), None] {
        let before = count(&world);
        let mut child = publishing(&world)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        match wait {
            Some(milliseconds) => std::thread::sleep(Duration::from_millis(milliseconds)),
            None => {
                while child.try_wait().unwrap().is_none() && count(&world) == before {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        }
        // Where it was quicker there is nothing left to kill.
        child.kill().unwrap_or_default();
        child.wait().unwrap();
        whole(&world);
    }
    let done = publishing(&world).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let states = whole(&world);
    assert_eq!(states.iter().filter(|state| *state == "published").count(), 1, "{states:?}");
    let again = publishing(&world).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stdout).contains("Nothing has changed"), "{again:?}");
    assert_eq!(whole(&world), states);
    world.now_in_earnest();
    world.settle();
    world.browser().get("/").await.expect(200).shows("60 of 60 organisations");
}

fn batch(world: &World, text: &'static str) -> portal::platform::error::Result<()> {
    world.db().housekeep_now(everybodys(), move |tx| Ok(tx.conn().batch_execute(text)?))
}

/// Takes the room for anything more away.
fn fill(world: &World) {
    if !world.db().is_embedded() {
        // The server says so in the middle of the change: with the tables stored, and before the history.
        let text = "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not \
                    extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$; \
                    CREATE TRIGGER no_room BEFORE INSERT ON published_status FOR EACH STATEMENT EXECUTE FUNCTION \
                    no_room(); \
                    CREATE TRIGGER no_room BEFORE INSERT ON release_organisation FOR EACH STATEMENT EXECUTE FUNCTION \
                    no_room()";
        return world.another_connection().batch_execute(text).unwrap();
    }
    // The writer's own limit stands for the disk's. What is free within the file is filled first. Publishing writes so little
    // that it may fit into pages that there are, so it is told in the middle of its change.
    let text = "CREATE TABLE filler (bytes BLOB); \
                CREATE TRIGGER no_room BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'database or disk is full'); \
                END; PRAGMA max_page_count = 1";
    batch(world, text).unwrap();
    let mut rows = 0;
    while batch(world, "INSERT INTO filler VALUES (zeroblob(3000))").is_ok() {
        rows += 1;
        assert!(rows < 20_000, "the database never gets full");
    }
    // A connection that met a full disk is not used again, and the next one knows no limit.
    batch(world, "PRAGMA max_page_count = 1").unwrap();
}

/// Gives it back.
fn empty(world: &World) {
    if world.db().is_embedded() {
        batch(world, "PRAGMA max_page_count = 1000000; DROP TABLE filler; DROP TRIGGER no_room").unwrap();
    } else {
        world.another_connection().batch_execute("DROP FUNCTION no_room() CASCADE").unwrap();
    }
}

async fn a_full_disk_publishes_nothing_and_later_everything(world: World) {
    let collected = world.collected("2026", None);
    // So many lines that they need room of their own.
    for number in 0..MANY * 5 {
        let id = world.organisation(&format!("R{number:03}"), &format!("Trust {number}"), "nhs_trust");
        world.submitted(collected, Return { assessed: Some("satisfactory"), ..Return::of(id) });
    }
    let source = || Source::Collection("2026".to_owned());
    let key = world.stored(source());
    let another = world.composed(source());
    fill(&world);
    assert!(world.publish(&key).is_err(), "there was room after all");
    assert_eq!(world.standing_of(&key), ("draft".to_owned(), None));
    let address = format!("/public/releases/{key}");
    let mut public = world.browser();
    public.get(&address).await.expect(404);
    public.get("/").await.expect(200);
    // Nor is another one prepared by halves.
    let prepare = |draft: publication::Draft| {
        world.db().write_now(everybodys(), move |tx| {
            let permit = Permit::<PublishBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
            publication::prepare_release(tx, &permit, &draft)
        })
    };
    let refused = prepare(another.clone());
    assert!(refused.is_err(), "{refused:?}");
    let releases: i64 =
        world.db().read_now(everybodys(), |conn| Ok(release::table.count().get_result(conn)?)).unwrap();
    assert_eq!((releases, world.events_of("release.prepared")), (1, 1));
    empty(&world);
    world.publish(&key).unwrap();
    world.settle();
    public.get(&address).await.expect(200);
    assert_eq!(world.events_of("release.published"), 1);
    // What could not be prepared says the same as what is public now, and is told so.
    assert!(prepare(another).unwrap_err().to_string().contains(&key));
    let verified = world.db().read_now(everybodys(), publication::verify).unwrap();
    assert!(verified.1.is_empty(), "{:?}", verified.1);
}
