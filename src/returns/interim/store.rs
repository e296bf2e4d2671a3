//! Queries about interim returns.

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{InterimId, PersonId, ReturnId};
use crate::schema::interim_submission;

/// One interim return as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interim {
    /// Its row.
    pub id: InterimId,
    /// 1 for the first.
    pub number: i64,
    /// The IG lead who signed and sent it.
    pub signed_by: PersonId,
    /// When.
    pub submitted_at: Timestamp,
    /// Whether it came after the interim date.
    pub late: bool,
    /// Canonical JSON of the snapshot.
    pub snapshot: String,
    /// SHA-256 of it.
    pub snapshot_hash: Vec<u8>,
}

type Row = (InterimId, i64, PersonId, Timestamp, bool, String, Vec<u8>);

fn read((id, number, signed_by, submitted_at, late, snapshot, snapshot_hash): Row) -> Interim {
    Interim { id, number, signed_by, submitted_at, late, snapshot, snapshot_hash }
}

/// The interim returns of one return, the newest first.
pub(in crate::returns) fn interims(conn: &mut Conn, of: ReturnId) -> Result<Vec<Interim>> {
    load(conn, Some(of))
}

/// Every interim return.
pub(super) fn all(conn: &mut Conn) -> Result<Vec<Interim>> {
    load(conn, None)
}

fn load(conn: &mut Conn, of: Option<ReturnId>) -> Result<Vec<Interim>> {
    let query = interim_submission::table
        .order((interim_submission::return_id, interim_submission::number.desc()))
        .select((
            interim_submission::id,
            interim_submission::number,
            interim_submission::signed_by,
            interim_submission::submitted_at,
            interim_submission::late,
            interim_submission::snapshot,
            interim_submission::snapshot_hash,
        ))
        .into_boxed::<<Conn as diesel::Connection>::Backend>();
    let query = match of {
        Some(of) => query.filter(interim_submission::return_id.eq(of)),
        None => query,
    };
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}
