//! The second reviewer's word on a review that changes the grade: confirmed, or given back with a reason.

use diesel::prelude::*;
use serde_json::json;

use super::case::Case;
use super::claim::person;
use super::finish::assess;
use super::letters::{Closing, New, conclude};
use super::model::{ReviewState, Step};
use super::part::decided_in;
use super::store::{self, Review, moved_on};
use crate::access::{ConfirmReview, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReviewId};
use crate::schema::review;

/// What a second reviewer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The change stands.
    Confirm,
    /// The first reviewer is to look again, for this reason.
    Return(String),
}

/// That a person is not the one who scored the review, and did not decide any of its answers before somebody else took it or
/// as a moderator.
pub(super) fn not_own(conn: &mut Conn, review: &Review, person: PersonId) -> Result<()> {
    let refused =
        |why: &str| Err(Error::Forbidden(format!("{why} A change of grade is confirmed by somebody else.")));
    if review.reviewer == Some(person) {
        return refused("You scored this review yourself.");
    }
    if decided_in(conn, review.id, person)? {
        return refused("You decided answers of this review yourself.");
    }
    Ok(())
}

/// Confirms the review, which decides it, or gives it back to its reviewer.
///
/// # Errors
/// [`Error::Forbidden`] for whoever decided any of it, [`Error::Conflict`] when it is no longer at `version`.
pub fn confirm_review(
    tx: &mut Tx<'_>,
    permit: &Permit<ConfirmReview>,
    version: i64,
    verdict: &Verdict,
    closing: &Closing,
) -> Result<Recorded<ReviewState>> {
    let me = person(permit)?;
    let case = Case::load(tx.conn(), ReviewId::new(permit.id()))?;
    let as_read = &case.found.review;
    not_own(tx.conn(), as_read, me)?;
    if as_read.version != version {
        return Err(moved_on());
    }
    store::hold(tx, as_read)?;
    let grade = as_read.assessed_grade.clone().ok_or_else(|| {
        Error::broken(format!("review {} waits for a second reviewer without a grade", as_read.id))
    })?;
    let (step, reason) = match verdict {
        Verdict::Confirm => (Step::Confirm, None),
        Verdict::Return(reason) => (Step::Return, Some(reason)),
    };
    let next = as_read.state.after(step).ok_or_else(moved_on)?;
    let now = tx.now();
    diesel::update(review::table.filter(review::id.eq(as_read.id)))
        .set((
            review::state.eq(next),
            review::second_reviewer_id.eq(Some(me)),
            review::second_reason.eq(reason),
            review::decided_at.eq(reason.is_none().then_some(now)),
            review::version.eq(review::version + 1),
        ))
        .execute(tx.conn())?;
    if reason.is_none() {
        let score = assess(tx.conn(), &case)?.assessed;
        if score.grade.as_str() != grade {
            return Err(Error::broken(format!(
                "the decisions of review {} do not give its grade",
                as_read.id
            )));
        }
        let new = New {
            case: &case,
            score: &score,
            by: as_read.reviewer.ok_or_else(|| Error::broken("a review is finished by its reviewer"))?,
            second: Some(me),
            summary: &as_read.summary,
            added: &as_read.letter_paragraph,
            settled: None,
        };
        conclude(tx, permit, &new, closing)?;
    }
    let kind = if reason.is_none() { "review_confirmed" } else { "review_returned" };
    let reason_hash = reason.map(|text| hex(&sha256(text.as_bytes())));
    let data = json!({"assessed_grade": grade, "first": as_read.reviewer, "reason_sha256": reason_hash});
    ledger::append(tx, &Event::of(permit, kind, format!("review/{}", as_read.id), data), next)
}
