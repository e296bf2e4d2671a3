//! Challenging a decision, for one's organisation.

use serde_json::json;

use super::mail;
use super::model::{
    Challenge, ChallengeState, Decided, GROUNDS_LIMIT, Possible, SETTLE_WORKING_DAYS, possible,
};
use super::store::{self, Posting, challenges_of};
use crate::access::{ChallengeDecision, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::{ChallengeId, RequirementId, ReviewId};
use crate::review::case::Case;
use crate::review::claim::person;
use crate::review::letters::{Cause, Closing, Conclusion, in_force};
use crate::review::model::{DecisionOutcome, due_after};
use crate::review::store::hold;

/// What an organisation has to say against a decision.
#[derive(Debug, Clone, Default)]
pub struct NewChallenge {
    /// Whether every decision that differs from the claim is challenged.
    pub whole: bool,
    /// Codes of the requirements whose decisions are, when it is not the whole.
    pub requirements: Vec<String>,
    /// Why they are wrong.
    pub grounds: String,
    /// The evidence that shows it.
    pub evidence: String,
}

/// What can be challenged of a review now, and whether it can at all.
pub(super) struct Standing {
    /// Whether.
    pub possible: Possible,
    /// The conclusion in force.
    pub conclusion: Option<Conclusion>,
    /// Every challenge of the review, the newest first.
    pub challenges: Vec<Challenge>,
}

/// Where a case stands between decision and challenge.
pub(super) fn standing(conn: &mut Conn, case: &Case, now: Timestamp) -> Result<Standing> {
    let review = &case.found.review;
    let conclusion = in_force(conn, review.id)?;
    let challenges = challenges_of(conn, review.id)?;
    let states: Vec<ChallengeState> = challenges
        .iter()
        .filter(|challenge| conclusion.as_ref().is_some_and(|stands| stands.id == challenge.conclusion))
        .map(|challenge| challenge.state)
        .collect();
    let of = Decided {
        until: review.challenge_until.filter(|_| conclusion.is_some()),
        is_final: review.finalised_at.is_some(),
        by_challenge: conclusion.as_ref().is_some_and(|stands| stands.cause == Cause::Challenge),
        differing: differing(case).len(),
    };
    Ok(Standing { possible: possible(of, &states, now), conclusion, challenges })
}

/// Codes of the decisions that differ from the claim.
pub(super) fn differing(case: &Case) -> Vec<String> {
    case.requirements()
        .filter(|(_, line)| {
            line.decision.as_ref().is_some_and(|decision| decision.outcome != DecisionOutcome::Agree)
        })
        .map(|(requirement, _)| requirement.code.to_string())
        .collect()
}

/// Why a decision cannot be challenged now, and what can be done instead.
pub(super) fn refusal(possible: Possible) -> Option<String> {
    Some(match possible {
        Possible::Until(_) => return None,
        Possible::TooLate(until) => format!(
            "The decision could be challenged until {}. What you wrote is below, and was not sent. If new facts have come \
             to light, write to the programme team with them: a programme manager can reopen a review at any time. What is \
             not met can also be put into your improvement plan.",
            until.london_words()
        ),
        Possible::Open => "Your organisation has challenged this decision already, and the challenge waits for its answer. \
                           Withdraw it first if you want to say something else."
            .to_owned(),
        Possible::Settled => "A challenge of this decision was settled already, and a decision is challenged once. If new \
                              facts have come to light, write to the programme team: a programme manager can reopen a review."
            .to_owned(),
        Possible::Nothing => {
            "Every answer stands as you claimed it, so there is no decision to challenge.".to_owned()
        }
        Possible::NotDecided => "There is no decision that can be challenged now.".to_owned(),
    })
}

/// Challenges the decision in force. The programme managers and the organisation itself are told by mail.
///
/// # Errors
/// [`Error::Refused`] when it cannot be challenged now, saying what else can be done; [`Error::Invalid`] for what is missing.
pub fn post_challenge(
    tx: &mut Tx<'_>,
    permit: &Permit<ChallengeDecision>,
    new: &NewChallenge,
    closing: &Closing,
) -> Result<Recorded<ChallengeId>> {
    let (now, me) = (tx.now(), person(permit)?);
    let case = Case::load(tx.conn(), ReviewId::new(permit.id()))?;
    hold(tx, &case.found.review)?;
    let standing = standing(tx.conn(), &case, now)?;
    if let Some(why) = refusal(standing.possible) {
        return Err(Error::Refused(why));
    }
    let conclusion = standing.conclusion.ok_or(Error::NotFound)?;
    let requirements = wanted(&case, new)?;
    let review = &case.found.review;
    let due_at = due_after(now, SETTLE_WORKING_DAYS);
    let id = store::keep(
        tx,
        &Posting {
            review: review.id,
            organisation: review.organisation,
            conclusion: conclusion.id,
            grounds: &new.grounds,
            evidence: &new.evidence,
            by: me,
            due_at,
            requirements: &requirements,
        },
    )?;
    mail::tell_of_challenge(tx, &case.found, id, due_at, closing)?;
    let data = json!({
        "review": review.id,
        "conclusion": conclusion.number,
        "requirements": requirements,
        "grounds_sha256": hex(&sha256(new.grounds.as_bytes())),
        "evidence_sha256": hex(&sha256(new.evidence.as_bytes())),
        "due_at": due_at,
    });
    ledger::append(tx, &Event::of(permit, "decision_challenged", format!("challenge/{id}"), data), id)
}

/// The requirements that are challenged, or everything that is wrong with the form.
fn wanted(case: &Case, new: &NewChallenge) -> Result<Vec<RequirementId>> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str| {
        wrong.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    };
    let open = differing(case);
    let codes: Vec<&String> = if new.whole {
        open.iter().collect()
    } else {
        open.iter().filter(|code| new.requirements.contains(*code)).collect()
    };
    if codes.is_empty() {
        say("requirements", "Choose what you challenge");
    } else if !new.whole && new.requirements.iter().any(|code| !open.contains(code)) {
        say("requirements", "Choose only decisions that differ from what you claimed");
    }
    if new.grounds.is_empty() {
        say("grounds", "Say why the decision is wrong");
    } else if new.grounds.chars().count() > GROUNDS_LIMIT {
        say("grounds", "The grounds must be 8,000 characters or fewer");
    }
    if new.evidence.chars().count() > GROUNDS_LIMIT {
        say("evidence", "The references must be 8,000 characters or fewer");
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    Ok(codes.into_iter().filter_map(|code| case.found.edition.requirement_id(code)).collect())
}
