//! Writing a private note.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Permit, WriteNote};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{NoteId, ReviewId};
use crate::review::case::Case;
use crate::review::claim::person;
use crate::schema::review_note;

/// The longest note, in characters.
pub const NOTE_LIMIT: usize = 4000;

/// Writes a note beside the requirement of this code, or beside the review as a whole where it is empty.
///
/// # Errors
/// [`Error::NotFound`] for a requirement that is not put to the organisation.
pub fn write_note(
    tx: &mut Tx<'_>,
    permit: &Permit<WriteNote>,
    code: &str,
    body: &str,
) -> Result<Recorded<NoteId>> {
    let id = ReviewId::new(permit.id());
    let case = Case::load(tx.conn(), id)?;
    let me = person(permit)?;
    let requirement = if code.is_empty() {
        None
    } else {
        case.requirement(code).ok_or(Error::NotFound)?;
        Some(case.found.edition.requirement_id(code).ok_or(Error::NotFound)?)
    };
    let new: NoteId = diesel::insert_into(review_note::table)
        .values((
            review_note::review_id.eq(id),
            review_note::organisation_id.eq(case.found.review.organisation),
            review_note::requirement_id.eq(requirement),
            review_note::body.eq(body),
            review_note::written_by.eq(me),
            review_note::written_at.eq(tx.now()),
        ))
        .returning(review_note::id)
        .get_result(tx.conn())?;
    let event = Event::of(
        permit,
        "note_written",
        format!("review/{id}"),
        json!({"note": new, "requirement": code, "note_sha256": hex(&sha256(body.as_bytes()))}),
    );
    ledger::append(tx, &event, new)
}
