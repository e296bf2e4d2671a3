//! Reading a release early: each time is recorded before anything is shown.

use diesel::prelude::*;
use serde_json::json;

use super::moments::early_from;
use super::readers::EarlyReader;
use super::store::ReleaseDate;
use crate::access::{Permit, ReadEarly};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::publication::release::ReleaseSummary;
use crate::schema::early_view;

/// Whether the people on the list may read now: from a day before the time until it. A release that is late has no more
/// early reading: the day is over.
#[must_use]
pub fn is_open(date: &ReleaseDate, now: Timestamp) -> bool {
    early_from(date.due_at) <= now && now < date.due_at
}

/// Records that somebody reads, so that they may be shown the release.
///
/// # Errors
/// [`Error::Refused`] outside the time for it, [`Error::NotFound`] for somebody who is on the list of another release.
pub fn read_early(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadEarly>,
    found: &ReleaseSummary,
    date: &ReleaseDate,
    reader: &EarlyReader,
) -> Result<Recorded<()>> {
    if reader.release != found.id {
        return Err(Error::NotFound);
    }
    let now = tx.now();
    if !is_open(date, now) {
        return Err(Error::Refused(format!(
            "You can read it from {} until {}.",
            early_from(date.due_at).london_words(),
            date.due_at.london_words()
        )));
    }
    diesel::insert_into(early_view::table)
        .values((
            early_view::reader_id.eq(reader.id),
            early_view::document_hash.eq(&found.document_hash),
            early_view::seen_at.eq(now),
        ))
        .execute(tx.conn())?;
    let event = Event::of(
        permit,
        "release.read_early",
        format!("release/{}", found.id),
        json!({"reader": reader.id}),
    );
    ledger::append(tx, &event, ())
}
