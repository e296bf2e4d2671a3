//! Changing what is said about a piece; its content stays.

use diesel::prelude::*;
use serde_json::json;

use super::details::Details;
use super::store::Piece;
use crate::access::{EditEvidence, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::schema::evidence_piece;

/// Changes a piece from the version that the person saw.
///
/// # Errors
/// [`Error::Conflict`] when somebody else changed it first, [`Error::Invalid`] when its owner is no member.
pub fn edit_piece(
    tx: &mut Tx<'_>,
    permit: &Permit<EditEvidence>,
    piece: &Piece,
    details: &Details,
    seen: i64,
) -> Result<Recorded<()>> {
    piece.must_be_of(permit)?;
    // Whoever left stays the owner of what nobody gave to somebody else.
    if details.owner != piece.owner {
        details.must_be_owned_inside(tx, piece.organisation)?;
    }
    let changed = diesel::update(
        evidence_piece::table
            .filter(evidence_piece::id.eq(piece.id))
            .filter(evidence_piece::version.eq(seen))
            .filter(evidence_piece::removed_at.is_null()),
    )
    .set((
        evidence_piece::title.eq(&details.title),
        evidence_piece::description.eq(&details.description),
        evidence_piece::tags.eq(details.tag_lines()),
        evidence_piece::search.eq(details.search()),
        evidence_piece::classification.eq(details.classification),
        evidence_piece::owner_id.eq(details.owner),
        evidence_piece::valid_from.eq(details.period.from.map(String::from)),
        evidence_piece::valid_to.eq(details.period.to.map(String::from)),
        evidence_piece::version.eq(seen + 1),
    ))
    .execute(tx.conn())?;
    if changed != 1 {
        return Err(Error::Conflict(
            "A colleague changed this piece of evidence in the meantime.".to_owned(),
        ));
    }
    let data = json!({
        "version": seen + 1,
        "classification": details.classification,
        "valid_from": details.period.from,
        "valid_to": details.period.to,
        "owner": details.owner,
        "title_sha256": hex(&sha256(details.title.as_bytes())),
    });
    let subject = format!("evidence_piece/{}", piece.id);
    ledger::append(tx, &Event::of(permit, "evidence_edited", subject, data), ())
}
