//! Taking a piece out of the library, and putting it back. Content, versions and everything submitted stay as they are.

use diesel::prelude::*;
use serde_json::json;

use super::store::{self, Piece, Use};
use crate::access::{Permit, RemoveEvidence, RestoreEvidence};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::pages::words;
use crate::schema::evidence_piece;

/// Answers that a refusal names; the rest is counted.
const NAMED: usize = 5;

/// Takes a piece out of the library.
///
/// # Errors
/// [`Error::Refused`] with the answers of returns not yet submitted that rest on it, [`Error::Conflict`] when somebody
/// else was first.
pub fn remove_piece(tx: &mut Tx<'_>, permit: &Permit<RemoveEvidence>, piece: &Piece) -> Result<Recorded<()>> {
    piece.must_be_of(permit)?;
    let now = tx.now();
    mark(tx, piece, Some(now))?;
    // Looked at after the row is changed, so that nobody attaches it in between.
    let used: Vec<Use> =
        store::uses(tx.conn(), piece.id)?.into_iter().filter(|used| !used.state.is_sent()).collect();
    if !used.is_empty() {
        return Err(Error::Refused(still_used(&used)));
    }
    let subject = format!("evidence_piece/{}", piece.id);
    ledger::append(tx, &Event::of(permit, "evidence_removed", subject, json!({})), ())
}

/// Puts a removed piece back.
///
/// # Errors
/// [`Error::Conflict`] when somebody else was first.
pub fn restore_piece(
    tx: &mut Tx<'_>,
    permit: &Permit<RestoreEvidence>,
    piece: &Piece,
) -> Result<Recorded<()>> {
    piece.must_be_of(permit)?;
    mark(tx, piece, None)?;
    let subject = format!("evidence_piece/{}", piece.id);
    ledger::append(tx, &Event::of(permit, "evidence_restored", subject, json!({})), ())
}

fn mark(tx: &mut Tx<'_>, piece: &Piece, removed_at: Option<Timestamp>) -> Result<()> {
    let marked = diesel::update(
        evidence_piece::table
            .filter(evidence_piece::id.eq(piece.id))
            .filter(evidence_piece::version.eq(piece.version)),
    )
    .set((evidence_piece::removed_at.eq(removed_at), evidence_piece::version.eq(piece.version + 1)))
    .execute(tx.conn())?;
    if marked == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("A colleague changed this piece of evidence in the meantime.".to_owned()))
    }
}

fn still_used(used: &[Use]) -> String {
    let mut named: Vec<String> =
        used.iter().take(NAMED).map(|used| format!("{} ({})", used.code, used.collection)).collect();
    if used.len() > NAMED {
        named.push(format!("{} more", used.len() - NAMED));
    }
    let answers = if used.len() == 1 { "The answer to" } else { "The answers to" };
    let rest = if used.len() == 1 { "rests" } else { "rest" };
    let them = if used.len() == 1 { "that answer" } else { "those answers" };
    format!(
        "{answers} {} still {rest} on this piece of evidence. Take it away from {them} first.",
        words::sentence(&named)
    )
}
