//! Deciding answers, one at a time with a reason. What a decision said before it was changed is kept.

use diesel::prelude::*;
use serde_json::json;

use super::case::{Case, byte_of, possible};
use super::claim::own;
use super::model::DecisionOutcome;
use super::{reasons, store};
use crate::access::{DecideAnswer, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId, ReasonId, RequirementId, ReviewId};
use crate::schema::{review_decision, review_decision_version};
use crate::standards::scoring::Status;

/// The longest reason, in characters.
pub const REASON_LIMIT: usize = 4000;

/// What a reviewer found about one answer.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The requirement's code.
    pub requirement: String,
    /// The status found.
    pub assessed: Status,
    /// Why; may be empty where the claim stands.
    pub reason: String,
    /// The version of the decision that the reviewer saw: 0 for none.
    pub version: i64,
    /// The reason of the library that went into it, where one did.
    pub quoted: Option<ReasonId>,
}

/// Decides one answer. The outcome follows from the claimed status and the one found.
///
/// # Errors
/// [`Error::NotFound`] for a requirement that is not put to the organisation; [`Error::Invalid`] for a status it cannot
/// have or a missing reason; [`Error::Conflict`] when the decision or the review has changed meanwhile.
pub fn decide_answer(
    tx: &mut Tx<'_>,
    permit: &Permit<DecideAnswer>,
    finding: &Finding,
) -> Result<Recorded<DecisionOutcome>> {
    let id = ReviewId::new(permit.id());
    let case = Case::load(tx.conn(), id)?;
    let me = own(permit, &case.found.review)?;
    let (requirement, line) = case.requirement(&finding.requirement).ok_or(Error::NotFound)?;
    let row = case.found.edition.requirement_id(&finding.requirement).ok_or(Error::NotFound)?;
    if !possible(requirement, line).contains(&finding.assessed) {
        return Err(Error::field("assessed", "Choose what you found"));
    }
    let outcome = DecisionOutcome::between(line.claimed, finding.assessed);
    if outcome.needs_reason() && finding.reason.trim().is_empty() {
        return Err(Error::field("reason", "Say why your finding differs from the claim"));
    }
    store::hold(tx, &case.found.review)?;
    let byte = byte_of(line, finding.assessed);
    let values = Values { outcome, byte, reason: &finding.reason, by: me, at: tx.now() };
    let saved = if finding.version == 0 {
        insert(tx, id, case.found.review.organisation, row, &values)?
    } else {
        keep_version(tx, id, row, finding.version)?;
        replace(tx, id, row, finding.version, &values)?
    };
    if saved == 0 {
        return Err(Error::Conflict("The decision has changed since you loaded it.".to_owned()));
    }
    if let Some(reason) = finding.quoted {
        reasons::count_use(tx, reason)?;
    }
    let event = Event::of(
        permit,
        "answer_decided",
        format!("review/{id}/{}", finding.requirement),
        json!({
            "outcome": outcome,
            "assessed": byte,
            "reason_sha256": hex(&sha256(finding.reason.as_bytes())),
            "version": finding.version + 1,
            "library_reason": finding.quoted,
        }),
    );
    ledger::append(tx, &event, outcome)
}

/// Agrees with one answer that has no decision yet; whether it had none.
pub(super) fn agree(tx: &mut Tx<'_>, case: &Case, code: &str, by: PersonId) -> Result<bool> {
    let (_, line) = case.requirement(code).ok_or(Error::NotFound)?;
    let row = case.found.edition.requirement_id(code).ok_or(Error::NotFound)?;
    let byte = line.claimed.byte();
    let values = Values { outcome: DecisionOutcome::Agree, byte, reason: "", by, at: tx.now() };
    let made = insert(tx, case.found.review.id, case.found.review.organisation, row, &values)?;
    Ok(made == 1)
}

/// What is written of a decision.
struct Values<'a> {
    outcome: DecisionOutcome,
    byte: u8,
    reason: &'a str,
    by: PersonId,
    at: Timestamp,
}

fn insert(
    tx: &mut Tx<'_>,
    of: ReviewId,
    organisation: OrganisationId,
    requirement: RequirementId,
    values: &Values<'_>,
) -> Result<usize> {
    let row = (
        review_decision::review_id.eq(of),
        review_decision::organisation_id.eq(organisation),
        review_decision::requirement_id.eq(requirement),
        review_decision::outcome.eq(values.outcome),
        review_decision::assessed_level.eq(i64::from(values.byte)),
        review_decision::reason.eq(values.reason),
        review_decision::version.eq(1_i64),
        review_decision::decided_by.eq(values.by),
        review_decision::decided_at.eq(values.at),
    );
    Ok(crate::each!(tx.conn(), c => diesel::insert_into(review_decision::table)
        .values(&row)
        .on_conflict((review_decision::review_id, review_decision::requirement_id))
        .do_nothing()
        .execute(c))?)
}

/// Keeps what the decision says, if it is still at this version, before something else takes its place.
pub(super) fn keep_version(
    tx: &mut Tx<'_>,
    of: ReviewId,
    requirement: RequirementId,
    version: i64,
) -> Result<()> {
    type Row = (OrganisationId, DecisionOutcome, i64, String, PersonId, Timestamp);
    let now: Option<Row> = review_decision::table
        .filter(review_decision::review_id.eq(of))
        .filter(review_decision::requirement_id.eq(requirement))
        .filter(review_decision::version.eq(version))
        .select((
            review_decision::organisation_id,
            review_decision::outcome,
            review_decision::assessed_level,
            review_decision::reason,
            review_decision::decided_by,
            review_decision::decided_at,
        ))
        .first(tx.conn())
        .optional()?;
    let Some((organisation, outcome, assessed, reason, by, at)) = now else { return Ok(()) };
    diesel::insert_into(review_decision_version::table)
        .values((
            review_decision_version::review_id.eq(of),
            review_decision_version::requirement_id.eq(requirement),
            review_decision_version::version.eq(version),
            review_decision_version::organisation_id.eq(organisation),
            review_decision_version::outcome.eq(outcome),
            review_decision_version::assessed_level.eq(assessed),
            review_decision_version::reason.eq(reason),
            review_decision_version::decided_by.eq(by),
            review_decision_version::decided_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn replace(
    tx: &mut Tx<'_>,
    of: ReviewId,
    requirement: RequirementId,
    version: i64,
    values: &Values<'_>,
) -> Result<usize> {
    Ok(diesel::update(
        review_decision::table
            .filter(review_decision::review_id.eq(of))
            .filter(review_decision::requirement_id.eq(requirement))
            .filter(review_decision::version.eq(version)),
    )
    .set((
        review_decision::outcome.eq(values.outcome),
        review_decision::assessed_level.eq(i64::from(values.byte)),
        review_decision::reason.eq(values.reason),
        review_decision::version.eq(version + 1),
        review_decision::decided_by.eq(values.by),
        review_decision::decided_at.eq(values.at),
    ))
    .execute(tx.conn())?)
}
