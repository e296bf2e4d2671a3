//! The jobs of this capability: those that put a submission into the queue and take it out again when it is withdrawn,
//! which the return's own verbs enqueue in their transactions; one that gives reviews back whose reviewer has become a
//! member of the organisation; and those that look again and again.

use std::sync::Arc;

use super::closing::{finalise_by_system, finalise_due};
use super::dashboard::reminders;
use super::interest::give_back_reviews;
use super::mail::Links;
use super::model::Step;
use super::queue::queue_submission;
use super::withdrawn::withdraw_review;
use super::{consistency, dashboard, risk, sites, store};
use crate::access::{Actor, FinaliseBySystem, GiveBackReviews, Permit, Subject, WithdrawReview};
use crate::certificates::CERTIFICATES_CHANGED;
use crate::collections::COLLECTION_OPENED;
use crate::identity::{CONFLICT_GAINED, ConflictCause};
use crate::ledger::{self, Event};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::http::Portal;
use crate::platform::ids::{PersonId, SubmissionId};
use crate::platform::jobs::{self, Handlers, Job, Outcome};
use crate::platform::random::Random;
use crate::returns::{QUEUE_REVIEW, WITHDRAW_REVIEW};

/// Adds this capability's handlers.
#[must_use]
pub fn handlers(handlers: Handlers, portal: &Portal) -> Handlers {
    let links = Links::below(portal.config.public_url());
    let url = portal.config.public_url().to_owned();
    super::queries::handlers(handlers, portal)
        .on(QUEUE_REVIEW, {
            let random = Arc::clone(&portal.random);
            move |db, job| queue(db, &*random, job)
        })
        .on_long(risk::RISK, risk::compute_all)
        .on_long(risk::DAILY, risk::daily)
        .on(CERTIFICATES_CHANGED, risk::compute_of)
        .on(CONFLICT_GAINED, {
            let links = links.clone();
            move |db, job| recuse(db, &links, job)
        })
        .on(WITHDRAW_REVIEW, move |db, job| withdraw(db, &links, job))
        .on(sites::DECIDE, decide_sites)
        .on_long(consistency::NIGHT, move |db, _| Ok(consistency::night(db, Actor::system_reach(), &url)))
        .on_long(dashboard::OUTLOOK, |db, _| Ok(dashboard::outlook(db, Actor::system_reach())))
        .on_long(COLLECTION_OPENED, |db, job| dashboard::opened(db, Actor::system_reach(), job))
        .on(reminders::CHASE, {
            let url = portal.config.public_url().to_owned();
            move |db, job| reminders::deliver(db, Actor::system_reach(), &url, job)
        })
        .on(FINALISE, finalise)
}

/// The kind of the job that makes decisions final when their period has passed.
const FINALISE: &str = "review.finalise";

/// Seconds between two looks.
const EVERY: i64 = 60;

/// Decisions made final in one look.
const AT_ONCE: i64 = 200;

/// Queues the jobs that look again and again, unless they are there; called at every start.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    consistency::ensure_scheduled(tx)?;
    risk::ensure_scheduled(tx)?;
    dashboard::ensure_scheduled(tx)?;
    super::queries::ensure_scheduled(tx)?;
    jobs::enqueue(tx, FINALISE, "{}", now, Some(FINALISE))
}

/// The handler of [`FINALISE`]. It never fails: a job that fails often enough is given up, and this one must not be.
fn finalise(db: &Db, _job: &Job) -> Result<Outcome> {
    let now = db.clock().now();
    let said = match make_final(db, now) {
        Ok(count) => format!("looked; made {count} decisions final"),
        Err(error) => {
            log::error!(target: "portal::review", "making decisions final failed: {error}");
            error.to_string()
        }
    };
    Ok(Outcome::RetryAt(now.plus_seconds(EVERY), said))
}

/// Makes final what is due, each in a change of its own; a conflict or refusal means that somebody else was first.
fn make_final(db: &Db, now: Timestamp) -> Result<usize> {
    let due = db.read_now(Actor::system_reach(), move |conn| finalise_due(conn, now, AT_ONCE))?;
    let mut made = 0;
    for id in due {
        let outcome = db.write_now(Actor::system_reach(), move |tx| {
            let review = store::review(tx.conn(), id)?;
            let permit = Permit::<FinaliseBySystem>::grant(&Actor::system(), Some(review.subject()))?;
            finalise_by_system(tx, &permit, &review)
        });
        match outcome {
            Ok(()) => made += 1,
            Err(Error::Conflict(_) | Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(made)
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
fn queue(db: &Db, random: &dyn Random, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<SubmissionId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no submission", job.payload)));
    };
    if db.read_now(Actor::system_reach(), |conn| store::is_queued(conn, id))? {
        return Ok(Outcome::Done);
    }
    // Made ahead: the collection's first submission is queued with the seed of all its random shares.
    let seed = risk::fresh(random)?;
    let outcome = db.write_now(Actor::system_reach(), move |tx| {
        let subject = Subject { kind: "submission", id: id.get(), organisation: None, state: "" };
        queue_submission(tx, &Permit::grant(&Actor::system(), Some(subject))?, &seed)
    });
    match outcome {
        // Another worker did it in between.
        Ok(_) | Err(Error::Conflict(_)) => Ok(Outcome::Done),
        Err(Error::NotFound) => Ok(Outcome::GiveUp(format!("there is no submission {id}"))),
        Err(error) => Err(error),
    }
}

/// The handler of [`CONFLICT_GAINED`]; the payload is the person's number. Running it again changes nothing.
fn recuse(db: &Db, links: &Links, job: &Job) -> Result<Outcome> {
    let Ok(who) = job.payload.parse::<PersonId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names nobody", job.payload)));
    };
    let links = links.clone();
    db.write_now(Actor::system_reach(), move |tx| {
        let permit = Permit::<GiveBackReviews>::grant(&Actor::system(), Some(Subject::programme()))?;
        let given = give_back_reviews(tx, &permit, who, ConflictCause::Membership, &links)?.len();
        let data = serde_json::json!({"given_back": given});
        ledger::append(tx, &Event::of(&permit, "membership_weighed", format!("person/{who}"), data), ())
    })?;
    Ok(Outcome::Done)
}
