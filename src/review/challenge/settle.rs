//! Settling a challenge: a ruling with a reason for each challenged decision, by somebody who had no part in them. What is upheld
//! becomes the next version of the decision, the return is scored again, and the organisation gets a letter.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::model::{ChallengeState, ChallengedLine, Ruling};
use super::store::{self, open_challenge};
use super::uninvolved::Uninvolved;
use crate::access::{Permit, SettleChallenge};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::RequirementId;
use crate::review::case::{Case, Line, byte_of, possible};
use crate::review::decide::{REASON_LIMIT, keep_version};
use crate::review::finish::assess;
use crate::review::letters::{Closing, New, Settled, SettledLine, conclude};
use crate::review::model::DecisionOutcome;
use crate::review::pages::paragraphs;
use crate::review::store::hold;
use crate::schema::review;
use crate::standards::Requirement;
use crate::standards::scoring::Status;

/// What is made of one challenged decision.
#[derive(Debug, Clone, Default)]
pub struct SettleLine {
    /// How it is ruled on.
    pub ruling: Option<Ruling>,
    /// What is found, where the challenge is upheld in part.
    pub assessed: Option<Status>,
    /// Why.
    pub reason: String,
}

/// A ruling that can be carried out.
struct Ruled<'a> {
    requirement: &'a Requirement,
    row: RequirementId,
    ruling: Ruling,
    found: Status,
    byte: u8,
    reason: &'a str,
}

/// Settles the open challenge of a review; `lines` has a ruling for the code of each challenged requirement.
///
/// # Errors
/// [`Error::Invalid`] with everything that is missing, [`Error::Conflict`] when the challenge was closed or the review moved.
pub fn settle_challenge(
    tx: &mut Tx<'_>,
    permit: &Permit<SettleChallenge>,
    by: &Uninvolved,
    lines: &BTreeMap<String, SettleLine>,
    (remarks, closing): (&str, &Closing),
) -> Result<Recorded<Ruling>> {
    if by.review().get() != permit.id() || Some(by.person()) != permit.actor().id() {
        return Err(Error::broken("the proof is about another review or person"));
    }
    let before = Case::load(tx.conn(), by.review())?;
    hold(tx, &before.found.review)?;
    let open = open_challenge(tx.conn(), by.review())?
        .ok_or_else(|| Error::Conflict("There is no challenge that waits to be settled.".to_owned()))?;
    let challenged = store::lines(tx.conn(), open.id)?;
    let rulings = rulings(&before, &challenged, lines)?;
    for ruled in &rulings {
        store::rule(tx, open.id, ruled.row, (ruled.ruling, ruled.byte, ruled.reason))?;
        if ruled.ruling != Ruling::Rejected {
            let line = before.requirement(ruled.requirement.code.as_str()).map(|(_, line)| line);
            let claimed = line.map_or(Status::NotAnswered, |line| line.claimed);
            let outcome = DecisionOutcome::between(claimed, ruled.found);
            if let Some(decision) = line.and_then(|line| line.decision.as_ref()) {
                keep_version(tx, by.review(), ruled.row, decision.version)?;
            }
            let decision = (outcome, ruled.byte, ruled.reason, by.person());
            store::decide_anew(tx, by.review(), ruled.row, decision)?;
        }
    }
    let said: Vec<Ruling> = rulings.iter().map(|ruled| ruled.ruling).collect();
    let overall = Ruling::overall(&said);
    store::close(tx, open.id, (ChallengeState::Settled, by.person(), remarks))?;
    let told: Vec<SettledLine> = rulings.iter().map(told).collect();
    let settled = Settled { ruling: overall, lines: &told, changes: overall != Ruling::Rejected };
    rescore(tx, permit, by, (settled, remarks), closing)?;
    let data = json!({
        "review": by.review(),
        "ruling": overall,
        "rulings": said,
        "remarks_sha256": hex(&sha256(remarks.as_bytes())),
        "reasons_sha256": rulings.iter().map(|r| hex(&sha256(r.reason.as_bytes()))).collect::<Vec<_>>(),
    });
    let event = Event::of(permit, "challenge_settled", format!("challenge/{}", open.id), data);
    ledger::append(tx, &event, overall)
}

fn told(ruled: &Ruled<'_>) -> SettledLine {
    SettledLine {
        heading: format!("{} {}", ruled.requirement.code, ruled.requirement.title),
        verdict: ruled.ruling.words().to_owned(),
        now: ruled.found.label(),
        reason: paragraphs(ruled.reason),
    }
}

/// Scores the review again and puts the result into effect.
fn rescore(
    tx: &mut Tx<'_>,
    permit: &Permit<SettleChallenge>,
    by: &Uninvolved,
    (settled, remarks): (Settled<'_>, &str),
    closing: &Closing,
) -> Result<()> {
    let case = Case::load(tx.conn(), by.review())?;
    let score = assess(tx.conn(), &case)?.assessed;
    diesel::update(review::table.filter(review::id.eq(by.review())))
        .set((
            review::assessed_grade.eq(Some(score.grade.as_str())),
            review::assessed_levels.eq(Some(score.levels_vector())),
            review::assessed_score.eq(Some(score.to_canonical_json())),
            review::version.eq(review::version + 1),
        ))
        .execute(tx.conn())?;
    let summary = case.found.review.summary.clone();
    let new = New {
        case: &case,
        score: &score,
        by: by.person(),
        second: None,
        summary: &summary,
        added: remarks,
        settled: Some(settled),
    };
    conclude(tx, permit, &new, closing)?;
    Ok(())
}

/// The rulings, or everything that is missing.
fn rulings<'a>(
    case: &'a Case,
    challenged: &[ChallengedLine],
    lines: &'a BTreeMap<String, SettleLine>,
) -> Result<Vec<Ruled<'a>>> {
    let mut ruled = Vec::new();
    let mut wrong: Vec<FieldError> = Vec::new();
    for (number, one) in challenged.iter().enumerate() {
        let position = case.found.edition.position_of(one.requirement).ok_or(Error::NotFound)?;
        let requirement = case.edition().requirements().get(position).ok_or(Error::NotFound)?;
        let line = case.lines.get(position).ok_or(Error::NotFound)?;
        let Some(said) = lines.get(requirement.code.as_str()) else {
            wrong.push(missing(number, "ruling", "Choose how you rule"));
            continue;
        };
        let found = found(case, (requirement, line), said, number, &mut wrong);
        if let (Some(ruling), Some(found)) = (said.ruling, found) {
            let byte = byte_of(line, found);
            ruled.push(Ruled {
                requirement,
                row: one.requirement,
                ruling,
                found,
                byte,
                reason: &said.reason,
            });
        }
    }
    if wrong.is_empty() { Ok(ruled) } else { Err(Error::Invalid(wrong)) }
}

fn missing(number: usize, field: &str, message: &str) -> FieldError {
    FieldError { field: format!("{field}-{number}"), message: message.to_owned() }
}

/// What stands after a ruling.
fn found(
    case: &Case,
    (requirement, line): (&Requirement, &Line),
    said: &SettleLine,
    number: usize,
    wrong: &mut Vec<FieldError>,
) -> Option<Status> {
    if said.reason.is_empty() {
        wrong.push(missing(number, "reason", "Give the reason for your ruling"));
    } else if said.reason.chars().count() > REASON_LIMIT {
        wrong.push(missing(number, "reason", "The reason must be 4,000 characters or fewer"));
    }
    let now = line.assessed(case.edition());
    match (said.ruling, said.assessed) {
        (None, _) => {
            wrong.push(missing(number, "ruling", "Choose how you rule"));
            None
        }
        (Some(Ruling::Upheld), _) => Some(line.claimed),
        (Some(Ruling::Rejected), _) => Some(now),
        (Some(Ruling::Partly), Some(status))
            if status != now && status != line.claimed && possible(requirement, line).contains(&status) =>
        {
            Some(status)
        }
        (Some(Ruling::Partly), _) => {
            let words = "Choose a result that is neither the claim nor the decision";
            wrong.push(missing(number, "assessed", words));
            None
        }
    }
}
