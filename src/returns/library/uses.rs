//! Where pieces of evidence are used: beside answers of every year and those of sites, with answers to the questions of
//! reviewers, and as the evidence of a line of the improvement plan.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PieceId, QueryId};
use crate::schema::{
    answer_evidence, collection, evidence, plan_line, query_evidence, query_message, requirement, review,
    review_query, site_exception_evidence,
};

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

/// An answer to a reviewer's question that a piece came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The question.
    pub query: QueryId,
    /// The key of the return's collection.
    pub year: String,
    /// The name of the return's collection.
    pub collection: String,
    /// Code and title of the requirement that it is about.
    pub requirement: String,
}

/// The questions with whose answers a piece was sent, the newest first. What lies beside a draft is its author's to show.
///
/// # Errors
/// When the database cannot be asked.
pub fn replies_with(conn: &mut Conn, of: PieceId) -> Result<Vec<Reply>> {
    let rows: Vec<(QueryId, String, String, String, String)> = query_evidence::table
        .inner_join(evidence::table.on(evidence::id.eq(query_evidence::evidence_id)))
        .inner_join(query_message::table.on(query_message::id.eq(query_evidence::message_id)))
        .inner_join(review_query::table.on(review_query::id.eq(query_message::query_id)))
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .inner_join(requirement::table.on(requirement::id.eq(review_query::requirement_id)))
        .filter(evidence::piece_id.eq(of))
        .filter(query_message::sent_at.is_not_null())
        .order(review_query::id.desc())
        .select((review_query::id, collection::key, collection::name, requirement::code, requirement::title))
        .distinct()
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(query, year, collection, code, title)| Reply {
            query,
            year,
            collection,
            requirement: format!("{code} {title}"),
        })
        .collect())
}
