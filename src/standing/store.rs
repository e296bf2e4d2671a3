//! Queries for where a return stands: the history of its answers, its people's roles, and its board papers.

use std::collections::BTreeMap;

use diesel::dsl::max;
use diesel::prelude::*;

use super::burn_up::Change;
use crate::access::OrganisationRole;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{AnswerId, BoardPaperId, OrganisationId, PersonId, RequirementId, ReturnId};
use crate::returns::AnswerState;
use crate::schema::{answer, answer_version, board_paper, membership};

/// Every change of a return's answers, each with its requirement, in order.
pub(super) fn changes(conn: &mut Conn, of: ReturnId) -> Result<Vec<(RequirementId, Change)>> {
    let rows: Vec<(AnswerId, RequirementId, String, Timestamp)> = answer_version::table
        .inner_join(answer::table.on(answer::id.eq(answer_version::answer_id)))
        .filter(answer::return_id.eq(of))
        .order((answer_version::saved_at, answer_version::answer_id, answer_version::version))
        .select((answer::id, answer::requirement_id, answer_version::state, answer_version::saved_at))
        .load(conn)?;
    let confirmed = AnswerState::Confirmed.as_str();
    Ok(rows
        .into_iter()
        .map(|(answer, requirement, state, at)| {
            (requirement, Change { answer, at, confirmed: state == confirmed })
        })
        .collect())
}

/// The roles that everybody of an organisation holds now.
pub(super) fn roles(
    conn: &mut Conn,
    of: OrganisationId,
) -> Result<BTreeMap<PersonId, Vec<OrganisationRole>>> {
    let rows: Vec<(PersonId, OrganisationRole)> = membership::table
        .filter(membership::organisation_id.eq(of))
        .filter(membership::ended_at.is_null())
        .order(membership::id)
        .select((membership::person_id, membership::role))
        .load(conn)?;
    let mut roles: BTreeMap<PersonId, Vec<OrganisationRole>> = BTreeMap::new();
    for (person, role) in rows {
        roles.entry(person).or_default().push(role);
    }
    Ok(roles)
}

/// A board paper in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub number: i64,
    pub made_by: PersonId,
    pub made_at: Timestamp,
}

/// The board papers of a return, the newest first.
pub(super) fn papers(conn: &mut Conn, of: ReturnId) -> Result<Vec<Listed>> {
    let rows: Vec<(i64, PersonId, Timestamp)> = board_paper::table
        .filter(board_paper::return_id.eq(of))
        .order(board_paper::number.desc())
        .select((board_paper::number, board_paper::made_by, board_paper::made_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(number, made_by, made_at)| Listed { number, made_by, made_at }).collect())
}

/// The number of the newest board paper of a return; 0 when there is none.
pub(super) fn newest_paper(conn: &mut Conn, of: ReturnId) -> Result<i64> {
    let number: Option<i64> = board_paper::table
        .filter(board_paper::return_id.eq(of))
        .select(max(board_paper::number))
        .first(conn)?;
    Ok(number.unwrap_or_default())
}

/// The stored content of a board paper.
pub(super) fn paper(conn: &mut Conn, of: ReturnId, number: i64) -> Result<Option<String>> {
    Ok(board_paper::table
        .filter(board_paper::return_id.eq(of))
        .filter(board_paper::number.eq(number))
        .select(board_paper::content)
        .first(conn)
        .optional()?)
}

/// A board paper to be kept.
pub(super) struct NewPaper<'a> {
    pub return_id: ReturnId,
    pub organisation: OrganisationId,
    pub number: i64,
    pub content: &'a str,
    pub content_hash: [u8; 32],
    pub made_by: PersonId,
}

/// Keeps a board paper. Two at once meet at the uniqueness of its number, which is a conflict.
pub(super) fn keep_paper(tx: &mut Tx<'_>, new: &NewPaper<'_>) -> Result<BoardPaperId> {
    let now = tx.now();
    Ok(diesel::insert_into(board_paper::table)
        .values((
            board_paper::return_id.eq(new.return_id),
            board_paper::organisation_id.eq(new.organisation),
            board_paper::number.eq(new.number),
            board_paper::content.eq(new.content),
            board_paper::content_hash.eq(&new.content_hash[..]),
            board_paper::made_by.eq(new.made_by),
            board_paper::made_at.eq(now),
        ))
        .returning(board_paper::id)
        .get_result(tx.conn())?)
}
