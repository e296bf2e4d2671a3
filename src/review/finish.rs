//! Finishing a review: the assessed score from the decisions, and either the end of it or a second pair of eyes.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::case::{Case, grade_words};
use super::claim::own;
use super::mail::{self, Links};
use super::model::{DecisionOutcome, ReviewState, Step};
use super::sites;
use super::store::{self, moved_on};
use crate::access::{Action, FinishReview, OrganisationRole, Permit};
use crate::identity;
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

/// Who is told of a decision.
const TOLD: [OrganisationRole; 3] =
    [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator, OrganisationRole::Siro];

/// Finishes the review. When the decisions leave the grade as claimed it is final; otherwise it goes to a second
/// reviewer.
///
/// # Errors
/// [`Error::Refused`] while an asked requirement has no decision, [`Error::Conflict`] when the review is no longer at
/// `version`.
pub fn finish_review(
    tx: &mut Tx<'_>,
    permit: &Permit<FinishReview>,
    version: i64,
    summary: &str,
    links: &Links,
) -> Result<Recorded<ReviewState>> {
    let as_read = store::review(tx.conn(), ReviewId::new(permit.id()))?;
    own(permit, &as_read)?;
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
    let both = assess(tx.conn(), &case)?;
    let (claimed, assessed) = (both.claimed.grade, both.assessed.grade);
    if claimed.as_str() != as_read.claimed_grade || both.claimed.levels_vector() != case.found.levels {
        return Err(Error::broken(format!(
            "submission {} does not give the score that is stored with it",
            as_read.submission
        )));
    }
    let changed = assessed != claimed;
    let step = if changed { Step::Change } else { Step::Agree };
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
            review::decided_at.eq((!changed).then_some(tx.now())),
            review::version.eq(review::version + 1),
        ))
        .execute(tx.conn())?;
    if !changed {
        conclude(tx, permit, &case, assessed.as_str(), links)?;
    }
    let event = Event::of(
        permit,
        if changed { "review_finished" } else { "review_decided" },
        format!("review/{}", as_read.id),
        json!({
            "claimed_grade": claimed,
            "assessed_grade": assessed,
            "changes": both.changes.len(),
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

/// What follows from a final decision: the return carries the grade, and the organisation is told.
pub(super) fn conclude<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    case: &Case,
    grade: &str,
    links: &Links,
) -> Result<Recorded<()>> {
    let of = &case.found;
    let moved = returns::mark_decided(tx, permit, of.review.return_id, grade)?;
    sites::queue(tx, of)?;
    let changed = case.count(DecisionOutcome::Downgrade) + case.count(DecisionOutcome::Upgrade);
    for (person, name, to) in identity::holders_of(tx.conn(), of.review.organisation, &TOLD)? {
        let mail = mail::decided(&mail::Decided {
            to: &to,
            name: &name,
            organisation: &of.name,
            year: &of.year_label,
            claimed: &grade_words(&of.review.claimed_grade),
            assessed: &grade_words(grade),
            changed,
            href: &links.outcome(&of.code, &of.collection_key),
        });
        mail::queue(tx, &mail, &format!("review-{}-decided-{person}", of.review.id))?;
    }
    Ok(moved.map(|_| ()))
}
