//! A review: its states and the steps between them, what a decision says, and when the work is due.

use crate::platform::clock::{Day, Timestamp};
use crate::standards::scoring::Status;

/// Working days from queueing to the day on which a review is due. A target of the central team's own, shown in the
/// queue; nothing happens by itself when it passes.
pub const TARGET_WORKING_DAYS: u32 = 20;

/// Working days that a query offers for its reply unless the reviewer says otherwise.
pub const REPLY_WORKING_DAYS: u32 = 10;

/// Hours after midnight in London at which a due day ends: the end of the office day.
const DUE_HOUR: i64 = 17;

crate::text_enum! {
    /// Where a review stands.
    ReviewState {
        /// Waits for a reviewer.
        Queued = "queued", "Queued";
        /// A reviewer works on it.
        Claimed = "claimed", "In review";
        /// Waits for the organisation to answer a question.
        Query = "query", "Waiting for a reply";
        /// Changes the grade and waits for a second reviewer.
        Second = "second", "With a second reviewer";
        /// Decided: open to challenge until its period ends, then final.
        Decided = "decided", "Decided";
        /// The organisation sent its return again before this was final.
        Superseded = "superseded", "Superseded";
        /// The organisation took its submission back before this was final.
        Withdrawn = "withdrawn", "Withdrawn by the organisation";
    }
}

/// A step from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A reviewer takes it.
    Claim,
    /// The reviewer gives it back.
    Release,
    /// The reviewer asks the organisation.
    Ask,
    /// The organisation has answered the last open question.
    Resume,
    /// The reviewer finishes and the grade stands as claimed.
    Agree,
    /// The reviewer finishes and the grade changes.
    Change,
    /// The second reviewer confirms.
    Confirm,
    /// The second reviewer gives it back to the first.
    Return,
    /// A newer submission takes its place.
    Supersede,
    /// The organisation takes its submission back.
    Withdraw,
    /// The programme takes a decided review up again.
    Reopen,
    /// The reviewer has gained a conflict of interest. A question that waits for its answer goes on waiting.
    Recuse,
    /// The organisation has answered the last open question, and nobody has the review in hand.
    ResumeUnheld,
}

impl ReviewState {
    /// States in which there is still something to do.
    pub const OPEN: [Self; 4] = [Self::Queued, Self::Claimed, Self::Query, Self::Second];

    /// The state after a step; `None` when the step cannot be taken from here.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Queued, Step::Claim)
            | (Self::Query, Step::Resume)
            | (Self::Second, Step::Return)
            | (Self::Decided, Step::Reopen) => Some(Self::Claimed),
            (Self::Claimed, Step::Release)
            | (Self::Claimed | Self::Second, Step::Recuse)
            | (Self::Query, Step::ResumeUnheld) => Some(Self::Queued),
            (Self::Claimed | Self::Query, Step::Ask) | (Self::Query, Step::Recuse) => Some(Self::Query),
            (Self::Claimed, Step::Agree) | (Self::Second, Step::Confirm) => Some(Self::Decided),
            (Self::Claimed, Step::Change) => Some(Self::Second),
            (Self::Queued | Self::Claimed | Self::Query | Self::Second, Step::Supersede) => {
                Some(Self::Superseded)
            }
            (Self::Queued | Self::Claimed | Self::Query | Self::Second, Step::Withdraw) => {
                Some(Self::Withdrawn)
            }
            _ => None,
        }
    }
}

crate::text_enum! {
    /// What a reviewer makes of one claimed answer.
    DecisionOutcome {
        /// The claim stands.
        Agree = "agree", "Agreed";
        /// The claim is too high.
        Downgrade = "downgrade", "Downgraded";
        /// The claim is too low.
        Upgrade = "upgrade", "Upgraded";
    }
}

impl DecisionOutcome {
    /// The outcome that an assessed status means beside the claimed one.
    #[must_use]
    pub fn between(claimed: Status, assessed: Status) -> Self {
        match rank(assessed).cmp(&rank(claimed)) {
            std::cmp::Ordering::Less => Self::Downgrade,
            std::cmp::Ordering::Equal => Self::Agree,
            std::cmp::Ordering::Greater => Self::Upgrade,
        }
    }

    /// Whether the reviewer must say why.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Self::Agree)
    }
}

/// How much a status claims: nothing answered is least, and not having to answer at all (exempt, not relevant) is most,
/// because refusing that claim asks more of the organisation.
fn rank(status: Status) -> u8 {
    match status {
        Status::NotAsked | Status::NotAnswered | Status::Optional => 0,
        Status::Incomplete => 1,
        Status::Complete => 2,
        Status::Exempt => 3,
        Status::Level(level) => 1 + level,
        Status::NotRelevant | Status::Excused => u8::MAX,
        Status::Outcome(level) => 1 + level.rank(),
    }
}

/// The day so many working days (Monday to Friday) after a day. Public holidays count as working days: the target is
/// a promise within the team, and a table of holidays would have to be kept.
#[must_use]
pub fn working_days_after(day: Day, count: u32) -> Day {
    let mut at = day;
    let mut left = count;
    while left > 0 {
        at = at.plus_days(1);
        left -= u32::from(is_working_day(at));
    }
    at
}

/// When what begins at this moment is due: the end of the office day after so many working days.
#[must_use]
pub fn due_after(at: Timestamp, working_days: u32) -> Timestamp {
    end_of_office_day(working_days_after(at.london_day(), working_days))
}

/// The moment at which a due day ends. On the two days a year when the clocks change, both of them Sundays, it is an
/// hour off.
#[must_use]
pub fn end_of_office_day(day: Day) -> Timestamp {
    day.start().plus_seconds(DUE_HOUR * 3600)
}

/// Whether it is a Monday to Friday.
#[must_use]
pub fn is_working_day(day: Day) -> bool {
    // 1 January 2024 was a Monday.
    Day::new(2024, 1, 1).is_none_or(|monday| monday.days_until(day).rem_euclid(7) < 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;
    use crate::standards::OutcomeLevel;

    #[test]
    fn the_way_through_a_review_that_changes_the_grade() {
        let steps = [
            (Step::Claim, ReviewState::Claimed),
            (Step::Ask, ReviewState::Query),
            (Step::Ask, ReviewState::Query),
            (Step::Resume, ReviewState::Claimed),
            (Step::Change, ReviewState::Second),
            (Step::Return, ReviewState::Claimed),
            (Step::Change, ReviewState::Second),
            (Step::Confirm, ReviewState::Decided),
        ];
        let mut state = ReviewState::Queued;
        for (step, next) in steps {
            state = state.after(step).unwrap();
            assert_eq!(state, next);
        }
    }

    #[test]
    fn what_is_final_stays_as_it_is() {
        use Step::{Agree, Ask, Change, Claim, Confirm, Release, Resume, Return, Supersede, Withdraw};
        for step in [Claim, Release, Ask, Resume, Agree, Change, Confirm, Return, Supersede, Withdraw] {
            assert_eq!(ReviewState::Withdrawn.after(step), None, "{step:?}");
            assert_eq!(ReviewState::Decided.after(step), None, "{step:?}");
            assert_eq!(ReviewState::Superseded.after(step), None, "{step:?}");
        }
        assert_eq!(ReviewState::Decided.after(Step::Reopen), Some(ReviewState::Claimed));
        assert_eq!(ReviewState::Withdrawn.after(Step::Reopen), None);
        assert_eq!(ReviewState::Query.after(Step::Agree), None);
        assert_eq!(ReviewState::Query.after(Step::Release), None);
    }

    #[test]
    fn twenty_working_days_are_four_weeks() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(working_days_after(day("2026-01-13"), 20), day("2026-02-10"));
        assert_eq!(working_days_after(day("2026-01-16"), 1), day("2026-01-19"));
        assert_eq!(working_days_after(day("2026-01-17"), 1), day("2026-01-19"));
        assert_eq!(working_days_after(day("2026-01-18"), 0), day("2026-01-18"));
        let queued = parse_london("2026-03-20 09:00").unwrap();
        assert_eq!(due_after(queued, 10), parse_london("2026-04-03 17:00").unwrap());
    }

    #[test]
    fn an_outcome_follows_from_what_is_claimed_and_found() {
        use DecisionOutcome::{Agree, Downgrade, Upgrade};
        let between = DecisionOutcome::between;
        assert_eq!(between(Status::Level(2), Status::Level(1)), Downgrade);
        assert_eq!(between(Status::Level(2), Status::Level(2)), Agree);
        assert_eq!(between(Status::NotAnswered, Status::Level(0)), Upgrade);
        assert_eq!(between(Status::NotRelevant, Status::Level(3)), Downgrade);
        assert_eq!(between(Status::Complete, Status::Incomplete), Downgrade);
        assert_eq!(between(Status::Exempt, Status::Complete), Downgrade);
        let [low, high] = [OutcomeLevel::NotAchieved, OutcomeLevel::Achieved].map(Status::Outcome);
        assert_eq!(between(low, high), Upgrade);
    }
}
