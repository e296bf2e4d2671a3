//! Jobs that are not done, for people to see: given up, or waiting for their moment; and putting one that was given up
//! back into the queue.

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::JobId;
use crate::schema::job;
use crate::text_enum;

text_enum! {
    /// How far a job has got.
    JobState {
        /// It waits for its moment, for the first time or for another try.
        Queued = "queued", "Waiting";
        /// It is done.
        Done = "done", "Done";
        /// It was tried often enough, or can never work.
        GaveUp = "gave_up", "Given up";
    }
}

/// One job that is not done.
#[derive(Debug, Clone)]
pub struct OpenJob {
    /// Its row.
    pub id: JobId,
    /// What it does.
    pub kind: String,
    /// Tries that failed, one after the other.
    pub attempts: i64,
    /// When it is to run, or was to run last.
    pub run_at: Timestamp,
    /// What it said last.
    pub said: Option<String>,
    /// When it was given up.
    pub finished_at: Option<Timestamp>,
}

/// The jobs of a state, at most `limit`, and how many there are: what was given up newest first, what waits by its moment.
///
/// # Errors
/// When the database cannot be asked.
pub fn open_jobs(conn: &mut Conn, state: JobState, limit: i64) -> Result<(Vec<OpenJob>, i64)> {
    let total: i64 = job::table.filter(job::state.eq(state)).count().get_result(conn)?;
    let found = job::table.filter(job::state.eq(state)).limit(limit).select((
        job::id,
        job::kind,
        job::attempts,
        job::run_at,
        job::last_error,
        job::finished_at,
    ));
    type Row = (JobId, String, i64, Timestamp, Option<String>, Option<Timestamp>);
    let rows: Vec<Row> = match state {
        JobState::Queued => found.order((job::run_at, job::id)).load(conn)?,
        JobState::Done | JobState::GaveUp => found.order(job::id.desc()).load(conn)?,
    };
    let open = |(id, kind, attempts, run_at, said, finished_at)| OpenJob {
        id,
        kind,
        attempts,
        run_at,
        said,
        finished_at,
    };
    Ok((rows.into_iter().map(open).collect(), total))
}

/// The kind of a job and how far it has got; none when there is no such job.
///
/// # Errors
/// When the database cannot be asked.
pub fn job_state(conn: &mut Conn, id: JobId) -> Result<Option<(String, JobState)>> {
    Ok(job::table.filter(job::id.eq(id)).select((job::kind, job::state)).first(conn).optional()?)
}

/// Puts a job that was given up back into the queue, due now and with all its tries; false when it is not given up any more.
///
/// # Errors
/// When the row cannot be written.
pub fn queue_again(tx: &mut Tx<'_>, id: JobId) -> Result<bool> {
    let now = tx.now();
    let queued = diesel::update(job::table.filter(job::id.eq(id)).filter(job::state.eq(JobState::GaveUp)))
        .set((
            job::state.eq(JobState::Queued),
            job::run_at.eq(now),
            job::attempts.eq(0),
            job::finished_at.eq(None::<Timestamp>),
            job::leased_until.eq(None::<Timestamp>),
        ))
        .execute(tx.conn())?;
    Ok(queued == 1)
}
