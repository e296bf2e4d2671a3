//! The jobs of corrections: computing a preview, scoring again and putting in force, telling organisations. Each goes on
//! where it was when it was interrupted.

use super::decide::RESCORE;
use super::model::{CorrectionState, Run};
use super::preview::{self, PREVIEW};
use super::put_in_force::put_in_force;
use super::run::{Ran, run, still};
use super::tell::{self, TELL};
use crate::access::{Actor, Permit, PutRulesInForce};
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::http::Portal;
use crate::platform::ids::RuleCorrectionId;
use crate::platform::jobs::{Handlers, Job, Outcome};

/// Adds this capability's handlers.
#[must_use]
pub fn handlers(handlers: Handlers, portal: &Portal) -> Handlers {
    let public_url = portal.config.public_url().to_owned();
    handlers
        .on_long(PREVIEW, preview)
        .on_long(RESCORE, rescore)
        .on(TELL, move |db, job| tell_some(db, &public_url, job))
}

fn named(job: &Job) -> std::result::Result<RuleCorrectionId, Outcome> {
    let unknown = |_| Outcome::GiveUp(format!("\"{}\" names no correction", job.payload));
    job.payload.parse().map_err(unknown)
}

fn goes_on(db: &Db) -> Outcome {
    Outcome::RetryAt(db.clock().now(), "goes on where it is".to_owned())
}

/// The handler of [`PREVIEW`]. A draft that was changed meanwhile has a job of its own.
fn preview(db: &Db, job: &Job) -> Result<Outcome> {
    let id = match named(job) {
        Ok(id) => id,
        Err(unknown) => return Ok(unknown),
    };
    let Some(found) = still(db, id, CorrectionState::Previewing)? else {
        return Ok(Outcome::Done);
    };
    match run(db, &found, Run::Preview) {
        Ok(Ran::GoesOn) => return Ok(goes_on(db)),
        Ok(Ran::Through) => {}
        Err(Error::Conflict(_)) => return Ok(Outcome::Done),
        Err(error) => return Err(error),
    }
    match db.housekeep_now(Actor::system_reach(), move |tx| preview::finish(tx, &found)) {
        Ok(()) | Err(Error::Conflict(_)) => Ok(Outcome::Done),
        Err(error) => Err(error),
    }
}

/// The handler of [`RESCORE`].
fn rescore(db: &Db, job: &Job) -> Result<Outcome> {
    let id = match named(job) {
        Ok(id) => id,
        Err(unknown) => return Ok(unknown),
    };
    let Some(found) = still(db, id, CorrectionState::Rescoring)? else {
        return Ok(Outcome::Done);
    };
    if run(db, &found, Run::Result)? == Ran::GoesOn {
        return Ok(goes_on(db));
    }
    let subject = found.subject();
    let outcome = db.write_now(Actor::system_reach(), move |tx| {
        put_in_force(tx, &Permit::<PutRulesInForce>::grant(&Actor::system(), Some(subject))?)
    });
    match outcome {
        Ok(_) | Err(Error::Conflict(_)) => Ok(Outcome::Done),
        Err(error) => Err(error),
    }
}

/// The handler of [`TELL`].
fn tell_some(db: &Db, public_url: &str, job: &Job) -> Result<Outcome> {
    let id = match named(job) {
        Ok(id) => id,
        Err(unknown) => return Ok(unknown),
    };
    let left = db.read_now(Actor::system_reach(), move |conn| tell::left(conn, id))?;
    if left == 0 {
        return Ok(Outcome::Done);
    }
    let url = public_url.to_owned();
    db.write_now(Actor::system_reach(), move |tx| tell::tell_some(tx, id, &url))?;
    Ok(goes_on(db))
}
