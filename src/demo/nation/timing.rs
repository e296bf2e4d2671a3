//! When things happen: days of submission that crowd before the deadline, working hours, and the order of events.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::chance::Chance;

/// Days since 1 January 1970.
pub type Day = i64;

/// The day number of a date.
#[must_use]
pub fn day_of(day: Date) -> Day {
    day.duration_since(date(1970, 1, 1)).as_hours() / 24
}

/// The date of a day number.
#[must_use]
pub fn date_of(day: Day) -> Date {
    super::organisations::days_before(date(1970, 1, 1), -day)
}

/// A moment in working hours of a day: 08:00 to 17:59 UTC, which is the same day in London all year round.
pub fn at_work(chance: &mut Chance, day: Day) -> Timestamp {
    moment(day, chance.between(8 * 3600, 18 * 3600 - 1))
}

/// The moment `second` seconds after midnight UTC of a day.
#[must_use]
pub fn moment(day: Day, second: i64) -> Timestamp {
    Timestamp::from_second(day * 86_400 + second).unwrap_or_default()
}

/// The day of a submission of a finished year, relative to the deadline: 0 is the last day, positive is late.
///
/// `rank` is the submitter's place, uniform in [0, 1). One in six comes on the last day, about two in five in the
/// last week, the rest in a long thinning tail; publication dates of the real register look the same.
pub fn submission_day(chance: &mut Chance, deadline: Day, rank: f64) -> Day {
    const LAST_DAYS: &[u32] = &[7, 5, 4, 3, 3, 2];
    let before = if rank < 0.18 {
        return deadline;
    } else if rank < 0.42 {
        1 + i64::try_from(chance.weighted(LAST_DAYS)).unwrap_or(0)
    } else if rank < 0.72 {
        chance.between(7, 30)
    } else {
        let (one, other) = (chance.between(31, 190), chance.between(31, 190));
        one.min(other)
    };
    avoid_weekend(chance, deadline - before)
}

/// How many days after the deadline a late return comes: soon, mostly.
pub fn days_late(chance: &mut Chance) -> Day {
    let (one, other) = (chance.between(1, 55), chance.between(1, 55));
    one.min(other)
}

/// Four in five who would act on a weekend act on the Friday before.
pub fn avoid_weekend(chance: &mut Chance, day: Day) -> Day {
    // Day 0 was a Thursday.
    let past_friday = match (day + 3).rem_euclid(7) {
        5 => 1,
        6 => 2,
        _ => return day,
    };
    if chance.happens(0.8) { day - past_friday } else { day }
}

/// A second of the last day before midnight in London; later as a rule than on other days. It stops at 21:59 UTC so
/// that British summer time never makes it tomorrow.
pub fn last_day_second(chance: &mut Chance) -> i64 {
    let (one, other) = (chance.between(8 * 3600, 22 * 3600 - 1), chance.between(8 * 3600, 20 * 3600));
    one.max(other)
}

#[cfg(test)]
mod tests {
    use super::super::chance::Purpose;
    use super::*;

    #[test]
    fn day_numbers_and_dates_agree() {
        for day in [date(1970, 1, 1), date(2024, 2, 29), date(2026, 12, 31)] {
            assert_eq!(date_of(day_of(day)), day);
        }
        assert_eq!(day_of(date(1970, 1, 2)), 1);
    }

    #[test]
    fn weekends_are_mostly_free() {
        let mut chance = Chance::new(1, Purpose::Returns, 0);
        let saturday = day_of(date(2026, 11, 21));
        let moved = (0..1000).filter(|_| avoid_weekend(&mut chance, saturday) == saturday - 1).count();
        assert!((740..860).contains(&moved), "{moved}");
    }
}
