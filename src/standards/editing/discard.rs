//! Giving a draft up. Its versions stay readable in the database; its key is free again.

use serde_json::json;

use super::store;
use crate::access::{DiscardDraft, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::EditionDraftId;

/// Gives the draft up.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when it is not at the version that the person saw.
pub fn discard_draft(tx: &mut Tx<'_>, permit: &Permit<DiscardDraft>, version: i64) -> Result<Recorded<()>> {
    let id = EditionDraftId::new(permit.id());
    store::discard(tx, id, version)?;
    let event = Event::of(permit, "edition_draft_discarded", format!("edition-draft/{id}"), json!({}));
    ledger::append(tx, &event, ())
}
