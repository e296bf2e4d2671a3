//! The job that puts a submission into the queue; the submission enqueues it in its own transaction.

use super::queue::queue_submission;
use super::store;
use crate::access::{Actor, Permit, Subject};
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::http::Portal;
use crate::platform::ids::SubmissionId;
use crate::platform::jobs::{Handlers, Job, Outcome};
use crate::returns::QUEUE_REVIEW;

/// Adds this capability's handlers.
#[must_use]
pub fn handlers(handlers: Handlers, _portal: &Portal) -> Handlers {
    handlers.on(QUEUE_REVIEW, queue)
}

/// The handler of [`QUEUE_REVIEW`]; the payload is the submission's number. Running it again changes nothing.
fn queue(db: &Db, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<SubmissionId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no submission", job.payload)));
    };
    if db.read_now(Actor::system_reach(), |conn| store::is_queued(conn, id))? {
        return Ok(Outcome::Done);
    }
    let outcome = db.write_now(Actor::system_reach(), move |tx| {
        let subject = Subject { kind: "submission", id: id.get(), organisation: None, state: "" };
        queue_submission(tx, &Permit::grant(&Actor::system(), Some(subject))?)
    });
    match outcome {
        // Another worker did it in between.
        Ok(_) | Err(Error::Conflict(_)) => Ok(Outcome::Done),
        Err(Error::NotFound) => Ok(Outcome::GiveUp(format!("there is no submission {id}"))),
        Err(error) => Err(error),
    }
}
