//! The daily clearing away of what is kept only for a while: answers kept for repeated calls, and files that were
//! looked at and never taken.

use super::db::{Db, Reach, Tx};
use super::error::Result;
use super::files::Files;
use super::idempotency;
use super::jobs::{self, Job, Outcome};

/// The kind of the job.
pub const SWEEP: &str = "platform.sweep";

/// Seconds between two rounds.
const EVERY: i64 = 24 * 3600;
/// Seconds that a file which was only looked at is kept.
const DRAFTS_KEPT: u64 = 24 * 3600;

/// Queues the job unless it is there; called at every start.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, SWEEP, "{}", now, Some(SWEEP))
}

/// The handler of [`SWEEP`]. It never fails: what could not be cleared away today is cleared away tomorrow.
///
/// # Errors
/// None.
pub fn sweep(db: &Db, files: &Files, _job: &Job) -> Result<Outcome> {
    let next = db.clock().now().plus_seconds(EVERY);
    let answers = db.housekeep_now(Reach::nobodys(), idempotency::forget_old);
    let drafts = files.sweep_drafts(DRAFTS_KEPT);
    let broken = files.sweep_incoming();
    let failures = [answers.as_ref().err(), drafts.as_ref().err(), broken.as_ref().err()];
    for error in failures.into_iter().flatten() {
        log::error!(target: "portal::sweep", "clearing away failed: {error}");
    }
    let count = |outcome: Result<usize>| outcome.map_or_else(|e| e.to_string(), |n| n.to_string());
    let said = format!(
        "kept answers removed: {}; drafts removed: {}; broken uploads removed: {}",
        count(answers),
        count(drafts),
        count(broken)
    );
    Ok(Outcome::RetryAt(next, said))
}
