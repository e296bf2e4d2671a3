//! Giving one review to a reviewer: what is in the queue, or from one reviewer to another. The same as their claiming it, but
//! done by somebody else, and so only with the witness that they have no conflict of interest.

use diesel::prelude::*;
use serde_json::json;

use super::store;
use super::unconflicted::Unconflicted;
use crate::access::{AllocateReview, CentralRole, Permit};
use crate::identity::PersonState;
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::returns;
use crate::review::claim::take_in_hand;
use crate::review::consistency::scores_blind;
use crate::review::model::{ReviewState, Step};
use crate::review::store::{Review, hold, moved_on};
use crate::schema::{central_role, person, review, reviewer};

/// Whether a reviewer's capacity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// They are given no more than they can take.
    Within,
    /// They stand in for somebody who is away, and take what that one has in hand on top.
    OnTop,
}

/// Gives the permit's review to the witness's person.
///
/// # Errors
/// [`Error::Refused`] when they do not review, are away or have enough in hand; [`Error::Conflict`] when somebody else was
/// faster.
pub fn allocate_review(
    tx: &mut Tx<'_>,
    permit: &Permit<AllocateReview>,
    as_read: &Review,
    to: &Unconflicted,
    room: Room,
) -> Result<Recorded<PersonId>> {
    let whom = to.person();
    if to.organisation() != as_read.organisation || permit.id() != as_read.id.get() {
        return Err(Error::broken("a witness or a permit is of another review"));
    }
    if as_read.reviewer == Some(whom) {
        return Err(Error::Refused("They have this review in hand already.".to_owned()));
    }
    // Held first: whoever is just taking the submission to score it blind holds it as well.
    hold(tx, as_read)?;
    if scores_blind(tx.conn(), whom, as_read.id)? {
        return Err(Error::Refused(
            "They score this submission a second time without sight of its first review, so they cannot review it."
                .to_owned(),
        ));
    }
    must_be_able(tx, whom, room)?;
    let from_queue = as_read.state == ReviewState::Queued;
    let next =
        if from_queue { as_read.state.after(Step::Claim).ok_or_else(moved_on)? } else { as_read.state };
    if !take_in_hand(tx, as_read, next, whom)? {
        return Err(Error::Conflict("Somebody else has taken or given this review meanwhile.".to_owned()));
    }
    if from_queue {
        returns::mark_under_review(tx, permit, as_read.return_id)?;
    }
    let data = json!({"reviewer": whom, "from": as_read.reviewer, "state": next});
    let event = Event::of(permit, "review_allocated", format!("review/{}", as_read.id), data)
        .in_organisation(as_read.organisation);
    ledger::append(tx, &event, whom)
}

/// That a person reviews, is here today and, within their capacity, has room for one more. The witness has reserved them,
/// so that nobody else counts at the same moment.
fn must_be_able(tx: &mut Tx<'_>, whom: PersonId, room: Room) -> Result<()> {
    let found: Option<(String, PersonState)> = person::table
        .inner_join(central_role::table.on(central_role::person_id.eq(person::id)))
        .filter(person::id.eq(whom))
        .filter(central_role::role.eq(CentralRole::CentralReviewer))
        .select((person::name, person::state))
        .first(tx.conn())
        .optional()?;
    let Some((name, PersonState::Active)) = found else {
        return Err(Error::Refused("They do not review, or not any more.".to_owned()));
    };
    let day = tx.now().london_day();
    if let Some(away) = store::absence_on(tx.conn(), whom, day)? {
        return Err(Error::Refused(format!("{name} is away until {}.", away.until.words())));
    }
    if room == Room::OnTop {
        return Ok(());
    }
    let capacity: Option<i64> = reviewer::table
        .filter(reviewer::person_id.eq(whom))
        .select(reviewer::capacity)
        .first(tx.conn())
        .optional()?;
    let capacity = capacity.unwrap_or(super::USUAL_CAPACITY);
    let in_hand: i64 = review::table
        .filter(review::reviewer_id.eq(whom))
        .filter(review::state.eq_any(store::IN_HAND.to_vec()))
        .count()
        .get_result(tx.conn())?;
    if in_hand >= capacity {
        return Err(Error::Refused(format!(
            "{name} has {in_hand} reviews in hand and can take {capacity} at a time."
        )));
    }
    Ok(())
}
