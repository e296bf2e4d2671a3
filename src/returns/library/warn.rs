//! Warning of pieces that go out of date: each is looked at once a day, and what was warned of is written down in the
//! change that writes the mail, so that nothing is said twice, whatever crashes.

use diesel::prelude::*;

use super::mail::{self, Place};
use super::model::{WARN_AHEAD, warning_due};
use super::store;
use crate::platform::clock::Day;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PieceId};
use crate::schema::{evidence_piece, evidence_warning, organisation};

/// A piece that ends within the first warning, and has not been warned of as near as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    organisation: OrganisationId,
    piece: PieceId,
    last: Day,
    /// The distance of the warning that is due.
    ahead: i64,
    /// Days left.
    left: i64,
}

/// Every piece of whose end somebody is to be warned today.
pub(super) fn endings(conn: &mut Conn, today: Day) -> Result<Vec<Ending>> {
    let [first, ..] = WARN_AHEAD;
    let rows: Vec<(OrganisationId, PieceId, Option<Day>)> = evidence_piece::table
        .filter(evidence_piece::removed_at.is_null())
        .filter(evidence_piece::valid_to.ge(today.to_string()))
        .filter(evidence_piece::valid_to.le(today.plus_days(first).to_string()))
        .order(evidence_piece::id)
        .select((evidence_piece::organisation_id, evidence_piece::id, evidence_piece::valid_to))
        .load(conn)?;
    let sent: Vec<(PieceId, Day, i64)> = evidence_warning::table
        .filter(evidence_warning::valid_to.ge(today.to_string()))
        .select((evidence_warning::piece_id, evidence_warning::valid_to, evidence_warning::days))
        .load(conn)?;
    let due = |(organisation, piece, last): (OrganisationId, PieceId, Option<Day>)| {
        let last = last?;
        let left = today.days_until(last);
        let ahead = warning_due(left)?;
        (!sent.contains(&(piece, last, ahead))).then_some(Ending { organisation, piece, last, ahead, left })
    };
    Ok(rows.into_iter().filter_map(due).collect())
}

/// Warns of one piece, if nobody did so before and it still ends on that day; says whether it did.
pub(super) fn warn(tx: &mut Tx<'_>, ending: Ending, public_url: &str) -> Result<bool> {
    let piece = store::piece(tx.conn(), ending.organisation, ending.piece)?;
    if piece.removed_at.is_some() || piece.valid_to != Some(ending.last) {
        return Ok(false);
    }
    let row = (
        evidence_warning::piece_id.eq(ending.piece),
        evidence_warning::valid_to.eq(ending.last.to_string()),
        evidence_warning::days.eq(ending.ahead),
        evidence_warning::organisation_id.eq(ending.organisation),
        evidence_warning::sent_at.eq(tx.now()),
    );
    let first = crate::each!(tx.conn(), c => diesel::insert_into(evidence_warning::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if first == 0 {
        return Ok(false);
    }
    let (code, name): (String, String) = organisation::table
        .filter(organisation::id.eq(ending.organisation))
        .select((organisation::code, organisation::name))
        .first(tx.conn())?;
    let place = Place { code: &code, name: &name, public_url };
    mail::warn_of_end(tx, &place, &piece, (ending.last, ending.ahead, ending.left))?;
    Ok(true)
}
