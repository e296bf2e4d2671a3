//! Cancelling an announced date, with a reason that stays public. A release that was on it is approved still, and has no
//! date any more.

use diesel::prelude::*;
use serde_json::json;

use super::moments::ReleaseDateState;
use super::readers::forget_links;
use super::store::{self, ReleaseDate};
use super::{REASON_LIMIT, ask, date_moved_on, settled};
use crate::access::{CancelReleaseDate, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReleaseId;
use crate::publication::release::Step;
use crate::publication::store::release_by_id;
use crate::schema::{release_date, release_date_change};

/// Cancels it.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Conflict`] when somebody else was first.
pub fn cancel_date(
    tx: &mut Tx<'_>,
    permit: &Permit<CancelReleaseDate>,
    found: &ReleaseDate,
    reason: &str,
) -> Result<Recorded<()>> {
    let mut problems = Vec::new();
    ask(&mut problems, "reason", reason, "Say why the date is cancelled: the public reads it", REASON_LIMIT);
    settled(problems)?;
    if let Some(release) = found.release {
        let release = release_by_id(tx.conn(), release)?.ok_or(Error::NotFound)?;
        store::move_on(tx.conn(), &release, Step::Unschedule)?;
        forget_links(tx.conn(), release.id)?;
    }
    let now = tx.now();
    let cancelled = diesel::update(
        release_date::table
            .filter(release_date::id.eq(found.id))
            .filter(release_date::version.eq(found.version))
            .filter(release_date::state.eq(ReleaseDateState::Announced)),
    )
    .set((
        release_date::state.eq(ReleaseDateState::Cancelled),
        release_date::release_id.eq(None::<ReleaseId>),
        release_date::version.eq(found.version + 1),
    ))
    .execute(tx.conn())?;
    if cancelled != 1 {
        return Err(date_moved_on());
    }
    diesel::insert_into(release_date_change::table)
        .values((
            release_date_change::date_id.eq(found.id),
            release_date_change::was_at.eq(found.due_at),
            release_date_change::now_at.eq(None::<Timestamp>),
            release_date_change::reason.eq(reason),
            release_date_change::changed_at.eq(now),
            release_date_change::changed_by.eq(permit.actor().id()),
        ))
        .execute(tx.conn())?;
    let event = Event::of(
        permit,
        "release_date.cancelled",
        format!("release_date/{}", found.id),
        json!({"was_at": found.due_at, "reason_sha256": hex(&sha256(reason.as_bytes()))}),
    );
    ledger::append(tx, &event, ())
}
