//! What the pages about challenges read, each in one go and after the permit to read it.

use super::model::{Challenge, ChallengeState, ChallengedLine};
use super::post::{Standing, differing, standing};
use super::store::{self, Listed};
use crate::access::{Actor, Permit, ReadChallenges, ReadReturn, Subject};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, ReviewId};
use crate::returns::{self, Which};
use crate::review::case::Case;
use crate::review::consistency::scored_blind_by;
use crate::review::letters::in_force;
use crate::review::reading::{self, ForCentre};
use crate::review::store::decided_review;

/// A decision and its challenges, as the organisation sees them.
pub(super) struct ForMembers {
    /// The case with the decisions in force.
    pub case: Case,
    /// Whether it can be challenged, and every challenge.
    pub standing: Standing,
    /// Codes of the decisions that differ from the claim.
    pub differing: Vec<String>,
    /// What each challenge is about, in the order of the challenges.
    pub lines: Vec<Vec<ChallengedLine>>,
}

/// The decision on a return and its challenges, for those in the organisation who read the whole of it.
pub(super) fn for_members(
    conn: &mut Conn,
    actor: &Actor,
    (whose, year): (OrganisationId, &str),
    now: Timestamp,
) -> Result<ForMembers> {
    let found = returns::find(conn, Which::Of(whose, year))?.ok_or(Error::NotFound)?;
    found.permit::<ReadReturn>(actor)?;
    let id = decided_review(conn, whose, year)?.ok_or(Error::NotFound)?;
    let mut case = Case::load(conn, id)?;
    if let Some(conclusion) = in_force(conn, id)? {
        case = case.at(conn, &conclusion)?;
    }
    let standing = standing(conn, &case, now)?;
    let mut lines = Vec::new();
    for challenge in &standing.challenges {
        lines.push(store::lines(conn, challenge.id)?);
    }
    Ok(ForMembers { differing: differing(&case), case, standing, lines })
}

/// The open challenge of a review, as the central team sees it.
pub(super) struct ToSettle {
    /// The review.
    pub of: ForCentre,
    /// The challenge.
    pub challenge: Challenge,
    /// What is challenged.
    pub lines: Vec<ChallengedLine>,
}

/// The newest challenge of a review.
pub(super) fn to_settle(conn: &mut Conn, actor: &Actor, id: ReviewId) -> Result<ToSettle> {
    let of = reading::review(conn, actor, id)?;
    let challenge = store::challenges_of(conn, id)?.into_iter().next().ok_or(Error::NotFound)?;
    let lines = store::lines(conn, challenge.id)?;
    Ok(ToSettle { of, challenge, lines })
}

/// Challenges of every organisation, but those of reviews whose submission the actor scores blind.
pub(super) fn list(
    conn: &mut Conn,
    actor: &Actor,
    state: Option<ChallengeState>,
    limit: i64,
) -> Result<Vec<Listed>> {
    Permit::<ReadChallenges>::grant(actor, Some(Subject::programme()))?;
    let mut listed = store::list(conn, state, limit)?;
    if let Some(me) = actor.id() {
        // That a decision is challenged tells a second scorer what the first review came to.
        let mine = scored_blind_by(conn, me)?;
        listed.retain(|one| !mine.contains(&one.review));
    }
    Ok(listed)
}
