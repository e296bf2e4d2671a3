//! Replacing a piece by a newer version. The old one stays readable, and whatever was signed or submitted goes on
//! naming it; answers that are being written show the newest.

use std::collections::BTreeSet;

use diesel::dsl::max;
use diesel::prelude::*;
use serde_json::json;

use super::details::Period;
use super::follow::follow_newest;
use super::store::{self, Piece};
use super::version::{Content, insert_version};
use crate::access::{Permit, ReplaceEvidence};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, ReturnId};
use crate::returns::model::ReturnState;
use crate::returns::store::hold_state;
use crate::schema::{evidence, evidence_piece};

/// The most versions of one piece.
pub const VERSIONS_LIMIT: i64 = 100;

/// Puts a newer version in the place of the newest, from the version of the piece that the person saw; gives the new
/// version's number.
///
/// # Errors
/// [`Error::Conflict`] when somebody else changed the piece first, [`Error::Invalid`] when it is the same content, or
/// there are too many versions.
pub fn replace_piece(
    tx: &mut Tx<'_>,
    permit: &Permit<ReplaceEvidence>,
    piece: &Piece,
    (content, period): (&Content, Period),
    seen: i64,
) -> Result<Recorded<i64>> {
    piece.must_be_of(permit)?;
    let number = take_place(tx, piece, content)?;
    let id = insert_version(tx, piece.organisation, (piece.id, number), permit.actor().id(), content)?;
    note(tx, piece, period, seen)?;
    let drafts = shown_in_drafts(tx, piece)?;
    let data = json!({
        "evidence": id,
        "number": number,
        "sha256": hex(&content.sha256()),
        "size": content.size(),
        "media_type": content.media_type(),
        "valid_from": period.from,
        "valid_to": period.to,
        "drafts": drafts,
    });
    let subject = format!("evidence_piece/{}", piece.id);
    ledger::append(tx, &Event::of(permit, "evidence_replaced", subject, data), number)
}

/// Ends the newest version; gives the number of the next.
fn take_place(tx: &mut Tx<'_>, piece: &Piece, content: &Content) -> Result<i64> {
    let now = tx.now();
    let newest: Option<i64> = evidence::table
        .filter(evidence::piece_id.eq(piece.id))
        .select(max(evidence::number))
        .first(tx.conn())?;
    let newest = newest.ok_or_else(|| Error::broken("a piece of evidence has no version"))?;
    if newest >= VERSIONS_LIMIT {
        return Err(Error::field(
            "file",
            format!("This piece has {VERSIONS_LIMIT} versions already: add a new piece instead"),
        ));
    }
    let old: (EvidenceId, Vec<u8>) = evidence::table
        .filter(evidence::piece_id.eq(piece.id))
        .filter(evidence::replaced_at.is_null())
        .select((evidence::id, evidence::sha256))
        .first(tx.conn())?;
    if old.1 == content.sha256() {
        return Err(Error::field("file", "This is the same content as before: choose the newer version"));
    }
    let ended = diesel::update(
        evidence::table.filter(evidence::id.eq(old.0)).filter(evidence::replaced_at.is_null()),
    )
    .set(evidence::replaced_at.eq(Some(now)))
    .execute(tx.conn())?;
    if ended == 1 { Ok(newest + 1) } else { Err(somebody_else()) }
}

fn note(tx: &mut Tx<'_>, piece: &Piece, period: Period, seen: i64) -> Result<()> {
    let changed = diesel::update(
        evidence_piece::table
            .filter(evidence_piece::id.eq(piece.id))
            .filter(evidence_piece::version.eq(seen))
            .filter(evidence_piece::removed_at.is_null()),
    )
    .set((
        evidence_piece::valid_from.eq(period.from.map(String::from)),
        evidence_piece::valid_to.eq(period.to.map(String::from)),
        evidence_piece::version.eq(seen + 1),
    ))
    .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(somebody_else()) }
}

fn somebody_else() -> Error {
    Error::Conflict("A colleague changed this piece of evidence in the meantime.".to_owned())
}

/// Lets the drafts that rest on the piece show its newest version; gives how many. What is ready or signed keeps the
/// version that was read and signed, until it is taken back to draft.
fn shown_in_drafts(tx: &mut Tx<'_>, piece: &Piece) -> Result<usize> {
    let drafts: BTreeSet<ReturnId> = store::uses(tx.conn(), piece.id)?
        .into_iter()
        .filter(|used| used.state == ReturnState::Draft)
        .map(|used| used.of)
        .collect();
    let mut shown = 0;
    for draft in drafts {
        // A colleague may be marking it ready at this moment: then it keeps what was read.
        if hold_state(tx, draft)?.is_none_or(|state| state == ReturnState::Draft) {
            follow_newest(tx, draft)?;
            shown += 1;
        }
    }
    Ok(shown)
}
