//! Queries about private notes.

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{NoteId, PersonId, RequirementId, ReviewId};
use crate::schema::{person, review_note};

/// One private note.
#[derive(Debug, Clone)]
pub(in crate::review) struct Note {
    /// Its row.
    pub id: NoteId,
    /// What it says.
    pub body: String,
    /// Who wrote it.
    pub by: PersonId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// The notes about one requirement of a review, or about the review as a whole; the oldest first.
pub(in crate::review) fn notes_about(
    conn: &mut Conn,
    of: ReviewId,
    requirement: Option<RequirementId>,
) -> Result<Vec<Note>> {
    let all = review_note::table
        .inner_join(person::table.on(person::id.eq(review_note::written_by)))
        .filter(review_note::review_id.eq(of))
        .filter(review_note::withdrawn_at.is_null())
        .order(review_note::id)
        .select((
            review_note::id,
            review_note::body,
            review_note::written_by,
            person::name,
            review_note::written_at,
        ));
    let rows: Vec<(NoteId, String, PersonId, String, Timestamp)> = match requirement {
        Some(requirement) => all.filter(review_note::requirement_id.eq(requirement)).load(conn)?,
        None => all.filter(review_note::requirement_id.is_null()).load(conn)?,
    };
    Ok(rows.into_iter().map(|(id, body, by, name, at)| Note { id, body, by, name, at }).collect())
}
