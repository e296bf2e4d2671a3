//! The job that puts a submission into the queue; the submission enqueues it in its own transaction.

use super::queue::queue_submission;
use super::store;
use crate::access::{Actor, Permit, Subject};
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::http::Portal;
use crate::platform::ids::SubmissionId;
use crate::platform::jobs::{Handlers, Job, Outcome};

/// The kind of the job. Its payload is the submission's number, alone or as `{"submission": 12}`.
pub const QUEUE: &str = "review.queue";

/// Adds this capability's handlers.
#[must_use]
pub fn handlers(handlers: Handlers, _portal: &Portal) -> Handlers {
    handlers.on(QUEUE, queue)
}

/// The handler of [`QUEUE`]. Running it again changes nothing.
fn queue(db: &Db, job: &Job) -> Result<Outcome> {
    let Some(id) = submission_in(&job.payload) else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no submission", job.payload)));
    };
    if db.read_now(|conn| store::is_queued(conn, id))? {
        return Ok(Outcome::Done);
    }
    let outcome = db.write_now(move |tx| {
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

fn submission_in(payload: &str) -> Option<SubmissionId> {
    let value: serde_json::Value = serde_json::from_str(payload).ok()?;
    value.as_i64().or_else(|| value.get("submission")?.as_i64()).map(SubmissionId::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_names_its_submission() {
        assert_eq!(submission_in("12"), Some(SubmissionId::new(12)));
        assert_eq!(submission_in("{\"submission\":12}"), Some(SubmissionId::new(12)));
        for bad in ["", "twelve", "{}", "1.5", "null"] {
            assert_eq!(submission_in(bad), None, "{bad}");
        }
    }
}
