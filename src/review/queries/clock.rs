//! Office time: Monday to Friday from nine to five in London, public holidays included, as due days are counted. Exact to
//! the microsecond, so that stopping the clock often gives nobody more time than stopping it once.

use crate::platform::clock::{Day, Timestamp};
use crate::review::model::is_working_day;

/// The hours of the day in London at which the office opens and closes; the clocks change on Sundays only.
const OPENS: i8 = 9;
const CLOSES: i8 = 17;

/// The part of the office day at or after a moment; none on a day without one.
fn rest_of(day: Day, from: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let (opens, closes) = (day.at_hour(OPENS), day.at_hour(CLOSES));
    (is_working_day(day) && from < closes).then(|| (from.max(opens), closes))
}

/// Microseconds of office time between two moments; nought when the second is not the later one.
pub(super) fn office_time_between(from: Timestamp, to: Timestamp) -> i64 {
    let (mut day, last) = (from.london_day(), to.london_day());
    let mut total = 0_i64;
    while day <= last && from < to {
        if let Some((begins, closes)) = rest_of(day, from) {
            total = total.saturating_add((to.min(closes).micros() - begins.micros()).max(0));
        }
        let next = day.plus_days(1);
        if next == day {
            break;
        }
        day = next;
    }
    total
}

/// The first moment by which so many microseconds of office time have passed; the same moment when they are none.
pub(super) fn after_office_time(at: Timestamp, micros: i64) -> Timestamp {
    let (mut day, mut left) = (at.london_day(), micros);
    while left > 0 {
        if let Some((begins, closes)) = rest_of(day, at) {
            let room = closes.micros() - begins.micros();
            if left <= room {
                return Timestamp::from_micros(begins.micros() + left);
            }
            left -= room;
        }
        let next = day.plus_days(1);
        if next == day {
            break;
        }
        day = next;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::clock::parse_london;

    const HOUR: i64 = 3_600_000_000;
    const MINUTE: i64 = 60_000_000;

    fn at(text: &str) -> Timestamp {
        parse_london(text).unwrap()
    }

    #[test]
    fn nights_and_weekends_do_not_count() {
        for (from, to, hours) in [
            ("2026-01-14 09:00", "2026-01-14 17:00", 8),
            ("2026-01-14 07:00", "2026-01-14 20:00", 8),
            ("2026-01-14 16:00", "2026-01-15 10:00", 2),
            // Friday afternoon to Monday morning.
            ("2026-01-16 16:00", "2026-01-19 10:00", 2),
            ("2026-01-17 10:00", "2026-01-18 16:00", 0),
            ("2026-01-14 10:00", "2026-01-14 10:00", 0),
            ("2026-01-15 10:00", "2026-01-14 10:00", 0),
            // Over the nights in which the clocks go forward and back.
            ("2026-03-27 16:00", "2026-03-30 10:00", 2),
            ("2026-10-23 16:00", "2026-10-26 10:00", 2),
            ("2026-03-29 00:30", "2026-03-29 23:00", 0),
        ] {
            assert_eq!(office_time_between(at(from), at(to)), hours * HOUR, "{from} to {to}");
        }
    }

    #[test]
    fn a_due_day_moves_on_by_office_time() {
        for (from, hours, to) in [
            ("2026-01-14 17:00", 8, "2026-01-15 17:00"),
            ("2026-01-14 17:00", 1, "2026-01-15 10:00"),
            ("2026-01-16 17:00", 8, "2026-01-19 17:00"),
            ("2026-01-14 09:00", 8, "2026-01-14 17:00"),
            ("2026-01-14 03:00", 1, "2026-01-14 10:00"),
            ("2026-01-17 03:00", 0, "2026-01-17 03:00"),
            ("2026-03-27 17:00", 9, "2026-03-31 10:00"),
            ("2026-10-23 17:00", 80, "2026-11-06 17:00"),
        ] {
            assert_eq!(after_office_time(at(from), hours * HOUR), at(to), "{from} and {hours} hours");
        }
    }

    /// Minute by minute, by what the wall clock in London says.
    fn slowly_between(from: Timestamp, to: Timestamp) -> i64 {
        let mut minutes = 0;
        let mut now = from;
        while now < to {
            let hour: i64 = now.london_time().split(':').next().unwrap().parse().unwrap();
            let weekday = now.london_day().date().weekday().to_monday_zero_offset();
            minutes += i64::from(weekday < 5 && (9..17).contains(&hour));
            now = now.plus_seconds(60);
        }
        minutes * MINUTE
    }

    /// A whole minute within some weeks of the two clock changes of 2026, or between.
    fn moments() -> impl Strategy<Value = Timestamp> {
        let around = |day: &str| parse_london(day).unwrap().micros();
        prop_oneof![
            Just(around("2026-03-20 00:00")),
            Just(around("2026-06-12 00:00")),
            Just(around("2026-10-16 00:00"))
        ]
        .prop_flat_map(|base| {
            (0_i64..20 * 24 * 60).prop_map(move |m| Timestamp::from_micros(base + m * MINUTE))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn it_is_what_counting_minutes_gives(from in moments(), length in 0_i64..15 * 24 * 60) {
            let to = Timestamp::from_micros(from.micros() + length * MINUTE);
            prop_assert_eq!(office_time_between(from, to), slowly_between(from, to));
        }

        #[test]
        fn moving_on_takes_exactly_that_much(from in moments(), micros in 0_i64..200 * HOUR) {
            let to = after_office_time(from, micros);
            prop_assert_eq!(office_time_between(from, to), micros);
            // The first such moment: an instant before, less has passed.
            if micros > 0 {
                let before = Timestamp::from_micros(to.micros() - 1);
                prop_assert!(office_time_between(from, before) < micros);
            }
        }

        #[test]
        fn stopping_twice_is_stopping_once(from in moments(), first in 0_i64..100 * HOUR, second in 0_i64..100 * HOUR) {
            let twice = after_office_time(after_office_time(from, first), second);
            prop_assert_eq!(twice, after_office_time(from, first + second));
        }
    }
}
