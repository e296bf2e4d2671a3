//! Moving an announced date. The reason and both dates stay public.

use diesel::prelude::*;
use serde_json::json;

use super::moments::{can_move, first_day, moment_of};
use super::readers::forget_links;
use super::store::ReleaseDate;
use super::{REASON_LIMIT, ask, date_moved_on, jobs, settled};
use crate::access::{MoveReleaseDate, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::schema::{release_date, release_date_change};

/// Moves it.
///
/// # Errors
/// [`Error::Invalid`] without a reason or for a day that is too soon, [`Error::Conflict`] when somebody else was first.
pub fn move_date(
    tx: &mut Tx<'_>,
    permit: &Permit<MoveReleaseDate>,
    found: &ReleaseDate,
    day: Day,
    reason: &str,
) -> Result<Recorded<()>> {
    let mut problems = Vec::new();
    ask(&mut problems, "reason", reason, "Say why the date is changed: the public reads it", REASON_LIMIT);
    settled(problems)?;
    let now = tx.now();
    if !can_move(now, found.due_at, day) {
        return Err(Error::field(
            "day",
            format!(
                "Choose a day after {}, or one from {} on: an earlier day needs the whole notice again",
                found.due_at.max(now).london_day().words(),
                first_day(now).words()
            ),
        ));
    }
    let due = moment_of(day);
    let moved = diesel::update(
        release_date::table
            .filter(release_date::id.eq(found.id))
            .filter(release_date::version.eq(found.version))
            .filter(release_date::state.eq(found.state)),
    )
    .set((release_date::due_at.eq(due), release_date::version.eq(found.version + 1)))
    .execute(tx.conn())?;
    if moved != 1 {
        return Err(date_moved_on());
    }
    diesel::insert_into(release_date_change::table)
        .values((
            release_date_change::date_id.eq(found.id),
            release_date_change::was_at.eq(found.due_at),
            release_date_change::now_at.eq(Some(due)),
            release_date_change::reason.eq(reason),
            release_date_change::changed_at.eq(now),
            release_date_change::changed_by.eq(permit.actor().id()),
        ))
        .execute(tx.conn())?;
    if let Some(release) = found.release {
        forget_links(tx.conn(), release)?;
    }
    jobs::ensure_scheduled(tx)?;
    let event = Event::of(
        permit,
        "release_date.moved",
        format!("release_date/{}", found.id),
        json!({"was_at": found.due_at, "due_at": due, "reason_sha256": hex(&sha256(reason.as_bytes()))}),
    );
    ledger::append(tx, &event, ())
}
