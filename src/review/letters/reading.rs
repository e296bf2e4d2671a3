//! What the pages about decisions and letters read, each in one go and after the permit to read it.

use std::collections::BTreeMap;

use super::compose::{Composing, compose};
use super::conclude::Closing;
use super::gaps::gaps;
use super::model::{Cause, Conclusion, Gap, Letter};
use super::plan::{PlanFacts, plan_facts};
use super::store::{self, Listed, Reopening, conclusions, in_force, letters_of, newest_reopening};
use super::texts::texts;
use crate::access::{Actor, ChallengeDecision, ReadReturn};
use crate::identity;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId, ReviewId};
use crate::returns::{self, Which};
use crate::review::case::Case;
use crate::review::challenge::open_challenge;
use crate::review::finish::assess;
use crate::review::model::{ReviewState, due_after};
use crate::review::reading::{self, ForCentre};
use crate::review::second::{Why, needs_second};
use crate::review::store::decided_review;
use crate::standards::scoring::Score;

/// A decision as the central team sees it: so far, in force, or as it was.
pub(in crate::review) struct Decision {
    /// The review, with the decisions that are shown.
    pub of: ForCentre,
    /// What they give.
    pub score: Score,
    /// The requirements below what is asked.
    pub gaps: Vec<Gap>,
    /// The improvement plan.
    pub plan: PlanFacts,
    /// What is said about the plan.
    pub plan_words: String,
    /// Which conclusion is shown; none for a trial.
    pub shown: Option<i64>,
    /// Every conclusion of the review, the first one first.
    pub conclusions: Vec<Conclusion>,
    /// The letters about the return, the newest first.
    pub letters: Vec<Listed>,
    /// Why a second reviewer would have to confirm it.
    pub why: Option<Why>,
    /// Whether a challenge waits to be settled.
    pub challenged: bool,
    /// Why it was taken up again last.
    pub reopening: Option<Reopening>,
    /// Names of everybody in the conclusions.
    pub names: BTreeMap<PersonId, String>,
}

/// The decision of a review, or what it would be; `number` asks for one of its conclusions.
pub(in crate::review) fn decision(
    conn: &mut Conn,
    actor: &Actor,
    id: ReviewId,
    number: Option<i64>,
) -> Result<Decision> {
    let mut of = reading::review(conn, actor, id)?;
    let conclusions = conclusions(conn, id)?;
    let shown = match number {
        Some(number) => Some(conclusions.iter().find(|one| one.number == number).ok_or(Error::NotFound)?),
        None => conclusions.last().filter(|_| of.case.found.review.state == ReviewState::Decided),
    };
    if let Some(conclusion) = shown {
        of.case = of.case.at(conn, conclusion)?;
    }
    let score = assess(conn, &of.case)?.assessed;
    let plan = plan_facts(conn, &of.case)?;
    let gaps = gaps(&of.case, &score);
    let people: Vec<PersonId> =
        conclusions.iter().flat_map(|one| [Some(one.decided_by), one.second]).flatten().collect();
    let names = if people.is_empty() { BTreeMap::new() } else { identity::names_of(conn, &people)? };
    Ok(Decision {
        plan_words: plan.words(texts()?, gaps.len()),
        why: needs_second(&of.case, &score),
        shown: shown.map(|one| one.number),
        letters: letters_of(conn, of.case.found.review.return_id)?,
        challenged: open_challenge(conn, id)?.is_some(),
        reopening: newest_reopening(conn, id)?,
        of,
        score,
        gaps,
        plan,
        conclusions,
        names,
    })
}

/// The letter as it would be sent now, with the review that it is about.
pub(in crate::review) fn preview(
    conn: &mut Conn,
    actor: &Actor,
    id: ReviewId,
    (closing, now): (&Closing, Timestamp),
) -> Result<(ForCentre, Letter)> {
    let of = reading::review(conn, actor, id)?;
    let review = &of.case.found.review;
    if !matches!(review.state, ReviewState::Claimed | ReviewState::Query | ReviewState::Second) {
        return Err(Error::Refused("The letter has been sent, or there is nothing to write yet.".to_owned()));
    }
    let score = assess(conn, &of.case)?.assessed;
    let cause = if in_force(conn, id)?.is_some() { Cause::Reopening } else { Cause::Review };
    let letters = letters_of(conn, review.return_id)?;
    let letter = compose(&Composing {
        case: &of.case,
        score: &score,
        cause,
        number: letters.first().map_or(0, |last| last.number) + 1,
        dated: now,
        earlier: letters.first().map(|last| last.made_at),
        until: due_after(now, closing.challenge_days),
        days: closing.challenge_days,
        plan: plan_facts(conn, &of.case)?,
        summary: &review.summary,
        added: &review.letter_paragraph,
        settled: None,
    })?;
    Ok((of, letter))
}

/// A letter that was sent, with its moment.
pub(in crate::review) struct Sent {
    /// The letter.
    pub letter: Letter,
    /// When it was sent.
    pub made_at: Timestamp,
}

fn read(content: &str) -> Result<Letter> {
    serde_json::from_str(content).map_err(|e| Error::internal("failed to read a letter", e))
}

/// A letter about the return of a review, for the central team.
pub(in crate::review) fn letter_for_centre(
    conn: &mut Conn,
    actor: &Actor,
    (id, number): (ReviewId, i64),
) -> Result<Sent> {
    let of = reading::review(conn, actor, id)?;
    let found = store::letter(conn, of.case.found.review.return_id, number)?;
    let (content, made_at, _) = found.ok_or(Error::NotFound)?;
    Ok(Sent { letter: read(&content)?, made_at })
}

/// A letter to an organisation, for those in it who read the whole return.
pub(in crate::review) fn letter_for_members(
    conn: &mut Conn,
    actor: &Actor,
    (whose, year): (OrganisationId, &str),
    number: i64,
) -> Result<Sent> {
    let found = returns::find(conn, Which::Of(whose, year))?.ok_or(Error::NotFound)?;
    found.permit::<ReadReturn>(actor)?;
    let (content, made_at, _) = store::letter(conn, found.id, number)?.ok_or(Error::NotFound)?;
    Ok(Sent { letter: read(&content)?, made_at })
}

/// The decision in force on a return, as its organisation sees it.
pub(in crate::review) struct Outcome {
    /// The case with the decisions of the conclusion in force.
    pub case: Case,
    /// Where the review itself is now.
    pub state: ReviewState,
    /// Its letters, the newest first.
    pub letters: Vec<Listed>,
    /// Why and when it was taken up again, while it is.
    pub reopening: Option<Reopening>,
    /// Whether a challenge waits for its answer.
    pub challenged: bool,
    /// Whether the actor may challenge, in general.
    pub may_challenge: bool,
}

/// The decision in force on a return, for those in the organisation who may read the whole of it; nothing is there before there is
/// one. A review that was taken up again shows what was decided before.
pub(in crate::review) fn outcome(
    conn: &mut Conn,
    actor: &Actor,
    of: OrganisationId,
    collection_key: &str,
) -> Result<Outcome> {
    use crate::access::Action as _;
    let found = returns::find(conn, Which::Of(of, collection_key))?.ok_or(Error::NotFound)?;
    found.permit::<ReadReturn>(actor)?;
    let id = decided_review(conn, of, collection_key)?.ok_or(Error::NotFound)?;
    let mut case = Case::load(conn, id)?;
    let state = case.found.review.state;
    let may_challenge = ChallengeDecision::ROW.allows(actor, &case.found.review.subject()).is_ok();
    if let Some(conclusion) = in_force(conn, id)? {
        case = case.at(conn, &conclusion)?;
    }
    let taken_up = state != ReviewState::Decided;
    if taken_up {
        // Questions that were asked since belong to what is not decided yet; they have pages of their own.
        let until = case.found.review.decided_at;
        case.queries.retain(|query| until.is_none_or(|until| query.asked_at <= until));
    }
    Ok(Outcome {
        state,
        letters: letters_of(conn, found.id)?,
        reopening: if taken_up { newest_reopening(conn, id)? } else { None },
        challenged: open_challenge(conn, id)?.is_some(),
        may_challenge,
        case,
    })
}
