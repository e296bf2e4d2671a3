//! Connections are shared: what one piece of work saw, the next on the same connection does not, however the first ended.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use portal::platform::clock::Clock;
use portal::platform::db::{Conn, Db, Reach, Target};
use portal::platform::error::{Error, Result};

use super::{found, ids, on_postgres, only, two_trusts};
use crate::support::{World, everybodys};

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// The database with one connection for questions and one for changes.
fn with_one_connection(world: &World) -> Db {
    let target = world.portal().config.target().unwrap();
    let clock: Arc<dyn Clock> = world.clock.clone();
    Db::open(&target, 1, clock).unwrap()
}

/// The server's process behind a connection, and whose answers it shows.
fn shown(conn: &mut Conn) -> Result<(i32, BTreeSet<i64>)> {
    let Process { pid } = diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(conn)?;
    Ok((pid, found(conn, "answer")?))
}

#[test]
fn a_pooled_question_sees_nothing_of_the_one_before() {
    on_postgres(|world| {
        let [a, b] = two_trusts(&world);
        let db = with_one_connection(&world);
        let ask = |reach: Reach| db.read_now(reach, shown).unwrap();
        let (first, seen) = ask(only(&a));
        assert_eq!(seen, ids(&[&a]));
        let fails: [fn(&mut Conn) -> Result<()>; 2] = [
            |conn| Ok(diesel::sql_query("SELECT 1/0").execute(conn).map(drop)?),
            |_| Err(Error::Refused("thought better of it".to_owned())),
        ];
        for fail in fails {
            for (reach, expected) in [
                (Reach::nobodys(), BTreeSet::new()),
                (only(&b), ids(&[&b])),
                (everybodys(), ids(&[&a, &b])),
                (only(&a), ids(&[&a])),
            ] {
                assert_eq!(ask(reach), (first, expected), "{reach:?}");
                db.read_now(only(&a), fail).unwrap_err();
                assert_eq!(ask(Reach::nobodys()), (first, BTreeSet::new()), "after a failed question");
                db.read_now(everybodys(), fail).unwrap_err();
            }
        }
        let panics = std::panic::AssertUnwindSafe(|| {
            db.read_now(only(&a), |_| -> Result<()> { panic!("on purpose") })
        });
        std::panic::catch_unwind(panics).unwrap_err();
        assert_eq!(ask(only(&b)), (first, ids(&[&b])), "after a panic");
        // A connection that takes a dead one's place begins with nobody's rows, whatever the dead one was told.
        ask(only(&a));
        let (mut server, _) = world.server();
        diesel::sql_query(format!("SELECT pg_terminate_backend({first})")).execute(&mut server).unwrap();
        assert!(matches!(db.read_now(only(&a), shown), Err(Error::Unavailable(_))));
        let (second, seen) = ask(Reach::nobodys());
        assert_ne!(second, first);
        assert_eq!(seen, BTreeSet::new());
        assert_eq!(ask(only(&a)), (second, ids(&[&a])));
    });
}

#[test]
fn a_change_leaves_nothing_of_its_reach_behind() {
    on_postgres(|world| {
        let [a, b] = two_trusts(&world);
        let db = with_one_connection(&world);
        let look = |reach: Reach| db.housekeep_now(reach, |tx| shown(tx.conn())).unwrap();
        let (first, seen) = look(everybodys());
        assert_eq!(seen, ids(&[&a, &b]));
        assert_eq!(look(Reach::nobodys()), (first, BTreeSet::new()), "after a commit");
        db.housekeep_now(only(&a), |_| Err::<(), _>(Error::Refused("thought better of it".to_owned())))
            .unwrap_err();
        assert_eq!(look(Reach::nobodys()), (first, BTreeSet::new()), "after a rollback");
        db.housekeep_now(only(&a), |tx| Ok(diesel::sql_query("SELECT 1/0").execute(tx.conn())?)).unwrap_err();
        assert_eq!(look(only(&b)), (first, ids(&[&b])), "after a failed statement");
        db.housekeep_now(everybodys(), |_| -> Result<()> { panic!("on purpose") }).unwrap_err();
        assert_eq!(look(Reach::nobodys()), (first, BTreeSet::new()), "after a panic");
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "another program's own connection")]
fn a_default_of_the_session_widens_nothing() {
    on_postgres(|world| {
        let [a, b] = two_trusts(&world);
        let address = &world.environment()["PORTAL_DATABASE__URL"];
        let url = format!("{address}?options=-c%20portal.reach%3Devery");
        let (_, seen) = shown(&mut Conn::Postgres(PgConnection::establish(&url).unwrap())).unwrap();
        assert_eq!(seen, ids(&[&a, &b]), "the default says nothing, so nothing is shown by what follows");
        let clock: Arc<dyn Clock> = world.clock.clone();
        let db = Db::open(&Target::Postgres(url), 1, clock).unwrap();
        assert_eq!(db.read_now(Reach::nobodys(), shown).unwrap().1, BTreeSet::new());
        assert_eq!(db.housekeep_now(Reach::nobodys(), |tx| shown(tx.conn())).unwrap().1, BTreeSet::new());
    });
}
