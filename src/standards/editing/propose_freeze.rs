//! Saying that a draft is done: the first of the two people whom freezing takes.

use serde_json::json;

use super::freeze::checked;
use super::store;
use crate::access::{Permit, ProposeFreeze};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EditionDraftId;

/// Says that this version is done. Any later change takes that back.
///
/// # Errors
/// [`Error::Invalid`] with everything that is still wrong; [`Error::Conflict`] when it is at another version.
pub fn propose_freeze(tx: &mut Tx<'_>, permit: &Permit<ProposeFreeze>, version: i64) -> Result<Recorded<()>> {
    let draft = store::draft(tx.conn(), EditionDraftId::new(permit.id()))?;
    if draft.head.version != version {
        return Err(Error::Conflict("A colleague changed the draft in the meantime.".to_owned()));
    }
    let edition = checked(&draft.content)?;
    store::propose(tx, draft.head.id, version, permit.actor().id())?;
    let data = json!({"version": version, "definition_hash": edition.hash()});
    let subject = format!("edition-draft/{}", draft.head.id);
    ledger::append(tx, &Event::of(permit, "edition_draft_done", subject, data), ())
}
