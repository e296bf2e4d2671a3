//! Publishing an announced release when its time has come, and never before. The job does it; a publisher may where the
//! job does not run.

use diesel::prelude::*;

use super::date_moved_on;
use super::moments::ReleaseDateState;
use super::store::ReleaseDate;
use crate::access::{Action, Permit, PublishAtTime, PublishRelease};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::publication::publish_release::make_public;
use crate::publication::release::ReleaseSummary;
use crate::schema::release_date;

/// Proof that somebody may publish what is due: a publisher's permit or the schedule's.
pub trait MayPublish: Action {}
impl MayPublish for PublishRelease {}
impl MayPublish for PublishAtTime {}

/// Publishes it.
///
/// # Errors
/// [`Error::Refused`] before its time, [`Error::Conflict`] when somebody else was first.
pub fn publish_due<A: MayPublish>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    found: &ReleaseSummary,
    date: &ReleaseDate,
) -> Result<Recorded<String>> {
    if date.release != Some(found.id) || date.state != ReleaseDateState::Announced {
        return Err(date_moved_on());
    }
    if tx.now() < date.due_at {
        return Err(Error::Refused(format!(
            "The release {} is announced for {}. It cannot be published before.",
            found.key,
            date.due_at.london_words()
        )));
    }
    let published = diesel::update(
        release_date::table
            .filter(release_date::id.eq(date.id))
            .filter(release_date::version.eq(date.version))
            .filter(release_date::state.eq(ReleaseDateState::Announced)),
    )
    .set((release_date::state.eq(ReleaseDateState::Published), release_date::version.eq(date.version + 1)))
    .execute(tx.conn())?;
    if published != 1 {
        return Err(date_moved_on());
    }
    make_public(tx, permit, found, Some(date.due_at))
}
