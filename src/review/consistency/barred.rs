//! Whoever scores a submission blind is kept away from its first review until both scores lie side by side.

use std::collections::BTreeMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;

use super::model::BlindState;
use crate::access::{Actor, Permit, ReadReview};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReviewId};
use crate::review::store::Found;
use crate::schema::blind_case;

/// The permit to read a review: by the table of access, and not for whoever scores its submission blind. Nothing else in
/// the portal grants it.
///
/// # Errors
/// The table's refusal, or [`Error::Forbidden`] for its second scorer.
pub(in crate::review) fn may_read(conn: &mut Conn, actor: &Actor, of: &Found) -> Result<Permit<ReadReview>> {
    let permit = Permit::grant(actor, Some(of.review.subject()))?;
    // Few submissions are drawn, and most reviews are spared the question.
    if of.has_blind_case {
        stays_blind(conn, actor.id(), of.review.id)?;
    }
    Ok(permit)
}

/// That the person is not scoring this review's submission blind.
///
/// # Errors
/// [`Error::Forbidden`] for its second scorer, until the two scores have been compared.
pub(in crate::review) fn stays_blind(
    conn: &mut Conn,
    person: Option<PersonId>,
    review: ReviewId,
) -> Result<()> {
    let Some(person) = person else { return Ok(()) };
    if scores_blind(conn, person, review)? {
        return Err(Error::Forbidden(
            "You score this submission a second time without sight of its first review. You can read the review when \
             both are done."
                .to_owned(),
        ));
    }
    Ok(())
}

/// Whether the person scores this review's submission blind.
pub(in crate::review) fn scores_blind(conn: &mut Conn, person: PersonId, review: ReviewId) -> Result<bool> {
    // Not as a list: every page of a review asks, and a statement with a list is prepared anew each time.
    let [one, other] = BARRING;
    Ok(select(exists(
        blind_case::table
            .filter(blind_case::review_id.eq(review))
            .filter(blind_case::scorer_id.eq(person))
            .filter(blind_case::state.eq(one).or(blind_case::state.eq(other))),
    ))
    .get_result(conn)?)
}

/// Who scores the submissions of these reviews blind: none of them may be given the review itself.
pub(in crate::review) fn blind_scorers(
    conn: &mut Conn,
    of: &[ReviewId],
) -> Result<BTreeMap<ReviewId, PersonId>> {
    let rows: Vec<(ReviewId, Option<PersonId>)> = blind_case::table
        .filter(blind_case::review_id.eq_any(of.to_vec()))
        .filter(blind_case::state.eq_any(BARRING))
        .select((blind_case::review_id, blind_case::scorer_id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(review, scorer)| Some((review, scorer?))).collect())
}

/// The reviews whose submissions somebody scores blind, for as long as they are kept from them.
pub(in crate::review) fn scored_blind_by(conn: &mut Conn, person: PersonId) -> Result<Vec<ReviewId>> {
    Ok(blind_case::table
        .filter(blind_case::scorer_id.eq(person))
        .filter(blind_case::state.eq_any(BARRING))
        .select(blind_case::review_id)
        .load(conn)?)
}

/// Ends the second scoring of a submission that was taken back or replaced: nobody is to score it, and nothing is compared.
/// Part of the verbs that do that, which hold the review.
pub(in crate::review) fn end_with_review(tx: &mut Tx<'_>, of: ReviewId) -> Result<()> {
    diesel::update(
        blind_case::table.filter(blind_case::review_id.eq(of)).filter(blind_case::state.eq_any([
            BlindState::Waiting,
            BlindState::Assigned,
            BlindState::Finished,
        ])),
    )
    .set((blind_case::state.eq(BlindState::Ended), blind_case::version.eq(blind_case::version + 1)))
    .execute(tx.conn())?;
    Ok(())
}

/// States of a blind case in which its two scores do not lie side by side yet.
const BARRING: [BlindState; 2] = [BlindState::Assigned, BlindState::Finished];
