//! When releases come out: at half past nine in London, announced four weeks ahead, and read early by few and shortly.
//! Pure, so that days on which the clocks change are tested without a database.

use crate::platform::clock::{Day, Timestamp};

/// Days between the announcement of a release and its day, at least.
pub const NOTICE_DAYS: i64 = 28;

/// Hours before its time from which listed people may read a release, at most.
pub const EARLY_HOURS: i64 = 24;

crate::text_enum! {
    /// Where an entry of the calendar stands.
    ReleaseDateState {
        /// Announced; what it announces is not public yet.
        Announced = "announced", "Announced";
        /// What it announced is public.
        Published = "published", "Published";
        /// Cancelled, with a reason.
        Cancelled = "cancelled", "Cancelled";
    }
}

/// The moment at which a release of this day becomes public: half past nine by the clocks of London.
#[must_use]
pub fn moment_of(day: Day) -> Timestamp {
    day.at_time(9, 30)
}

/// The first day that can still be announced now. Days are counted by the calendar, so that the hour which the clocks
/// skip or repeat neither shortens nor lengthens the notice.
#[must_use]
pub fn first_day(now: Timestamp) -> Day {
    let today = now.london_day();
    let begins = if now <= moment_of(today) { today } else { today.plus_days(1) };
    begins.plus_days(NOTICE_DAYS)
}

/// When the listed people may begin to read: a whole day of hours before the time, however the clocks change in between.
#[must_use]
pub const fn early_from(due: Timestamp) -> Timestamp {
    due.plus_seconds(-EARLY_HOURS * 3600)
}

/// Whether an announced date can become this day: later than it was, or with the whole notice once more. It can never
/// come to lie in the past.
#[must_use]
pub fn can_move(now: Timestamp, was: Timestamp, day: Day) -> bool {
    let moment = moment_of(day);
    moment > now && moment != was && (moment > was || day >= first_day(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn half_past_nine_is_londons_on_every_day() {
        assert_eq!(moment_of(day("2026-01-05")).rfc3339(), "2026-01-05T09:30:00Z");
        assert_eq!(moment_of(day("2026-07-01")).rfc3339(), "2026-07-01T08:30:00Z");
        // The clocks go forward and back in the small hours of these.
        assert_eq!(moment_of(day("2026-03-29")).rfc3339(), "2026-03-29T08:30:00Z");
        assert_eq!(moment_of(day("2026-10-25")).rfc3339(), "2026-10-25T09:30:00Z");
    }

    #[test]
    fn the_notice_is_four_whole_weeks() {
        let at = |text: &str| first_day(parse_london(text).unwrap()).to_string();
        assert_eq!(at("2026-01-05 09:30"), "2026-02-02");
        assert_eq!(at("2026-01-05 09:31"), "2026-02-03");
        // Over the change to summer time: 28 days of the calendar, one hour less by the stop watch.
        assert_eq!(at("2026-03-10 09:30"), "2026-04-07");
    }

    #[test]
    fn early_reading_lasts_a_day_by_the_stop_watch() {
        let due = moment_of(day("2026-03-29"));
        assert_eq!(early_from(due).rfc3339(), "2026-03-28T08:30:00Z");
        assert_eq!(early_from(moment_of(day("2026-03-30"))).london_time(), "09:30");
    }

    #[test]
    fn a_date_moves_later_or_with_its_notice_again() {
        let now = parse_london("2026-01-05 12:00").unwrap();
        let was = moment_of(day("2026-02-10"));
        assert!(can_move(now, was, day("2026-02-11")));
        assert!(can_move(now, was, day("2026-02-09")));
        assert!(!can_move(now, was, day("2026-02-02")));
        assert!(!can_move(now, was, day("2026-02-10")));
        let passed = moment_of(day("2025-12-01"));
        assert!(!can_move(now, passed, day("2025-12-24")));
        assert!(can_move(now, passed, day("2026-01-06")));
    }
}
