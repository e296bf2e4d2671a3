//! The daily job of reminders: at eight in the morning, London time, or as soon as the portal runs again.

use super::send;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::jobs::{self, Job, Outcome};

/// The kind of the job.
pub const REMIND: &str = "returns.remind";

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

/// The handler of [`REMIND`]. It never fails: a job that fails often enough is given up, and this one must not be.
///
/// # Errors
/// None.
pub fn remind(db: &Db, public_url: &str, _job: &Job) -> Result<Outcome> {
    let now = db.clock().now();
    if let Some(later) = not_yet(now) {
        return Ok(Outcome::RetryAt(later, "waits for the morning".to_owned()));
    }
    let (next, said) = match all(db, public_url) {
        Ok(said) => (now.london_day().plus_days(1).at_hour(HOUR), said),
        Err(error) => {
            log::error!(target: "portal::returns", "sending reminders failed: {error}");
            (now.plus_seconds(AGAIN), error.to_string())
        }
    };
    Ok(Outcome::RetryAt(next, said))
}

/// Everything that is told in the morning; what was told is not told again when the rest is tried once more.
fn all(db: &Db, public_url: &str) -> Result<String> {
    let sent = send::send_due(db, public_url)?;
    let lines = super::lines::send_line_reminders(db, public_url)?;
    let owners = super::owners::send_owner_reminders(db, public_url)?;
    let up = super::escalate::escalate_overdue(db, public_url)?;
    let left = super::leavers::tell_of_leavers(db, public_url)?;
    Ok(format!(
        "sent {} reminders, {} digests, {owners} reminders of requirements, {lines} reminders of plans, escalated {up} lines, and told {left} organisations of leavers",
        sent.reminders, sent.digests
    ))
}

/// The time to wait for, before the hour of the day has come.
fn not_yet(now: Timestamp) -> Option<Timestamp> {
    let morning = now.london_day().at_hour(HOUR);
    (now < morning).then_some(morning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    #[test]
    fn mornings_are_londons_on_days_when_the_clocks_change_too() {
        for day in ["2026-03-29", "2026-10-25", "2026-06-30", "2026-12-01"] {
            let at = |time: &str| parse_london(&format!("{day} {time}")).unwrap();
            assert_eq!(not_yet(at("00:30")), Some(at("08:00")), "{day}");
            assert_eq!(not_yet(at("07:59")), Some(at("08:00")), "{day}");
            assert_eq!(not_yet(at("08:00")), None, "{day}");
            assert_eq!(not_yet(at("23:59")), None, "{day}");
        }
        let spring = parse_london("2026-03-28 08:00").unwrap();
        let next = spring.london_day().plus_days(1).at_hour(HOUR);
        assert_eq!((next.micros() - spring.micros()) / 3_600_000_000, 23);
    }
}
