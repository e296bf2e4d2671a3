//! The way of a collection's submissions to its deadline, and what it leads to if this year goes on as earlier years went.
//! Whole numbers only.

use std::collections::BTreeMap;

use crate::platform::clock::Day;

/// Days before the deadline at which ways are compared: by week from half a year before, by day in the last fortnight.
const WEEKS: i64 = 26;
const DAILY: i64 = 14;
/// Weeks after the deadline that are shown.
const AFTER: i64 = 2;

/// How many organisations of one collection submitted for the first time on which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    /// The label of its year.
    pub label: String,
    /// The day of the deadline.
    pub deadline: Day,
    /// First submissions by London day.
    pub days: BTreeMap<Day, i64>,
}

impl Way {
    /// Organisations that had submitted by the end of a day.
    pub fn by(&self, day: Day) -> i64 {
        self.days.range(..=day).map(|(_, sent)| sent).sum()
    }

    /// Organisations that had submitted with so many days to go, by the end of that day.
    pub fn with_days_left(&self, left: i64) -> i64 {
        self.by(self.deadline.plus_days(-left))
    }
}

/// What the deadline will find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Forecast {
    /// Submissions by the deadline if this year goes on as last year went.
    pub expected: i64,
    /// The least of what each earlier year leads to.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// Earlier years that it rests on.
    pub years: usize,
    /// Days to the deadline, counted from the end of the last whole day.
    pub days_left: i64,
    /// Submissions by the end of the last whole day.
    pub so_far: i64,
}

/// The forecast at a day, from the ways of earlier collections, the last year's first. None before anybody submitted, from
/// the day of the deadline's end on, and where no earlier year had a submission with as many days to go.
pub(super) fn forecast(way: &Way, earlier: &[Way], today: Day, in_scope: i64) -> Option<Forecast> {
    let whole = today.plus_days(-1);
    let days_left = whole.days_until(way.deadline);
    let so_far = way.by(whole);
    if days_left <= 0 || so_far == 0 {
        return None;
    }
    let most_possible = in_scope.max(so_far);
    let each: Vec<i64> = earlier
        .iter()
        .filter_map(|year| scaled(so_far, year.with_days_left(0), year.with_days_left(days_left)))
        .map(|expected| expected.min(most_possible))
        .collect();
    Some(Forecast {
        expected: *each.first()?,
        least: *each.iter().min()?,
        most: *each.iter().max()?,
        years: each.len(),
        days_left,
        so_far,
    })
}

/// `so_far` times `whole` by `part`, to the nearest whole number; none without a part.
fn scaled(so_far: i64, whole: i64, part: i64) -> Option<i64> {
    if part <= 0 {
        return None;
    }
    let doubled = i128::from(so_far) * i128::from(whole) * 2 + i128::from(part);
    i64::try_from(doubled / (i128::from(part) * 2)).ok()
}

impl Forecast {
    /// The method and its result, as people read them.
    pub fn words(&self, label: &str) -> Vec<String> {
        let number = |n: i64| crate::platform::pages::words::number(i128::from(n));
        let days = if self.days_left == 1 { "1 day".to_owned() } else { format!("{} days", self.days_left) };
        let range = if self.years > 1 {
            format!(
                "Each of the last {} years, taken alone, leads to between {} and {}.",
                self.years,
                number(self.least),
                number(self.most)
            )
        } else {
            "There is only one earlier year to go by, so there is no range.".to_owned()
        };
        vec![
            format!(
                "By the end of yesterday, {days} before the deadline, {} organisations had submitted. If this year \
                 goes on as {label} went, {} will have by the deadline.",
                number(self.so_far),
                number(self.expected)
            ),
            range,
            format!(
                "The method: we look at how many had submitted in {label} with {days} to go, and how many by its \
                 deadline. This year's number grows in the same proportion. It is never more than the organisations \
                 in scope."
            ),
        ]
    }
}

/// The days to go at which ways are drawn and listed, the furthest first; negative ones are after the deadline.
pub(super) fn marks(ways: &[&Way]) -> Vec<i64> {
    let first = ways
        .iter()
        .filter_map(|way| way.days.keys().next().map(|day| day.days_until(way.deadline)))
        .max()
        .unwrap_or_default();
    let weeks = (DAILY / 7 + 1..=WEEKS).rev().map(|week| week * 7).filter(|left| *left < first + 7);
    let after = (1..=AFTER).map(|week| -week * 7);
    weeks.chain((0..=DAILY).rev()).chain(after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(label: &str, deadline: &str, days: &[(&str, i64)]) -> Way {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let days = days.iter().map(|(at, sent)| (day(at), *sent)).collect();
        Way { label: label.to_owned(), deadline: day(deadline), days }
    }

    #[test]
    fn the_forecast_is_what_a_hand_finds() {
        // Ten days before the deadline 40 of 200 had submitted, a year earlier 30 of 90.
        let last = way(
            "2025",
            "2025-06-30",
            &[("2025-06-01", 40), ("2025-06-21", 100), ("2025-06-30", 60), ("2025-07-02", 5)],
        );
        let before = way("2024", "2024-06-30", &[("2024-06-20", 30), ("2024-06-30", 60)]);
        let now = way("2026", "2026-06-30", &[("2026-06-10", 25), ("2026-06-20", 8), ("2026-06-21", 50)]);
        let found = forecast(&now, &[last.clone(), before], "2026-06-21".parse().unwrap(), 1_000).unwrap();
        // 33 x 200 / 40 = 165; 33 x 90 / 30 = 99; what came in today does not count yet.
        let expected = Forecast { expected: 165, least: 99, most: 165, years: 2, days_left: 10, so_far: 33 };
        assert_eq!(found, expected);
        let capped = forecast(&now, &[last], "2026-06-21".parse().unwrap(), 120).unwrap();
        assert_eq!((capped.expected, capped.years), (120, 1));
        assert!(found.words("2025")[0].contains("10 days before the deadline, 33 organisations"));
        assert!(found.words("2025")[1].contains("between 99 and 165"));
        assert!(capped.words("2025")[1].contains("no range"));
    }

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!(scaled(1, 3, 2), Some(2));
        assert_eq!(scaled(5, 1, 3), Some(2));
        assert_eq!(scaled(4, 1, 3), Some(1));
        assert_eq!(scaled(4, 1, 0), None);
    }

    #[test]
    fn nothing_is_foretold_from_nothing() {
        let last = way("2025", "2025-06-30", &[("2025-06-29", 40)]);
        let now = way("2026", "2026-06-30", &[("2026-06-10", 25)]);
        let at = |day: &str, way: &Way| forecast(way, std::slice::from_ref(&last), day.parse().unwrap(), 100);
        assert_eq!(at("2026-06-20", &now), None, "nobody had submitted so early last year");
        assert_eq!(at("2026-06-10", &now), None, "the first day is not over");
        assert_eq!(at("2026-07-01", &now), None, "the deadline has passed");
        assert_eq!(at("2026-06-30", &now).map(|f| f.expected), Some(25));
        assert_eq!(forecast(&now, &[], "2026-06-20".parse().unwrap(), 100), None);
    }

    #[test]
    fn marks_go_from_weeks_to_days_and_beyond() {
        let last = way("2025", "2025-06-30", &[("2025-06-01", 40)]);
        let found = marks(&[&last]);
        assert_eq!(found[..3], [35, 28, 21]);
        assert_eq!(found[3..6], [14, 13, 12]);
        assert_eq!(found[found.len() - 3..], [0, -7, -14]);
        assert_eq!(last.with_days_left(0), 40);
    }
}
