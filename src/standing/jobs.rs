//! The nightly job of the figures of sectors: at three in the morning, London time.

use super::peers::refresh_peers;
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::jobs::{self, Job, Outcome};

/// The kind of the job.
pub const PEERS: &str = "standing.peers";

/// The hour of the night in London.
const HOUR: i8 = 3;
/// Seconds until the next try when the database refuses.
const AGAIN: i64 = 600;

/// Queues the job unless it is there; called at every start. The first run follows at once.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, PEERS, "{}", now, Some(PEERS))
}

/// The handler of [`PEERS`]. It never fails: a job that fails often enough is given up, and this one must not be.
///
/// # Errors
/// None.
pub fn peers(db: &Db, _job: &Job) -> Result<Outcome> {
    let now = db.clock().now();
    Ok(match refresh_peers(db) {
        Ok(done) => Outcome::RetryAt(
            now.london_day().plus_days(1).at_hour(HOUR),
            format!("wrote {} figures and withheld {}", done.shown, done.withheld),
        ),
        Err(error) => {
            log::error!(target: "portal::standing", "computing the figures of sectors failed: {error}");
            Outcome::RetryAt(now.plus_seconds(AGAIN), error.to_string())
        }
    })
}
