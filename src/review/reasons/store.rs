//! Queries about the library of reasons.

use diesel::prelude::*;

use super::model::{Offered, Reason, ReasonState, ReasonVersion};
use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{PersonId, ReasonId, StandardId};
use crate::schema::{person, review_reason, review_reason_version, standard};
use crate::standards::{Edition, Requirement, SectionCode};

type Row = ((ReasonId, Option<String>, String, String, String), (ReasonState, i64, i64, Timestamp));

impl Reason {
    /// What the access table needs to know of it.
    pub(super) fn subject(&self) -> Subject {
        Subject { kind: "reason", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }
}

fn reason_of(row: Row) -> Reason {
    let ((id, standard, section, title, body), (state, version, uses, changed_at)) = row;
    let standard = standard.unwrap_or_default();
    Reason { id, standard, section, title, body, state, version, uses, changed_at }
}

/// Every reason, those in use first, by title.
pub(super) fn reasons(conn: &mut Conn) -> Result<Vec<Reason>> {
    let rows: Vec<Row> = review_reason::table
        .left_join(standard::table.on(review_reason::standard_id.eq(standard::id.nullable())))
        .order((review_reason::state, review_reason::title, review_reason::id))
        .select((
            (
                review_reason::id,
                standard::key.nullable(),
                review_reason::section,
                review_reason::title,
                review_reason::body,
            ),
            (review_reason::state, review_reason::version, review_reason::uses, review_reason::changed_at),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(reason_of).collect())
}

/// One reason.
pub(super) fn reason(conn: &mut Conn, id: ReasonId) -> Result<Reason> {
    let row: Row = review_reason::table
        .left_join(standard::table.on(review_reason::standard_id.eq(standard::id.nullable())))
        .filter(review_reason::id.eq(id))
        .select((
            (
                review_reason::id,
                standard::key.nullable(),
                review_reason::section,
                review_reason::title,
                review_reason::body,
            ),
            (review_reason::state, review_reason::version, review_reason::uses, review_reason::changed_at),
        ))
        .first(conn)?;
    Ok(reason_of(row))
}

/// Every version of a reason, the newest first.
pub(super) fn versions(conn: &mut Conn, of: ReasonId) -> Result<Vec<ReasonVersion>> {
    let rows: Vec<(i64, String, String, String, Timestamp)> = review_reason_version::table
        .inner_join(person::table.on(person::id.eq(review_reason_version::written_by)))
        .filter(review_reason_version::reason_id.eq(of))
        .order(review_reason_version::version.desc())
        .select((
            review_reason_version::version,
            review_reason_version::title,
            review_reason_version::body,
            person::name,
            review_reason_version::written_at,
        ))
        .load(conn)?;
    let version = |(version, title, body, by, at)| ReasonVersion { version, title, body, by, at };
    Ok(rows.into_iter().map(version).collect())
}

/// The reasons in use that fit a requirement: general ones, its standard's, and those of the sections it stands in.
pub(in crate::review) fn offered(
    conn: &mut Conn,
    edition: &Edition,
    requirement: &Requirement,
) -> Result<Vec<Offered>> {
    type OfferedRow = (ReasonId, Option<String>, String, String, String, i64);
    let rows: Vec<OfferedRow> = review_reason::table
        .left_join(standard::table.on(review_reason::standard_id.eq(standard::id.nullable())))
        .filter(review_reason::state.eq(ReasonState::Kept))
        .order((review_reason::title, review_reason::id))
        .select((
            review_reason::id,
            standard::key.nullable(),
            review_reason::section,
            review_reason::title,
            review_reason::body,
            review_reason::uses,
        ))
        .load(conn)?;
    let key = edition.standard_key().as_str();
    Ok(rows
        .into_iter()
        .filter(|(_, of, section, ..)| match of.as_deref() {
            None => true,
            Some(of) => of == key && (section.is_empty() || stands_in(edition, requirement, section)),
        })
        .map(|(id, _, _, title, body, uses)| Offered { id, title, body, uses })
        .collect())
}

/// Whether a requirement stands in the section of this code, or in one within it.
fn stands_in(edition: &Edition, requirement: &Requirement, wanted: &str) -> bool {
    let mut at = Some(requirement.section.as_str());
    while let Some(code) = at {
        if code == wanted {
            return true;
        }
        at = edition.section(code).and_then(|section| section.parent.as_ref()).map(SectionCode::as_str);
    }
    false
}

/// Counts that a reason went into a decision. One that is gone meanwhile counts nothing.
pub(in crate::review) fn count_use(tx: &mut Tx<'_>, id: ReasonId) -> Result<()> {
    diesel::update(review_reason::table.filter(review_reason::id.eq(id)))
        .set(review_reason::uses.eq(review_reason::uses + 1))
        .execute(tx.conn())?;
    Ok(())
}

/// The standard of this key.
pub(super) fn standard_of(conn: &mut Conn, key: &str) -> Result<Option<StandardId>> {
    Ok(standard::table.filter(standard::key.eq(key)).select(standard::id).first(conn).optional()?)
}

/// Keys and names of the standards.
pub(super) fn standards(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(standard::table.order(standard::name).select((standard::key, standard::name)).load(conn)?)
}

/// Keeps a version of a reason.
pub(super) fn keep_version(
    tx: &mut Tx<'_>,
    (id, version): (ReasonId, i64),
    (title, body): (&str, &str),
    by: PersonId,
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(review_reason_version::table)
        .values((
            review_reason_version::reason_id.eq(id),
            review_reason_version::version.eq(version),
            review_reason_version::title.eq(title),
            review_reason_version::body.eq(body),
            review_reason_version::written_by.eq(by),
            review_reason_version::written_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
