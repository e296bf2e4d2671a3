//! Trying a job again that was given up.

use crate::access::{Permit, RetryJob};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::JobId;
use crate::platform::{jobs, mail};

/// Puts the permit's job back into the queue.
///
/// # Errors
/// [`Error::Conflict`] when somebody else has just done so.
pub fn retry_job(tx: &mut Tx<'_>, permit: &Permit<RetryJob>, kind: &str) -> Result<Recorded<()>> {
    let id = JobId::new(permit.id());
    if !jobs::queue_again(tx, id)? {
        return Err(Error::Conflict("Somebody has just put this job back into the queue.".to_owned()));
    }
    if kind == mail::SEND {
        mail::allow_again(tx, id)?;
    }
    let data = serde_json::json!({"kind": kind});
    ledger::append(tx, &Event::of(permit, "job_retried", format!("job/{id}"), data), ())
}
