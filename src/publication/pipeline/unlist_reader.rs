//! Taking somebody off the list of those who may read a release early. Their link stops working at once.

use diesel::prelude::*;
use serde_json::json;

use super::store;
use crate::access::{ListEarlyReader, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EarlyReaderId;
use crate::publication::release::ReleaseSummary;
use crate::schema::early_reader;

/// Takes them off.
///
/// # Errors
/// [`Error::NotFound`] when they are not on the list of this release, [`Error::Conflict`] when somebody else changed it.
pub fn unlist_reader(
    tx: &mut Tx<'_>,
    permit: &Permit<ListEarlyReader>,
    found: &ReleaseSummary,
    reader: EarlyReaderId,
) -> Result<Recorded<()>> {
    store::touch(tx.conn(), found)?;
    let now = tx.now();
    let removed = diesel::update(
        early_reader::table
            .filter(early_reader::id.eq(reader))
            .filter(early_reader::release_id.eq(found.id))
            .filter(early_reader::removed_at.is_null()),
    )
    .set((
        early_reader::removed_at.eq(Some(now)),
        early_reader::removed_by.eq(permit.actor().id()),
        early_reader::token_hash.eq(None::<Vec<u8>>),
    ))
    .execute(tx.conn())?;
    if removed != 1 {
        return Err(Error::NotFound);
    }
    let event =
        Event::of(permit, "early_reader.removed", format!("release/{}", found.id), json!({"reader": reader}));
    ledger::append(tx, &event, ())
}
