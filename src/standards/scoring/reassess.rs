//! What a review makes of a score: the reviewer's status for some requirements in place of the claimed one, and the
//! grade recomputed from them, kept beside the claimed score and never over it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::result::{Reason, Score};
use super::status::{BYTE_NONE, Status};
use super::{Context, ScoreError, ScoreInput, finish, score};
use crate::standards::keys::RequirementCode;
use crate::standards::model::{Asked, Edition, RequirementKind};

/// The claimed score, the assessed score, and what lies between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reassessed {
    /// What the organisation's answers give.
    pub claimed: Score,
    /// What they give with the reviewer's statuses in place.
    pub assessed: Score,
    /// The requirements where the two differ, in edition order.
    pub changes: Vec<StatusChange>,
}

/// One requirement on which the reviewer disagrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusChange {
    /// Which requirement.
    pub code: RequirementCode,
    /// The organisation's status.
    pub claimed: Status,
    /// The reviewer's status.
    pub assessed: Status,
}

/// Why the reviewer's statuses cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReassessError {
    /// The claimed answers cannot be scored.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// The edition has no such requirement.
    #[error("\"{0}\" is not a requirement of this edition")]
    UnknownRequirement(RequirementCode),
    /// The requirement does not count for this organisation.
    #[error("\"{0}\" is not asked of this organisation, so it cannot be assessed")]
    NotAsked(RequirementCode),
    /// The byte means nothing for this requirement.
    #[error("{byte} is not a status that \"{code}\" can have")]
    BadStatus {
        /// The requirement.
        code: RequirementCode,
        /// The byte given.
        byte: u8,
    },
}

/// Scores the answers, then again with the reviewer's status bytes (see [`Status::byte`]) for the requirements in
/// `assessed`; requirements that are not in it keep the claimed status.
pub fn reassess(
    edition: &Edition,
    input: &ScoreInput,
    assessed: &BTreeMap<RequirementCode, u8>,
) -> Result<Reassessed, ReassessError> {
    let claimed = score(edition, input)?;
    if let Some(code) = assessed.keys().find(|code| edition.position(code.as_str()).is_none()) {
        return Err(ReassessError::UnknownRequirement(code.clone()));
    }
    let mut requirements = claimed.requirements.clone();
    let mut changes = Vec::new();
    for (requirement, score) in edition.requirements().iter().zip(&mut requirements) {
        let Some(byte) = assessed.get(&requirement.code).copied() else { continue };
        if score.asked == Asked::NotAsked {
            return Err(ReassessError::NotAsked(requirement.code.clone()));
        }
        let status = match (&requirement.kind, Status::from_byte(edition.scheme().kind(), byte)) {
            (RequirementKind::Level { descriptors, .. }, Some(Status::Level(level)))
                if usize::from(level) >= descriptors.len() =>
            {
                None
            }
            (RequirementKind::Level { may_be_not_relevant: false, .. }, Some(Status::NotRelevant)) => None,
            // An optional item has no "incomplete": left out is its ordinary state.
            (_, Some(Status::Incomplete)) if score.asked == Asked::Optional => Some(Status::Optional),
            // The reviewer agrees that there is no answer.
            (_, None) if byte == BYTE_NONE && score.byte == BYTE_NONE => Some(score.status),
            (_, status) => status,
        };
        let Some(status) = status else {
            return Err(ReassessError::BadStatus { code: requirement.code.clone(), byte });
        };
        if status == score.status {
            continue;
        }
        changes.push(StatusChange {
            code: requirement.code.clone(),
            claimed: score.status,
            assessed: status,
        });
        let words =
            format!("Claimed as \"{}\"; assessed by review as \"{}\".", score.status.label(), status.label());
        let inputs = [("claimed", json!(score.status)), ("assessed", json!(status))];
        score.explanation.push(Reason::new("review.assessed", inputs, words));
        score.status = status;
        score.byte = status.byte();
        score.met_expected = met(status, score.expected);
    }
    let rule_set = std::sync::Arc::clone(&claimed.rule_set);
    let context = Context { edition, input, profile: claimed.profile.clone(), rule_set };
    let assessed = finish(&context, requirements);
    Ok(Reassessed { claimed, assessed, changes })
}

/// Whether an assessed status meets what the profile expects; `None` where nothing is expected of it.
fn met(status: Status, expected: Option<Status>) -> Option<bool> {
    match (status, expected?) {
        (Status::NotRelevant | Status::Excused, _) => None,
        (Status::Exempt, _) => Some(true),
        (Status::Level(reached), Status::Level(wanted)) => Some(reached >= wanted),
        (Status::Outcome(reached), Status::Outcome(wanted)) => Some(reached >= wanted),
        (status, expected) => Some(status == expected),
    }
}
