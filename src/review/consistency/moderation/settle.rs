//! Settling a disagreement: the status that holds and why. What it does to the review depends on how far that is.

use diesel::prelude::*;
use serde_json::json;

use super::store::{Disagreement, disagreement};
use crate::access::{Permit, SettleDisagreement};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ComparisonId, PersonId};
use crate::review::case::byte_of;
use crate::review::claim::person;
use crate::review::consistency::blind::{BlindSheet, find_case};
use crate::review::consistency::model::{ComparisonState, Effect};
use crate::review::decide::keep_version;
use crate::review::model::{DecisionOutcome, ReviewState, Step};
use crate::review::store::{self, moved_on};
use crate::schema::{review, review_decision, score_comparison};
use crate::standards::scoring::Status;

/// What a moderator says.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The status that holds.
    pub settled: Status,
    /// Why. Where the decision is replaced it becomes its reason, which the organisation reads.
    pub rationale: String,
}

/// Settles the permit's disagreement. Where the status is another than the one that stands, the decision is replaced
/// by a new version while the review is in work, and a finished review goes back to its reviewer for that; a review that
/// is decided is listed for reopening.
///
/// # Errors
/// [`Error::Forbidden`] for the two who scored, [`Error::Invalid`] for an impossible status or a missing rationale,
/// [`Error::Conflict`] when somebody else has settled it or the review has moved.
pub fn settle(
    tx: &mut Tx<'_>,
    permit: &Permit<SettleDisagreement>,
    said: &Settlement,
) -> Result<Recorded<Effect>> {
    let (now, me) = (tx.now(), person(permit)?);
    let of = disagreement(tx.conn(), ComparisonId::new(permit.id()))?;
    if [of.first.by, of.second.by].contains(&me) {
        return Err(Error::Forbidden(
            "You gave one of the two scores. Somebody who gave neither settles the disagreement.".to_owned(),
        ));
    }
    if said.rationale.trim().is_empty() {
        return Err(Error::field("rationale", "Say why this status holds"));
    }
    let case = find_case(tx.conn(), of.case)?;
    let sheet = BlindSheet::load(tx.conn(), case)?;
    let (requirement, line) = sheet.requirement(&of.code).ok_or(Error::NotFound)?;
    if !line.possible(requirement).contains(&said.settled) {
        return Err(Error::field("settled", "Choose the status that holds"));
    }
    let byte = i64::from(byte_of(&line.bare(), said.settled));
    let outcome = DecisionOutcome::between(line.claimed, said.settled);
    let effect = if stands(tx, &of)? == byte {
        Effect::Stands
    } else {
        apply(tx, &of, (byte, outcome), &said.rationale, me)?
    };
    let settled = diesel::update(
        score_comparison::table
            .filter(score_comparison::id.eq(of.id))
            .filter(score_comparison::state.eq(ComparisonState::Open)),
    )
    .set((
        score_comparison::state.eq(ComparisonState::Settled),
        score_comparison::settled_level.eq(Some(byte)),
        score_comparison::rationale.eq(&said.rationale),
        score_comparison::settled_by.eq(Some(me)),
        score_comparison::settled_at.eq(Some(now)),
        score_comparison::effect.eq(Some(effect)),
    ))
    .execute(tx.conn())?;
    if settled == 0 {
        return Err(Error::Conflict("Somebody else has settled this disagreement.".to_owned()));
    }
    let data = json!({
        "review": of.review,
        "requirement": of.code,
        "first": of.first.level,
        "second": of.second.level,
        "settled": byte,
        "effect": effect,
        "rationale_sha256": hex(&sha256(said.rationale.as_bytes())),
    });
    let event = Event::of(permit, "disagreement_settled", format!("comparison/{}", of.id), data);
    ledger::append(tx, &event, effect)
}

/// The status that stands in the review now: a challenge or a second look may have changed it since both were compared.
fn stands(tx: &mut Tx<'_>, of: &Disagreement) -> Result<i64> {
    let now: Option<i64> = review_decision::table
        .filter(review_decision::review_id.eq(of.review))
        .filter(review_decision::requirement_id.eq(of.requirement))
        .select(review_decision::assessed_level)
        .first(tx.conn())
        .optional()?;
    Ok(now.unwrap_or(of.first.level))
}

/// What another status than the one that stands does to the review.
fn apply(
    tx: &mut Tx<'_>,
    of: &Disagreement,
    (byte, outcome): (i64, DecisionOutcome),
    rationale: &str,
    me: PersonId,
) -> Result<Effect> {
    let found = store::review(tx.conn(), of.review)?;
    match found.state {
        ReviewState::Decided => return Ok(Effect::Reopen),
        ReviewState::Claimed | ReviewState::Query | ReviewState::Second => {}
        ReviewState::Queued | ReviewState::Superseded | ReviewState::Withdrawn => {
            return Ok(Effect::Recorded);
        }
    }
    store::hold(tx, &found)?;
    let version: i64 = review_decision::table
        .filter(review_decision::review_id.eq(of.review))
        .filter(review_decision::requirement_id.eq(of.requirement))
        .select(review_decision::version)
        .first(tx.conn())?;
    keep_version(tx, of.review, of.requirement, version)?;
    diesel::update(
        review_decision::table
            .filter(review_decision::review_id.eq(of.review))
            .filter(review_decision::requirement_id.eq(of.requirement))
            .filter(review_decision::version.eq(version)),
    )
    .set((
        review_decision::outcome.eq(outcome),
        review_decision::assessed_level.eq(byte),
        review_decision::reason.eq(rationale),
        review_decision::version.eq(version + 1),
        review_decision::decided_by.eq(me),
        review_decision::decided_at.eq(tx.now()),
    ))
    .execute(tx.conn())?;
    if found.state == ReviewState::Second {
        // It was finished on another decision, so its score no longer follows from them: it must be finished again.
        let next = found.state.after(Step::Return).ok_or_else(moved_on)?;
        let why = format!("Moderation of the second scoring changed the decision about {}.", of.code);
        diesel::update(review::table.filter(review::id.eq(found.id)))
            .set((
                review::state.eq(next),
                review::second_reason.eq(Some(why)),
                review::version.eq(review::version + 1),
            ))
            .execute(tx.conn())?;
    }
    Ok(Effect::Replaced)
}
