//! Choosing pieces of the library as evidence for an answer.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::model::ScanState;
use super::store;
use crate::access::{AttachEvidence, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PieceId, RequirementId};
use crate::returns::evidence::{insert_link, must_be_draft, must_have_room_for};
use crate::returns::sharing::must_see;
use crate::returns::store::Found;
use crate::schema::{answer_evidence, evidence, evidence_piece};

/// Attaches the newest versions of these pieces to an answer; gives how many were not there before. One that stands
/// there already stays once.
///
/// # Errors
/// [`Error::Invalid`] when none is named, or there are too many, [`Error::NotFound`] when one is not in the library,
/// [`Error::Refused`] when nothing can be changed now.
pub fn attach_pieces(
    tx: &mut Tx<'_>,
    permit: &Permit<AttachEvidence>,
    found: &Found,
    requirement: RequirementId,
    pieces: &[PieceId],
) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    must_see(tx.conn(), found, permit.actor(), requirement)?;
    must_be_draft(tx, found)?;
    if pieces.is_empty() {
        return Err(Error::field("pieces", "Choose at least one piece of evidence"));
    }
    let there = attached_pieces(tx, found, requirement)?;
    let wanted: BTreeSet<PieceId> = pieces.iter().copied().filter(|id| !there.contains(id)).collect();
    must_have_room_for(tx.conn(), found.id, requirement, wanted.len(), "pieces")?;
    let mut links = Vec::with_capacity(wanted.len());
    for piece in &wanted {
        let newest = hold_newest(tx, found.organisation, *piece)?.ok_or(Error::NotFound)?;
        if newest.1 == ScanState::Refused {
            return Err(Error::field("pieces", "A file that the malware scan refused cannot be attached"));
        }
        insert_link(tx, found, permit.actor().id(), requirement, newest.0)?;
        links.push(json!({"piece": piece, "evidence": newest.0}));
    }
    let data = json!({"return": found.id, "requirement": requirement, "links": links});
    let subject = format!("return/{}", found.id);
    ledger::append(tx, &Event::of(permit, "evidence_chosen", subject, data), wanted.len())
}

fn attached_pieces(tx: &mut Tx<'_>, found: &Found, to: RequirementId) -> Result<BTreeSet<PieceId>> {
    let there: Vec<PieceId> = answer_evidence::table
        .inner_join(evidence::table.on(evidence::id.eq(answer_evidence::evidence_id)))
        .filter(answer_evidence::return_id.eq(found.id))
        .filter(answer_evidence::requirement_id.eq(to))
        .select(evidence::piece_id)
        .load(tx.conn())?;
    Ok(there.into_iter().collect())
}

/// The newest version of a piece that is in the library. Where changes run side by side, the piece stays there until
/// this change is committed.
///
/// # Errors
/// When the database cannot be asked.
pub fn hold_newest(
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    piece: PieceId,
) -> Result<Option<(EvidenceId, ScanState)>> {
    let kept = evidence_piece::table
        .filter(evidence_piece::id.eq(piece))
        .filter(evidence_piece::organisation_id.eq(whose))
        .filter(evidence_piece::removed_at.is_null())
        .select(evidence_piece::id);
    let held: Option<PieceId> = match tx.conn() {
        Conn::Sqlite(conn) => kept.first(conn).optional()?,
        Conn::Postgres(conn) => kept.for_share().first(conn).optional()?,
    };
    match held {
        None => Ok(None),
        Some(_) => {
            let newest = store::newest(tx.conn(), &[piece])?.remove(&piece);
            Ok(newest.map(|version| (version.id, version.scan)))
        }
    }
}
