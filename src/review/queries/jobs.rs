//! The daily job of reminders about questions: at eight in the morning, London time, or as soon as the portal runs again.

use super::remind;
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::http::Portal;
use crate::platform::jobs::{self, Handlers, Outcome};

/// The kind of the job.
pub const REMIND: &str = "review.remind";

/// The hour of the day in London.
const HOUR: i8 = 8;

/// Seconds until the next try when the database refuses.
const AGAIN: i64 = 300;

/// Queues the job unless it is there; called at every start.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, REMIND, "{}", now, Some(REMIND))
}

/// Adds the handler of [`REMIND`].
pub(in crate::review) fn handlers(handlers: Handlers, portal: &Portal) -> Handlers {
    let public_url = portal.config.public_url().to_owned();
    handlers.on(REMIND, move |db, _| Ok(run(db, &public_url)))
}

/// It never fails: a job that fails often enough is given up, and this one must not be.
fn run(db: &Db, public_url: &str) -> Outcome {
    let now = db.clock().now();
    let morning = now.london_day().at_hour(HOUR);
    if now < morning {
        return Outcome::RetryAt(morning, "waits for the morning".to_owned());
    }
    match remind::send_query_reminders(db, public_url) {
        Ok(sent) => Outcome::RetryAt(
            now.london_day().plus_days(1).at_hour(HOUR),
            format!("sent {sent} reminders of questions"),
        ),
        Err(error) => {
            log::error!(target: "portal::review", "sending reminders of questions failed: {error}");
            Outcome::RetryAt(now.plus_seconds(AGAIN), error.to_string())
        }
    }
}
