//! SQLite's one writer: runs every waiting change in its own savepoint and commits them together.
//!
//! A commit with full durability costs a disk flush whether it carries one change or a hundred, so the changes that
//! arrive while one flush is under way share the next.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use diesel::connection::SimpleConnection as _;

use super::connect::{self, Use};
use super::home::Home;
use super::{Conn, Target, Tx};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};

/// How many changes may wait before new ones are told to come back later.
const QUEUE: usize = 4096;
/// How many changes share one commit at most, so that the first is not kept waiting for the thousandth.
const BATCH: usize = 256;

/// Tells the asker the outcome, once the batch's fate is known.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;
/// A change: runs in its savepoint; `Ok` holds an answer to be given after the commit.
type Change = Box<dyn FnOnce(&mut Tx<'_>) -> (bool, Answer) + Send>;

/// The handle to the writer thread, which ends when the last handle is dropped.
pub(super) struct Writer {
    queue: SyncSender<Change>,
}

impl Writer {
    /// Opens the writing connection and starts its thread.
    pub(super) fn start(target: &Target, clock: Arc<dyn Clock>) -> Result<Self> {
        let conn = connect::open(target, Use::Write)?;
        let (queue, waiting) = sync_channel(QUEUE);
        let target = target.clone();
        std::thread::Builder::new()
            .name("db-writer".to_owned())
            .spawn(move || serve(conn, &target, &waiting, &*clock))
            .map_err(|e| Error::internal("failed to start the database writer", e))?;
        Ok(Self { queue })
    }

    /// Queues a change; `answer` is called exactly once, after the commit or the failure.
    pub(super) fn submit<T, F, A>(&self, change: F, answer: A) -> Result<()>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
        A: FnOnce(Result<T>) + Send + 'static,
    {
        let boxed: Change = Box::new(move |tx| {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| change(tx)))
                .unwrap_or_else(|_| Err(Error::broken("a change panicked")));
            let keep = outcome.is_ok();
            (keep, Box::new(move |fate: Result<()>| answer(fate.and(outcome))) as Answer)
        });
        self.queue.try_send(boxed).map_err(|e| match e {
            TrySendError::Full(_) => Error::Unavailable("too many changes are waiting".to_owned()),
            TrySendError::Disconnected(_) => super::writer_gone(),
        })
    }
}

fn serve(mut conn: Conn, target: &Target, waiting: &Receiver<Change>, clock: &dyn Clock) {
    let mut home = Home::of(target);
    while let Ok(first) = waiting.recv() {
        if let Err(error) = commit_batch(&mut conn, home.as_ref(), first, waiting, clock) {
            log::warn!(target: "portal::db", "a batch of changes was not committed: {error}");
            // Whatever state the connection is in, a fresh one is clean; keep the old one if that fails too.
            match connect::open(target, Use::Write) {
                Ok(fresh) => {
                    conn = fresh;
                    home = Home::of(target);
                }
                Err(e) => log::error!(target: "portal::db", "failed to reopen the database: {e}"),
            }
        }
    }
}

fn commit_batch(
    conn: &mut Conn,
    home: Option<&Home>,
    first: Change,
    waiting: &Receiver<Change>,
    clock: &dyn Clock,
) -> Result<(), String> {
    let begun = home
        .map_or(Ok(()), Home::check)
        .and_then(|()| conn.batch_execute("BEGIN IMMEDIATE").map_err(|e| e.to_string()));
    if let Err(error) = begun {
        // A change that is dropped unrun drops its answer's channel, which the asker reads as "unavailable". Those
        // behind it would only wait as long again for the same.
        while waiting.try_recv().is_ok() {}
        return Err(error);
    }
    let mut answers: Vec<Answer> = Vec::new();
    let mut broken = None;
    let mut next = Some(first);
    while let Some(change) = next {
        let (answer, outcome) = run_one(conn, change, clock);
        answers.extend(answer);
        if let Err(error) = outcome {
            broken = Some(error);
            break;
        }
        next = if answers.len() < BATCH { waiting.try_recv().ok() } else { None };
    }
    let fate = match broken {
        None => conn.batch_execute("COMMIT").map_err(|e| e.to_string()),
        Some(error) => Err(error),
    };
    if fate.is_err() {
        // Nothing of the batch may linger. SQLite may have rolled back by itself, hence the ignored "no transaction".
        if let Err(error) = conn.batch_execute("ROLLBACK") {
            log::debug!(target: "portal::db", "rolling back a failed batch said: {error}");
        }
    }
    for answer in answers {
        answer(fate.clone().map_err(Error::Unavailable));
    }
    fate
}

/// Runs one change in its savepoint. The second part is an error when the whole batch is lost: SQLite rolls a
/// transaction back by itself on some errors (disk full), which shows as a savepoint that is gone.
fn run_one(conn: &mut Conn, change: Change, clock: &dyn Clock) -> (Option<Answer>, Result<(), String>) {
    if let Err(error) = conn.batch_execute("SAVEPOINT one") {
        return (None, Err(error.to_string()));
    }
    let (keep, answer) = change(&mut Tx { conn, now: clock.now() });
    let end = if keep { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" };
    (Some(answer), conn.batch_execute(end).map_err(|e| e.to_string()))
}
