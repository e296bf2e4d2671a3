//! Taking a private note back. Only who wrote it can; the row stays, unseen, as what the ledger tells of.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Permit, WithdrawNote};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{NoteId, ReviewId};
use crate::review::claim::person;
use crate::schema::review_note;

/// Takes a note of the permit's person back.
///
/// # Errors
/// [`Error::NotFound`] when the review has no such note of theirs.
pub fn withdraw_note(tx: &mut Tx<'_>, permit: &Permit<WithdrawNote>, note: NoteId) -> Result<Recorded<()>> {
    let id = ReviewId::new(permit.id());
    let me = person(permit)?;
    let now = tx.now();
    let withdrawn = diesel::update(
        review_note::table
            .filter(review_note::id.eq(note))
            .filter(review_note::review_id.eq(id))
            .filter(review_note::written_by.eq(me))
            .filter(review_note::withdrawn_at.is_null()),
    )
    .set(review_note::withdrawn_at.eq(Some(now)))
    .execute(tx.conn())?;
    if withdrawn == 0 {
        return Err(Error::NotFound);
    }
    let event = Event::of(permit, "note_withdrawn", format!("review/{id}"), json!({"note": note}));
    ledger::append(tx, &event, ())
}
