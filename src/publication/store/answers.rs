//! What the answers of a release were counted from, and the statistician's report on their protection.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, ReleaseId};
use crate::schema::{release_answer, release_disclosure};

/// Rows written by one statement; far below the limits on bound values of both databases.
const BATCH: usize = 1000;

/// Stores the packed levels that were counted, one vector per organisation.
pub(in crate::publication) fn insert_answers(
    conn: &mut Conn,
    id: ReleaseId,
    answers: &[(OrganisationId, Vec<u8>)],
) -> Result<()> {
    for some in answers.chunks(BATCH) {
        let rows: Vec<_> = some
            .iter()
            .map(|(organisation, levels)| {
                (
                    release_answer::release_id.eq(id),
                    release_answer::organisation_id.eq(*organisation),
                    release_answer::levels.eq(levels),
                )
            })
            .collect();
        crate::each!(conn, c => diesel::insert_into(release_answer::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// The packed levels that a release was counted from.
pub(in crate::publication) fn answers_of(
    conn: &mut Conn,
    id: ReleaseId,
) -> Result<BTreeMap<OrganisationId, Vec<u8>>> {
    let rows: Vec<(OrganisationId, Vec<u8>)> = release_answer::table
        .filter(release_answer::release_id.eq(id))
        .select((release_answer::organisation_id, release_answer::levels))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Stores the statistician's report on the protection of a release.
pub(in crate::publication) fn insert_disclosure(conn: &mut Conn, id: ReleaseId, report: &str) -> Result<()> {
    diesel::insert_into(release_disclosure::table)
        .values((release_disclosure::release_id.eq(id), release_disclosure::report.eq(report)))
        .execute(conn)?;
    Ok(())
}

/// The statistician's report on the protection of a release.
pub(in crate::publication) fn disclosure_of(conn: &mut Conn, id: ReleaseId) -> Result<Option<String>> {
    Ok(release_disclosure::table
        .filter(release_disclosure::release_id.eq(id))
        .select(release_disclosure::report)
        .first(conn)
        .optional()?)
}
