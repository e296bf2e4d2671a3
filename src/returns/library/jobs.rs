//! The library's work outside requests: scanning new files, and the daily look at what goes out of date.

use super::verdict::{self, Waiting};
use super::warn;
use crate::access::Actor;
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::files::{Files, Scanner};
use crate::platform::ids::EvidenceId;
use crate::platform::jobs::{self, Job, Outcome};

/// The kind of the job that has one version scanned; its payload is the version's number.
pub const SCAN: &str = "evidence.scan";
/// The kind of the daily job that warns of what goes out of date.
pub const WARN: &str = "evidence.warn";

/// Seconds until a scan is tried again: at least, and at most.
const PAUSE: (i64, i64) = (30, 1800);
/// Seconds until the daily look is tried again when something of it failed.
const SOON_AGAIN: i64 = 600;
/// Seconds after the London midnight at which the daily look is due.
const MORNING: i64 = 6 * 3600;

/// Queues the daily job unless it is there; called at every start.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, WARN, "{}", now, Some(WARN))
}

/// The handler of [`WARN`]. It never fails: a job that fails often enough is given up, and this one must not be.
///
/// # Errors
/// None.
pub fn warn_of_ends(db: &Db, public_url: &str, _job: &Job) -> Result<Outcome> {
    let now = db.clock().now();
    let today = now.london_day();
    let tomorrow = today.plus_days(1).start().plus_seconds(MORNING);
    let due = match db.read_now(Actor::system_reach(), move |conn| warn::endings(conn, today)) {
        Ok(due) => due,
        Err(error) => return Ok(again(now.plus_seconds(SOON_AGAIN), &error)),
    };
    let (mut warned, mut failed) = (0_usize, None);
    for ending in due {
        let url = public_url.to_owned();
        match db.housekeep_now(Actor::system_reach(), move |tx| warn::warn(tx, ending, &url)) {
            Ok(said) => warned += usize::from(said),
            // One piece that fails keeps nobody from hearing of the others.
            Err(error) => failed = Some(error),
        }
    }
    Ok(match failed {
        None => Outcome::RetryAt(tomorrow, format!("looked; warned of {warned}")),
        Some(error) => again(now.plus_seconds(SOON_AGAIN), &error),
    })
}

fn again(at: crate::platform::clock::Timestamp, error: &Error) -> Outcome {
    log::error!(target: "portal::evidence", "warning of evidence that goes out of date failed: {error}");
    Outcome::RetryAt(at, error.to_string())
}

/// The handler of [`SCAN`]. While there is no verdict the version waits, and the scan is tried again for as long as it
/// takes: it is never accepted for want of one.
///
/// # Errors
/// When the database cannot be asked.
pub fn scan(
    db: &Db,
    files: &Files,
    scanner: Option<&Scanner>,
    public_url: &str,
    job: &Job,
) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<EvidenceId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" is no version of evidence", job.payload)));
    };
    let Some(of) = db.read_now(Actor::system_reach(), move |conn| verdict::waiting(conn, id))? else {
        return Ok(Outcome::Done);
    };
    let Some(scanner) = scanner else {
        return Ok(later(db, &of, "no malware scanner is set up, and this file waits for one"));
    };
    let mut content = match files.open_now(&of.sha256) {
        Ok(content) => content,
        Err(error) => {
            log::error!(target: "portal::evidence", evidence = id.get(); "failed to open a file to be scanned: {error}");
            return Ok(later(db, &of, &format!("the file cannot be opened: {error}")));
        }
    };
    let verdict = match scanner.scan(&mut content) {
        Ok(verdict) => verdict,
        Err(why) => {
            log::warn!(target: "portal::evidence", evidence = id.get(); "no verdict of the malware scanner: {why}");
            return Ok(later(db, &of, &why));
        }
    };
    let url = public_url.to_owned();
    let recorded = db.write_now(Actor::system_reach(), move |tx| {
        let permit = of.permit()?;
        verdict::record_scan(tx, &permit, &of, &verdict, &url)
    });
    match recorded {
        // Another worker was faster.
        Ok(()) | Err(Error::Conflict(_)) => Ok(Outcome::Done),
        Err(error) => Err(error),
    }
}

/// Another try; the longer a file has waited, the longer the pause, so that a scanner that hangs holds up little else.
fn later(db: &Db, of: &Waiting, why: &str) -> Outcome {
    let now = db.clock().now();
    let (least, most) = PAUSE;
    let waited = (now.micros() - of.since) / 1_000_000;
    Outcome::RetryAt(now.plus_seconds((waited / 2).clamp(least, most)), why.to_owned())
}
