//! How much of its time a review has used: working days of the target, with the clock stopped while the organisation is
//! asked. When a review is due already carries what it was stopped for, so one rule serves: the target less the working
//! days that are left.

use crate::platform::clock::{Day, Timestamp};
use crate::review::model::{ReviewState, TARGET_WORKING_DAYS, is_working_day};

/// When a review's clock stands still, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::review) enum Hand {
    /// It runs.
    Runs,
    /// It stopped at this moment: a question waits, or the review is decided.
    Stopped(Timestamp),
    /// It says nothing: the submission was replaced or withdrawn.
    None,
}

/// How the clock of a review in this state stands.
pub(in crate::review) fn hand(
    state: ReviewState,
    stopped_at: Option<Timestamp>,
    decided_at: Option<Timestamp>,
) -> Hand {
    match state {
        ReviewState::Query => stopped_at.map_or(Hand::Runs, Hand::Stopped),
        ReviewState::Decided => decided_at.map_or(Hand::None, Hand::Stopped),
        ReviewState::Superseded | ReviewState::Withdrawn => Hand::None,
        _ => Hand::Runs,
    }
}

/// Working days that are used by this moment of a review due then.
pub(in crate::review) fn used(due_at: Timestamp, at: Timestamp) -> i64 {
    let (due, today) = (due_at.london_day(), at.london_day());
    let target = i64::from(TARGET_WORKING_DAYS);
    if today <= due {
        target - working_days_between(today, due)
    } else {
        target + working_days_between(due, today)
    }
}

/// Working days after the first day up to and with the last.
fn working_days_between(first: Day, last: Day) -> i64 {
    let days = first.days_until(last);
    let rest = (1..=days % 7).filter(|day| is_working_day(first.plus_days(*day))).count();
    days / 7 * 5 + i64::try_from(rest).unwrap_or_default()
}

/// The age in words.
pub(in crate::review) fn words(due_at: Timestamp, hand: Hand, state: ReviewState, now: Timestamp) -> String {
    let of = |at| format!("{} of {TARGET_WORKING_DAYS} working days", used(due_at, at));
    match hand {
        Hand::None => "Not counted".to_owned(),
        Hand::Runs => of(now),
        Hand::Stopped(at) if state == ReviewState::Decided => format!("{}, decided", of(at)),
        Hand::Stopped(at) => format!("{}, clock stopped", of(at)),
    }
}

/// Whether the work is late: its clock runs and has run out.
pub(in crate::review) fn is_overdue(state: ReviewState, due_at: Timestamp, now: Timestamp) -> bool {
    matches!(state, ReviewState::Queued | ReviewState::Claimed | ReviewState::Second) && due_at < now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;
    use crate::review::model::due_after;

    fn at(text: &str) -> Timestamp {
        parse_london(text).unwrap()
    }

    #[test]
    fn days_are_used_one_by_one_and_not_at_weekends() {
        // A Tuesday.
        let queued = at("2026-01-13 10:00");
        let due = due_after(queued, TARGET_WORKING_DAYS);
        for (now, expected) in [
            ("2026-01-13 23:00", 0),
            ("2026-01-14 00:00", 1),
            ("2026-01-16 12:00", 3),
            ("2026-01-18 12:00", 3),
            ("2026-01-19 12:00", 4),
            ("2026-02-10 16:59", 20),
            ("2026-02-11 09:00", 21),
            ("2026-02-15 09:00", 23),
        ] {
            assert_eq!(used(due, at(now)), expected, "{now}");
        }
    }

    #[test]
    fn a_stopped_clock_says_so_in_words() {
        let due = due_after(at("2026-01-13 10:00"), TARGET_WORKING_DAYS);
        let now = at("2026-03-01 10:00");
        let asked = hand(ReviewState::Query, Some(at("2026-01-16 09:00")), None);
        assert_eq!(words(due, asked, ReviewState::Query, now), "3 of 20 working days, clock stopped");
        let decided = hand(ReviewState::Decided, None, Some(at("2026-01-19 09:00")));
        assert_eq!(words(due, decided, ReviewState::Decided, now), "4 of 20 working days, decided");
        assert_eq!(words(due, Hand::None, ReviewState::Withdrawn, now), "Not counted");
        assert!(!is_overdue(ReviewState::Query, due, now) && is_overdue(ReviewState::Second, due, now));
        assert!(!is_overdue(ReviewState::Decided, due, now));
    }
}
