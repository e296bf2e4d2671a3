//! The scheduled work of returns: after the close, what was reopened and not sent again stands as it was sent; and the
//! daily reminders.

use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::jobs::{self, Job, Outcome};

use super::{reminders, reopen};

/// The kind of the job.
pub const SETTLE: &str = "returns.settle";

/// Seconds between two looks.
const EVERY: i64 = 60;

/// Queues the jobs unless they are there; called at every start.
///
/// # Errors
/// When the rows cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    super::offline::ensure_scheduled(tx)?;
    let now = tx.now();
    jobs::enqueue(tx, SETTLE, "{}", now, Some(SETTLE))?;
    reminders::ensure_scheduled(tx)?;
    super::library::ensure_scheduled(tx)
}

/// The handler of [`SETTLE`]. It never fails: a job that fails often enough is given up, and this one must not be.
///
/// # Errors
/// None.
pub fn settle(db: &Db, _job: &Job) -> Result<Outcome> {
    let next = db.clock().now().plus_seconds(EVERY);
    let said = match reopen::settle_reopened(db) {
        Ok(settled) => format!("looked; {settled} stand as submitted"),
        Err(error) => {
            log::error!(target: "portal::returns", "settling reopened returns failed: {error}");
            error.to_string()
        }
    };
    Ok(Outcome::RetryAt(next, said))
}
