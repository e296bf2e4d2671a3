//! One submission of the sample, as those who score it may know it: nothing of its first review.

use diesel::prelude::*;

use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{BlindCaseId, CollectionId, OrganisationId, PersonId, ReviewId, SubmissionId};
use crate::review::consistency::model::BlindState;
use crate::review::model::ReviewState;
use crate::schema::{blind_case, collection, organisation, review};

/// One submission of the sample. It has no field for the review, the first reviewer or anything they said.
#[derive(Debug, Clone)]
pub struct BlindCase {
    /// Its row.
    pub(in crate::review) id: BlindCaseId,
    /// What is scored.
    pub(in crate::review) submission: SubmissionId,
    /// Whose it is.
    pub(in crate::review) organisation: OrganisationId,
    /// In which collection.
    pub(in crate::review) collection: CollectionId,
    /// How far it is.
    pub(in crate::review) state: BlindState,
    /// Who scores it.
    pub(in crate::review) scorer: Option<PersonId>,
    /// Counts its moves.
    pub(in crate::review) version: i64,
}

impl BlindCase {
    /// What the access table needs to know of it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject {
            kind: "blind case",
            id: self.id.get(),
            organisation: Some(self.organisation),
            state: self.state.as_str(),
        }
    }
}

type Row = (BlindCaseId, SubmissionId, OrganisationId, CollectionId, BlindState, Option<PersonId>, i64);

const COLUMNS: (
    blind_case::id,
    blind_case::submission_id,
    blind_case::organisation_id,
    blind_case::collection_id,
    blind_case::state,
    blind_case::scorer_id,
    blind_case::version,
) = (
    blind_case::id,
    blind_case::submission_id,
    blind_case::organisation_id,
    blind_case::collection_id,
    blind_case::state,
    blind_case::scorer_id,
    blind_case::version,
);

fn of_row((id, submission, organisation, collection, state, scorer, version): Row) -> BlindCase {
    BlindCase { id, submission, organisation, collection, state, scorer, version }
}

/// The submission of the sample with this number.
pub(in crate::review) fn find_case(conn: &mut Conn, id: BlindCaseId) -> Result<BlindCase> {
    Ok(of_row(blind_case::table.filter(blind_case::id.eq(id)).select(COLUMNS).first(conn)?))
}

/// Makes whoever changes the first review at this moment wait, or waits for them, and then reads how far it is. The row is
/// written, and whatever its version: the first reviewer's moves are nothing that a second scorer is told of.
pub(super) fn hold_first(tx: &mut Tx<'_>, of: BlindCaseId) -> Result<ReviewState> {
    let first: ReviewId =
        blind_case::table.filter(blind_case::id.eq(of)).select(blind_case::review_id).first(tx.conn())?;
    diesel::update(review::table.filter(review::id.eq(first)))
        .set(review::summary.eq(review::summary))
        .execute(tx.conn())?;
    Ok(review::table.filter(review::id.eq(first)).select(review::state).first(tx.conn())?)
}

/// One line of a scorer's list.
#[derive(Debug, Clone)]
pub(in crate::review) struct Mine {
    pub id: BlindCaseId,
    pub state: BlindState,
    pub organisation: String,
    pub year: String,
    pub since: Option<Timestamp>,
}

/// What a person was given to score, newest first.
pub(in crate::review) fn cases_of(conn: &mut Conn, whose: PersonId) -> Result<Vec<Mine>> {
    let rows: Vec<(BlindCaseId, BlindState, String, String, Option<Timestamp>)> = blind_case::table
        .inner_join(organisation::table.on(organisation::id.eq(blind_case::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(blind_case::collection_id)))
        .filter(blind_case::scorer_id.eq(whose))
        .order(blind_case::id.desc())
        .limit(200)
        .select((
            blind_case::id,
            blind_case::state,
            organisation::name,
            collection::year_label,
            blind_case::assigned_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, state, organisation, year, since)| Mine { id, state, organisation, year, since })
        .collect())
}

/// Submissions of the sample that somebody could score now: those whose first review has begun, so that whoever scores
/// second is known not to be first. Oldest first.
pub(in crate::review) fn waiting_cases(
    conn: &mut Conn,
    within: Option<CollectionId>,
    most: i64,
) -> Result<Vec<BlindCase>> {
    let mut query = blind_case::table
        .inner_join(review::table.on(review::id.eq(blind_case::review_id)))
        .filter(blind_case::state.eq(BlindState::Waiting))
        .filter(review::state.eq_any([
            ReviewState::Claimed,
            ReviewState::Query,
            ReviewState::Second,
            ReviewState::Decided,
        ]))
        .order(blind_case::id)
        .limit(most)
        .select(COLUMNS)
        .into_boxed();
    if let Some(within) = within {
        query = query.filter(blind_case::collection_id.eq(within));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(of_row).collect())
}
