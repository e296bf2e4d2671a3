//! Where pieces of evidence are used: beside answers of every year and those of sites, with answers to the questions of
//! reviewers, and as the evidence of a line of the improvement plan.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PieceId};
use crate::schema::{answer_evidence, evidence, plan_line, query_evidence, site_exception_evidence};

/// How many rows of a table, under a condition, link versions of each piece.
macro_rules! linked {
    ($conn:expr, $table:ident, $condition:expr) => {
        $table::table
            .inner_join(evidence::table.on(evidence::id.eq($table::evidence_id)))
            .filter($condition)
            .group_by(evidence::piece_id)
            .select((evidence::piece_id, count_star()))
            .load::<(PieceId, i64)>($conn)?
    };
}

/// The pieces of an organisation that are used anywhere.
///
/// # Errors
/// When the database cannot be asked.
pub fn used_pieces(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<PieceId>> {
    let lines: Vec<Option<PieceId>> = plan_line::table
        .filter(plan_line::organisation_id.eq(whose))
        .filter(plan_line::evidence_piece_id.is_not_null())
        .select(plan_line::evidence_piece_id)
        .distinct()
        .load(conn)?;
    let mut used: Vec<PieceId> = lines.into_iter().flatten().collect();
    let rows = [
        linked!(conn, answer_evidence, answer_evidence::organisation_id.eq(whose)),
        linked!(conn, site_exception_evidence, site_exception_evidence::organisation_id.eq(whose)),
        linked!(conn, query_evidence, query_evidence::organisation_id.eq(whose)),
    ];
    used.extend(rows.into_iter().flatten().map(|(piece, _)| piece));
    used.sort_unstable();
    used.dedup();
    Ok(used)
}

/// How often each of these pieces is used.
///
/// # Errors
/// When the database cannot be asked.
pub fn uses_of(conn: &mut Conn, pieces: &[PieceId]) -> Result<BTreeMap<PieceId, i64>> {
    let lines: Vec<Option<PieceId>> = plan_line::table
        .filter(plan_line::evidence_piece_id.eq_any(pieces.to_vec()))
        .select(plan_line::evidence_piece_id)
        .load(conn)?;
    let rows = [
        linked!(conn, answer_evidence, evidence::piece_id.eq_any(pieces.to_vec())),
        linked!(conn, site_exception_evidence, evidence::piece_id.eq_any(pieces.to_vec())),
        linked!(conn, query_evidence, evidence::piece_id.eq_any(pieces.to_vec())),
    ];
    let mut uses: BTreeMap<PieceId, i64> = BTreeMap::new();
    let lines = lines.into_iter().flatten().map(|piece| (piece, 1));
    for (piece, count) in rows.into_iter().flatten().chain(lines) {
        *uses.entry(piece).or_default() += count;
    }
    Ok(uses)
}
