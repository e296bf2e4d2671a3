//! Closing a collection: every organisation in scope that did not submit gets an explicit status, in the same change.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use super::model::CollectionState;
use super::store;
use crate::access::{Permit, RunSchedule};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::schema::collection;
use crate::standards;

/// Organisations in scope, open on the day, without a submission that stands, without an extension that still runs, not
/// waiting for the jobs of a head office that has submitted for them, and not recorded yet. `NOT IN` over small lists is
/// looked up by hash on both databases; a correlated `EXISTS` over 64,000
/// organisations is not.
const RECORD_MISSING: &str = "\
    INSERT INTO collection_result (collection_id, organisation_id, status, recorded_at) \
    SELECT s.collection_id, o.id, 'not_published_at_close', $1 \
    FROM organisation o JOIN collection_scope s ON s.sector = o.sector \
    WHERE s.collection_id = $2 AND (o.closed_on IS NULL OR o.closed_on > $3) \
    AND o.id NOT IN (SELECT organisation_id FROM annual_return WHERE collection_id = $2 AND submission_id IS NOT NULL) \
    AND o.id NOT IN (SELECT organisation_id FROM extension WHERE collection_id = $2 AND until > $1) \
    AND o.id NOT IN (SELECT l.site_id FROM site_filing_line l JOIN site_filing f ON f.id = l.filing_id \
    WHERE f.collection_id = $2 AND l.state = 'queued') \
    AND o.id NOT IN (SELECT organisation_id FROM collection_result WHERE collection_id = $2)";

/// Closes the permit's collection and records who did not submit; gives how many.
///
/// # Errors
/// [`Error::Conflict`] when it was closed at the same moment.
pub fn close_collection(tx: &mut Tx<'_>, permit: &Permit<RunSchedule>) -> Result<Recorded<usize>> {
    let id = CollectionId::new(permit.id());
    let now = tx.now();
    let open = store::collection(tx.conn(), id)?;
    let closed = diesel::update(
        collection::table.filter(collection::id.eq(id)).filter(collection::state.eq(CollectionState::Open)),
    )
    .set((
        collection::state.eq(CollectionState::Closed),
        collection::closed_at.eq(Some(now)),
        collection::version.eq(collection::version + 1),
    ))
    .execute(tx.conn())?;
    if closed != 1 {
        return Err(Error::Conflict("The collection has been closed already.".to_owned()));
    }
    if !store::edition_is_needed(tx.conn(), open.edition_id, id)? {
        standards::end_use(tx, open.edition_id)?;
    }
    let missing = record_missing(tx, id)?;
    let data = json!({"key": open.key, "not_published_at_close": missing});
    let event = Event::of(permit, "collection_closed", format!("collection/{id}"), data);
    ledger::append(tx, &event, missing)
}

/// Records the organisations of a closed collection whose extension has ended without a submission; gives how many.
///
/// # Errors
/// When the rows cannot be written.
pub fn record_overdue(tx: &mut Tx<'_>, permit: &Permit<RunSchedule>) -> Result<Recorded<usize>> {
    let id = CollectionId::new(permit.id());
    let missing = record_missing(tx, id)?;
    let data = json!({"not_published_at_close": missing});
    let event = Event::of(permit, "extensions_ended", format!("collection/{id}"), data);
    ledger::append(tx, &event, missing)
}

fn record_missing(tx: &mut Tx<'_>, id: CollectionId) -> Result<usize> {
    let now = tx.now();
    Ok(diesel::sql_query(RECORD_MISSING)
        .bind::<BigInt, _>(now)
        .bind::<BigInt, _>(id)
        .bind::<Text, _>(now.london_day().to_string())
        .execute(tx.conn())?)
}
