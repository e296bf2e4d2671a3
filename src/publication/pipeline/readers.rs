//! The list of those who may read a release early, and the log of when they did.

use diesel::prelude::*;

use crate::platform::canonical::sha256;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{EarlyReaderId, PersonId, ReleaseId};
use crate::schema::{early_reader, early_view};

/// Somebody who may read a release early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyReader {
    /// Their number.
    pub id: EarlyReaderId,
    /// The release.
    pub release: ReleaseId,
    /// Their name; public with the release.
    pub name: String,
    /// Their role; public with the release.
    pub role: String,
    /// What they work for; public with the release.
    pub body: String,
    /// Why they read early; public with the release.
    pub reason: String,
    /// Where their link goes; never public.
    pub email: String,
    /// Their account, where they have one. They sign in, and no link of their own is made.
    pub person: Option<PersonId>,
    /// When they were told.
    pub told_at: Option<Timestamp>,
}

type Row = (
    (EarlyReaderId, ReleaseId, String, String, String),
    (String, String, Option<PersonId>, Option<Timestamp>),
);

macro_rules! columns {
    () => {
        (
            (
                early_reader::id,
                early_reader::release_id,
                early_reader::name,
                early_reader::role,
                early_reader::body,
            ),
            (early_reader::reason, early_reader::email, early_reader::person_id, early_reader::told_at),
        )
    };
}

fn reader_of(((id, release, name, role, body), (reason, email, person, told_at)): Row) -> EarlyReader {
    EarlyReader { id, release, name, role, body, reason, email, person, told_at }
}

/// Who is on the list of a release now, in the order in which they were put there.
///
/// # Errors
/// When the database cannot be asked.
pub fn readers_of(conn: &mut Conn, of: ReleaseId) -> Result<Vec<EarlyReader>> {
    let rows: Vec<Row> = early_reader::table
        .filter(early_reader::release_id.eq(of))
        .filter(early_reader::removed_at.is_null())
        .order(early_reader::id)
        .select(columns!())
        .load(conn)?;
    Ok(rows.into_iter().map(reader_of).collect())
}

/// Everybody who could read a release early at some time: those on the list, and those who were taken off it after they
/// had read. That is the list which is published.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::publication) fn ever_readers_of(conn: &mut Conn, of: ReleaseId) -> Result<Vec<EarlyReader>> {
    let seen: Vec<EarlyReaderId> = early_view::table.select(early_view::reader_id).distinct().load(conn)?;
    let rows: Vec<Row> = early_reader::table
        .filter(early_reader::release_id.eq(of))
        .filter(early_reader::removed_at.is_null().or(early_reader::id.eq_any(seen)))
        .order(early_reader::id)
        .select(columns!())
        .load(conn)?;
    Ok(rows.into_iter().map(reader_of).collect())
}

/// What is kept of a link's token.
#[must_use]
pub fn token_hash(token: &str) -> [u8; 32] {
    sha256(token.as_bytes())
}

/// The reader whose link carries this token.
pub(in crate::publication) fn reader_by_token(conn: &mut Conn, token: &str) -> Result<Option<EarlyReader>> {
    let row: Option<Row> = early_reader::table
        .filter(early_reader::token_hash.eq(Some(token_hash(token).to_vec())))
        .filter(early_reader::removed_at.is_null())
        .select(columns!())
        .first(conn)
        .optional()?;
    Ok(row.map(reader_of))
}

/// The place of somebody who signed in on the list of a release.
pub(in crate::publication) fn reader_signed_in(
    conn: &mut Conn,
    of: ReleaseId,
    person: PersonId,
) -> Result<Option<EarlyReader>> {
    let row: Option<Row> = early_reader::table
        .filter(early_reader::release_id.eq(of))
        .filter(early_reader::person_id.eq(Some(person)))
        .filter(early_reader::removed_at.is_null())
        .select(columns!())
        .first(conn)
        .optional()?;
    Ok(row.map(reader_of))
}

/// Makes links useless that were sent for a date which is not the date any more; others are sent when the new one comes.
pub(super) fn forget_links(conn: &mut Conn, of: ReleaseId) -> Result<()> {
    diesel::update(early_reader::table.filter(early_reader::release_id.eq(of)))
        .set((early_reader::token_hash.eq(None::<Vec<u8>>), early_reader::told_at.eq(None::<Timestamp>)))
        .execute(conn)?;
    Ok(())
}

/// One time that somebody read a release early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyView {
    /// Who.
    pub reader: EarlyReaderId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// Every early reading of a release, in order.
///
/// # Errors
/// When the database cannot be asked.
pub fn views_of(conn: &mut Conn, of: ReleaseId) -> Result<Vec<EarlyView>> {
    let rows: Vec<(EarlyReaderId, String, Timestamp)> = early_view::table
        .inner_join(early_reader::table.on(early_reader::id.eq(early_view::reader_id)))
        .filter(early_reader::release_id.eq(of))
        .order(early_view::id)
        .select((early_reader::id, early_reader::name, early_view::seen_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(reader, name, at)| EarlyView { reader, name, at }).collect())
}
