//! The daily clearing away of uploaded workbooks that nobody applied in time.

use super::store;
use crate::access::Actor;
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::jobs::{self, Job, Outcome};

/// The kind of the job.
pub const FORGET_WORKBOOKS: &str = "returns.forget_workbooks";

/// Seconds between two rounds.
const EVERY: i64 = 24 * 3600;

/// Queues the job unless it is there; called at every start.
///
/// # Errors
/// When the row cannot be written.
pub(in crate::returns) fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, FORGET_WORKBOOKS, "{}", now, Some(FORGET_WORKBOOKS))
}

/// The handler of [`FORGET_WORKBOOKS`]. It never fails: what could not be cleared away today is tomorrow.
///
/// # Errors
/// None.
pub fn forget_workbooks(db: &Db, _job: &Job) -> Result<Outcome> {
    let next = db.clock().now().plus_seconds(EVERY);
    let said = match db.housekeep_now(Actor::system_reach(), store::forget_expired) {
        Ok(forgotten) => format!("workbooks forgotten: {forgotten}"),
        Err(error) => {
            log::error!(target: "portal::returns", "forgetting workbooks failed: {error}");
            error.to_string()
        }
    };
    Ok(Outcome::RetryAt(next, said))
}
