//! Claiming a submission for review, and giving it back to the queue.

use diesel::prelude::*;
use serde_json::json;

use super::allocation::Unconflicted;
use super::consistency;
use super::model::{ReviewState, Step};
use super::store::{self, Review, moved_on};
use crate::access::{Action, CentralRole, ClaimReview, Permit, ReleaseReview};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::returns::{self, ReturnState};
use crate::schema::review;

/// Makes the permit's person the reviewer. Of two who claim at once one wins.
///
/// # Errors
/// [`Error::Conflict`] when somebody else was faster, or the organisation has taken its return up again.
pub fn claim_review(tx: &mut Tx<'_>, permit: &Permit<ClaimReview>, as_read: &Review) -> Result<Recorded<()>> {
    let me = person(permit)?;
    // The permit looked at the interests that were declared when the request came; this looks again.
    Unconflicted::check(tx, me, as_read.organisation)?;
    let next = as_read.state.after(Step::Claim).ok_or_else(moved_on)?;
    if !take_in_hand(tx, as_read, next, me)? {
        return Err(Error::Conflict("Another reviewer has claimed this review.".to_owned()));
    }
    // Asked while the review is held: whoever is just taking its submission to score it blind holds it as well.
    consistency::stays_blind(tx.conn(), Some(me), as_read.id)?;
    returns::mark_under_review(tx, permit, as_read.return_id)?;
    ledger::append(
        tx,
        &Event::of(permit, "review_claimed", format!("review/{}", as_read.id), json!({"reviewer": me})),
        (),
    )
}

/// Makes a person the reviewer of a review that is still as it was read, with its next state. Of two who do so at once, or of
/// one who claims it and one who gives it to somebody, one wins: says whether it was this one.
pub(super) fn take_in_hand(
    tx: &mut Tx<'_>,
    as_read: &Review,
    next: ReviewState,
    whom: PersonId,
) -> Result<bool> {
    let now = tx.now();
    let taken = diesel::update(
        review::table
            .filter(review::id.eq(as_read.id))
            .filter(review::version.eq(as_read.version))
            .filter(review::state.eq(as_read.state)),
    )
    .set((
        review::state.eq(next),
        review::reviewer_id.eq(Some(whom)),
        review::claimed_at.eq(Some(now)),
        review::version.eq(review::version + 1),
    ))
    .execute(tx.conn())?;
    Ok(taken == 1)
}

/// Gives a claimed review back to the queue; its decisions stay for the next reviewer. The programme manager does it for a
/// reviewer who is gone.
///
/// # Errors
/// [`Error::Forbidden`] for every other reviewer, [`Error::Conflict`] when it has moved on.
pub fn release_review(
    tx: &mut Tx<'_>,
    permit: &Permit<ReleaseReview>,
    as_read: &Review,
) -> Result<Recorded<()>> {
    own_or_stand_in(permit, as_read)?;
    let next = as_read.state.after(Step::Release).ok_or_else(moved_on)?;
    store::hold(tx, as_read)?;
    diesel::update(review::table.filter(review::id.eq(as_read.id)))
        .set((
            review::state.eq(next),
            review::reviewer_id.eq(None::<PersonId>),
            review::claimed_at.eq(None::<Timestamp>),
            review::version.eq(review::version + 1),
        ))
        .execute(tx.conn())?;
    returns::mark_released(tx, permit, as_read.return_id)?;
    ledger::append(tx, &Event::of(permit, "review_released", format!("review/{}", as_read.id), json!({})), ())
}

/// The person of a permit.
pub(super) fn person<A: Action>(permit: &Permit<A>) -> Result<PersonId> {
    permit.actor().id().ok_or_else(|| Error::broken("a review is done by people"))
}

/// That the permit's person is the one who claimed the review.
pub(super) fn own<A: Action>(permit: &Permit<A>, of: &Review) -> Result<PersonId> {
    let me = person(permit)?;
    if of.reviewer == Some(me) {
        Ok(me)
    } else {
        Err(Error::Forbidden(format!("Only the reviewer who claimed this review can {}.", A::ROW.name)))
    }
}

/// That the permit's person is the one who claimed the review, or runs the programme.
pub(super) fn own_or_stand_in<A: Action>(permit: &Permit<A>, of: &Review) -> Result<()> {
    if permit.actor().central().contains(&CentralRole::ProgrammeManager) {
        return Ok(());
    }
    own(permit, of).map(|_| ())
}

/// Moves a review that was reserved before.
pub(super) fn move_to(tx: &mut Tx<'_>, of: &Review, next: ReviewState) -> Result<()> {
    diesel::update(review::table.filter(review::id.eq(of.id)))
        .set((review::state.eq(next), review::version.eq(review::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a review whose questions are all closed up again: by its reviewer, or back to the queue where it has none because
/// its reviewer gained a conflict of interest meanwhile.
pub(super) fn resume<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    of: &Review,
) -> Result<Recorded<ReturnState>> {
    let step = if of.reviewer.is_some() { Step::Resume } else { Step::ResumeUnheld };
    move_to(tx, of, of.state.after(step).ok_or_else(moved_on)?)?;
    let resumed = returns::mark_under_review(tx, permit, of.return_id)?;
    if of.reviewer.is_some() { Ok(resumed) } else { returns::mark_released(tx, permit, of.return_id) }
}
