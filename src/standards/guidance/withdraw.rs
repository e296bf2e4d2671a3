//! Taking a note of guidance back before its day. From its day on it stays: another note takes its place.

use serde_json::json;

use super::store;
use crate::access::{Permit, WithdrawGuidance};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::GuidanceNoteId;

/// Takes the permit's note back. Nobody is told of it, because nobody was told that it would come.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when it was taken back at the same moment.
pub fn withdraw_guidance(tx: &mut Tx<'_>, permit: &Permit<WithdrawGuidance>) -> Result<Recorded<()>> {
    let id = GuidanceNoteId::new(permit.id());
    store::withdraw(tx, id, permit.actor().id())?;
    ledger::append(tx, &Event::of(permit, "guidance_withdrawn", format!("guidance/{id}"), json!({})), ())
}
