//! The hourly job of the outlook.

use super::outlook::make;
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::Result;
use crate::platform::jobs::{self, Outcome};

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
