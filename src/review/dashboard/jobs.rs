//! The hourly job of the outlook, and the one that makes it when a collection opens.

use super::outlook::{make, make_of};
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::Result;
use crate::platform::ids::CollectionId;
use crate::platform::jobs::{self, Job, Outcome};

/// The kind of the job.
pub(in crate::review) const OUTLOOK: &str = "review.outlook";

/// Seconds between two outlooks, and until the next try when the database refuses.
const EVERY: i64 = 3_600;
const AGAIN: i64 = 300;

/// Queues the job unless it is there; called at every start. The first run follows at once.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, OUTLOOK, "{}", now, Some(OUTLOOK))
}

/// The handler of [`OUTLOOK`]. It never fails: a job that fails often enough is given up, and this one must not be.
pub(in crate::review) fn outlook(db: &Db, reach: Reach) -> Outcome {
    let now = db.clock().now();
    match make(db, reach) {
        Ok(at_risk) => {
            Outcome::RetryAt(now.plus_seconds(EVERY), format!("{at_risk} organisations are at risk"))
        }
        Err(error) => {
            log::error!(target: "portal::review", "working out who is at risk failed: {error}");
            Outcome::RetryAt(now.plus_seconds(AGAIN), error.to_string())
        }
    }
}

/// The handler of [`COLLECTION_OPENED`](crate::collections::COLLECTION_OPENED): the dashboard of a collection that has just
/// opened waits no hour for its first outlook.
///
/// # Errors
/// When the database refuses; the job is tried again.
pub(in crate::review) fn opened(db: &Db, reach: Reach, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<CollectionId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no collection", job.payload)));
    };
    make_of(db, reach, id)?;
    Ok(Outcome::Done)
}
