//! Both databases behind one door: `Db::read` and `Db::write` are the only ways in, and only this folder opens
//! connections and transactions. Whoever comes in says whose rows the work may see: see [`Reach`].
//!
//! On SQLite one writer thread runs every waiting change in its own savepoint and commits them together (group
//! commit with full durability); reads use a small pool of read-only connections. On PostgreSQL there is one pool
//! for changes and two, read-only, for reads: one for glances at what belongs to nobody, one for the rest. Nobody is answered
//! before the commit.

mod backup;
mod conn;
mod connect;
mod fixed;
mod home;
mod line;
mod migrate;
mod reach;
mod role;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::r2d2::PooledConnection;

use self::line::{Line, Turn};
use super::clock::{Clock, Timestamp};
use super::error::{Error, Result};

pub use backup::copy;
pub use conn::Conn;
pub use connect::Held;
pub use fixed::Fixed;
pub use migrate::{Migrations, applied, down_all, pending, run as migrate};
pub use reach::Reach;
pub use role::Unbound;

/// Runs the same expression on whichever database the connection is of, for what the combined backend cannot
/// express: batch inserts, `ON CONFLICT`, `FOR UPDATE`.
#[macro_export]
macro_rules! each {
    ($conn:expr, $name:ident => $body:expr) => {
        match $conn {
            $crate::platform::db::Conn::Sqlite($name) => $body,
            $crate::platform::db::Conn::Postgres($name) => $body,
        }
    };
}

/// Runs a query of rows of a type and does something with each row as it comes, so that a nation's rows are never held as the
/// database gives them.
#[macro_export]
macro_rules! each_row {
    ($conn:expr, $query:expr, $row:ty, $name:pat => $body:expr) => {
        match $conn {
            $crate::platform::db::Conn::Sqlite(conn) => {
                type Mode = diesel::connection::DefaultLoadingMode;
                for row in diesel::RunQueryDsl::load_iter::<$row, Mode>($query, conn)? {
                    let $name = row?;
                    $body;
                }
            }
            $crate::platform::db::Conn::Postgres(conn) => {
                type Mode = diesel::pg::PgRowByRowLoadingMode;
                for row in diesel::RunQueryDsl::load_iter::<$row, Mode>($query, conn)? {
                    let $name = row?;
                    $body;
                }
            }
        }
    };
}

/// A change in progress. Made only by [`Db::write`] and [`Db::housekeep`].
pub struct Tx<'a> {
    conn: &'a mut Conn,
    now: Timestamp,
}

impl Tx<'_> {
    /// The moment of this change.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The connection, for stores.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }
}

/// The outcome of a change that is in the ledger. Only `ledger::Recorded` implements it, so a change that was not
/// recorded does not compile.
pub trait Proven {
    /// What the change returns to its caller.
    type Value: Send + 'static;
    /// Hands the value over once the change is committed.
    fn into_value(self) -> Self::Value;
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file, made when absent.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

impl Target {
    /// Reads `sqlite://PATH` or `postgres://...`.
    ///
    /// # Errors
    /// Says which forms are understood.
    pub fn parse(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err("sqlite:// needs a path, such as sqlite://data/portal.sqlite".to_owned());
            }
            Ok(Self::Sqlite(PathBuf::from(path)))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres(url.to_owned()))
        } else {
            Err("must be sqlite://PATH or postgres://USER@HOST:PORT/NAME".to_owned())
        }
    }
}

enum Backend {
    Sqlite {
        readers: Line,
        writer: writer::Writer,
    },
    /// `unowned` is for [`Db::glance`], with which every page begins: a connection that goes on to an organisation's rows would
    /// have to be told its reach anew each time, with a journey of its own.
    Postgres {
        readers: Line,
        unowned: Line,
        writers: Line,
    },
}

/// The database, shared by every handler and job.
#[derive(Clone)]
pub struct Db {
    backend: Arc<Backend>,
    clock: Arc<dyn Clock>,
    /// How often the database was found unavailable. Connections that were idle meanwhile may be dead without knowing,
    /// so each is tried once after every outage before anybody's work is given to it.
    outages: Arc<AtomicU64>,
}

impl Db {
    /// Opens the database. Does not migrate.
    ///
    /// # Errors
    /// When it cannot be reached or made.
    pub fn open(target: &Target, connections: u32, clock: Arc<dyn Clock>) -> Result<Self> {
        if let Target::Sqlite(path) = target {
            home::must_exist(path)?;
        }
        let line = |used| Line::before(target, connections, used);
        let readers = line((connect::Use::Read, 1))?;
        let backend = match target {
            Target::Sqlite(_) => {
                Backend::Sqlite { readers, writer: writer::Writer::start(target, Arc::clone(&clock))? }
            }
            Target::Postgres(_) => Backend::Postgres {
                readers,
                unowned: line((connect::Use::Read, 0))?,
                writers: line((connect::Use::Write, 1))?,
            },
        };
        Ok(Self { backend: Arc::new(backend), clock, outages: Arc::default() })
    }

    /// The clock that changes are dated by.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Runs a question on a read-only connection, off the event loop. It sees the rows that `reach` covers.
    ///
    /// # Errors
    /// The question's own, or [`Error::Unavailable`].
    pub async fn read<T, F>(&self, reach: Reach, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let turn = self.readers().turn().await?;
        let db = self.clone();
        off_loop(turn, move || db.read_now(reach, question)).await
    }

    /// Runs a question of a few look-ups by an index about what belongs to no organisation, such as who is signed in: for
    /// these a journey to another thread and back costs more than the answer. On the embedded database it is asked right
    /// here, as long as a connection is free, and otherwise off the event loop.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn glance<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        if let Some(mut held) = self.at_hand() {
            let outcome = held.keep_to(Reach::nobodys()).and_then(|()| question(&mut held.conn));
            self.judge(&mut held, &outcome);
            return outcome;
        }
        let turn = self.unowned().turn().await?;
        let db = self.clone();
        off_loop(turn, move || db.ask(db.unowned(), Reach::nobodys(), question)).await
    }

    fn readers(&self) -> &Line {
        let (Backend::Sqlite { readers, .. } | Backend::Postgres { readers, .. }) = &*self.backend;
        readers
    }

    fn unowned(&self) -> &Line {
        let (Backend::Sqlite { readers: line, .. } | Backend::Postgres { unowned: line, .. }) =
            &*self.backend;
        line
    }

    /// A connection to the embedded database that is free now and not known to be dead.
    fn at_hand(&self) -> Option<PooledConnection<connect::Opener>> {
        match &*self.backend {
            Backend::Sqlite { readers, .. } => readers
                .pool()
                .try_get()
                .filter(|held| held.alive_after == self.outages.load(Ordering::Relaxed)),
            Backend::Postgres { .. } => None,
        }
    }

    /// Runs a question on this thread; for the command line and jobs.
    ///
    /// # Errors
    /// The question's own, or [`Error::Unavailable`].
    pub fn read_now<T>(&self, reach: Reach, question: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.ask(self.readers(), reach, question)
    }

    fn ask<T>(&self, line: &Line, reach: Reach, question: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut held = self.checkout(line)?;
        let outcome = held.keep_to(reach).and_then(|()| question(&mut held.conn));
        self.judge(&mut held, &outcome);
        outcome
    }

    /// Runs a change that must be in the ledger; answered only after a durable commit. It sees and changes the rows
    /// that `reach` covers.
    ///
    /// # Errors
    /// The change's own, in which case nothing of it remains, or [`Error::Unavailable`].
    pub async fn write<R, F>(&self, reach: Reach, change: F) -> Result<R::Value>
    where
        R: Proven + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<R> + Send + 'static,
    {
        self.commit(reach, move |tx| change(tx).map(Proven::into_value)).await
    }

    /// [`Db::write`] on this thread; for the command line and jobs.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_now<R, F>(&self, reach: Reach, change: F) -> Result<R::Value>
    where
        R: Proven + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<R> + Send + 'static,
    {
        self.commit_now(reach, move |tx| change(tx).map(Proven::into_value))
    }

    /// Runs a change that is no event of the programme: leases, sessions seen, mail sent, caches. The architecture
    /// test lists the files that may call it.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn housekeep<T, F>(&self, reach: Reach, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.commit(reach, change).await
    }

    /// [`Db::housekeep`] on this thread.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn housekeep_now<T, F>(&self, reach: Reach, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.commit_now(reach, change)
    }

    /// Whether this is the embedded database.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(&*self.backend, Backend::Sqlite { .. })
    }

    /// The connected role, if it sees every organisation's rows whatever it is told; see [`Reach`].
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn unbound_role(&self) -> Result<Option<Unbound>> {
        self.read_now(Reach::nobodys(), role::unbound)
    }

    async fn commit<T, F>(&self, reach: Reach, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite { writer, .. } => {
                let (send, receive) = tokio::sync::oneshot::channel();
                writer.submit(change, move |outcome| {
                    // The asker may have gone away; the change stands all the same.
                    drop(send.send(outcome));
                })?;
                receive.await.unwrap_or_else(|_| Err(writer_gone()))
            }
            Backend::Postgres { writers, .. } => {
                let turn = writers.turn().await?;
                let db = self.clone();
                off_loop(turn, move || db.commit_now(reach, change)).await
            }
        }
    }

    fn commit_now<T, F>(&self, reach: Reach, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite { writer, .. } => {
                let (send, receive) = std::sync::mpsc::sync_channel(1);
                writer.submit(change, move |outcome| {
                    drop(send.send(outcome));
                })?;
                receive.recv().unwrap_or_else(|_| Err(writer_gone()))
            }
            Backend::Postgres { writers, .. } => {
                let mut held = self.checkout(writers)?;
                let outcome = connect::in_transaction(&mut held.conn, reach, self.clock.now(), change);
                self.judge(&mut held, &outcome);
                outcome
            }
        }
    }

    /// A connection that is not known to be dead.
    fn checkout(&self, line: &Line) -> Result<PooledConnection<connect::Opener>> {
        let pool = line.pool();
        // One for each connection that may have died, and one that is new.
        for _ in 0..=pool.max_size() {
            let outages = self.outages.load(Ordering::Relaxed);
            let mut held =
                pool.get().map_err(|e| Error::Unavailable(format!("no database connection: {e}")))?;
            if held.alive_after == outages || held.conn.batch_execute("SELECT 1").is_ok() {
                held.alive_after = outages;
                return Ok(held);
            }
            held.suspect = true;
        }
        Err(Error::Unavailable("every database connection is broken".to_owned()))
    }

    /// Notes what an outcome says about the connection.
    fn judge<T>(&self, held: &mut connect::Held, outcome: &Result<T>) {
        held.suspect = matches!(outcome, Err(Error::Unavailable(_)));
        if held.suspect {
            self.outages.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn writer_gone() -> Error {
    Error::Unavailable("the database could not take the change".to_owned())
}

/// Runs work on another thread, and gives the turn back when it is done, even when whoever asked has gone away.
async fn off_loop<T, F>(turn: Turn, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    let (send, receive) = tokio::sync::oneshot::channel();
    // One kind of task, whatever is asked: five hundred kinds were two megabytes of program.
    let whole: Box<dyn FnOnce() + Send> = Box::new(move || {
        let outcome = work();
        drop(turn);
        drop(send.send(outcome));
    });
    drop(tokio::task::spawn_blocking(whole));
    receive.await.unwrap_or_else(|_| Err(Error::broken("work off the event loop panicked")))
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn addresses_are_read_or_refused() {
        assert_eq!(Target::parse("sqlite://a/b").unwrap(), Target::Sqlite("a/b".into()));
        assert!(matches!(Target::parse("postgres://u@h/n"), Ok(Target::Postgres(_))));
        assert!(Target::parse("mysql://x").is_err());
        assert!(Target::parse("sqlite://").is_err());
    }
}
