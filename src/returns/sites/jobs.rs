//! The jobs of a head office's submission: one for each part of the fixed list, and one that tells of the end.

use super::file::file_chunk;
use super::fix::CHUNK;
use super::model::LineState;
use super::store;
use super::tell::tell;
use crate::access::Actor;
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::ids::FilingId;
use crate::platform::jobs::{Job, Outcome};

/// The kind of the jobs that submit for sites; the payload is the list's number, the place to begin at and the try.
pub const FILE: &str = "returns.sites";

/// The kind of the job that tells the head office of the end; the payload is the list's number.
pub const TELL: &str = "returns.sites_told";

/// Seconds between two looks at whether all is done.
const EVERY: i64 = 5;

/// The payload of a [`FILE`] job.
pub(super) fn payload(id: FilingId, from: i64, attempt: i64) -> String {
    format!("{id}/{from}/{attempt}")
}

fn parsed(payload: &str) -> Option<(FilingId, i64)> {
    let mut parts = payload.split('/');
    let id = parts.next()?.parse().ok()?;
    let from = parts.next()?.parse().ok()?;
    Some((id, from))
}

/// The handler of [`FILE`]. Running it again changes nothing: the lines say what is done.
///
/// # Errors
/// When the database refuses; the job is tried again.
pub fn file_sites(db: &Db, job: &Job) -> Result<Outcome> {
    let Some((id, from)) = parsed(&job.payload) else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no list of sites", job.payload)));
    };
    let waits = db.read_now(Actor::system_reach(), |conn| {
        let lines = store::filing_lines(conn, id, from, CHUNK)?;
        Ok(lines.iter().any(|line| line.state == LineState::Queued))
    })?;
    if !waits {
        return Ok(Outcome::Done);
    }
    let done = db.write_now(Actor::system_reach(), move |tx| file_chunk(tx, id, from))?;
    log::debug!(target: "portal::returns", "{done} sites of list {id} from {from} on are done");
    Ok(Outcome::Done)
}

/// The handler of [`TELL`].
///
/// # Errors
/// When the database refuses; the job is tried again.
pub fn tell_of_sites(db: &Db, public_url: &str, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<FilingId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" names no list of sites", job.payload)));
    };
    let (filing, progress) = db
        .read_now(Actor::system_reach(), |conn| Ok((store::filing(conn, id)?, store::progress(conn, id)?)))?;
    if filing.told_at.is_some() {
        return Ok(Outcome::Done);
    }
    if progress.waiting > 0 {
        let next = db.clock().now().plus_seconds(EVERY);
        return Ok(Outcome::RetryAt(next, format!("{} sites wait", progress.waiting)));
    }
    let url = public_url.to_owned();
    match db.write_now(Actor::system_reach(), move |tx| tell(tx, id, &url)) {
        // Another worker told them in between.
        Ok(()) | Err(Error::Conflict(_)) => Ok(Outcome::Done),
        Err(error) => Err(error),
    }
}
