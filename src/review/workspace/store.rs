//! Queries of the workspace: last year's submission, the organisation's history, who decided and what they said before,
//! and what became of a submission that is not under review any more.

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, EditionId, OrganisationId, RequirementId, ReviewId};
use crate::returns::results_in_force;
use crate::review::case::Case;
use crate::review::model::{DecisionOutcome, ReviewState};
use crate::review::store;
use crate::schema::{
    annual_return, collection, corrected_result, person, requirement, review, review_decision,
    review_decision_version, submission, withdrawal,
};

/// What an organisation submitted in another collection.
pub(super) struct Submitted {
    /// What it was asked.
    pub edition: EditionId,
    /// The snapshot, as JSON.
    pub snapshot: String,
    /// Claimed status bytes in edition order.
    pub levels: Vec<u8>,
    /// Status bytes after its review, when that is final.
    pub assessed: Option<Vec<u8>>,
}

type SubmittedRow = (EditionId, String, Vec<u8>, Option<ReviewState>, Option<Vec<u8>>);

/// The newest submission of an organisation in another collection.
pub(super) fn submission_in(
    conn: &mut Conn,
    of: OrganisationId,
    within: CollectionId,
) -> Result<Option<Submitted>> {
    let row: Option<SubmittedRow> = submission::table
        .inner_join(collection::table.on(collection::id.eq(submission::collection_id)))
        .left_join(review::table.on(review::submission_id.eq(submission::id)))
        .filter(submission::organisation_id.eq(of))
        .filter(submission::collection_id.eq(within))
        .order(submission::number.desc())
        .select((
            collection::edition_id,
            submission::snapshot,
            submission::levels,
            review::state.nullable(),
            review::assessed_levels.nullable(),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(edition, snapshot, levels, state, assessed)| Submitted {
        edition,
        snapshot,
        levels,
        assessed: assessed.filter(|_| state == Some(ReviewState::Decided)),
    }))
}

/// The grade of one year.
#[derive(Debug, Clone)]
pub(in crate::review) struct YearGrade {
    /// The label of the year.
    pub year: String,
    /// The grade claimed with the newest submission.
    pub claimed: Option<String>,
    /// The grade after review.
    pub assessed: Option<String>,
}

/// Years that are shown of an organisation's history.
const YEARS: i64 = 8;

/// The grades of an organisation under the rules in force, the newest year first.
pub(super) fn grades(conn: &mut Conn, of: OrganisationId) -> Result<Vec<YearGrade>> {
    type Row = (String, Option<String>, Option<String>, Option<String>);
    let rows: Vec<Row> = results_in_force!(
        annual_return::table
            .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
            .left_join(submission::table.on(annual_return::submission_id.eq(submission::id.nullable())))
    )
    .filter(annual_return::organisation_id.eq(of))
    .order(collection::opens_at.desc())
    .limit(YEARS)
    .select((
        collection::year_label,
        submission::claimed_grade.nullable(),
        annual_return::final_grade,
        corrected_result::new_claimed.nullable(),
    ))
    .load(conn)?;
    let year = |(year, claimed, assessed, corrected): Row| YearGrade {
        year,
        claimed: corrected.or(claimed),
        assessed,
    };
    Ok(rows.into_iter().map(year).collect())
}

/// A final decision of another year about the same requirement.
#[derive(Debug, Clone)]
pub(in crate::review) struct EarlierDecision {
    /// The collection.
    pub collection: CollectionId,
    /// The label of its year.
    pub year: String,
    /// What the reviewer made of the claim.
    pub outcome: DecisionOutcome,
    /// The assessed status byte.
    pub assessed: u8,
    /// Why.
    pub reason: String,
}

type EarlierRow = (CollectionId, String, DecisionOutcome, i64, String);

/// The final decisions of other years about the requirement of this code, the newest year first.
pub(super) fn earlier_decisions(
    conn: &mut Conn,
    of: OrganisationId,
    but: ReviewId,
    code: &str,
) -> Result<Vec<EarlierDecision>> {
    let rows: Vec<EarlierRow> = review::table
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .inner_join(requirement::table.on(requirement::edition_id.eq(collection::edition_id)))
        .inner_join(
            review_decision::table.on(review_decision::review_id
                .eq(review::id)
                .and(review_decision::requirement_id.eq(requirement::id))),
        )
        .filter(review::organisation_id.eq(of))
        .filter(review::state.eq(ReviewState::Decided))
        .filter(review::id.ne(but))
        .filter(requirement::code.eq(code))
        .order(collection::opens_at.desc())
        .limit(YEARS)
        .select((
            collection::id,
            collection::year_label,
            review_decision::outcome,
            review_decision::assessed_level,
            review_decision::reason,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(collection, year, outcome, assessed, reason)| EarlierDecision {
            collection,
            year,
            outcome,
            assessed: u8::try_from(assessed).unwrap_or(u8::MAX),
            reason,
        })
        .collect())
}

/// One version of a decision with who made it.
#[derive(Debug, Clone)]
pub(in crate::review) struct DecidedBy {
    /// Counts the changes, from 1.
    pub version: i64,
    /// What the reviewer made of the claim.
    pub outcome: DecisionOutcome,
    /// The assessed status byte.
    pub assessed: u8,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

type DecidedRow = (i64, DecisionOutcome, i64, String, String, Timestamp);

fn decided_by((version, outcome, assessed, reason, by, at): DecidedRow) -> DecidedBy {
    DecidedBy { version, outcome, assessed: u8::try_from(assessed).unwrap_or(u8::MAX), reason, by, at }
}

/// Every version of one decision, the newest first: what stands now, and what it said before.
pub(super) fn versions(
    conn: &mut Conn,
    of: ReviewId,
    about: RequirementId,
    newest: i64,
) -> Result<Vec<DecidedBy>> {
    let now: Option<DecidedRow> = review_decision::table
        .inner_join(person::table.on(person::id.eq(review_decision::decided_by)))
        .filter(review_decision::review_id.eq(of))
        .filter(review_decision::requirement_id.eq(about))
        .select((
            review_decision::version,
            review_decision::outcome,
            review_decision::assessed_level,
            review_decision::reason,
            person::name,
            review_decision::decided_at,
        ))
        .first(conn)
        .optional()?;
    let mut all: Vec<DecidedBy> = now.into_iter().map(decided_by).collect();
    if newest > 1 {
        let before: Vec<DecidedRow> = review_decision_version::table
            .inner_join(person::table.on(person::id.eq(review_decision_version::decided_by)))
            .filter(review_decision_version::review_id.eq(of))
            .filter(review_decision_version::requirement_id.eq(about))
            .order(review_decision_version::version.desc())
            .select((
                review_decision_version::version,
                review_decision_version::outcome,
                review_decision_version::assessed_level,
                review_decision_version::reason,
                person::name,
                review_decision_version::decided_at,
            ))
            .load(conn)?;
        all.extend(before.into_iter().map(decided_by));
    }
    Ok(all)
}

/// What became of a submission while or before it was reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) enum Happened {
    /// The organisation took it back.
    Withdrawn {
        /// Why, in its own words.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// The organisation sent its return again, which is reviewed instead.
    Superseded {
        /// The review of the newer submission, once it is in the queue.
        newer: Option<ReviewId>,
    },
}

/// What became of a review's submission, if it is not to be reviewed any more.
pub(in crate::review) fn happened(conn: &mut Conn, case: &Case) -> Result<Option<Happened>> {
    let of = &case.found.review;
    match of.state {
        ReviewState::Withdrawn => {
            let row: Option<(String, Timestamp)> = withdrawal::table
                .filter(withdrawal::submission_id.eq(of.submission))
                .order(withdrawal::id.desc())
                .select((withdrawal::reason, withdrawal::withdrawn_at))
                .first(conn)
                .optional()?;
            Ok(row.map(|(reason, at)| Happened::Withdrawn { reason, at }))
        }
        ReviewState::Superseded => {
            let newer = store::reviews_of(conn, of.return_id)?.pop().filter(|newest| *newest != of.id);
            Ok(Some(Happened::Superseded { newer }))
        }
        _ => Ok(None),
    }
}
