//! The years of the demo: three past collections and the one that is open on the day the demo is made.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::Date;

use super::organisations::days_before;
use super::shape::EditionShape;

/// One year's collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The public label, such as `2026/27`.
    pub label: String,
    /// First day on which answers can be saved.
    pub opens: Date,
    /// Last day for the baseline return.
    pub baseline: Date,
    /// Last day for the final return, until midnight in London.
    pub deadline: Date,
    /// Day of the release of this year's statistics, at 09:30; `None` while the collection runs.
    pub released: Option<Date>,
    /// The edition that was answered.
    pub shape: Arc<EditionShape>,
}

/// The label of the financial year (from April) in which a day falls.
#[must_use]
pub fn financial_year(day: Date) -> String {
    let start = if day.month() >= 4 { day.year() } else { day.year() - 1 };
    format!("{start}/{:02}", (start + 1).rem_euclid(100))
}

/// The last days of the four collections around `as_of`, oldest first.
fn deadlines(as_of: Date) -> [Date; 4] {
    let closing = as_of.first_of_month().saturating_add(Span::new().months(1)).last_of_month();
    [3, 2, 1, 0].map(|back| closing.first_of_month().saturating_sub(Span::new().years(back)).last_of_month())
}

/// The labels of the four years around `as_of`, oldest first.
#[must_use]
pub fn closing_years(as_of: Date) -> [String; 4] {
    deadlines(as_of).map(financial_year)
}

/// Three past years and the current one around `as_of`, each with its edition (oldest first).
///
/// Every collection closes on the last day of the month after `as_of`'s, so that on that day the current one is in
/// its last weeks: some returns are decided already, most are being worked on.
#[must_use]
pub fn years_around(as_of: Date, shapes: &[Arc<EditionShape>; 4]) -> [Year; 4] {
    let year = |deadline: Date, shape: &Arc<EditionShape>, running: bool| Year {
        label: financial_year(deadline),
        opens: days_before(deadline, 270),
        baseline: days_before(deadline, 120),
        deadline,
        released: (!running).then(|| deadline.saturating_add(Span::new().days(98))),
        shape: Arc::clone(shape),
    };
    let [one, two, three, four] = deadlines(as_of);
    let [oldest, older, last, current] = shapes;
    [year(one, oldest, false), year(two, older, false), year(three, last, false), year(four, current, true)]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn labels_follow_the_financial_year() {
        assert_eq!(financial_year(date(2026, 12, 31)), "2026/27");
        assert_eq!(financial_year(date(2027, 3, 31)), "2026/27");
        assert_eq!(financial_year(date(1999, 4, 1)), "1999/00");
    }
}
