//! Computing open reviews again: all of them when the weights changed and every night, because certificates lapse and signals
//! grow old by themselves; one organisation's when its certificates changed. A run goes on where it was stopped.

use super::compute::{compute_risk, compute_risk_of};
use super::store;
use crate::access::{Actor, Permit, Subject};
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, RiskRunId};
use crate::platform::jobs::{self, Job, Outcome};

/// The kind of the job that goes through all open reviews; the payload is the run's number.
pub(in crate::review) const RISK: &str = "review.risk";
/// The kind of the nightly job that begins a run.
pub(in crate::review) const DAILY: &str = "review.risk_daily";

/// Reviews computed in one change.
const PIECE: i64 = 100;
/// Changes before the job asks for its lease again.
const PIECES: usize = 100;
/// The hour of the night in London.
const HOUR: i8 = 4;
/// Seconds until the next try when the database refuses.
const AGAIN: i64 = 600;

/// Queues the nightly job unless it is there; called at every start.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, DAILY, "{}", now, Some(DAILY))
}

/// Begins a run in the caller's transaction.
pub(super) fn begin(tx: &mut Tx<'_>, why: &str) -> Result<()> {
    let id = store::begin_run(tx, why)?;
    let now = tx.now();
    jobs::enqueue(tx, RISK, &id.to_string(), now, None)
}

/// The handler of [`DAILY`]. It never fails: a job that fails often enough is given up, and this one must not be.
pub(in crate::review) fn daily(db: &Db, _job: &Job) -> Result<Outcome> {
    let now = db.clock().now();
    let begun = db.housekeep_now(Actor::system_reach(), |tx| {
        let open = store::count_open(tx.conn())?;
        if open > 0 {
            begin(tx, "daily")?;
        }
        Ok(open)
    });
    Ok(match begun {
        Ok(open) => Outcome::RetryAt(
            now.london_day().plus_days(1).at_hour(HOUR),
            format!("began to compute the risk of {open} reviews"),
        ),
        Err(error) => {
            log::error!(target: "portal::review", "computing the risk of reviews failed: {error}");
            Outcome::RetryAt(now.plus_seconds(AGAIN), error.to_string())
        }
    })
}

/// The handler of [`crate::certificates::CERTIFICATES_CHANGED`]; the payload is the organisation's number. Running it again
/// changes nothing.
pub(in crate::review) fn compute_of(db: &Db, job: &Job) -> Result<Outcome> {
    let Ok(whose) = job.payload.parse::<OrganisationId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no organisation", job.payload)));
    };
    if db.read_now(Actor::system_reach(), |conn| store::open_of(conn, whose))?.is_empty() {
        return Ok(Outcome::Done);
    }
    db.write_now(Actor::system_reach(), move |tx| {
        let permit = Permit::grant(&Actor::system(), Some(Subject::programme()))?;
        compute_risk_of(tx, &permit, whose)
    })?;
    Ok(Outcome::Done)
}

/// The handler of [`RISK`].
pub(in crate::review) fn compute_all(db: &Db, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<RiskRunId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no run", job.payload)));
    };
    for _ in 0..PIECES {
        let Some(run) = db.read_now(Reach::nobodys(), |conn| store::run(conn, id))? else {
            return Ok(Outcome::GiveUp(format!("there is no run {id}")));
        };
        if run.finished_at.is_some() {
            return Ok(Outcome::Done);
        }
        db.write_now(Actor::system_reach(), move |tx| {
            let permit = Permit::grant(&Actor::system(), Some(Subject::programme()))?;
            let recorded = compute_risk(tx, &permit, run.after, PIECE)?;
            let (count, last) = *recorded.value();
            store::advance(tx, id, i64::try_from(count).unwrap_or(PIECE), last)?;
            Ok(recorded)
        })?;
    }
    Ok(Outcome::RetryAt(db.clock().now(), "more reviews are left".to_owned()))
}
