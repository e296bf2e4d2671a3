//! What follows whenever a review is decided: its conclusion is kept, the letter is frozen and mailed about, the return carries
//! the grade, and the sites of a head office follow.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::at::to_keep;
use super::compose::{Composing, compose};
use super::mail;
use super::model::{Cause, Conclusion, SettledLine};
use super::plan::plan_facts;
use super::store::{self, NewLetter};
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ConclusionId, LetterId, PersonId, ReviewId};
use crate::returns;
use crate::review::case::Case;
use crate::review::challenge::Ruling;
use crate::review::mail::Links;
use crate::review::model::due_after;
use crate::review::sites;
use crate::schema::review;
use crate::standards::scoring::Score;

/// What ending a review needs to know besides the review itself.
#[derive(Debug, Clone)]
pub struct Closing {
    pub(in crate::review) links: Links,
    pub(in crate::review) challenge_days: u32,
}

impl Closing {
    /// Links below this public address, and so many working days to challenge.
    #[must_use]
    pub fn new(public_url: &str, challenge_days: u32) -> Self {
        Self { links: Links::below(public_url), challenge_days }
    }
}

/// A decision that takes effect now.
pub(in crate::review) struct New<'a> {
    /// The case, with the decisions that count.
    pub case: &'a Case,
    /// What they give.
    pub score: &'a Score,
    /// Who decided.
    pub by: PersonId,
    /// Who confirmed it.
    pub second: Option<PersonId>,
    /// What is said about the whole.
    pub summary: &'a str,
    /// What is added to the letter.
    pub added: &'a str,
    /// The challenge that it answers, if it does.
    pub settled: Option<Settled<'a>>,
}

/// How a challenge came out.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct Settled<'a> {
    /// On the whole.
    pub ruling: Ruling,
    /// Decision by decision.
    pub lines: &'a [SettledLine],
    /// Whether any decision changed.
    pub changes: bool,
}

/// Puts a decision into effect; gives the number of the letter about it.
///
/// # Errors
/// [`Error::Conflict`] when the return is not where it can be decided.
pub(in crate::review) fn conclude<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    new: &New<'_>,
    closing: &Closing,
) -> Result<Recorded<i64>> {
    let now = tx.now();
    let of = &new.case.found;
    let stands = store::in_force(tx.conn(), of.review.id)?;
    let cause = match (&new.settled, &stands) {
        (Some(_), _) => Cause::Challenge,
        (None, Some(_)) => Cause::Reopening,
        (None, None) => Cause::Review,
    };
    // A settled challenge cannot be challenged again.
    let until = if cause == Cause::Challenge { now } else { due_after(now, closing.challenge_days) };
    let keeps = new.settled.is_none_or(|settled| settled.changes);
    let conclusion = match stands {
        Some(stands) if !keeps => stands,
        before => {
            let number = before.map_or(0, |before| before.number) + 1;
            keep(tx, permit, new, (number, cause, until))?
        }
    };
    diesel::update(review::table.filter(review::id.eq(of.review.id)))
        .set((review::challenge_until.eq(Some(until)), review::finalised_at.eq(None::<Timestamp>)))
        .execute(tx.conn())?;
    let grade = new.score.grade.as_str();
    if cause != Cause::Challenge {
        returns::mark_decided(tx, permit, of.review.return_id, grade)?;
    } else if keeps {
        returns::mark_regraded(tx, permit, of.review.return_id, grade)?;
    }
    if keeps {
        sites::queue(tx, of, conclusion.number)?;
    }
    send(tx, permit, new, (conclusion.id, cause, until), closing)
}

/// What the hash of a conclusion binds together.
#[derive(Serialize)]
struct Bound<'a> {
    review: ReviewId,
    number: i64,
    cause: Cause,
    claimed_grade: &'a str,
    assessed_grade: &'a str,
    levels: String,
    score_sha256: String,
    decisions_sha256: String,
    summary_sha256: String,
    decided_at: i64,
    challenge_until: i64,
}

impl Conclusion {
    /// SHA-256 over everything that it says.
    pub(super) fn hash(&self) -> Result<[u8; 32]> {
        let of = |text: &str| hex(&sha256(text.as_bytes()));
        let bound = Bound {
            review: self.review,
            number: self.number,
            cause: self.cause,
            claimed_grade: &self.claimed_grade,
            assessed_grade: &self.assessed_grade,
            levels: hex(&self.levels),
            score_sha256: of(&self.score),
            decisions_sha256: of(&self.decisions),
            summary_sha256: of(&self.summary),
            decided_at: self.decided_at.micros(),
            challenge_until: self.challenge_until.micros(),
        };
        Ok(sha256(to_string(&bound)?.as_bytes()))
    }

    /// What the ledger calls it.
    pub(super) fn subject(&self) -> String {
        format!("review/{}/conclusion/{}", self.review, self.number)
    }
}

/// Keeps the conclusion, and records it.
fn keep<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    new: &New<'_>,
    (number, cause, until): (i64, Cause, Timestamp),
) -> Result<Conclusion> {
    let found = &new.case.found;
    let mut conclusion = Conclusion {
        id: ConclusionId::new(0),
        review: found.review.id,
        number,
        cause,
        claimed_grade: found.review.claimed_grade.clone(),
        assessed_grade: new.score.grade.as_str().to_owned(),
        levels: new.score.levels_vector(),
        score: new.score.to_canonical_json(),
        decisions: to_string(&to_keep(new.case))?,
        summary: new.summary.to_owned(),
        content_hash: Vec::new(),
        decided_by: new.by,
        second: new.second,
        decided_at: tx.now(),
        challenge_until: until,
    };
    conclusion.content_hash = conclusion.hash()?.to_vec();
    conclusion.id = store::keep_conclusion(tx, found.review.organisation, &conclusion)?;
    let data = json!({
        "cause": cause,
        "claimed_grade": conclusion.claimed_grade,
        "assessed_grade": conclusion.assessed_grade,
        "rule_set": new.score.rule_set,
        "score_sha256": hex(&sha256(conclusion.score.as_bytes())),
        "content_sha256": hex(&conclusion.content_hash),
    });
    let event = Event::of(permit, "review_concluded", conclusion.subject(), data)
        .in_organisation(found.review.organisation);
    ledger::append(tx, &event, ())?;
    Ok(conclusion)
}

/// Composes and freezes the letter, tells the organisation by mail, and records it.
fn send<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    new: &New<'_>,
    (conclusion, cause, until): (ConclusionId, Cause, Timestamp),
    closing: &Closing,
) -> Result<Recorded<i64>> {
    let found = &new.case.found;
    let number = store::newest_number(tx.conn(), found.review.return_id)? + 1;
    let earlier = store::letters_of(tx.conn(), found.review.return_id)?.first().map(|last| last.made_at);
    let letter = compose(&Composing {
        case: new.case,
        score: new.score,
        cause,
        number,
        dated: tx.now(),
        earlier,
        until,
        days: closing.challenge_days,
        plan: plan_facts(tx.conn(), new.case)?,
        summary: new.summary,
        added: new.added,
        settled: new.settled.map(|settled| (settled.ruling, settled.lines)),
    })?;
    let content = to_string(&letter)?;
    let content_hash = sha256(content.as_bytes());
    let kept = NewLetter {
        return_id: found.review.return_id,
        number,
        organisation: found.review.organisation,
        review: found.review.id,
        conclusion,
        content: &content,
        content_hash,
        made_by: permit.actor().id().ok_or_else(|| Error::broken("a letter is sent by a person"))?,
    };
    let id: LetterId = store::keep_letter(tx, &kept)?;
    mail::tell_of_letter(tx, found, (id, number), (cause, until), closing)?;
    let data = json!({
        "review": found.review.id,
        "number": number,
        "cause": cause,
        "content_sha256": hex(&content_hash),
    });
    let event = Event::of(permit, "letter_sent", format!("letter/{id}"), data)
        .in_organisation(found.review.organisation);
    ledger::append(tx, &event, number)
}
