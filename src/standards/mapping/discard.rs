//! Discarding a version of a mapping that was never in force.

use serde_json::json;

use super::store;
use crate::access::{DiscardMapping, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::MappingId;

/// Removes a draft; what was in force stays in force.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when it is not at the revision that the person saw.
pub fn discard_mapping(
    tx: &mut Tx<'_>,
    permit: &Permit<DiscardMapping>,
    revision: i64,
) -> Result<Recorded<()>> {
    let id = MappingId::new(permit.id());
    store::remove_draft(tx, id, revision)?;
    ledger::append(tx, &Event::of(permit, "mapping_discarded", format!("mapping/{id}"), json!({})), ())
}
