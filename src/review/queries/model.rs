//! A question: where it stands, whose a message of its thread is and when it came, and how it ended.

crate::text_enum! {
    /// Where a question stands.
    QueryState {
        /// Waits for the organisation; the reviewer's clock stands still.
        Open = "open", "Waiting for a reply";
        /// The organisation has answered and the reviewer has not closed it.
        Answered = "answered", "Answered";
        /// Over, with an outcome.
        Closed = "closed", "Closed";
    }
}

crate::text_enum! {
    /// How a question ended.
    QueryOutcome {
        /// The answer bears the claim out.
        Stands = "stands", "Answered, the claim stands";
        /// The answer does not.
        DoesNotStand = "does_not_stand", "Answered, the claim does not stand";
        /// There was no answer, or none to what was asked.
        NotAnswered = "not_answered", "Not answered";
        /// It should not have been asked.
        InError = "in_error", "Asked in error";
        /// The submission it was about was taken back or sent again.
        Ended = "ended", "The submission was taken back or sent again";
    }
}

impl QueryOutcome {
    /// What a reviewer can choose; the last one is the system's.
    pub const CHOICES: [Self; 4] = [Self::Stands, Self::DoesNotStand, Self::NotAnswered, Self::InError];

    /// Whether it says something about an answer, so that there must be one.
    #[must_use]
    pub const fn judges_an_answer(self) -> bool {
        matches!(self, Self::Stands | Self::DoesNotStand)
    }
}

crate::text_enum! {
    /// Who wrote a message.
    Side {
        /// The reviewer.
        Centre = "centre", "Reviewer";
        /// Somebody of the organisation.
        Organisation = "organisation", "Organisation";
    }
}

crate::text_enum! {
    /// When a message of the organisation came.
    Standing {
        /// By the day on which it was due.
        InTime = "in_time", "";
        /// After that day, while the question was open.
        Late = "late", "Late";
        /// After the question was closed or the review had moved on.
        After = "after", "Arrived after the review had moved on";
    }
}

crate::text_enum! {
    /// What became of a request for more time.
    TimeState {
        /// Waits for the reviewer.
        Asked = "asked", "Waits for the reviewer";
        /// More time was given.
        Given = "given", "More time given";
        /// It was refused.
        Refused = "refused", "Refused";
        /// The question was answered or closed before anybody decided.
        Overtaken = "overtaken", "Not needed any more";
    }
}

/// How many days ahead of its day, and on it, the organisation is reminded of a question.
pub const DAYS_BEFORE: [i64; 3] = [5, 2, 0];

/// The most weekly reminders of a question that is overdue.
pub const WEEKS_OVERDUE: i64 = 4;

/// How many days late a reminder still goes out when the portal did not run on its own day: fewer than lie between two.
const CATCH_UP: i64 = 1;

/// The reminder that is due when so many days are left: days ahead, or below nought the week of being overdue.
#[must_use]
pub fn mark(days_left: i64) -> Option<i64> {
    if days_left < 0 {
        let week = (-days_left - 1) / 7 + 1;
        return (week <= WEEKS_OVERDUE).then_some(-week);
    }
    DAYS_BEFORE.iter().copied().filter(|mark| (days_left..=days_left + CATCH_UP).contains(mark)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_come_ahead_on_the_day_and_weekly_four_times() {
        for (left, expected) in [
            (6, None),
            (5, Some(5)),
            (4, Some(5)),
            (3, None),
            (2, Some(2)),
            (1, Some(2)),
            (0, Some(0)),
            (-1, Some(-1)),
            (-7, Some(-1)),
            (-8, Some(-2)),
            (-22, Some(-4)),
            (-28, Some(-4)),
            (-29, None),
            (-400, None),
        ] {
            assert_eq!(mark(left), expected, "{left} days left");
        }
    }

    #[test]
    fn only_an_answer_can_be_judged() {
        let judging: Vec<QueryOutcome> =
            QueryOutcome::ALL.iter().copied().filter(|outcome| outcome.judges_an_answer()).collect();
        assert_eq!(judging, [QueryOutcome::Stands, QueryOutcome::DoesNotStand]);
        assert!(!QueryOutcome::CHOICES.contains(&QueryOutcome::Ended));
    }
}
