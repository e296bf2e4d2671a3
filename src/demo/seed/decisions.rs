//! Decisions of the running year with what follows them: letters, a challenge that waits for its answer and one that has
//! it. A few reviews that wait for a second reviewer are confirmed, by the portal's own verbs.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::years::Written;
use crate::access::{
    Actor, CentralRole, ChallengeDecision, ConfirmReview, OrganisationRole, Permit, SettleChallenge,
};
use crate::identity;
use crate::ledger::Recorded;
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReviewId};
use crate::review::{
    self, Closing, NewChallenge, ReviewState, Ruling, SettleLine, Uninvolved, Verdict, confirm_review,
    post_challenge, settle_challenge,
};
use crate::schema::{requirement, review as reviews, review_decision};

/// The address in the mails, which the portal has unless it is told another; and working days to challenge.
const ADDRESS: &str = "http://127.0.0.1:8080";
const CHALLENGE_DAYS: u32 = 20;
/// Reviews that are decided here.
const DECIDED: usize = 3;

/// What two organisations say against their decisions, and what the first is answered.
const GROUNDS: [(&str, &str); 2] = [
    (
        "The decision rests on the minutes of March. The group was set up in April, and its terms of reference were \
         approved by the board in May.",
        "Board papers of May, item 7",
    ),
    (
        "The training record that we attached covers everybody on the payroll. Those who are counted as missing had left \
         before the year began.",
        "Leavers' list, sheet 2",
    ),
];
const ANSWER: &str = "The return was sent before the terms of reference were approved, and it is the return that is reviewed. \
                      What was done in May belongs in the improvement plan.";

/// Writes it, where reviews wait for a second reviewer; one at least goes on waiting.
pub(super) fn write(db: &Db, open: &Written) -> Result<()> {
    let (reach, collection) = (Actor::system_reach(), open.id);
    let waiting: Vec<ReviewId> = db.read_now(reach, move |conn| {
        Ok(reviews::table
            .filter(reviews::collection_id.eq(collection))
            .filter(reviews::state.eq(ReviewState::Second))
            .order(reviews::id)
            .select(reviews::id)
            .load(conn)?)
    })?;
    let some = waiting.len().saturating_sub(1).min(DECIDED);
    for (place, id) in waiting.into_iter().take(some).enumerate() {
        if !done(db.write_now(reach, move |tx| confirm(tx, id)))? {
            continue;
        }
        let Some(grounds) = GROUNDS.get(place).copied() else { continue };
        if done(db.write_now(reach, move |tx| challenge(tx, id, grounds)))? && place == 0 {
            done(db.write_now(reach, move |tx| settle(tx, id)))?;
        }
    }
    Ok(())
}

/// Whether it was done; nobody who may do it is no fault of a nation made by chance.
fn done<T>(outcome: Result<T>) -> Result<bool> {
    match outcome {
        Ok(_) => Ok(true),
        Err(Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn nobody() -> Error {
    Error::Refused("Nobody in the demo may do this.".to_owned())
}

fn closing() -> Closing {
    Closing::new(ADDRESS, CHALLENGE_DAYS)
}

/// A second reviewer who may confirm the change of grade.
fn confirm(tx: &mut Tx<'_>, id: ReviewId) -> Result<Recorded<ReviewState>> {
    let of = review::review(tx.conn(), id)?;
    for (person, ..) in identity::central_holders(tx.conn(), &[CentralRole::SecondReviewer])? {
        if of.reviewer == Some(person) {
            continue;
        }
        let actor = identity::actor_of(tx.conn(), person)?;
        if let Ok(permit) = Permit::<ConfirmReview>::grant(&actor, Some(of.subject())) {
            return confirm_review(tx, &permit, of.version, &Verdict::Confirm, &closing());
        }
    }
    Err(nobody())
}

/// Codes of the decisions that differ from the claim.
fn differing(conn: &mut Conn, id: ReviewId) -> Result<Vec<String>> {
    Ok(review_decision::table
        .inner_join(requirement::table.on(requirement::id.eq(review_decision::requirement_id)))
        .filter(review_decision::review_id.eq(id))
        .filter(review_decision::outcome.ne("agree"))
        .order(requirement::position)
        .select(requirement::code)
        .load(conn)?)
}

/// Challenges the first decision that differs from the claim, as the organisation's lead or risk owner.
fn challenge(
    tx: &mut Tx<'_>,
    id: ReviewId,
    (grounds, evidence): (&str, &str),
) -> Result<Recorded<crate::platform::ids::ChallengeId>> {
    let of = review::review(tx.conn(), id)?;
    let leads = [OrganisationRole::IgLead, OrganisationRole::Siro];
    let lead: Option<PersonId> =
        identity::holders_of(tx.conn(), of.organisation, &leads)?.first().map(|(person, ..)| *person);
    let actor = identity::actor_of(tx.conn(), lead.ok_or_else(nobody)?)?;
    let permit = Permit::<ChallengeDecision>::grant(&actor, Some(of.subject()))?;
    let new = NewChallenge {
        whole: false,
        requirements: differing(tx.conn(), id)?.into_iter().take(1).collect(),
        grounds: grounds.to_owned(),
        evidence: evidence.to_owned(),
    };
    post_challenge(tx, &permit, &new, &closing())
}

/// Rejects the challenge, as the first of the team who had no part in the decision.
fn settle(tx: &mut Tx<'_>, id: ReviewId) -> Result<Recorded<Ruling>> {
    let of = review::review(tx.conn(), id)?;
    let line = SettleLine { ruling: Some(Ruling::Rejected), assessed: None, reason: ANSWER.to_owned() };
    let lines: BTreeMap<String, SettleLine> =
        differing(tx.conn(), id)?.into_iter().take(1).map(|code| (code, line.clone())).collect();
    let roles = [CentralRole::CentralReviewer, CentralRole::SecondReviewer];
    for (person, ..) in identity::central_holders(tx.conn(), &roles)? {
        let actor = identity::actor_of(tx.conn(), person)?;
        let Ok(permit) = Permit::<SettleChallenge>::grant(&actor, Some(of.subject())) else { continue };
        match Uninvolved::check(tx, person, &of) {
            Ok(by) => return settle_challenge(tx, &permit, &by, &lines, ("", &closing())),
            Err(Error::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(nobody())
}
