//! Putting an approved release on an announced date. One release for each date, one date for each release.

use diesel::prelude::*;
use serde_json::json;

use super::moments::ReleaseDateState;
use super::store::{self, ReleaseDate};
use super::{date_moved_on, jobs};
use crate::access::{Permit, ScheduleRelease};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::publication::release::{ReleaseSummary, Step};
use crate::schema::release_date;

/// Puts the release on the date. Where its time has passed already, the release is late and is published at once by the job.
///
/// # Errors
/// [`Error::Refused`] for a date that has a release or is over, [`Error::Conflict`] when somebody else was first.
pub fn schedule_release(
    tx: &mut Tx<'_>,
    permit: &Permit<ScheduleRelease>,
    found: &ReleaseSummary,
    date: &ReleaseDate,
) -> Result<Recorded<()>> {
    if date.state != ReleaseDateState::Announced {
        return Err(Error::Refused(format!("This date is {} already.", date.state)));
    }
    if date.release.is_some() {
        return Err(Error::Refused("There is a release on this date already.".to_owned()));
    }
    store::move_on(tx.conn(), found, Step::Schedule)?;
    let taken = diesel::update(
        release_date::table
            .filter(release_date::id.eq(date.id))
            .filter(release_date::version.eq(date.version))
            .filter(release_date::release_id.is_null()),
    )
    .set((release_date::release_id.eq(Some(found.id)), release_date::version.eq(date.version + 1)))
    .execute(tx.conn())?;
    if taken != 1 {
        return Err(date_moved_on());
    }
    jobs::look_now(tx, date.id)?;
    let event = Event::of(
        permit,
        "release.scheduled",
        format!("release/{}", found.id),
        json!({
            "date": date.id,
            "due_at": date.due_at,
            "document": hex(&found.document_hash),
        }),
    );
    ledger::append(tx, &event, ())
}
