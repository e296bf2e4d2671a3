//! Opening a collection: from then on its edition is immutable and returns can be started.

use diesel::prelude::*;
use serde_json::json;

use super::model::CollectionState;
use super::store;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::platform::jobs;
use crate::schema::collection;
use crate::standards;

/// The kind of the job that an opened collection calls for: whoever works out beforehand what pages say of it. The payload is
/// the collection's number.
pub const COLLECTION_OPENED: &str = "review.collection_opened";

/// Opens the permit's collection, by hand or on time. Opened by hand before its time, it opens now.
///
/// # Errors
/// [`Error::Conflict`] when it was opened at the same moment.
pub fn open_collection<A: Action>(tx: &mut Tx<'_>, permit: &Permit<A>) -> Result<Recorded<()>> {
    let id = CollectionId::new(permit.id());
    let now = tx.now();
    let planned = store::collection(tx.conn(), id)?;
    let opened = diesel::update(
        collection::table
            .filter(collection::id.eq(id))
            .filter(collection::state.eq(CollectionState::Planned)),
    )
    .set((
        collection::state.eq(CollectionState::Open),
        collection::opens_at.eq(planned.opens_at.min(now)),
        collection::opened_at.eq(Some(now)),
        collection::version.eq(collection::version + 1),
    ))
    .execute(tx.conn())?;
    if opened != 1 {
        return Err(Error::Conflict("The collection has been opened already.".to_owned()));
    }
    standards::begin_use(tx, planned.edition_id)?;
    jobs::enqueue(tx, COLLECTION_OPENED, &id.to_string(), now, None)?;
    let data = json!({"key": planned.key, "edition": planned.edition_id});
    ledger::append(tx, &Event::of(permit, "collection_opened", format!("collection/{id}"), data), ())
}
