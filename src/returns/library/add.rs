//! Adding a piece to the library, with its first version.

use diesel::prelude::*;
use serde_json::json;

use super::details::Details;
use super::store;
use super::version::{Content, insert_version};
use crate::access::{AddEvidence, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, PieceId};
use crate::platform::pages::words;
use crate::schema::evidence_piece;

/// The most pieces that an organisation can have, removed ones included.
pub const PIECES_LIMIT: i64 = 5000;

/// Adds a piece.
///
/// # Errors
/// [`Error::Invalid`] when its owner is no member, or the library is full.
pub fn add_piece(
    tx: &mut Tx<'_>,
    permit: &Permit<AddEvidence>,
    details: &Details,
    content: &Content,
) -> Result<Recorded<PieceId>> {
    let whose = permit.organisation()?;
    let (id, version) = insert_piece(tx, whose, permit.actor().id(), (details, content))?;
    let data = json!({
        "evidence": version,
        "sha256": hex(&content.sha256()),
        "size": content.size(),
        "media_type": content.media_type(),
        "classification": details.classification,
        "title_sha256": hex(&sha256(details.title.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "evidence_added", format!("evidence_piece/{id}"), data), id)
}

/// Writes a piece and its first version, for the verbs that make one.
pub(in crate::returns) fn insert_piece(
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    by: Option<PersonId>,
    (details, content): (&Details, &Content),
) -> Result<(PieceId, EvidenceId)> {
    details.must_be_owned_inside(tx, whose)?;
    if store::count_pieces(tx.conn(), whose)? >= PIECES_LIMIT {
        let limit = words::number(PIECES_LIMIT.into());
        return Err(Error::field("file", format!("The library is full: it can hold {limit} pieces")));
    }
    let now = tx.now();
    let id: PieceId = diesel::insert_into(evidence_piece::table)
        .values((
            evidence_piece::organisation_id.eq(whose),
            evidence_piece::title.eq(&details.title),
            evidence_piece::description.eq(&details.description),
            evidence_piece::tags.eq(details.tag_lines()),
            evidence_piece::search.eq(details.search()),
            evidence_piece::classification.eq(details.classification),
            evidence_piece::owner_id.eq(details.owner),
            evidence_piece::valid_from.eq(details.period.from.map(String::from)),
            evidence_piece::valid_to.eq(details.period.to.map(String::from)),
            evidence_piece::created_by.eq(by),
            evidence_piece::created_at.eq(now),
        ))
        .returning(evidence_piece::id)
        .get_result(tx.conn())?;
    let version = insert_version(tx, whose, (id, 1), by, content)?;
    Ok((id, version))
}
