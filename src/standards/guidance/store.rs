//! Notes of guidance as stored.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{About, InForce, Note, Place, in_force};
use crate::access::Subject;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, GuidanceNoteId, PersonId};
use crate::schema::guidance_note;

type Row = (
    (GuidanceNoteId, EditionId, About, String, String),
    (Day, Timestamp, Option<PersonId>, Option<Timestamp>),
);

type Columns = (
    (
        guidance_note::id,
        guidance_note::edition_id,
        guidance_note::about,
        guidance_note::code,
        guidance_note::text,
    ),
    (
        guidance_note::effective_on,
        guidance_note::published_at,
        guidance_note::published_by,
        guidance_note::withdrawn_at,
    ),
);

const COLUMNS: Columns = (
    (
        guidance_note::id,
        guidance_note::edition_id,
        guidance_note::about,
        guidance_note::code,
        guidance_note::text,
    ),
    (
        guidance_note::effective_on,
        guidance_note::published_at,
        guidance_note::published_by,
        guidance_note::withdrawn_at,
    ),
);

fn read(row: Row) -> Note {
    let ((id, edition, about, code, text), (effective_on, published_at, published_by, withdrawn)) = row;
    let withdrawn = withdrawn.is_some();
    Note { id, edition, about, code, text, effective_on, published_at, published_by, withdrawn }
}

/// The note with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn note(conn: &mut Conn, id: GuidanceNoteId) -> Result<Note> {
    Ok(read(guidance_note::table.filter(guidance_note::id.eq(id)).select(COLUMNS).first(conn)?))
}

/// Every note to an edition, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn notes(conn: &mut Conn, of: EditionId) -> Result<Vec<Note>> {
    let rows: Vec<Row> = guidance_note::table
        .filter(guidance_note::edition_id.eq(of))
        .order((guidance_note::effective_on.desc(), guidance_note::id.desc()))
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The guidance to an edition that was in force on a day, such as that of a submission.
///
/// # Errors
/// When the database cannot be asked.
pub fn guidance_on(conn: &mut Conn, of: EditionId, day: Day) -> Result<BTreeMap<Place, InForce>> {
    Ok(in_force(&notes(conn, of)?, day))
}

/// The guidance in force on each of these days to one requirement and to its section. One narrow statement.
///
/// # Errors
/// When the database cannot be asked.
pub fn guidance_to<const DAYS: usize>(
    conn: &mut Conn,
    of: EditionId,
    (requirement, section): (&str, &str),
    days: [Day; DAYS],
) -> Result<[[Option<InForce>; 2]; DAYS]> {
    let rows: Vec<Row> = guidance_note::table
        .filter(guidance_note::edition_id.eq(of))
        .filter(guidance_note::code.eq(requirement).or(guidance_note::code.eq(section)))
        .select(COLUMNS)
        .load(conn)?;
    let notes: Vec<Note> = rows.into_iter().map(read).collect();
    Ok(days.map(|day| {
        let mut found = in_force(&notes, day);
        [
            found.remove(&(About::Requirement, requirement.to_owned())),
            found.remove(&(About::Section, section.to_owned())),
        ]
    }))
}

impl Note {
    /// What the access table decides on.
    #[must_use]
    pub fn subject(&self, today: Day) -> Subject {
        let waits = !self.withdrawn && self.effective_on > today;
        let state = if waits { "scheduled" } else { "published" };
        Subject { kind: "guidance note", id: self.id.get(), organisation: None, state }
    }
}

/// Writes a note.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    of: EditionId,
    (about, code): (About, &str),
    (text, effective_on): (&str, Day),
    by: Option<PersonId>,
) -> Result<GuidanceNoteId> {
    let now = tx.now();
    Ok(diesel::insert_into(guidance_note::table)
        .values((
            guidance_note::edition_id.eq(of),
            guidance_note::about.eq(about),
            guidance_note::code.eq(code),
            guidance_note::text.eq(text),
            guidance_note::effective_on.eq(effective_on.to_string()),
            guidance_note::published_at.eq(now),
            guidance_note::published_by.eq(by),
        ))
        .returning(guidance_note::id)
        .get_result(tx.conn())?)
}

/// Takes a note back.
pub(super) fn withdraw(tx: &mut Tx<'_>, id: GuidanceNoteId, by: Option<PersonId>) -> Result<()> {
    let now = tx.now();
    let standing =
        guidance_note::table.filter(guidance_note::id.eq(id)).filter(guidance_note::withdrawn_at.is_null());
    let changed = diesel::update(standing)
        .set((guidance_note::withdrawn_at.eq(Some(now)), guidance_note::withdrawn_by.eq(by)))
        .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("The note was taken back already.".to_owned())) }
}
