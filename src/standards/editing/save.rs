//! Saving one change of a draft as its next version. What a colleague changed elsewhere in the meantime stays; what they
//! changed at the same place is a conflict.

use serde_json::json;

use super::change::Change;
use super::place::said;
use super::store;
use crate::access::{EditDraft, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EditionDraftId;

/// Makes a change of the version that the person saw; gives the new version.
///
/// # Errors
/// [`Error::Invalid`] when the change does not fit; [`Error::Conflict`] when a colleague changed the same place since.
pub fn save_draft(
    tx: &mut Tx<'_>,
    permit: &Permit<EditDraft>,
    seen: i64,
    change: Change,
) -> Result<Recorded<i64>> {
    let draft = store::draft(tx.conn(), EditionDraftId::new(permit.id()))?;
    if let Some(place) = change.place().filter(|_| draft.head.version != seen) {
        let before = store::content_at(tx.conn(), draft.head.id, seen)?;
        let same = before.is_some_and(|before| said(&before, &place) == said(&draft.content, &place));
        if !same {
            return Err(Error::Conflict("A colleague changed this in the meantime.".to_owned()));
        }
    }
    let what = change.words();
    let mut content = draft.content;
    change.apply(&mut content)?;
    let (version, hash) = store::update(tx, &draft.head, &content, (&what, permit.actor().id()))?;
    let data = json!({"version": version, "content_sha256": hex(&hash)});
    let subject = format!("edition-draft/{}", draft.head.id);
    ledger::append(tx, &Event::of(permit, "edition_draft_changed", subject, data), version)
}
