//! An improvement plan: its states and the steps between them, and what a line still lacks.

use crate::platform::clock::Day;
use crate::standards::scoring::PlanStanding;

crate::text_enum! {
    /// Where an improvement plan stands.
    PlanState {
        /// Being written.
        Draft = "draft", "Draft";
        /// Signed by the SIRO; waits to be sent.
        Signed = "signed", "Signed";
        /// With the central team.
        Sent = "sent", "Waiting for approval";
        /// Agreed by the central team; being worked off.
        Approved = "approved", "Approved";
        /// Given back with reasons, to be changed and sent again.
        Rejected = "rejected", "Rejected";
        /// Every line was done and shown, and the central team has closed it.
        Closed = "closed", "Closed";
    }
}

crate::text_enum! {
    /// How far up a line that is overdue has gone; each stage once.
    Stage {
        /// Its owner and the leads were told.
        Owner = "owner", "Owner and leads told";
        /// The SIRO was told.
        Siro = "siro", "SIRO told";
        /// The programme sees it as escalated.
        Centre = "centre", "Escalated to the programme";
    }
}

crate::text_enum! {
    /// Whether the money for an action is there.
    Funded {
        /// Nobody has said.
        Unknown = "unknown", "Not yet known";
        /// It is.
        Yes = "yes", "Funded";
        /// It is not.
        No = "no", "Not funded";
    }
}

/// A step from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The SIRO signs.
    Sign,
    /// It is taken back to be changed; what was signed or agreed is void.
    TakeBack,
    /// It goes to the central team.
    Send,
    /// The central team agrees.
    Approve,
    /// The central team gives it back.
    Reject,
    /// The central team closes it, all of it done.
    Close,
}

impl PlanState {
    /// The state after a step; `None` when the step cannot be taken from here.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Rejected, Step::Sign) => Some(Self::Signed),
            (Self::Signed | Self::Sent | Self::Approved, Step::TakeBack) => Some(Self::Draft),
            (Self::Signed, Step::Send) => Some(Self::Sent),
            (Self::Sent, Step::Approve) => Some(Self::Approved),
            (Self::Sent, Step::Reject) => Some(Self::Rejected),
            (Self::Approved, Step::Close) => Some(Self::Closed),
            _ => None,
        }
    }

    /// Whether its lines can be changed.
    #[must_use]
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Draft | Self::Rejected)
    }

    /// Whether the SIRO's signature stands.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Signed | Self::Sent | Self::Approved | Self::Closed)
    }

    /// What it counts for in a score.
    #[must_use]
    pub const fn standing(self) -> PlanStanding {
        match self {
            Self::Draft | Self::Rejected => PlanStanding::None,
            Self::Signed | Self::Sent => PlanStanding::Submitted,
            Self::Approved | Self::Closed => PlanStanding::Approved,
        }
    }
}

/// The last day by which an action may be due: so many calendar months after the deadline.
#[must_use]
pub fn due_by(deadline: Day, months: u8) -> Day {
    Day::from(deadline.date().saturating_add(jiff::Span::new().months(i64::from(months))))
}

/// What keeps a line from being signed and sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineGap {
    /// Nothing says what will be done.
    NoAction,
    /// Nobody is responsible.
    NoOwner,
    /// Whoever is responsible has left the organisation.
    OwnerLeft,
    /// There is no date.
    NoDate,
    /// The date is later than the rule allows.
    TooLate(Day),
}

impl LineGap {
    /// The gap as a sentence.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::NoAction => "Say what will be done.".to_owned(),
            Self::NoOwner => "Choose an owner.".to_owned(),
            Self::OwnerLeft => "Its owner has left your organisation: choose another.".to_owned(),
            Self::NoDate => "Enter a due date.".to_owned(),
            Self::TooLate(limit) => format!("It must be due by {}.", limit.words()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_draft_to_approval_and_back_again() {
        let steps = [Step::Sign, Step::Send, Step::Reject, Step::Sign, Step::Send, Step::Approve];
        let end = steps.into_iter().try_fold(PlanState::Draft, PlanState::after);
        assert_eq!(end, Some(PlanState::Approved));
        assert_eq!(PlanState::Approved.after(Step::TakeBack), Some(PlanState::Draft));
        assert_eq!(PlanState::Draft.after(Step::Send), None);
        assert_eq!(PlanState::Rejected.after(Step::Approve), None);
        assert_eq!(PlanState::Approved.after(Step::Approve), None);
        assert_eq!(PlanState::Approved.after(Step::Close), Some(PlanState::Closed));
        assert_eq!(PlanState::Sent.after(Step::Close), None);
        assert_eq!(PlanState::Closed.after(Step::TakeBack), None);
    }

    #[test]
    fn only_a_plan_that_was_approved_counts_as_approved() {
        let standings: Vec<PlanStanding> = PlanState::ALL.iter().map(|state| state.standing()).collect();
        use PlanStanding::{Approved, None, Submitted};
        assert_eq!(standings, [None, Submitted, Submitted, Approved, None, Approved]);
    }

    #[test]
    fn months_end_on_the_last_day_of_a_shorter_month() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(due_by(day("2026-06-30"), 6), day("2026-12-30"));
        assert_eq!(due_by(day("2026-08-31"), 6), day("2027-02-28"));
    }
}
