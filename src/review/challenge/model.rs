//! A challenge: its states, how each challenged decision can be ruled on, and whether a decision can be challenged now.

use crate::platform::clock::Timestamp;
use crate::platform::ids::{ChallengeId, ConclusionId, RequirementId};

/// Working days within which a challenge is to be settled: the programme's own target.
pub const SETTLE_WORKING_DAYS: u32 = 20;

/// The longest grounds and references, in characters each.
pub(in crate::review) const GROUNDS_LIMIT: usize = 8000;

crate::text_enum! {
    /// Where a challenge stands.
    ChallengeState {
        /// Waits to be settled.
        Open = "open", "Open";
        /// Answered, decision by decision.
        Settled = "settled", "Settled";
        /// Taken back by the organisation.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

crate::text_enum! {
    /// How a challenged decision is ruled on.
    Ruling {
        /// The organisation is right: its claim stands.
        Upheld = "upheld", "Upheld";
        /// Neither is: something else stands.
        Partly = "partly", "Upheld in part";
        /// The decision stands.
        Rejected = "rejected", "Rejected";
    }
}

impl Ruling {
    /// The ruling on the whole of a challenge, from those on its parts.
    #[must_use]
    pub fn overall(parts: &[Self]) -> Self {
        if parts.iter().all(|part| *part == Self::Upheld) && !parts.is_empty() {
            Self::Upheld
        } else if parts.iter().all(|part| *part == Self::Rejected) {
            Self::Rejected
        } else {
            Self::Partly
        }
    }
}

/// A challenge as stored.
#[derive(Debug, Clone)]
pub(in crate::review) struct Challenge {
    /// Its row.
    pub id: ChallengeId,
    /// Of which conclusion.
    pub conclusion: ConclusionId,
    /// Where it stands.
    pub state: ChallengeState,
    /// Why the organisation thinks that the decisions are wrong.
    pub grounds: String,
    /// The evidence that it refers to.
    pub evidence: String,
    /// When it came.
    pub posted_at: Timestamp,
    /// When it is to be settled.
    pub due_at: Timestamp,
    /// What was said about the whole of it.
    pub remarks: String,
    /// When it was settled or withdrawn.
    pub closed_at: Option<Timestamp>,
}

/// One challenged decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct ChallengedLine {
    /// The requirement.
    pub requirement: RequirementId,
    /// How it was ruled on.
    pub ruling: Option<Ruling>,
    /// Why.
    pub reason: String,
}

/// Whether a decision can be challenged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::review) enum Possible {
    /// Until then.
    Until(Timestamp),
    /// The period ended then.
    TooLate(Timestamp),
    /// A challenge waits to be settled.
    Open,
    /// A challenge of it was settled.
    Settled,
    /// Every answer stands as it was claimed.
    Nothing,
    /// There is no decision of which a challenge is possible now.
    NotDecided,
}

/// What is known of a decision when somebody wants to challenge it.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct Decided {
    /// Until when the decision in force can be challenged; none where there is none.
    pub until: Option<Timestamp>,
    /// Whether it is final.
    pub is_final: bool,
    /// Whether the decision in force itself came of a challenge.
    pub by_challenge: bool,
    /// Decisions that differ from the claim.
    pub differing: usize,
}

/// Whether this decision, with these challenges of its conclusion, can be challenged at this moment.
pub(in crate::review) fn possible(of: Decided, challenges: &[ChallengeState], now: Timestamp) -> Possible {
    let Some(until) = of.until else { return Possible::NotDecided };
    if challenges.contains(&ChallengeState::Open) {
        Possible::Open
    } else if of.by_challenge || challenges.contains(&ChallengeState::Settled) {
        Possible::Settled
    } else if of.is_final || until < now {
        Possible::TooLate(until)
    } else if of.differing == 0 {
        Possible::Nothing
    } else {
        Possible::Until(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_is_the_sum_of_its_rulings() {
        use Ruling::{Partly, Rejected, Upheld};
        assert_eq!(Ruling::overall(&[Upheld, Upheld]), Upheld);
        assert_eq!(Ruling::overall(&[Rejected, Rejected]), Rejected);
        assert_eq!(Ruling::overall(&[Upheld, Rejected]), Partly);
        assert_eq!(Ruling::overall(&[Partly]), Partly);
    }

    #[test]
    fn a_decision_is_challenged_once_and_in_time() {
        let until = Timestamp::from_micros(1_000);
        let of = Decided { until: Some(until), is_final: false, by_challenge: false, differing: 2 };
        assert_eq!(possible(of, &[], until), Possible::Until(until));
        assert_eq!(possible(of, &[], Timestamp::from_micros(1_001)), Possible::TooLate(until));
        assert_eq!(possible(of, &[ChallengeState::Open], until), Possible::Open);
        assert_eq!(possible(of, &[ChallengeState::Settled], until), Possible::Settled);
        assert_eq!(possible(of, &[ChallengeState::Withdrawn], until), Possible::Until(until));
        assert_eq!(possible(Decided { is_final: true, ..of }, &[], until), Possible::TooLate(until));
        assert_eq!(possible(Decided { by_challenge: true, ..of }, &[], until), Possible::Settled);
        assert_eq!(possible(Decided { differing: 0, ..of }, &[], until), Possible::Nothing);
        assert_eq!(possible(Decided { until: None, ..of }, &[], until), Possible::NotDecided);
    }
}
