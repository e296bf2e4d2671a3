//! The command line on PostgreSQL: a role that nothing binds is named, and a backup holds everybody's rows although the
//! role that makes it is bound.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use diesel::prelude::*;
use portal::platform::clock::SystemClock;
use portal::platform::db::{Db, Reach, Target};

use super::{KEPT, found, ids, on_postgres, two_trusts};
use crate::support::{World, everybodys};
use crate::tools::tool;

fn portal(world: &World, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    command.env_clear().envs(world.environment()).env("RUST_LOG", "warn").stdin(Stdio::null());
    // Where a backup finds pg_dump.
    command.env("PATH", tool("PATH").unwrap_or_default());
    if let Some(url) = database {
        command.env("PORTAL_DATABASE__URL", url);
    }
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// This world's database as a role that is a superuser or has BYPASSRLS.
fn as_administrator(world: &World) -> Option<String> {
    let administrator = tool("PORTAL_TEST_POSTGRES_ADMINISTRATOR")?;
    Some(World::address_of(&administrator, &world.server().1))
}

#[test]
fn check_names_a_role_that_nothing_binds() {
    on_postgres(|world| {
        let bound = portal(&world, None).arg("check").output().unwrap();
        assert!(bound.status.success(), "{}", said(&bound));
        let Some(url) = as_administrator(&world) else { return };
        let unbound = portal(&world, Some(&url)).arg("check").output().unwrap();
        let said = said(&unbound);
        assert!(!unbound.status.success(), "{said}");
        assert!(
            said.contains("is a superuser, so PostgreSQL does not keep one organisation's rows"),
            "{said}"
        );
        assert!(said.contains("1 to put right"), "{said}");
    });
}

#[test]
fn a_worker_warns_of_a_role_that_nothing_binds() {
    on_postgres(|world| {
        let Some(url) = as_administrator(&world) else { return };
        for (database, warns) in [(None, false), (Some(url.as_str()), true)] {
            let mut command = portal(&world, database);
            let mut worker =
                command.arg("worker").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut line = String::new();
            BufReader::new(worker.stdout.take().unwrap()).read_line(&mut line).unwrap();
            worker.kill().unwrap();
            let said = said(&worker.wait_with_output().unwrap());
            assert!(line.contains("working"), "{line}{said}");
            assert_eq!(said.contains("is a superuser"), warns, "{said}");
        }
    });
}

#[test]
fn a_backup_holds_everybodys_rows_and_its_restoration_keeps_them_apart() {
    on_postgres(|world| {
        let [a, b] = two_trusts(&world);
        let folder = world.folder().join("backup");
        let made = portal(&world, None).arg("backup").arg(&folder).output().unwrap();
        if said(&made).contains("pg_dump cannot be run") {
            println!("skipped: pg_dump is not in PATH");
            return;
        }
        assert!(made.status.success(), "{}", said(&made));
        let (mut server, name) = world.server();
        let restored = format!("{name}_restored");
        diesel::sql_query(format!("CREATE DATABASE {restored}")).execute(&mut server).unwrap();
        let url = World::address_of(&world.environment()["PORTAL_DATABASE__URL"], &restored);
        let mut command = Command::new("pg_restore");
        command.args(["--no-owner", "--exit-on-error", "--dbname", &url]).arg(folder.join("portal.pgdump"));
        let outcome = command.output().unwrap();
        let check = || {
            assert!(outcome.status.success(), "{}", said(&outcome));
            let db = Db::open(&Target::Postgres(url.clone()), 1, Arc::new(SystemClock)).unwrap();
            for table in KEPT {
                let owners = |reach| db.read_now(reach, |conn| found(conn, table)).unwrap();
                assert_eq!(owners(everybodys()), ids(&[&a, &b]), "{table}");
                assert_eq!(owners(Reach::nobodys()), BTreeSet::new(), "{table}");
            }
        };
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(check));
        diesel::sql_query(format!("DROP DATABASE {restored} WITH (FORCE)")).execute(&mut server).unwrap();
        checked.unwrap();
    });
}
