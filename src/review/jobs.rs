//! The jobs that put a submission into the queue and take it out again when it is withdrawn; the return's own verbs enqueue
//! them in their transactions.

use super::mail::Links;
use super::model::Step;
use super::queue::queue_submission;
use super::withdrawn::withdraw_review;
use super::{sites, store};
use crate::access::{Actor, Permit, Subject, WithdrawReview};
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::http::Portal;
use crate::platform::ids::SubmissionId;
use crate::platform::jobs::{Handlers, Job, Outcome};
use crate::returns::{QUEUE_REVIEW, WITHDRAW_REVIEW};

/// Adds this capability's handlers.
#[must_use]
pub fn handlers(handlers: Handlers, portal: &Portal) -> Handlers {
    let links = Links::below(portal.config.public_url());
    handlers
        .on(QUEUE_REVIEW, queue)
        .on(WITHDRAW_REVIEW, move |db, job| withdraw(db, &links, job))
        .on(sites::DECIDE, decide_sites)
}

/// The handler of [`sites::DECIDE`]. Running it again changes nothing: a site that has its outcome is left alone.
fn decide_sites(db: &Db, job: &Job) -> Result<Outcome> {
    let Some((id, from)) = sites::parsed(&job.payload) else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no sites of a review", job.payload)));
    };
    let (filed, waiting) = db.read_now(Actor::system_reach(), |conn| sites::left(conn, id, from))?;
    if filed > 0 {
        db.write_now(Actor::system_reach(), move |tx| sites::apply(tx, id, from))?;
    }
    if waiting == 0 {
        return Ok(Outcome::Done);
    }
    let next = db.clock().now().plus_seconds(sites::AGAIN);
    Ok(Outcome::RetryAt(next, format!("{waiting} sites are still being submitted")))
}

/// The handler of [`WITHDRAW_REVIEW`]; the payload is the submission's number. A submission that has no review yet gets
/// none: its own job finds it withdrawn.
fn withdraw(db: &Db, links: &Links, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<SubmissionId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no submission", job.payload)));
    };
    let Some(found) = db.read_now(Actor::system_reach(), |conn| store::review_of(conn, id))? else {
        return Ok(Outcome::Done);
    };
    if found.state.after(Step::Withdraw).is_none() {
        return Ok(Outcome::Done);
    }
    let links = links.clone();
    db.write_now(Actor::system_reach(), move |tx| {
        let permit = Permit::<WithdrawReview>::grant(&Actor::system(), Some(found.subject()))?;
        withdraw_review(tx, &permit, &found, &links)
    })?;
    Ok(Outcome::Done)
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
