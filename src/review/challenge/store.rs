//! Queries about challenges.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{Challenge, ChallengeState, ChallengedLine, Ruling};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ChallengeId, ConclusionId, OrganisationId, PersonId, RequirementId, ReviewId};
use crate::review::model::DecisionOutcome;
use crate::schema::{
    collection, decision_challenge, decision_challenge_line, organisation, review, review_decision,
};

type Row = (
    (ChallengeId, ConclusionId, ChallengeState),
    (String, String, String),
    (Timestamp, Timestamp, Option<Timestamp>),
);

const COLUMNS: (
    (decision_challenge::id, decision_challenge::conclusion_id, decision_challenge::state),
    (decision_challenge::grounds, decision_challenge::evidence, decision_challenge::remarks),
    (decision_challenge::posted_at, decision_challenge::due_at, decision_challenge::closed_at),
) = (
    (decision_challenge::id, decision_challenge::conclusion_id, decision_challenge::state),
    (decision_challenge::grounds, decision_challenge::evidence, decision_challenge::remarks),
    (decision_challenge::posted_at, decision_challenge::due_at, decision_challenge::closed_at),
);

fn challenge_from(row: Row) -> Challenge {
    let ((id, conclusion, state), (grounds, evidence, remarks), (posted_at, due_at, closed_at)) = row;
    Challenge { id, conclusion, state, grounds, evidence, posted_at, due_at, remarks, closed_at }
}

/// The challenges of a review, the newest first.
pub(in crate::review) fn challenges_of(conn: &mut Conn, of: ReviewId) -> Result<Vec<Challenge>> {
    let rows: Vec<Row> = decision_challenge::table
        .filter(decision_challenge::review_id.eq(of))
        .order(decision_challenge::id.desc())
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(challenge_from).collect())
}

/// The challenge of a review that waits to be settled.
pub(in crate::review) fn open_challenge(conn: &mut Conn, of: ReviewId) -> Result<Option<Challenge>> {
    let row: Option<Row> = decision_challenge::table
        .filter(decision_challenge::review_id.eq(of))
        .filter(decision_challenge::state.eq(ChallengeState::Open))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(challenge_from))
}

/// What a challenge is about, in the order of the edition.
pub(in crate::review) fn lines(conn: &mut Conn, of: ChallengeId) -> Result<Vec<ChallengedLine>> {
    let rows: Vec<(RequirementId, Option<Ruling>, Option<String>)> = decision_challenge_line::table
        .filter(decision_challenge_line::challenge_id.eq(of))
        .order(decision_challenge_line::requirement_id)
        .select((
            decision_challenge_line::requirement_id,
            decision_challenge_line::verdict,
            decision_challenge_line::reason,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(requirement, ruling, reason)| ChallengedLine {
            requirement,
            ruling,
            reason: reason.unwrap_or_default(),
        })
        .collect())
}

/// A challenge to be kept.
pub(super) struct Posting<'a> {
    pub review: ReviewId,
    pub organisation: OrganisationId,
    pub conclusion: ConclusionId,
    pub grounds: &'a str,
    pub evidence: &'a str,
    pub by: PersonId,
    pub due_at: Timestamp,
    pub requirements: &'a [RequirementId],
}

/// Keeps a challenge. Two at once meet at the one that may be open, which is a conflict.
pub(super) fn keep(tx: &mut Tx<'_>, new: &Posting<'_>) -> Result<ChallengeId> {
    let now = tx.now();
    let id: ChallengeId = diesel::insert_into(decision_challenge::table)
        .values((
            decision_challenge::review_id.eq(new.review),
            decision_challenge::organisation_id.eq(new.organisation),
            decision_challenge::conclusion_id.eq(new.conclusion),
            decision_challenge::state.eq(ChallengeState::Open),
            decision_challenge::grounds.eq(new.grounds),
            decision_challenge::evidence.eq(new.evidence),
            decision_challenge::posted_by.eq(new.by),
            decision_challenge::posted_at.eq(now),
            decision_challenge::due_at.eq(new.due_at),
        ))
        .returning(decision_challenge::id)
        .get_result(tx.conn())?;
    for requirement in new.requirements {
        diesel::insert_into(decision_challenge_line::table)
            .values((
                decision_challenge_line::challenge_id.eq(id),
                decision_challenge_line::requirement_id.eq(*requirement),
                decision_challenge_line::organisation_id.eq(new.organisation),
            ))
            .execute(tx.conn())?;
    }
    Ok(id)
}

/// Closes an open challenge.
pub(super) fn close(
    tx: &mut Tx<'_>,
    id: ChallengeId,
    (to, by, remarks): (ChallengeState, PersonId, &str),
) -> Result<()> {
    let now = tx.now();
    let closed = diesel::update(
        decision_challenge::table
            .filter(decision_challenge::id.eq(id))
            .filter(decision_challenge::state.eq(ChallengeState::Open)),
    )
    .set((
        decision_challenge::state.eq(to),
        decision_challenge::remarks.eq(remarks),
        decision_challenge::closed_by.eq(Some(by)),
        decision_challenge::closed_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if closed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("The challenge has been closed meanwhile.".to_owned()))
    }
}

/// Writes the ruling on one challenged decision.
pub(super) fn rule(
    tx: &mut Tx<'_>,
    of: ChallengeId,
    requirement: RequirementId,
    (ruling, assessed, reason): (Ruling, u8, &str),
) -> Result<()> {
    diesel::update(
        decision_challenge_line::table
            .filter(decision_challenge_line::challenge_id.eq(of))
            .filter(decision_challenge_line::requirement_id.eq(requirement)),
    )
    .set((
        decision_challenge_line::verdict.eq(Some(ruling)),
        decision_challenge_line::assessed_level.eq(Some(i64::from(assessed))),
        decision_challenge_line::reason.eq(Some(reason)),
    ))
    .execute(tx.conn())?;
    Ok(())
}

/// Puts another decision in the place of one that was challenged, as its next version.
pub(super) fn decide_anew(
    tx: &mut Tx<'_>,
    of: ReviewId,
    requirement: RequirementId,
    (outcome, assessed, reason, by): (DecisionOutcome, u8, &str, PersonId),
) -> Result<()> {
    let now = tx.now();
    let changed = diesel::update(
        review_decision::table
            .filter(review_decision::review_id.eq(of))
            .filter(review_decision::requirement_id.eq(requirement)),
    )
    .set((
        review_decision::outcome.eq(outcome),
        review_decision::assessed_level.eq(i64::from(assessed)),
        review_decision::reason.eq(reason),
        review_decision::version.eq(review_decision::version + 1),
        review_decision::decided_by.eq(by),
        review_decision::decided_at.eq(now),
    ))
    .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("The decision has changed meanwhile.".to_owned())) }
}

/// Challenges whose lines are counted in one statement.
const AT_ONCE: usize = 1000;

/// A challenge as it stands in the list of the centre.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub review: ReviewId,
    pub state: ChallengeState,
    pub code: String,
    pub name: String,
    pub year: String,
    pub posted_at: Timestamp,
    pub due_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub lines: i64,
}

/// Challenges in this state, or all; open ones by the day they are due, others the newest first.
pub(super) fn list(conn: &mut Conn, state: Option<ChallengeState>, limit: i64) -> Result<Vec<Listed>> {
    type Row = (
        (ChallengeId, ReviewId, ChallengeState),
        (String, String, String),
        (Timestamp, Timestamp, Option<Timestamp>),
    );
    let mut query = decision_challenge::table
        .inner_join(review::table.on(review::id.eq(decision_challenge::review_id)))
        .inner_join(organisation::table.on(organisation::id.eq(decision_challenge::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .select((
            (decision_challenge::id, decision_challenge::review_id, decision_challenge::state),
            (organisation::code, organisation::name, collection::year_label),
            (decision_challenge::posted_at, decision_challenge::due_at, decision_challenge::closed_at),
        ))
        .limit(limit)
        .into_boxed();
    query = match state {
        Some(state) => query.filter(decision_challenge::state.eq(state)),
        None => query,
    };
    query = match state {
        Some(ChallengeState::Open) => query.order((decision_challenge::due_at, decision_challenge::id)),
        _ => query.order((decision_challenge::posted_at.desc(), decision_challenge::id.desc())),
    };
    let rows: Vec<Row> = query.load(conn)?;
    let ids: Vec<ChallengeId> = rows.iter().map(|((id, ..), ..)| *id).collect();
    let mut counts: BTreeMap<ChallengeId, i64> = BTreeMap::new();
    for some in ids.chunks(AT_ONCE) {
        let counted: Vec<(ChallengeId, i64)> = decision_challenge_line::table
            .filter(decision_challenge_line::challenge_id.eq_any(some.to_vec()))
            .group_by(decision_challenge_line::challenge_id)
            .select((decision_challenge_line::challenge_id, diesel::dsl::count_star()))
            .load(conn)?;
        counts.extend(counted);
    }
    Ok(rows
        .into_iter()
        .map(|((id, review, state), (code, name, year), (posted_at, due_at, closed_at))| Listed {
            review,
            state,
            code,
            name,
            year,
            posted_at,
            due_at,
            closed_at,
            lines: counts.get(&id).copied().unwrap_or_default(),
        })
        .collect())
}
