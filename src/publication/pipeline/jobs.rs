//! The job of the calendar: publishes what is due and sends the links of early readers. It looks at every full minute and at
//! each announced moment, and whatever it did not get done is still due at the next look.

use std::sync::Arc;

use diesel::prelude::*;
use serde_json::json;

use super::mail::opened;
use super::moments::{ReleaseDateState, early_from};
use super::publish_due::publish_due;
use super::readers::{readers_of, token_hash};
use super::store::{self, ReleaseDate};
use crate::access::{Action, Actor, OpenEarlyReading, Permit, PublishAtTime};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReleaseDateId;
use crate::platform::jobs::{self, Job, Outcome};
use crate::platform::mail;
use crate::platform::random::{self, Random};
use crate::publication::publish_release::subject_of;
use crate::publication::release::ReleaseSummary;
use crate::publication::store::release_by_id;
use crate::schema::early_reader;

/// The kind of the job.
pub const CALENDAR: &str = "publication.calendar";

/// Seconds between two looks.
const EVERY: i64 = 60;

/// What one look did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Keys of the releases that became public.
    pub keys: Vec<String>,
    /// Early readers who were told.
    pub told: usize,
    /// What could not be published, and why.
    pub held: Vec<String>,
}

/// Queues the job unless it is there.
///
/// # Errors
/// When the row cannot be written.
pub fn ensure_scheduled(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, CALENDAR, "", now, Some(CALENDAR))
}

/// Has the calendar looked at as soon as this change is made, besides the regular looks.
pub(super) fn look_now(tx: &mut Tx<'_>, date: ReleaseDateId) -> Result<()> {
    ensure_scheduled(tx)?;
    let now = tx.now();
    jobs::enqueue(tx, CALENDAR, &date.to_string(), now, None)
}

/// The handler of [`CALENDAR`]. The regular one never fails: a job that fails often enough is given up, and this one must
/// not be.
///
/// # Errors
/// None.
pub fn calendar(db: &Db, public_url: &str, random: &Arc<dyn Random>, job: &Job) -> Result<Outcome> {
    let said = match run_due(db, public_url, &**random) {
        Ok(done) => {
            format!("looked; published {}, told {}, held {}", done.keys.len(), done.told, done.held.len())
        }
        Err(error) => {
            log::error!(target: "portal::publication", "the calendar failed: {error}");
            error.to_string()
        }
    };
    if !job.payload.is_empty() {
        return Ok(Outcome::Done);
    }
    let now = db.clock().now();
    let next = next_moment(db, now).unwrap_or_else(|error| {
        log::error!(target: "portal::publication", "the next look was not found: {error}");
        None
    });
    let regular = now.plus_seconds(EVERY);
    Ok(Outcome::RetryAt(next.map_or(regular, |next| next.min(regular)), said))
}

/// The next moment at which something of the calendar becomes due.
fn next_moment(db: &Db, now: Timestamp) -> Result<Option<Timestamp>> {
    let dates = db.read_now(Actor::system_reach(), store::dates)?;
    let open = dates.into_iter().filter(|date| date.state == ReleaseDateState::Announced);
    Ok(open.flat_map(|date| [early_from(date.due_at), date.due_at]).filter(|at| *at > now).min())
}

/// Publishes what is due and tells early readers whose time has begun, each in a change of its own.
///
/// # Errors
/// When the calendar cannot be read. What could not be published is told with the rest.
pub fn run_due(db: &Db, public_url: &str, random: &dyn Random) -> Result<Published> {
    let now = db.clock().now();
    let dates = db.read_now(Actor::system_reach(), store::dates)?;
    let mut done = Published::default();
    for date in dates {
        if date.state != ReleaseDateState::Announced || date.release.is_none() {
            continue;
        }
        // What cannot be done holds up nothing else, and is due again at the next look.
        let outcome = if date.due_at <= now {
            publish(db, date.id).map(|key| done.keys.extend(key))
        } else if early_from(date.due_at) <= now {
            tell(db, &date, public_url, random).map(|told| done.told += told)
        } else {
            Ok(())
        };
        if let Err(why) = outcome {
            log::error!(target: "portal::publication", "entry {} of the calendar is held back: {why}", date.id);
            done.held.push(why.to_string());
        }
    }
    Ok(done)
}

/// A conflict means that somebody else did it first, which is as good.
fn unless_done<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn publish(db: &Db, id: ReleaseDateId) -> Result<Option<String>> {
    unless_done(db.write_now(Actor::system_reach(), move |tx| {
        let (permit, release, date) = permit::<PublishAtTime>(tx, id)?;
        publish_due(tx, &permit, &release, &date)
    }))
}

/// The release of an entry as it is now, with the system's permit. What was published or cancelled meanwhile is a conflict.
fn permit<A: Action>(tx: &mut Tx<'_>, id: ReleaseDateId) -> Result<(Permit<A>, ReleaseSummary, ReleaseDate)> {
    let date = store::date(tx.conn(), id)?.ok_or(Error::NotFound)?;
    let release = match date.release {
        Some(release) if date.state == ReleaseDateState::Announced => release_by_id(tx.conn(), release)?,
        _ => None,
    };
    let release = release.ok_or_else(super::date_moved_on)?;
    let permit = Permit::<A>::grant(&Actor::system(), Some(subject_of(&release)))?;
    Ok((permit, release, date))
}

/// Tells those on the list who were not told yet. A token is made for those who have no account; what is kept of it is its
/// hash.
fn tell(db: &Db, date: &ReleaseDate, public_url: &str, random: &dyn Random) -> Result<usize> {
    let Some(release) = date.release else { return Ok(0) };
    let waiting = db.read_now(Actor::system_reach(), move |conn| readers_of(conn, release))?;
    let mut tokens = Vec::new();
    for reader in waiting.into_iter().filter(|reader| reader.told_at.is_none()) {
        let token = if reader.person.is_none() { Some(random::token(random)?) } else { None };
        tokens.push((reader, token));
    }
    if tokens.is_empty() {
        return Ok(0);
    }
    let (id, url) = (date.id, public_url.to_owned());
    let told = unless_done(db.write_now(Actor::system_reach(), move |tx| tell_all(tx, id, &url, &tokens)))?;
    Ok(told.unwrap_or_default())
}

fn tell_all(
    tx: &mut Tx<'_>,
    id: ReleaseDateId,
    public_url: &str,
    tokens: &[(super::EarlyReader, Option<String>)],
) -> Result<Recorded<usize>> {
    let (permit, release, date) = permit::<OpenEarlyReading>(tx, id)?;
    let now = tx.now();
    let mut told = 0;
    for (reader, token) in tokens {
        let marked = diesel::update(
            early_reader::table
                .filter(early_reader::id.eq(reader.id))
                .filter(early_reader::told_at.is_null())
                .filter(early_reader::removed_at.is_null()),
        )
        .set((
            early_reader::told_at.eq(Some(now)),
            early_reader::token_hash.eq(token.as_deref().map(|token| token_hash(token).to_vec())),
        ))
        .execute(tx.conn())?;
        if marked != 1 {
            continue;
        }
        let href = match token {
            Some(token) => format!("{public_url}/early/{token}"),
            None => format!("{public_url}/releases/{}/early", release.key),
        };
        mail::queue(tx, &opened(reader, &release.title, date.due_at, &href), &early_key(reader.id, now))?;
        told += 1;
    }
    if told == 0 {
        return Err(super::date_moved_on());
    }
    let event = Event::of(
        &permit,
        "early_reading.opened",
        format!("release/{}", release.id),
        json!({"readers": told}),
    );
    ledger::append(tx, &event, told)
}

/// The mail's own name; with the moment, because links are sent anew when a date is moved.
fn early_key(reader: crate::platform::ids::EarlyReaderId, now: Timestamp) -> String {
    format!("early-{reader}-{}", now.micros())
}
