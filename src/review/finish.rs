//! Finishing a review: the assessed score from the decisions, and either the end of it or a second pair of eyes.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::case::Case;
use super::claim::own;
use super::consistency;
use super::letters::{Closing, New, conclude};
use super::model::{ReviewState, Step};
use super::second::{Why, needs_second};
use super::store::{self, moved_on};
use crate::access::{FinishReview, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::returns;
use crate::schema::review;
use crate::standards::RequirementCode;
use crate::standards::scoring::{Reassessed, reassess};

/// The longest summary, in characters.
pub const SUMMARY_LIMIT: usize = 4000;

/// Finishes the review. Unless it needs a second pair of eyes it is decided, and the organisation gets its letter.
///
/// # Errors
/// [`Error::Refused`] while an asked requirement has no decision, [`Error::Conflict`] when the review is no longer at
/// `version`.
pub fn finish_review(
    tx: &mut Tx<'_>,
    permit: &Permit<FinishReview>,
    version: i64,
    summary: &str,
    closing: &Closing,
) -> Result<Recorded<ReviewState>> {
    let as_read = store::review(tx.conn(), ReviewId::new(permit.id()))?;
    let me = own(permit, &as_read)?;
    if as_read.version != version {
        return Err(moved_on());
    }
    store::hold(tx, &as_read)?;
    // Read after the review is held, so that no decision comes in between.
    let case = Case::load(tx.conn(), as_read.id)?;
    let wanting = case.wanting();
    if !wanting.is_empty() {
        return Err(Error::Refused(format!(
            "{} of the answers have no decision yet, the first of them {}.",
            wanting.len(),
            wanting.first().copied().unwrap_or_default()
        )));
    }
    super::queries::must_be_closed(&case)?;
    let both = assess(tx.conn(), &case)?;
    let (claimed, assessed) = (both.claimed.grade, both.assessed.grade);
    // What was claimed under the rules of the time is no measure once those are corrected.
    let as_sent = case.found.rule_set == both.claimed.rule_set.as_ref();
    let another_grade = as_sent && claimed.as_str() != as_read.claimed_grade;
    if another_grade || both.claimed.levels_vector() != case.found.levels {
        return Err(Error::broken(format!(
            "submission {} does not give the score that is stored with it",
            as_read.submission
        )));
    }
    let why = needs_second(&case, &both.assessed);
    let step = if why.is_some() { Step::Change } else { Step::Agree };
    let next = as_read.state.after(step).ok_or_else(moved_on)?;
    let score = both.assessed.to_canonical_json();
    let levels = both.assessed.levels_vector();
    diesel::update(review::table.filter(review::id.eq(as_read.id)))
        .set((
            review::state.eq(next),
            review::assessed_grade.eq(Some(assessed.as_str())),
            review::assessed_levels.eq(Some(&levels)),
            review::assessed_score.eq(Some(&score)),
            review::summary.eq(summary),
            review::decided_at.eq(why.is_none().then_some(tx.now())),
            review::version.eq(review::version + 1),
        ))
        .execute(tx.conn())?;
    consistency::first_is_done(tx, as_read.id)?;
    if why.is_none() {
        let new = New {
            case: &case,
            score: &both.assessed,
            by: me,
            second: None,
            summary,
            added: &as_read.letter_paragraph,
            settled: None,
        };
        conclude(tx, permit, &new, closing)?;
    }
    let event = Event::of(
        permit,
        if why.is_some() { "review_finished" } else { "review_decided" },
        format!("review/{}", as_read.id),
        json!({
            "claimed_grade": claimed,
            "assessed_grade": assessed,
            "changes": both.changes.len(),
            "second_because": why.map(Why::as_str),
            "score_sha256": hex(&sha256(score.as_bytes())),
            "rule_set": both.assessed.rule_set,
        }),
    );
    ledger::append(tx, &event, next)
}

/// The claimed score and the score that the decisions give.
pub(super) fn assess(conn: &mut Conn, case: &Case) -> Result<Reassessed> {
    let submission = returns::submission(conn, case.found.review.submission)?;
    let day = submission.submitted_at.london_day();
    let input = returns::score_input(&submission.parsed()?, case.edition(), day)?;
    let found: BTreeMap<RequirementCode, u8> = case
        .requirements()
        .filter_map(|(requirement, line)| {
            line.decision.as_ref().map(|decision| (requirement.code.clone(), decision.assessed))
        })
        .collect();
    reassess(case.edition(), &input, &found)
        .map_err(|e| Error::internal("failed to score what the reviewer found", e))
}
