//! Background work of the second scoring: comparing two scores when both are done, and every night drawing what is due,
//! comparing what was missed, and watching for drift. Whose rows it may see is handed to it.

use super::blind::{compare_scores, find_case, ready};
use super::{drift, sample};
use crate::access::{Actor, DrawSampleBySystem, Permit, Subject};
use crate::collections;
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::BlindCaseId;
use crate::platform::jobs::{self, Job, Outcome};

/// The kind of the job that compares; the payload is the case's number.
pub const COMPARE: &str = "review.compare";

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

/// The handler of [`COMPARE`]. A first review that is not done yet asks again when it is.
pub(in crate::review) fn compare(db: &Db, reach: Reach, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<BlindCaseId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no blind case", job.payload)));
    };
    if !db.read_now(reach, |conn| ready(conn, id))? {
        return Ok(Outcome::Done);
    }
    let compared = db.write_now(reach, move |tx| {
        let subject = find_case(tx.conn(), id)?.subject();
        compare_scores(tx, &Permit::grant(&Actor::system(), Some(subject))?)
    });
    match compared {
        Ok(_) | Err(Error::Conflict(_)) => Ok(Outcome::Done),
        Err(error) => Err(error),
    }
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
