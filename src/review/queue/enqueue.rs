//! Putting a submission into the reviewers' queue. A newer submission of the same return takes the place of what was
//! not final yet.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use serde_json::json;

use crate::access::{Permit, QueueReview};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, ReturnId, ReviewId, SubmissionId};
use crate::returns;
use crate::review::model::{ReviewState, Step, TARGET_WORKING_DAYS, due_after};
use crate::review::risk;
use crate::schema::{review, submission, withdrawal};

/// Makes the review of the permit's submission, with its place in the queue. `seed` becomes the seed of the collection's
/// random shares if it has none yet.
///
/// # Errors
/// [`Error::Conflict`] when it has one, [`Error::NotFound`] when there is no such submission.
pub fn queue_submission(
    tx: &mut Tx<'_>,
    permit: &Permit<QueueReview>,
    seed: &str,
) -> Result<Recorded<ReviewId>> {
    let now = tx.now();
    let id = SubmissionId::new(permit.id());
    let (return_id, organisation, collection, number, sent): (
        ReturnId,
        OrganisationId,
        CollectionId,
        i64,
        String,
    ) = submission::table
        .filter(submission::id.eq(id))
        .select((
            submission::return_id,
            submission::organisation_id,
            submission::collection_id,
            submission::number,
            submission::claimed_grade,
        ))
        .first(tx.conn())?;
    // The rules may have been corrected since it was sent.
    let (grade, _) = returns::claim_in_force(tx.conn(), id, (sent, Vec::new()))?;
    // Jobs may run out of turn: what was replaced before it came here is not for anybody to review.
    let replaced: bool = select(exists(
        submission::table.filter(submission::return_id.eq(return_id)).filter(submission::number.gt(number)),
    ))
    .get_result(tx.conn())?;
    let withdrawn: bool =
        select(exists(withdrawal::table.filter(withdrawal::submission_id.eq(id)))).get_result(tx.conn())?;
    let state = match (replaced, withdrawn) {
        (_, true) => ReviewState::Withdrawn,
        (true, false) => ReviewState::Superseded,
        (false, false) => ReviewState::Queued,
    };
    let row = (
        review::submission_id.eq(id),
        review::return_id.eq(return_id),
        review::organisation_id.eq(organisation),
        review::collection_id.eq(collection),
        review::state.eq(state),
        review::claimed_grade.eq(&grade),
        review::queued_at.eq(now),
        review::due_at.eq(due_after(now, TARGET_WORKING_DAYS)),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(review::table)
        .values(&row)
        .on_conflict(review::submission_id)
        .do_nothing()
        .execute(c))?;
    if made == 0 {
        return Err(Error::Conflict("The submission is in the queue already.".to_owned()));
    }
    let new: ReviewId =
        review::table.filter(review::submission_id.eq(id)).select(review::id).first(tx.conn())?;
    if state == ReviewState::Queued {
        if risk::seed_of(tx.conn(), collection)?.is_none() {
            risk::make_seed(tx, permit, collection, seed)?;
        }
        risk::refresh(tx, new)?;
    }
    let superseded = if replaced || withdrawn { 0 } else { supersede_others(tx, return_id, new)? };
    let event = Event::of(
        permit,
        "review_queued",
        format!("review/{new}"),
        json!({"submission": id, "state": state, "superseded": superseded}),
    )
    .in_organisation(organisation);
    ledger::append(tx, &event, new)
}

/// Takes the other reviews of the return out of work that are not final.
fn supersede_others(tx: &mut Tx<'_>, of: ReturnId, but: ReviewId) -> Result<usize> {
    let replaceable: Vec<ReviewState> =
        ReviewState::ALL.iter().copied().filter(|state| state.after(Step::Supersede).is_some()).collect();
    let others: Vec<ReviewId> = review::table
        .filter(review::return_id.eq(of))
        .filter(review::id.ne(but))
        .filter(review::state.eq_any(replaceable.clone()))
        .select(review::id)
        .load(tx.conn())?;
    let replaced = diesel::update(
        review::table
            .filter(review::return_id.eq(of))
            .filter(review::id.ne(but))
            .filter(review::state.eq_any(replaceable)),
    )
    .set((review::state.eq(ReviewState::Superseded), review::version.eq(review::version + 1)))
    .execute(tx.conn())?;
    // Both hold the reviews by now.
    for other in others {
        crate::review::queries::end_with_review(tx, other)?;
        crate::review::consistency::end_with_review(tx, other)?;
    }
    Ok(replaced)
}
