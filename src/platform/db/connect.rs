//! Opening connections, keyed on the address's scheme, and plain transactions on them.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{ManageConnection, Pool};
use diesel::{Connection as _, PgConnection, SqliteConnection};

use super::{Conn, Reach, Target, Tx};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};

/// What a pool's connections are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Questions only; the database itself refuses changes.
    Read,
    /// Changes.
    Write,
    /// Changes to what may have to be made first: migrations.
    Make,
}

/// A pooled connection, with a mark when it failed in a way that may mean it is dead.
pub struct Held {
    pub(super) conn: Conn,
    pub(super) suspect: bool,
    /// The outage after which it was last seen alive; see [`super::Db`].
    pub(super) alive_after: u64,
    /// What the connection was last told to keep to.
    reach: Reach,
}

impl Held {
    /// Makes the connection show what `reach` covers and nothing else. Costs nothing when the last question had the
    /// same. Questions run outside of transactions, so no rollback undoes it; a connection that could not be told is
    /// thrown away, because that error is [`Error::Unavailable`].
    pub(super) fn keep_to(&mut self, reach: Reach) -> Result<()> {
        if self.reach != reach {
            reach.keep(&mut self.conn)?;
            self.reach = reach;
        }
        Ok(())
    }
}

/// Makes and checks connections for a pool.
#[derive(Debug)]
pub(super) struct Opener {
    target: Target,
    usage: Use,
}

impl ManageConnection for Opener {
    type Connection = Held;
    type Error = Error;

    fn connect(&self) -> Result<Held> {
        let conn = open(&self.target, self.usage)?;
        Ok(Held { conn, suspect: false, alive_after: 0, reach: Reach::nobodys() })
    }

    fn is_valid(&self, held: &mut Held) -> Result<()> {
        held.conn.batch_execute("SELECT 1").map_err(Error::from)
    }

    fn has_broken(&self, held: &mut Held) -> bool {
        held.suspect
    }
}

/// The longest wait for a connection, or for a turn to have one.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A pool of up to `size` connections for one use, of which so many are open from the start and the others when first
/// needed.
pub(super) fn pool(target: &Target, size: u32, (usage, ready): (Use, u32)) -> Result<Pool<Opener>> {
    Pool::builder()
        .max_size(size.max(1))
        .min_idle(Some(ready))
        .test_on_check_out(false)
        .connection_timeout(PATIENCE)
        .idle_timeout(Some(Duration::from_secs(600)))
        .build(Opener { target: target.clone(), usage })
        .map_err(|e| Error::Unavailable(format!("failed to connect to the database: {e}")))
}

/// Opens one connection with the settings that both durability and tenancy rest on.
#[expect(clippy::disallowed_methods, reason = "the one place that opens connections")]
pub(super) fn open(target: &Target, usage: Use) -> Result<Conn> {
    match target {
        Target::Sqlite(path) => {
            if usage != Use::Make {
                super::home::must_exist(path)?;
            }
            if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder)
                    .map_err(|e| Error::io(format!("failed to make the folder {}", folder.display()), e))?;
            }
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                .map_err(|e| Error::Unavailable(format!("failed to open {}: {e}", path.display())))?;
            // There are several that read, and what one has not kept the system's own cache has.
            let kept_kib = if usage == Use::Read { 512 } else { 2048 };
            conn.batch_execute(&format!(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{kept_kib};"
            ))?;
            if usage == Use::Read {
                conn.batch_execute("PRAGMA query_only = ON;")?;
            }
            Ok(Conn::Sqlite(conn))
        }
        Target::Postgres(url) => {
            let mut conn = PgConnection::establish(url)
                .map_err(|e| Error::Unavailable(format!("failed to reach PostgreSQL: {e}")))?;
            // Nobody's rows, whatever the role or the database came with.
            conn.batch_execute(
                "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'; \
                 SET portal.reach = '';",
            )?;
            if usage == Use::Read {
                conn.batch_execute("SET default_transaction_read_only = on;")?;
            }
            Ok(Conn::Postgres(conn))
        }
    }
}

/// One change in one transaction of its own on PostgreSQL: rolled back whole when it fails. Its reach ends with it.
pub(super) fn in_transaction<T>(
    conn: &mut Conn,
    reach: Reach,
    now: Timestamp,
    change: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    begin(conn, reach)?;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| change(&mut Tx { conn, now })))
        .unwrap_or_else(|_| Err(Error::broken("a change panicked")));
    match outcome {
        Ok(value) => commit(conn).map(|()| value),
        Err(error) => Err(roll_back(conn, error)),
    }
}

fn begin(conn: &mut Conn, reach: Reach) -> Result<()> {
    conn.batch_execute(&reach.begin()).map_err(|e| Error::Unavailable(format!("failed to begin: {e}")))
}

/// Whether a commit that failed took effect is unknown; saying "unavailable" makes the caller ask again, and idempotency
/// keys and versions make asking again safe.
fn commit(conn: &mut Conn) -> Result<()> {
    conn.batch_execute("COMMIT").map_err(|e| Error::Unavailable(format!("failed to commit: {e}")))
}

/// What is to be told of a change that failed like this, once nothing of it is left.
fn roll_back(conn: &mut Conn, because: Error) -> Error {
    match conn.batch_execute("ROLLBACK") {
        Ok(()) => because,
        Err(e) => Error::Unavailable(format!("failed to roll back after {because}: {e}")),
    }
}
