//! The scheduler: opens and closes collections when their times come. One job that looks every minute and is never
//! done.

use crate::access::{Actor, Permit, RunSchedule, Subject};
use crate::ledger::Recorded;
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::platform::jobs::{self, Job, Outcome};

use super::{close, open, store};

/// The kind of the job.
pub const SCHEDULE: &str = "collections.schedule";

/// Seconds between two looks.
const EVERY: i64 = 60;

/// What one look at the clock did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Collections opened.
    pub opened: usize,
    /// Collections closed.
    pub closed: usize,
    /// Organisations recorded as not published at the close.
    pub not_published: usize,
}

/// Queues the job unless it is there; called at every start.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, SCHEDULE, "{}", now, Some(SCHEDULE))
}

/// The handler of [`SCHEDULE`]. It never fails: a job that fails often enough is given up, and this one must not be.
///
/// # Errors
/// None.
pub fn schedule(db: &Db, _job: &Job) -> Result<Outcome> {
    let next = db.clock().now().plus_seconds(EVERY);
    let said = match run_due(db) {
        Ok(moved) => format!("looked; opened {}, closed {}", moved.opened, moved.closed),
        Err(error) => {
            log::error!(target: "portal::collections", "the scheduler failed: {error}");
            error.to_string()
        }
    };
    Ok(Outcome::RetryAt(next, said))
}

/// Opens and closes what is due now, each collection in a change of its own.
///
/// # Errors
/// When the database refuses; what was done before stays done, and the rest is due at the next look.
pub fn run_due(db: &Db) -> Result<Moved> {
    let now = db.clock().now();
    let (opening, closing, overdue) = db.read_now(Actor::system_reach(), |conn| store::due(conn, now))?;
    let mut moved = Moved::default();
    for id in opening {
        moved.opened += usize::from(change(db, id, open::open_collection)?.is_some());
    }
    for id in closing {
        let closed = change(db, id, close::close_collection)?;
        moved.closed += usize::from(closed.is_some());
        moved.not_published += closed.unwrap_or_default();
    }
    for id in overdue {
        moved.not_published += change(db, id, close::record_overdue)?.unwrap_or_default();
    }
    Ok(moved)
}

type Verb<T> = fn(&mut Tx<'_>, &Permit<RunSchedule>) -> Result<Recorded<T>>;

/// A conflict means that somebody else did it first, which is as good.
fn change<T: Send + 'static>(db: &Db, id: CollectionId, verb: Verb<T>) -> Result<Option<T>> {
    let outcome = db.write_now(Actor::system_reach(), move |tx| {
        let permit = permit(tx, id)?;
        verb(tx, &permit)
    });
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn permit(tx: &mut Tx<'_>, id: CollectionId) -> Result<Permit<RunSchedule>> {
    let state = store::state_of(tx.conn(), id)?.as_str();
    let subject = Subject { kind: "collection", id: id.get(), organisation: None, state };
    Permit::grant(&Actor::system(), Some(subject))
}
