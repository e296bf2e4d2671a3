//! Durable saves without a portal: clients hand rows to one writer, which commits all that wait together with full durability
//! and answers nobody before that. The most that saving over HTTP could reach on this disk.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, RunQueryDsl, SqliteConnection};

use crate::driver::Result;

/// What was saved.
#[derive(Debug, Clone, Copy)]
pub struct Commits {
    /// Acknowledged saves.
    pub saves: u64,
    /// The time they took.
    pub seconds: f64,
}

type Ask = SyncSender<()>;

/// Lets `clients` save, each waiting for its save before the next, in a database of its own in `folder`, which should be on the disk that the portal's is on.
pub fn measure(folder: &Path, clients: usize, time: Duration) -> Result<Commits> {
    let path = folder.join("bare-commits.sqlite");
    let mut connection = open(&path)?;
    let (asking, asked) = channel::<Ask>();
    let begun = Instant::now();
    let until = begun + time;
    let saves = std::thread::scope(|scope| {
        let writer = scope.spawn(move || write(&mut connection, &asked));
        for _ in 0..clients {
            let asking = asking.clone();
            scope.spawn(move || -> Result<()> {
                let (done, wait) = sync_channel(1);
                while Instant::now() < until {
                    asking.send(done.clone())?;
                    wait.recv()?;
                }
                Ok(())
            });
        }
        drop(asking);
        writer.join().map_err(|_| "the writer panicked")?
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Commits { saves, seconds })
}

#[expect(clippy::disallowed_methods, reason = "a bare limit is measured without the portal's own layers")]
fn open(path: &Path) -> Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
    connection.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE saved (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;",
    )?;
    Ok(connection)
}

/// Saves for whoever asks, all that wait in one commit, until nobody is left. Gives the number of saves.
fn write(connection: &mut SqliteConnection, asked: &Receiver<Ask>) -> Result<u64> {
    let mut saves: i64 = 0;
    while let Ok(first) = asked.recv() {
        let waiting: Vec<Ask> = std::iter::once(first).chain(asked.try_iter()).collect();
        connection.batch_execute("BEGIN IMMEDIATE")?;
        for _ in &waiting {
            saves += 1;
            connection.batch_execute("SAVEPOINT one")?;
            diesel::sql_query(
                "INSERT INTO saved (id, version, answer) VALUES (? % 1000, 1, '{\"level\":2}')
                 ON CONFLICT (id) DO UPDATE SET version = version + 1, answer = excluded.answer",
            )
            .bind::<BigInt, _>(saves)
            .execute(connection)?;
            connection.batch_execute("RELEASE one")?;
        }
        connection.batch_execute("COMMIT")?;
        for done in waiting {
            done.send(())?;
        }
    }
    Ok(u64::try_from(saves)?)
}
