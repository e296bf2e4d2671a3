//! One evidence serves many schemes: what the organisation attached in the return of another standard, where a mapping
//! says that it serves this requirement too.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{EvidenceId, PieceId};
use crate::returns::library::{self, ScanState};
use crate::returns::store::Found;
use crate::schema::{annual_return, answer_evidence, collection, evidence, evidence_piece, requirement};
use crate::standards::RequirementCode;
use crate::standards::mapping;

/// Pieces offered at most; the library holds the rest.
const MOST: usize = 10;

/// A piece of evidence that stands beside an answer elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The piece.
    pub piece: PieceId,
    /// What it is called.
    pub title: String,
    /// The name of the collection in whose return it stands.
    pub collection: String,
    /// The requirement that it stands beside there.
    pub code: String,
}

/// What can be attached to a requirement besides what is `there`. One statement where no mapping leads to it.
///
/// # Errors
/// When the database cannot be asked.
pub fn offered(
    conn: &mut Conn,
    found: &Found,
    to: &RequirementCode,
    there: &[PieceId],
) -> Result<Vec<Offer>> {
    type Row = (EvidenceId, PieceId, String, String, String);
    let mut offers: BTreeMap<PieceId, Offer> = BTreeMap::new();
    for (edition, codes) in mapping::serving(conn, found.edition.id(), to)? {
        let codes: Vec<&str> = codes.iter().map(RequirementCode::as_str).collect();
        let rows: Vec<Row> = answer_evidence::table
            .inner_join(annual_return::table.on(annual_return::id.eq(answer_evidence::return_id)))
            .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
            .inner_join(requirement::table.on(requirement::id.eq(answer_evidence::requirement_id)))
            .inner_join(evidence::table.on(evidence::id.eq(answer_evidence::evidence_id)))
            .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
            .filter(answer_evidence::organisation_id.eq(found.organisation))
            .filter(annual_return::edition_id.eq(edition))
            .filter(annual_return::id.ne(found.id))
            .filter(requirement::code.eq_any(codes))
            .filter(evidence_piece::removed_at.is_null())
            .filter(evidence_piece::id.ne_all(there.to_vec()))
            .order((annual_return::id.desc(), requirement::position, evidence_piece::id))
            .select((
                evidence::id,
                evidence_piece::id,
                evidence_piece::title,
                collection::name,
                requirement::code,
            ))
            .load(conn)?;
        for (_, piece, title, collection, code) in rows {
            offers.entry(piece).or_insert(Offer { piece, title, collection, code });
        }
    }
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    // What the malware scan refused cannot be attached, whichever version stands there.
    let pieces: Vec<PieceId> = offers.keys().copied().collect();
    let newest = library::newest(conn, &pieces)?;
    let usable =
        |piece: &PieceId| newest.get(piece).is_some_and(|version| version.scan != ScanState::Refused);
    Ok(offers.into_values().filter(|offer| usable(&offer.piece)).take(MOST).collect())
}
