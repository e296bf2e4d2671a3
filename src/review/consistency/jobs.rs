//! Background work of the second scoring: every night drawing what is due, and watching for drift. Whose rows it may see is
//! handed to it. Two scores are compared by whoever finishes last, not here.

use super::{drift, sample};
use crate::access::{Actor, DrawSampleBySystem, Permit, Subject};
use crate::collections;
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::jobs::{self, Outcome};

/// The kind of the nightly job.
pub const NIGHT: &str = "review.consistency";

/// The hour of the night in London.
const HOUR: i8 = 4;
/// Seconds until the next try when the database refuses.
const AGAIN: i64 = 600;

/// Queues the nightly job unless it is there; called at every start. The first run follows at once.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, NIGHT, "{}", now, Some(NIGHT))
}

/// The handler of [`NIGHT`]. It never fails: a job that fails often enough is given up, and this one must not be.
pub(in crate::review) fn night(db: &Db, reach: Reach, public_url: &str) -> Outcome {
    let now = db.clock().now();
    match all(db, reach, public_url) {
        Ok(said) => Outcome::RetryAt(now.london_day().plus_days(1).at_hour(HOUR), said),
        Err(error) => {
            log::error!(target: "portal::review", "the nightly work of the second scoring failed: {error}");
            Outcome::RetryAt(now.plus_seconds(AGAIN), error.to_string())
        }
    }
}

fn all(db: &Db, reach: Reach, public_url: &str) -> Result<String> {
    let mut taken = 0;
    for id in db.read_now(reach, sample::due)? {
        let drawn = db.write_now(reach, move |tx| {
            let state = collections::collection(tx.conn(), id)?.state.as_str();
            let subject = Subject { kind: "collection", id: id.get(), organisation: None, state };
            let permit = Permit::<DrawSampleBySystem>::grant(&Actor::system(), Some(subject))?;
            sample::draw_sample(tx, &permit)
        });
        match drawn {
            Ok(count) => taken += count,
            // Somebody drew by hand at the same moment.
            Err(Error::Conflict(_) | Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let watched = drift::watch(db, reach, public_url)?;
    Ok(format!("drew {taken} submissions, raised {} alerts and ended {}", watched.raised, watched.over))
}
