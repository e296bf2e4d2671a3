//! Work outside the caller's transaction: a row enqueued with the change that wants it, leased by one worker at a
//! time for as long as it works, tried again with growing pauses, and given up visibly. What reads the whole nation has a
//! lane of its own, so that no mail waits for it.

mod open;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use diesel::prelude::*;

use super::clock::Timestamp;
use super::db::{Conn, Db, Reach, Tx};
use super::error::{Error, Result};
use super::ids::JobId;
use crate::schema::{job, lease};

pub use open::{JobState, OpenJob, job_state, open_jobs, queue_again};

/// How long a worker that says nothing may hold a job before another takes it over, in seconds.
const LEASE_SECONDS: i64 = 120;
/// How often a worker that is still at it says so.
const RENEWED_EVERY: Duration = Duration::from_secs(30);
/// Tries before a job that keeps failing is given up.
const TRIES: i64 = 12;

/// How one run of a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It asks to be run at this moment again, for this reason. That is no failure: tries are counted afresh.
    RetryAt(Timestamp, String),
    /// It will never work, for this reason; an administrator sees it.
    GiveUp(String),
}

/// What a handler gets to see of its job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its row.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// With what, as JSON.
    pub payload: String,
    /// Tries that failed, one after the other, before this one.
    pub attempts: i64,
}

/// Does the work of one kind. Must be idempotent: a crash after the work and before the mark runs it again.
pub type Handler = Arc<dyn Fn(&Db, &Job) -> Result<Outcome> + Send + Sync>;

/// Which worker takes a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Done within seconds: mails, files, what somebody waits for.
    Quick,
    /// Reads or writes the whole nation and may take minutes.
    Long,
}

/// The handlers by kind.
#[derive(Clone, Default)]
pub struct Handlers(BTreeMap<&'static str, (Lane, Handler)>);

impl Handlers {
    /// Adds the handler of one kind.
    #[must_use]
    pub fn on(
        self,
        kind: &'static str,
        handler: impl Fn(&Db, &Job) -> Result<Outcome> + Send + Sync + 'static,
    ) -> Self {
        self.within(Lane::Quick, kind, handler)
    }

    /// Adds the handler of a kind whose jobs take long.
    #[must_use]
    pub fn on_long(
        self,
        kind: &'static str,
        handler: impl Fn(&Db, &Job) -> Result<Outcome> + Send + Sync + 'static,
    ) -> Self {
        self.within(Lane::Long, kind, handler)
    }

    fn within(
        mut self,
        lane: Lane,
        kind: &'static str,
        handler: impl Fn(&Db, &Job) -> Result<Outcome> + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(kind, (lane, Arc::new(handler)));
        self
    }

    /// The kinds whose jobs take long.
    fn long(&self) -> Vec<&'static str> {
        self.0.iter().filter(|(_, (lane, _))| *lane == Lane::Long).map(|(kind, _)| *kind).collect()
    }
}

/// Queues a job in the caller's transaction. With a `dedupe` key that exists already nothing is queued.
///
/// # Errors
/// When the row cannot be written.
pub fn enqueue(
    tx: &mut Tx<'_>,
    kind: &str,
    payload: &str,
    run_at: Timestamp,
    dedupe: Option<&str>,
) -> Result<()> {
    let row = (
        job::kind.eq(kind),
        job::payload.eq(payload),
        job::run_at.eq(run_at),
        job::dedupe_key.eq(dedupe),
        job::created_at.eq(tx.now()),
    );
    crate::each!(tx.conn(), c => diesel::insert_into(job::table)
        .values(&row)
        .on_conflict(job::dedupe_key)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Jobs waiting that are due, and the age in seconds of the one that has waited longest.
///
/// # Errors
/// When the database cannot be asked.
pub fn lag(conn: &mut Conn, now: Timestamp) -> Result<(i64, i64)> {
    let (count, oldest): (i64, Option<Timestamp>) = job::table
        .filter(job::state.eq("queued"))
        .filter(job::run_at.le(now))
        .select((diesel::dsl::count_star(), diesel::dsl::min(job::run_at)))
        .first(conn)?;
    Ok((count, oldest.map_or(0, |at| (now.micros() - at.micros()) / 1_000_000)))
}

/// Takes the next due job of either lane and runs it; false when there was none.
///
/// # Errors
/// When the database cannot be asked. A handler's own error is recorded with the job, not returned.
pub fn run_once(db: &Db, handlers: &Handlers, holder: &str) -> Result<bool> {
    run_next(db, handlers, holder, None)
}

/// Takes the next due job of one lane and runs it; false when there was none.
///
/// # Errors
/// As [`run_once`].
pub fn run_in(lane: Lane, db: &Db, handlers: &Handlers, holder: &str) -> Result<bool> {
    run_next(db, handlers, holder, Some(lane))
}

fn run_next(db: &Db, handlers: &Handlers, holder: &str, lane: Option<Lane>) -> Result<bool> {
    let (name, long) = (holder.to_owned(), handlers.long());
    let Some(taken) = db.housekeep_now(Reach::nobodys(), move |tx| take(tx, &name, lane, &long))? else {
        return Ok(false);
    };
    let begun = db.clock().now();
    let (outcome, attempts) = match handlers.0.get(taken.kind.as_str()) {
        None => (Outcome::GiveUp(format!("no handler for jobs of kind {}", taken.kind)), taken.attempts),
        Some((_, handler)) => match held(db, &taken, holder, || handler(db, &taken)) {
            Ok(asked @ Outcome::RetryAt(..)) => (asked, 0),
            Ok(ended) => (ended, taken.attempts + 1),
            Err(error) => (failed(db, &taken, &error), taken.attempts + 1),
        },
    };
    let seconds = (db.clock().now().micros() - begun.micros()) / 1_000_000;
    if seconds > 0 {
        log::info!(target: "portal::jobs", job = taken.id.get(), kind = taken.kind.as_str(), seconds; "a job took long");
    }
    db.housekeep_now(Reach::nobodys(), move |tx| finish(tx, &taken, &outcome, attempts))?;
    Ok(true)
}

/// Does the work while somebody beside it renews the lease: whoever is killed loses it soon, and whoever takes long does not.
fn held<T>(db: &Db, taken: &Job, holder: &str, work: impl FnOnce() -> T) -> T {
    // Ends with the work, however that ends: dropping one side wakes the other.
    let (working, waiting) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while waiting.recv_timeout(RENEWED_EVERY) == Err(RecvTimeoutError::Timeout) {
                let (id, name) = (taken.id, holder.to_owned());
                if let Err(error) = db.housekeep_now(Reach::nobodys(), move |tx| renew(tx, id, &name)) {
                    log::warn!(target: "portal::jobs", job = taken.id.get(); "lease not renewed: {error}");
                }
            }
        });
        let done = work();
        drop(working);
        done
    })
}

fn renew(tx: &mut Tx<'_>, id: JobId, holder: &str) -> Result<()> {
    let until = tx.now().plus_seconds(LEASE_SECONDS);
    diesel::update(
        job::table
            .filter(job::id.eq(id))
            .filter(job::lease_holder.eq(holder))
            .filter(job::leased_until.is_not_null()),
    )
    .set(job::leased_until.eq(Some(until)))
    .execute(tx.conn())?;
    Ok(())
}

/// What becomes of a job whose handler failed: another try after a growing pause, until there were enough.
fn failed(db: &Db, taken: &Job, error: &Error) -> Outcome {
    log::warn!(target: "portal::jobs", job = taken.id.get(), kind = taken.kind.as_str(); "job failed: {error}");
    if taken.attempts + 1 >= TRIES {
        return Outcome::GiveUp(error.to_string());
    }
    let pause = 2_i64.saturating_pow(u32::try_from(taken.attempts).unwrap_or(10).min(12)) * 5;
    Outcome::RetryAt(db.clock().now().plus_seconds(pause), error.to_string())
}

/// Leases the next due job; `long` are the kinds that make the long lane, every other is quick.
fn take(tx: &mut Tx<'_>, holder: &str, lane: Option<Lane>, long: &[&str]) -> Result<Option<Job>> {
    let now = tx.now();
    let due = job::state
        .eq("queued")
        .and(job::run_at.le(now))
        .and(job::leased_until.is_null().or(job::leased_until.lt(now)));
    let mut query = job::table
        .filter(due)
        .order((job::run_at, job::id))
        .select((job::id, job::kind, job::payload, job::attempts))
        .into_boxed();
    match lane {
        Some(Lane::Long) => query = query.filter(job::kind.eq_any(long)),
        Some(Lane::Quick) => query = query.filter(job::kind.ne_all(long)),
        None => {}
    }
    let found: Option<(JobId, String, String, i64)> = query.first(tx.conn()).optional()?;
    let Some((id, kind, payload, attempts)) = found else {
        return Ok(None);
    };
    let leased = diesel::update(
        job::table
            .filter(job::id.eq(id))
            .filter(job::state.eq("queued"))
            .filter(job::leased_until.is_null().or(job::leased_until.lt(now))),
    )
    .set((job::leased_until.eq(Some(now.plus_seconds(LEASE_SECONDS))), job::lease_holder.eq(Some(holder))))
    .execute(tx.conn())?;
    // Another worker was faster: there may be more, so the next round looks again.
    Ok((leased == 1).then_some(Job { id, kind, payload, attempts }))
}

fn finish(tx: &mut Tx<'_>, taken: &Job, outcome: &Outcome, attempts: i64) -> Result<()> {
    let now = tx.now();
    let (state, run_at, error, finished) = match outcome {
        Outcome::Done => ("done", None, None, Some(now)),
        Outcome::RetryAt(at, why) => ("queued", Some(*at), Some(why.as_str()), None),
        Outcome::GiveUp(why) => ("gave_up", None, Some(why.as_str()), Some(now)),
    };
    let row = job::table.filter(job::id.eq(taken.id));
    diesel::update(row)
        .set((
            job::state.eq(state),
            job::attempts.eq(attempts),
            job::last_error.eq(error),
            job::finished_at.eq(finished),
            job::leased_until.eq(None::<Timestamp>),
        ))
        .execute(tx.conn())?;
    if let Some(at) = run_at {
        diesel::update(job::table.filter(job::id.eq(taken.id))).set(job::run_at.eq(at)).execute(tx.conn())?;
    }
    Ok(())
}

/// Takes or renews a named lease for some seconds; false when another holder has it. For work of which there must be
/// one worker at a time, such as the ledger's sequencer.
///
/// # Errors
/// When the database cannot be asked.
pub fn hold(tx: &mut Tx<'_>, name: &str, holder: &str, seconds: i64) -> Result<bool> {
    let (now, until) = (tx.now(), tx.now().plus_seconds(seconds));
    let renewed = diesel::update(
        lease::table
            .filter(lease::name.eq(name))
            .filter(lease::holder.eq(holder).or(lease::held_until.lt(now))),
    )
    .set((lease::holder.eq(holder), lease::held_until.eq(until)))
    .execute(tx.conn())?;
    if renewed == 1 {
        return Ok(true);
    }
    let row = (lease::name.eq(name), lease::holder.eq(holder), lease::held_until.eq(until));
    let made = crate::each!(tx.conn(), c => diesel::insert_into(lease::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}
