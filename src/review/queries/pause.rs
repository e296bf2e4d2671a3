//! The reviewer's clock: it stands still while the review waits for the organisation, and what is due moves on by the
//! office time that passed meanwhile.

use diesel::prelude::*;

use super::clock::{after_office_time, office_time_between};
use super::store;
use crate::access::{Action, Permit};
use crate::ledger::Recorded;
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::returns::{self, ReturnState};
use crate::review::claim::{move_to, resume};
use crate::review::model::{ReviewState, Step};
use crate::review::store::{Review, moved_on};
use crate::schema::review;

/// Makes a review that was reserved before wait for the organisation, unless it does already.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when the review or the return has moved on.
pub fn wait<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    of: &Review,
) -> Result<Option<Recorded<ReturnState>>> {
    let next = of.state.after(Step::Ask).ok_or_else(moved_on)?;
    if of.state == ReviewState::Query {
        return Ok(None);
    }
    move_to(tx, of, next)?;
    let now = tx.now();
    diesel::update(review::table.filter(review::id.eq(of.id)))
        .set(review::clock_stopped_at.eq(Some(now)))
        .execute(tx.conn())?;
    Ok(Some(returns::mark_query(tx, permit, of.return_id)?))
}

/// Gives a review that was reserved before back to its reviewer when no question waits for the organisation any more; the
/// second is how many still do.
///
/// # Errors
/// As [`wait`].
pub fn go_on_if_answered<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    of: &Review,
) -> Result<(Option<Recorded<ReturnState>>, i64)> {
    let waiting = store::waiting(tx.conn(), of.id)?;
    if waiting > 0 || of.state != ReviewState::Query {
        return Ok((None, waiting));
    }
    let resumed = resume(tx, permit, of)?;
    let due_at = due_again(of, tx.now());
    diesel::update(review::table.filter(review::id.eq(of.id)))
        .set((review::due_at.eq(due_at), review::clock_stopped_at.eq(None::<Timestamp>)))
        .execute(tx.conn())?;
    Ok((Some(resumed), 0))
}

/// When a review is due whose clock runs again from this moment on.
fn due_again(of: &Review, now: Timestamp) -> Timestamp {
    let stood = of.clock_stopped_at.map_or(0, |since| office_time_between(since, now));
    after_office_time(of.due_at, stood)
}
