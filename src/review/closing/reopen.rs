//! Taking a decided review up again, with a reason. What was decided stays readable as it was, with its letter.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use crate::access::{Permit, ReopenReview};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReviewId};
use crate::returns;
use crate::review::challenge::open_challenge;
use crate::review::claim::person;
use crate::review::letters::{Closing, Reopening, in_force, keep_reopening};
use crate::review::model::{Step, TARGET_WORKING_DAYS, due_after};
use crate::review::store::{self, Review, find, hold, moved_on};
use crate::schema::review;

/// Takes the review up again: it goes back to its reviewer with its decisions, and can be given to another like any review in
/// work. The grade so far stands until there is another.
///
/// # Errors
/// [`Error::Refused`] while a challenge is open, or for a review that was decided before its conclusions were kept;
/// [`Error::Conflict`] when it is no longer at `version`.
pub fn reopen_review(
    tx: &mut Tx<'_>,
    permit: &Permit<ReopenReview>,
    version: i64,
    reason: &str,
    closing: &Closing,
) -> Result<Recorded<()>> {
    let (now, me) = (tx.now(), person(permit)?);
    let found = find(tx.conn(), ReviewId::new(permit.id()))?;
    let as_read: &Review = &found.review;
    if as_read.version != version {
        return Err(moved_on());
    }
    let next = as_read.state.after(Step::Reopen).ok_or_else(store::moved_on)?;
    hold(tx, as_read)?;
    if open_challenge(tx.conn(), as_read.id)?.is_some() {
        return Err(Error::Refused(
            "A challenge of the decision is open. Settle it first: that can change the decision as well."
                .to_owned(),
        ));
    }
    let stands = in_force(tx.conn(), as_read.id)?.ok_or_else(|| {
        Error::Refused(
            "This review was decided before decisions were kept as versions, so it cannot be taken up again without \
             losing what was decided."
                .to_owned(),
        )
    })?;
    diesel::update(review::table.filter(review::id.eq(as_read.id)))
        .set((
            review::state.eq(next),
            review::second_reviewer_id.eq(None::<PersonId>),
            review::second_reason.eq(None::<String>),
            review::assessed_grade.eq(None::<String>),
            review::assessed_levels.eq(None::<Vec<u8>>),
            review::assessed_score.eq(None::<String>),
            review::claimed_at.eq(Some(now)),
            review::due_at.eq(due_after(now, TARGET_WORKING_DAYS)),
            review::decided_at.eq(None::<Timestamp>),
            review::challenge_until.eq(None::<Timestamp>),
            review::finalised_at.eq(None::<Timestamp>),
            review::version.eq(review::version + 1),
        ))
        .execute(tx.conn())?;
    let new = Reopening { conclusion: stands.number, reason: reason.to_owned(), by: me, at: now };
    keep_reopening(tx, (as_read.id, as_read.organisation), &new)?;
    returns::mark_review_reopened(tx, permit, as_read.return_id)?;
    mail::tell_of_reopening(tx, &found, stands.number, closing)?;
    let data = json!({
        "conclusion": stands.number,
        "grade": stands.assessed_grade,
        "was_final": as_read.finalised_at.is_some(),
        "reason_sha256": hex(&sha256(reason.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "review_reopened", format!("review/{}", as_read.id), data), ())
}
