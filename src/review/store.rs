//! Queries about reviews, their decisions and their queries.

use std::sync::Arc;

use diesel::prelude::*;

use super::model::{DecisionOutcome, ReviewState};
use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    CollectionId, EditionId, OrganisationId, PersonId, QueryId, RequirementId, ReturnId, ReviewId,
    SubmissionId,
};
use crate::schema::{
    collection, edition, organisation, person, requirement, review, review_decision, review_query, submission,
};
use crate::standards::{self, StoredEdition};

/// One review as stored.
#[derive(Debug, Clone)]
pub struct Review {
    /// Its row.
    pub id: ReviewId,
    /// What is reviewed.
    pub submission: SubmissionId,
    /// Of which return.
    pub return_id: ReturnId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Where it stands.
    pub state: ReviewState,
    /// Who works or worked on it.
    pub reviewer: Option<PersonId>,
    /// Who confirmed it or gave it back last.
    pub second_reviewer: Option<PersonId>,
    /// The grade that the organisation's answers give.
    pub claimed_grade: String,
    /// The grade that the reviewer's decisions give, once finished.
    pub assessed_grade: Option<String>,
    /// What the reviewer says about the whole.
    pub summary: String,
    /// Why the second reviewer gave it back.
    pub second_reason: Option<String>,
    /// When it joined the queue.
    pub queued_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it became final.
    pub decided_at: Option<Timestamp>,
    /// Counts its moves.
    pub version: i64,
}

impl Review {
    /// What the access table needs to know of it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject {
            kind: "review",
            id: self.id.get(),
            organisation: Some(self.organisation),
            state: self.state.as_str(),
        }
    }
}

type ReviewRow = (
    (ReviewId, SubmissionId, ReturnId, OrganisationId, ReviewState, Option<PersonId>, Option<PersonId>),
    (String, Option<String>, String, Option<String>),
    (Timestamp, Timestamp, Option<Timestamp>, i64),
);

/// The columns of a [`Review`].
const COLUMNS: (
    (
        review::id,
        review::submission_id,
        review::return_id,
        review::organisation_id,
        review::state,
        review::reviewer_id,
        review::second_reviewer_id,
    ),
    (review::claimed_grade, review::assessed_grade, review::summary, review::second_reason),
    (review::queued_at, review::due_at, review::decided_at, review::version),
) = (
    (
        review::id,
        review::submission_id,
        review::return_id,
        review::organisation_id,
        review::state,
        review::reviewer_id,
        review::second_reviewer_id,
    ),
    (review::claimed_grade, review::assessed_grade, review::summary, review::second_reason),
    (review::queued_at, review::due_at, review::decided_at, review::version),
);

fn review_from(row: ReviewRow) -> Review {
    let (
        (id, submission, return_id, organisation, state, reviewer, second_reviewer),
        (claimed_grade, assessed_grade, summary, second_reason),
        (queued_at, due_at, decided_at, version),
    ) = row;
    Review {
        id,
        submission,
        return_id,
        organisation,
        state,
        reviewer,
        second_reviewer,
        claimed_grade,
        assessed_grade,
        summary,
        second_reason,
        queued_at,
        due_at,
        decided_at,
        version,
    }
}

/// The review with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn review(conn: &mut Conn, id: ReviewId) -> Result<Review> {
    Ok(review_from(review::table.filter(review::id.eq(id)).select(COLUMNS).first(conn)?))
}

/// The reviews of a return, in the order of its submissions.
pub(super) fn reviews_of(conn: &mut Conn, of: ReturnId) -> Result<Vec<ReviewId>> {
    Ok(review::table
        .inner_join(submission::table.on(submission::id.eq(review::submission_id)))
        .filter(review::return_id.eq(of))
        .order(submission::number)
        .select(review::id)
        .load(conn)?)
}

/// The review of a submission, if it has one.
pub(super) fn review_of(conn: &mut Conn, id: SubmissionId) -> Result<Option<Review>> {
    let found = review::table.filter(review::submission_id.eq(id)).select(COLUMNS).first(conn).optional()?;
    Ok(found.map(review_from))
}

/// Whether the submission has a review already.
pub(super) fn is_queued(conn: &mut Conn, id: SubmissionId) -> Result<bool> {
    let found: Option<ReviewId> =
        review::table.filter(review::submission_id.eq(id)).select(review::id).first(conn).optional()?;
    Ok(found.is_some())
}

/// The newest final review of an organisation's return in the collection of this key.
pub(super) fn decided_review(
    conn: &mut Conn,
    of: OrganisationId,
    collection_key: &str,
) -> Result<Option<ReviewId>> {
    Ok(review::table
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review::organisation_id.eq(of))
        .filter(collection::key.eq(collection_key))
        .filter(review::state.eq(ReviewState::Decided))
        .order(review::id.desc())
        .select(review::id)
        .first(conn)
        .optional()?)
}

/// Reserves the review for a verb: as it was read, or a conflict. On PostgreSQL this also makes others that change the
/// same review wait.
pub(super) fn hold(tx: &mut Tx<'_>, as_read: &Review) -> Result<()> {
    let held = diesel::update(
        review::table
            .filter(review::id.eq(as_read.id))
            .filter(review::version.eq(as_read.version))
            .filter(review::state.eq(as_read.state)),
    )
    .set(review::summary.eq(review::summary))
    .execute(tx.conn())?;
    if held == 1 { Ok(()) } else { Err(moved_on()) }
}

/// What is said when a review has changed under somebody's hands.
pub(super) fn moved_on() -> Error {
    Error::Conflict("The review has moved on since you loaded it.".to_owned())
}

/// A review with the submission it is about.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The review.
    pub review: Review,
    /// Code of the organisation.
    pub code: String,
    /// Name of the organisation.
    pub name: String,
    /// Key of the collection.
    pub collection_key: String,
    /// Label of its year.
    pub year_label: String,
    /// The collection before it.
    pub previous: Option<CollectionId>,
    /// Counts the submissions of the return.
    pub number: i64,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Whether that was after the deadline.
    pub late: bool,
    /// The snapshot, as JSON.
    pub snapshot: String,
    /// Claimed status bytes in edition order.
    pub levels: Vec<u8>,
    /// What was asked.
    pub edition: Arc<StoredEdition>,
}

type FoundRow = (
    ReviewRow,
    (String, String),
    (String, String, Option<CollectionId>, EditionId),
    (i64, Timestamp, bool, String, Vec<u8>),
    (Vec<u8>, RequirementId),
);

/// The review with its submission, in one statement (once its edition has been seen).
pub(super) fn find(conn: &mut Conn, id: ReviewId) -> Result<Found> {
    let row: FoundRow = review::table
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .inner_join(submission::table.on(submission::id.eq(review::submission_id)))
        .inner_join(edition::table.on(edition::id.eq(collection::edition_id)))
        .inner_join(
            requirement::table.on(requirement::edition_id.eq(edition::id).and(requirement::position.eq(0))),
        )
        .filter(review::id.eq(id))
        .select((
            COLUMNS,
            (organisation::code, organisation::name),
            (collection::key, collection::year_label, collection::previous_id, collection::edition_id),
            (
                submission::number,
                submission::submitted_at,
                submission::late,
                submission::snapshot,
                submission::levels,
            ),
            (edition::definition_hash, requirement::id),
        ))
        .first(conn)?;
    let (review, (code, name), of_collection, of_submission, (hash, first)) = row;
    let (collection_key, year_label, previous, edition) = of_collection;
    let (number, submitted_at, late, snapshot, levels) = of_submission;
    Ok(Found {
        review: review_from(review),
        code,
        name,
        collection_key,
        year_label,
        previous,
        number,
        submitted_at,
        late,
        snapshot,
        levels,
        edition: standards::known_edition(conn, edition, hash, first)?,
    })
}

/// What an organisation submitted in another collection.
pub(super) struct Submitted {
    /// What it was asked.
    pub edition: EditionId,
    /// The snapshot, as JSON.
    pub snapshot: String,
    /// Its review, and how far that got.
    pub review: Option<(ReviewId, ReviewState)>,
}

/// The newest submission of an organisation in another collection.
pub(super) fn submission_in(
    conn: &mut Conn,
    of: OrganisationId,
    within: CollectionId,
) -> Result<Option<Submitted>> {
    let row: Option<(EditionId, String, Option<ReviewId>, Option<ReviewState>)> = submission::table
        .inner_join(collection::table.on(collection::id.eq(submission::collection_id)))
        .left_join(review::table.on(review::submission_id.eq(submission::id)))
        .filter(submission::organisation_id.eq(of))
        .filter(submission::collection_id.eq(within))
        .order(submission::number.desc())
        .select((
            collection::edition_id,
            submission::snapshot,
            review::id.nullable(),
            review::state.nullable(),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(edition, snapshot, id, state)| Submitted { edition, snapshot, review: id.zip(state) }))
}

/// One decision as stored.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    /// What it is about.
    pub requirement: RequirementId,
    /// What the reviewer makes of the claim.
    pub outcome: DecisionOutcome,
    /// The assessed status byte.
    pub assessed: u8,
    /// Why; empty where the claim stands and nothing was said.
    pub reason: String,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// Every decision of a review.
pub(super) fn decisions(conn: &mut Conn, of: ReviewId) -> Result<Vec<Decision>> {
    let rows: Vec<(RequirementId, DecisionOutcome, i64, String, i64)> = review_decision::table
        .filter(review_decision::review_id.eq(of))
        .select((
            review_decision::requirement_id,
            review_decision::outcome,
            review_decision::assessed_level,
            review_decision::reason,
            review_decision::version,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(requirement, outcome, assessed, reason, version)| {
            let assessed = u8::try_from(assessed)
                .map_err(|_| Error::broken(format!("review {of} holds an assessed level of {assessed}")))?;
            Ok(Decision { requirement, outcome, assessed, reason, version })
        })
        .collect()
}

/// The decision about the requirement of this code in another review.
pub(super) fn decision_by_code(
    conn: &mut Conn,
    of: ReviewId,
    code: &str,
) -> Result<Option<(DecisionOutcome, String)>> {
    Ok(review_decision::table
        .inner_join(requirement::table.on(requirement::id.eq(review_decision::requirement_id)))
        .filter(review_decision::review_id.eq(of))
        .filter(requirement::code.eq(code))
        .select((review_decision::outcome, review_decision::reason))
        .first(conn)
        .optional()?)
}

/// One question to the organisation.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// Its row.
    pub id: QueryId,
    /// Of which review.
    pub review: ReviewId,
    /// What it is about.
    pub requirement: RequirementId,
    /// The question.
    pub question: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When the answer is due.
    pub due_at: Timestamp,
    /// The answer.
    pub reply: Option<String>,
    /// When it came, or when the reviewer stopped waiting for it.
    pub replied_at: Option<Timestamp>,
}

impl Query {
    /// Whether the review still waits for its answer.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.replied_at.is_none()
    }
}

type QueryRow =
    (QueryId, ReviewId, RequirementId, String, Timestamp, Timestamp, Option<String>, Option<Timestamp>);

const QUERY: (
    review_query::id,
    review_query::review_id,
    review_query::requirement_id,
    review_query::question,
    review_query::asked_at,
    review_query::due_at,
    review_query::reply,
    review_query::replied_at,
) = (
    review_query::id,
    review_query::review_id,
    review_query::requirement_id,
    review_query::question,
    review_query::asked_at,
    review_query::due_at,
    review_query::reply,
    review_query::replied_at,
);

fn query_of(row: QueryRow) -> Query {
    let (id, review, requirement, question, asked_at, due_at, reply, replied_at) = row;
    Query { id, review, requirement, question, asked_at, due_at, reply, replied_at }
}

/// Every question of a review, in the order asked.
pub(super) fn queries(conn: &mut Conn, of: ReviewId) -> Result<Vec<Query>> {
    let rows: Vec<QueryRow> = review_query::table
        .filter(review_query::review_id.eq(of))
        .order(review_query::id)
        .select(QUERY)
        .load(conn)?;
    Ok(rows.into_iter().map(query_of).collect())
}

/// One question of the organisation's return in the collection of this key.
pub(super) fn query_to(
    conn: &mut Conn,
    id: QueryId,
    organisation: OrganisationId,
    collection_key: &str,
) -> Result<Query> {
    let row: QueryRow = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review_query::id.eq(id))
        .filter(review_query::organisation_id.eq(organisation))
        .filter(collection::key.eq(collection_key))
        .select(QUERY)
        .first(conn)?;
    Ok(query_of(row))
}

/// Where mail to a person goes, with their name.
pub(super) fn address_of(conn: &mut Conn, id: PersonId) -> Result<Option<(String, String)>> {
    Ok(person::table
        .filter(person::id.eq(id))
        .select((person::name, person::email))
        .first(conn)
        .optional()?)
}

/// Code and name of an organisation.
pub(super) fn organisation_of(conn: &mut Conn, id: OrganisationId) -> Result<(String, String)> {
    Ok(organisation::table
        .filter(organisation::id.eq(id))
        .select((organisation::code, organisation::name))
        .first(conn)?)
}
