//! Queries about reviews, their decisions and their queries.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::model::{DecisionOutcome, ReviewState};
pub(super) use super::queries::store::{Query, queries, query_to};
use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Fixed, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    CollectionId, EditionId, OrganisationId, PersonId, RequirementId, ReturnId, ReviewId, SubmissionId,
};
use crate::returns;
use crate::schema::{
    blind_case, collection, edition, organisation, person, requirement, review, review_conclusion,
    review_decision, review_query, rule_correction, submission,
};
use crate::standards::correcting::hold_rules;
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
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Counts its moves.
    pub version: i64,
    /// What the reviewer adds to the letter.
    pub letter_paragraph: String,
    /// Until when the decision in force can be challenged; none for what was decided before there were challenges.
    pub challenge_until: Option<Timestamp>,
    /// Since when the decision is final.
    pub finalised_at: Option<Timestamp>,
    /// Since when the reviewer's time stands still; none while it runs.
    pub clock_stopped_at: Option<Timestamp>,
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
    (String, Option<String>, String, Option<String>, String),
    (Timestamp, Timestamp, Option<Timestamp>, i64, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>),
);

/// The columns that say whose a review is and where it stands.
type Whose = (
    review::id,
    review::submission_id,
    review::return_id,
    review::organisation_id,
    review::state,
    review::reviewer_id,
    review::second_reviewer_id,
);
/// The columns with what was found and said.
type Said = (
    review::claimed_grade,
    review::assessed_grade,
    review::summary,
    review::second_reason,
    review::letter_paragraph,
);
/// The columns with its times.
type Times = (
    review::queued_at,
    review::due_at,
    review::decided_at,
    review::version,
    review::challenge_until,
    review::finalised_at,
    review::clock_stopped_at,
);

/// The columns of a [`Review`].
const COLUMNS: (Whose, Said, Times) = (
    (
        review::id,
        review::submission_id,
        review::return_id,
        review::organisation_id,
        review::state,
        review::reviewer_id,
        review::second_reviewer_id,
    ),
    (
        review::claimed_grade,
        review::assessed_grade,
        review::summary,
        review::second_reason,
        review::letter_paragraph,
    ),
    (
        review::queued_at,
        review::due_at,
        review::decided_at,
        review::version,
        review::challenge_until,
        review::finalised_at,
        review::clock_stopped_at,
    ),
);

fn review_from(row: ReviewRow) -> Review {
    let (
        (id, submission, return_id, organisation, state, reviewer, second_reviewer),
        (claimed_grade, assessed_grade, summary, second_reason, letter_paragraph),
        (queued_at, due_at, decided_at, version, challenge_until, finalised_at, clock_stopped_at),
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
        letter_paragraph,
        challenge_until,
        finalised_at,
        clock_stopped_at,
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

/// The newest review of an organisation's return in the collection of this key that was ever decided, with one that was
/// taken up again among them. What was withdrawn or superseded does not stand.
pub(super) fn decided_review(
    conn: &mut Conn,
    of: OrganisationId,
    collection_key: &str,
) -> Result<Option<ReviewId>> {
    Ok(review::table
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review::organisation_id.eq(of))
        .filter(collection::key.eq(collection_key))
        .filter(review::state.ne(ReviewState::Withdrawn))
        .filter(review::state.ne(ReviewState::Superseded))
        .filter(
            review::state
                .eq(ReviewState::Decided)
                .or(exists(review_conclusion::table.filter(review_conclusion::review_id.eq(review::id)))),
        )
        .order(review::id.desc())
        .select(review::id)
        .first(conn)
        .optional()?)
}

/// Reserves the review for a verb: as it was read, or a conflict. On PostgreSQL this also makes others that change the
/// same review wait, and a correction of the rules by which it is scored.
pub(super) fn hold(tx: &mut Tx<'_>, as_read: &Review) -> Result<()> {
    if matches!(tx.conn(), Conn::Postgres(_)) {
        let of: EditionId = review::table
            .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
            .filter(review::id.eq(as_read.id))
            .select(collection::edition_id)
            .first(tx.conn())?;
        hold_rules(tx, of)?;
    }
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
    /// SHA-256 of the snapshot, by which it is found.
    pub snapshot_hash: Vec<u8>,
    /// Claimed status bytes in edition order.
    pub levels: Vec<u8>,
    /// The version of the rules that it was submitted under.
    pub rule_set: String,
    /// What was asked, under the rules in force.
    pub edition: Arc<StoredEdition>,
    /// Whether anything was ever asked about it.
    pub has_queries: bool,
    /// Whether its submission was ever drawn to be scored blind as well.
    pub has_blind_case: bool,
}

/// Number, moment, lateness, hash of the snapshot, levels, rule set.
type SubmissionRow = (i64, Timestamp, bool, Vec<u8>, Vec<u8>, String);

type FoundRow = (
    ReviewRow,
    (String, String),
    (String, String, Option<CollectionId>, EditionId),
    SubmissionRow,
    (Vec<u8>, Option<Vec<u8>>, RequirementId),
    (bool, bool),
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
        .left_join(
            rule_correction::table
                .on(rule_correction::edition_id.eq(edition::id).and(rule_correction::state.eq("in_force"))),
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
                submission::snapshot_hash,
                submission::levels,
                submission::rule_set,
            ),
            (edition::definition_hash, rule_correction::rules_hash.nullable(), requirement::id),
            (
                exists(review_query::table.filter(review_query::review_id.eq(review::id))),
                exists(blind_case::table.filter(blind_case::review_id.eq(review::id))),
            ),
        ))
        .first(conn)?;
    let (review, (code, name), of_collection, of_submission, (own, rules, first), beside) = row;
    let (has_queries, has_blind_case) = beside;
    let (collection_key, year_label, previous, edition) = of_collection;
    let (number, submitted_at, late, snapshot_hash, levels, rule_set) = of_submission;
    let review = review_from(review);
    let edition = standards::known_edition(conn, edition, rules.unwrap_or(own), first)?;
    // Under corrected rules another set of requirements may be asked, and then other levels count.
    let levels = if edition.edition().rule_set() == rule_set {
        levels
    } else {
        returns::levels_in_force(conn, review.submission, levels)?
    };
    Ok(Found {
        review,
        code,
        name,
        collection_key,
        year_label,
        previous,
        number,
        submitted_at,
        late,
        snapshot_hash,
        levels,
        rule_set,
        edition,
        has_queries,
        has_blind_case,
    })
}

/// What there is beside a review, for somebody.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Names of its reviewers.
    pub names: BTreeMap<PersonId, String>,
    /// Whether its submission covers sites.
    pub covers_sites: bool,
    /// Whether anybody ever wrote a private note about the whole.
    pub has_notes: bool,
    /// Whether anybody gave it back because of a conflict.
    pub was_given_back: bool,
    /// The requirement at which the person stopped.
    pub place: Option<RequirementId>,
}

type BesideColumns = (
    (Nullable<BigInt>, Nullable<Text>, Nullable<BigInt>, Nullable<Text>),
    (Bool, Bool, Bool, Nullable<BigInt>),
);
type BesideRow = (
    (Option<PersonId>, Option<String>, Option<PersonId>, Option<String>),
    (bool, bool, bool, Option<RequirementId>),
);

/// One row, whatever there is.
const BESIDE: &str = "SELECT a.id, a.name, b.id, b.name, \
     EXISTS (SELECT 1 FROM site_filing f WHERE f.submission_id = r.submission_id), \
     EXISTS (SELECT 1 FROM review_note n WHERE n.review_id = r.id AND n.requirement_id IS NULL), \
     EXISTS (SELECT 1 FROM review_recusal c WHERE c.review_id = r.id), p.requirement_id \
     FROM review r LEFT JOIN person a ON a.id = r.reviewer_id LEFT JOIN person b ON b.id = r.second_reviewer_id \
     LEFT JOIN review_place p ON p.review_id = r.id AND p.person_id = ? WHERE r.id = ?";

/// What there is beside a review for this person, in one statement.
pub(super) fn beside(conn: &mut Conn, of: ReviewId, who: Option<PersonId>) -> Result<Beside> {
    let ((first, first_name, second, second_name), (covers_sites, has_notes, was_given_back, place)): BesideRow =
        Fixed::<BesideColumns>::new(BESIDE)
            .number(who.map(PersonId::get))
            .number(of.get())
            .get_result(conn)?;
    let names = [first.zip(first_name), second.zip(second_name)].into_iter().flatten().collect();
    Ok(Beside { names, covers_sites, has_notes, was_given_back, place })
}

/// The snapshot of a submission, as JSON.
pub(super) fn snapshot_of(conn: &mut Conn, id: SubmissionId) -> Result<String> {
    Ok(submission::table.filter(submission::id.eq(id)).select(submission::snapshot).first(conn)?)
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
