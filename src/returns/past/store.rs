//! Queries about what happened in a return: from the versions of its answers, its files, its submissions, and the
//! ledger's events about it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{AnswerId, OrganisationId, PersonId, RequirementId, ReturnId};
use crate::returns::store::{EarlierAnswer, history};
use crate::schema::{membership, person};

/// One version of an answer.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::returns) fn version_of(
    conn: &mut Conn,
    of: AnswerId,
    version: i64,
) -> Result<Option<EarlierAnswer>> {
    Ok(history(conn, of)?.into_iter().find(|earlier| earlier.version == version))
}

/// One thing that somebody did.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Happened {
    #[diesel(sql_type = BigInt)]
    pub moment: Timestamp,
    /// `saved`, `attached`, `submitted`, or the kind of a ledger's event.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// Nobody for what the system did.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub who: Option<PersonId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub requirement: Option<RequirementId>,
    /// The version or submission.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// The answer's state, or the event's body.
    #[diesel(sql_type = Text)]
    pub note: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Everything, unordered. What the system carried forward is told by the start of the return.
const HAPPENED: &str = "SELECT v.saved_at AS moment, 'saved' AS what, v.saved_by AS who, a.requirement_id AS requirement, \
     v.version AS number, v.state AS note FROM answer_version v JOIN answer a ON a.id = v.answer_id \
     WHERE a.return_id = $1 AND v.saved_by IS NOT NULL \
     UNION ALL SELECT e.linked_at, 'attached', e.linked_by, e.requirement_id, e.evidence_id, '' FROM answer_evidence e \
     WHERE e.return_id = $1 AND e.linked_by IS NOT NULL \
     UNION ALL SELECT s.submitted_at, 'submitted', s.submitted_by, CAST(NULL AS BIGINT), s.number, '' FROM submission s \
     WHERE s.return_id = $1 \
     UNION ALL SELECT l.recorded_at, l.kind, l.actor_person_id, CAST(NULL AS BIGINT), l.id, l.body FROM ledger_event l \
     WHERE l.subject = $2";

/// What happened in a return, the newest first, with how much there is in all.
pub(super) fn happened(conn: &mut Conn, of: ReturnId, skip: i64, limit: i64) -> Result<(i64, Vec<Happened>)> {
    let subject = format!("return/{of}");
    let count: Count = diesel::sql_query(format!("SELECT count(*) AS count FROM ({HAPPENED}) AS happened"))
        .bind::<BigInt, _>(of)
        .bind::<Text, _>(&subject)
        .get_result(conn)?;
    let rows = diesel::sql_query(format!(
        "SELECT moment, what, who, requirement, number, note FROM ({HAPPENED}) AS happened \
         ORDER BY moment DESC, number DESC, what LIMIT $3 OFFSET $4"
    ))
    .bind::<BigInt, _>(of)
    .bind::<Text, _>(&subject)
    .bind::<BigInt, _>(limit)
    .bind::<BigInt, _>(skip)
    .load(conn)?;
    Ok((count.count, rows))
}

/// Names of those of the people who belong or belonged to the organisation; the central team's stay its own.
pub(super) fn names_within(
    conn: &mut Conn,
    organisation: OrganisationId,
    ids: &[PersonId],
) -> Result<BTreeMap<PersonId, String>> {
    let rows: Vec<(PersonId, String)> = membership::table
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(membership::organisation_id.eq(organisation))
        .filter(person::id.eq_any(ids))
        .select((person::id, person::name))
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
