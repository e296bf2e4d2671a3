//! Beginning a draft of an edition: as a copy of an edition, or with what a file says.

use serde_json::json;

use super::model::Content;
use super::store;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionDraftId, EditionId};
use crate::standards::keys::EditionKey;
use crate::standards::model::Edition;
use crate::standards::store::{EditionState, edition_by_key, editions, stored_edition};

/// What a draft begins with.
#[derive(Debug, Clone)]
pub enum Beginning {
    /// A copy of the edition with this key.
    Copy(String),
    /// What was read from a file, beside the newest edition of its standard.
    File(Box<Edition>),
}

/// How the new edition is to be called.
#[derive(Debug, Clone)]
pub struct Naming {
    /// Its key.
    pub key: EditionKey,
    /// The label the public sees.
    pub label: String,
}

/// Begins a draft. The newest edition of its standard, or the one that it copies, becomes the one that it is compared
/// with. A copy has rules of its own from the first moment: its rule set is named after its key.
///
/// # Errors
/// [`Error::Invalid`] when the key is taken or there is no such edition.
pub fn begin_draft<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    beginning: &Beginning,
    naming: &Naming,
) -> Result<Recorded<EditionDraftId>> {
    let (base, mut content) = match beginning {
        Beginning::Copy(key) => {
            let found = edition_by_key(tx.conn(), key)?;
            let (found, _) = found.ok_or_else(|| Error::field("from", "Select an edition"))?;
            (Some(found.id()), Content::copy_of(found.edition()))
        }
        Beginning::File(edition) => {
            let base = newest_of(tx.conn(), edition.standard_key().as_str(), naming.key.as_str())?;
            let before = base.map(|id| stored_edition(tx.conn(), id)).transpose()?;
            (base, Content::beside(edition, before.as_ref().map(|before| &**before.edition())))
        }
    };
    free(tx.conn(), &naming.key, base)?;
    content.parts.key = naming.key.clone();
    content.parts.label.clone_from(&naming.label);
    if matches!(beginning, Beginning::Copy(_)) {
        content.parts.rule_set = format!("{}.1", naming.key);
    }
    let what = if matches!(beginning, Beginning::Copy(_)) { "Copied an edition" } else { "Read from a file" };
    let id = store::insert(tx, base, &content, (what, permit.actor().id()))?;
    let data = json!({
        "key": naming.key,
        "base": base,
        "content_sha256": hex(&sha256(content.canonical_json().as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "edition_draft_begun", format!("edition-draft/{id}"), data), id)
}

/// Whether an edition may have this key: an edition that was imported and nobody uses gives way when the draft is frozen.
fn free(conn: &mut Conn, key: &EditionKey, base: Option<EditionId>) -> Result<()> {
    if store::draft_by_key(conn, key.as_str())?.is_some() {
        return Err(Error::field("key", "There is a draft with this key already: choose another"));
    }
    match edition_by_key(conn, key.as_str())? {
        None => Ok(()),
        Some((found, EditionState::Draft)) if base != Some(found.id()) => Ok(()),
        Some(_) => Err(Error::field("key", "There is an edition with this key already: choose another")),
    }
}

/// The edition of a standard that was made last, beside the one with this key.
fn newest_of(conn: &mut Conn, standard: &str, beside: &str) -> Result<Option<EditionId>> {
    let rows = editions(conn)?.into_iter();
    Ok(rows.filter(|row| row.standard_key == standard && row.key != beside).map(|row| row.id).max())
}
