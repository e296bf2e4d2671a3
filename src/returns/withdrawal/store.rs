//! Queries about everything that was submitted for a return, and what was taken back.

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReturnId, SubmissionId};
use crate::schema::{annual_return, submission, withdrawal};

/// One submission in the list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub id: SubmissionId,
    pub number: i64,
    pub submitted_by: Option<PersonId>,
    pub submitted_at: Timestamp,
    pub late: bool,
    pub claimed_grade: String,
    pub reason: Option<String>,
    /// Why, by whom and when it was taken back.
    pub withdrawn: Option<(String, PersonId, Timestamp)>,
}

/// Every submission of a return, newest first.
pub(super) fn submissions_of(conn: &mut Conn, of: ReturnId) -> Result<Vec<Listed>> {
    type Sent = (SubmissionId, i64, Option<PersonId>, Timestamp, bool, String, Option<String>);
    type Taken = (String, PersonId, Timestamp);
    let rows: Vec<(Sent, Option<Taken>)> = submission::table
        .left_join(withdrawal::table.on(withdrawal::submission_id.eq(submission::id)))
        .filter(submission::return_id.eq(of))
        .order(submission::number.desc())
        .select((
            (
                submission::id,
                submission::number,
                submission::submitted_by,
                submission::submitted_at,
                submission::late,
                submission::claimed_grade,
                submission::reason,
            ),
            (withdrawal::reason, withdrawal::withdrawn_by, withdrawal::withdrawn_at).nullable(),
        ))
        .load(conn)?;
    let listed = |(sent, withdrawn): (Sent, Option<Taken>)| {
        let (id, number, submitted_by, submitted_at, late, claimed_grade, reason) = sent;
        Listed { id, number, submitted_by, submitted_at, late, claimed_grade, reason, withdrawn }
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// The submission that stands for an organisation in a collection: none once it was withdrawn and not sent again.
///
/// # Errors
/// When the database cannot be asked.
pub fn standing_submission(
    conn: &mut Conn,
    whose: OrganisationId,
    of: CollectionId,
) -> Result<Option<SubmissionId>> {
    let standing: Option<Option<SubmissionId>> = annual_return::table
        .filter(annual_return::collection_id.eq(of))
        .filter(annual_return::organisation_id.eq(whose))
        .select(annual_return::submission_id)
        .first(conn)
        .optional()?;
    Ok(standing.flatten())
}
