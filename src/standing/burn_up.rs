//! The burn-up: how many answers were confirmed by the end of each London day, what the deadline asks for, and whether
//! the pace of late will do. Whole numbers and decimals only.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::AnswerId;

/// The days over which the pace of late is taken.
const OF_LATE: i64 = 14;
/// A forecast further away than this says nothing.
const FORESEEABLE: i64 = 730;

/// One answer said to be finished, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The answer.
    pub answer: AnswerId,
    /// When it was saved.
    pub at: Timestamp,
    /// Whether it was confirmed then.
    pub confirmed: bool,
}

/// The time that a burn-up looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// When the return was started.
    pub opened_at: Timestamp,
    /// Now.
    pub now: Timestamp,
    /// When it is due, an extension included.
    pub due_at: Timestamp,
}

/// How many answers were confirmed at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The day, in London.
    pub day: Day,
    /// The answers confirmed by its end.
    pub confirmed: usize,
}

/// The burn-up of one return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnUp {
    /// The day on which the return was started.
    pub first: Day,
    /// The day of looking.
    pub today: Day,
    /// The day on which it is due.
    pub due: Day,
    /// Whether the deadline has passed.
    pub overdue: bool,
    /// The first day, every day on which the number changed, and today.
    pub steps: Vec<Step>,
    /// Answers that are confirmed now.
    pub confirmed: usize,
    /// Answers that have to be.
    pub goal: usize,
}

/// Counts the changes day by day. They may come in any order of answers, each answer's in its own order; what is dated
/// before the return was started counts on its first day.
#[must_use]
pub fn burn_up(changes: &[Change], span: Span, goal: usize) -> BurnUp {
    let (first, today) =
        (span.opened_at.london_day(), span.now.london_day().max(span.opened_at.london_day()));
    let mut ordered: Vec<&Change> = changes.iter().filter(|change| change.at <= span.now).collect();
    ordered.sort_by_key(|change| change.at);
    let mut standing: BTreeMap<AnswerId, bool> = BTreeMap::new();
    let mut by_day: BTreeMap<Day, usize> = BTreeMap::from([(first, 0)]);
    let mut confirmed = 0_usize;
    for change in ordered {
        let before = standing.insert(change.answer, change.confirmed).unwrap_or_default();
        match (before, change.confirmed) {
            (false, true) => confirmed += 1,
            (true, false) => confirmed = confirmed.saturating_sub(1),
            _ => {}
        }
        by_day.insert(change.at.london_day().max(first), confirmed);
    }
    by_day.insert(today, confirmed);
    let mut steps: Vec<Step> = Vec::new();
    for (day, confirmed) in by_day {
        let same = steps.last().is_some_and(|last| last.confirmed == confirmed);
        if !same || day == today {
            steps.push(Step { day, confirmed });
        }
    }
    BurnUp {
        first,
        today,
        due: span.due_at.london_day(),
        overdue: span.now > span.due_at,
        steps,
        confirmed,
        goal: goal.max(confirmed),
    }
}

impl BurnUp {
    /// Answers that are still to be confirmed.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.goal.saturating_sub(self.confirmed)
    }

    /// Days until the deadline, today counted; none when it has passed.
    #[must_use]
    pub fn days_left(&self) -> Option<i64> {
        (!self.overdue).then(|| self.today.days_until(self.due) + 1).filter(|days| *days > 0)
    }

    /// Answers that have to be confirmed each week to be done by the deadline, rounded up to one decimal.
    #[must_use]
    pub fn needed_a_week(&self) -> Option<Decimal> {
        let needed = a_week(self.left(), self.days_left()?)?;
        Some(needed.round_dp_with_strategy(1, RoundingStrategy::AwayFromZero).normalize())
    }

    /// Over how many days the pace of late is taken, and how many answers were confirmed in them, less those that were
    /// taken back.
    #[must_use]
    pub fn of_late(&self) -> (i64, i64) {
        let days = (self.first.days_until(self.today) + 1).clamp(1, OF_LATE);
        let since = self.today.plus_days(-days);
        let before = self.steps.iter().rev().find(|step| step.day <= since).map_or(0, |step| step.confirmed);
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        (days, count(self.confirmed) - count(before))
    }

    /// The day on which the last answer would be confirmed at the pace of late.
    #[must_use]
    pub fn forecast(&self) -> Option<Day> {
        let (days, gained) = self.of_late();
        let left = i64::try_from(self.left()).ok().filter(|left| *left > 0)?;
        if gained <= 0 {
            return None;
        }
        let wanted = (left * days + gained - 1) / gained;
        (wanted <= FORESEEABLE).then(|| self.today.plus_days(wanted))
    }

    /// What it says, as sentences; `sent` when the return has been submitted.
    #[must_use]
    pub fn words(&self, sent: bool) -> Vec<String> {
        let mut said = vec![format!("{} of {} answers are confirmed.", self.confirmed, self.goal)];
        if sent {
            said.push("The return has been submitted.".to_owned());
            return said;
        }
        if self.left() == 0 {
            said.push("Nothing is left to confirm.".to_owned());
            return said;
        }
        match (self.days_left(), self.needed_a_week()) {
            (Some(days), Some(needed)) => {
                let days = if days == 1 { "1 day is".to_owned() } else { format!("{days} days are") };
                said.push(format!(
                    "{} left, and {days} left until the deadline of {}, today counted: {needed} a week are needed.",
                    self.left_words(),
                    self.due.words()
                ));
            }
            _ => said.push(format!(
                "The deadline of {} has passed; {} left.",
                self.due.words(),
                self.left_words()
            )),
        }
        said.push(self.pace_words());
        said
    }

    fn left_words(&self) -> String {
        if self.left() == 1 { "1 is".to_owned() } else { format!("{} are", self.left()) }
    }

    fn pace_words(&self) -> String {
        let (days, gained) = self.of_late();
        let in_days = if days == 1 { "Today".to_owned() } else { format!("In the last {days} days") };
        if gained <= 0 {
            return format!("{in_days} no answers were added to the confirmed ones.");
        }
        let pace = usize::try_from(gained).ok().and_then(|gained| a_week(gained, days)).unwrap_or_default();
        let pace = pace.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize();
        let ending = match self.forecast() {
            None => String::new(),
            Some(day) => {
                let early = day.days_until(self.due);
                let against = match early {
                    0 => "the day of the deadline".to_owned(),
                    1.. => format!("{} before the deadline", plural(early, "day")),
                    _ => format!("{} after the deadline", plural(-early, "day")),
                };
                format!(" At this pace the last one is confirmed on {}, {against}.", day.words())
            }
        };
        format!("{in_days} {gained} were added, which is {pace} a week.{ending}")
    }
}

fn plural(count: i64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn a_week(count: usize, days: i64) -> Option<Decimal> {
    Decimal::from(count).checked_mul(Decimal::from(7))?.checked_div(Decimal::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    fn at(text: &str) -> Timestamp {
        parse_london(text).unwrap()
    }

    fn span(opened: &str, now: &str, due: &str) -> Span {
        Span { opened_at: at(opened), now: at(now), due_at: at(due) }
    }

    fn change(answer: i64, when: &str, confirmed: bool) -> Change {
        Change { answer: AnswerId::new(answer), at: at(when), confirmed }
    }

    fn steps(found: &BurnUp) -> Vec<(String, usize)> {
        found.steps.iter().map(|step| (step.day.to_string(), step.confirmed)).collect()
    }

    #[test]
    fn days_end_at_londons_midnight_on_the_days_when_the_clocks_change_too() {
        // The night of 28 to 29 March 2026 is an hour short, that of 24 to 25 October an hour long.
        let spring = [
            change(1, "2026-03-28 23:59", true),
            change(2, "2026-03-29 00:01", true),
            change(3, "2026-03-29 23:59", true),
            change(4, "2026-03-30 00:01", true),
        ];
        let found = burn_up(&spring, span("2026-03-28 09:00", "2026-03-30 12:00", "2026-04-02 12:00"), 10);
        let expected = [("2026-03-28", 1), ("2026-03-29", 3), ("2026-03-30", 4)];
        assert_eq!(steps(&found), expected.map(|(day, n)| (day.to_owned(), n)));
        assert_eq!(found.days_left(), Some(4));
        let autumn = [change(1, "2026-10-25 00:30", true), change(2, "2026-10-25 23:30", true)];
        let found = burn_up(&autumn, span("2026-10-24 09:00", "2026-10-26 00:10", "2026-10-26 12:00"), 3);
        let expected = [("2026-10-24", 0), ("2026-10-25", 2), ("2026-10-26", 2)];
        assert_eq!(steps(&found), expected.map(|(day, n)| (day.to_owned(), n)));
        assert_eq!((found.days_left(), found.needed_a_week()), (Some(1), Some(Decimal::from(7))));
    }

    #[test]
    fn what_is_taken_back_or_confirmed_twice_counts_once() {
        let changes = [
            change(1, "2026-01-06 10:00", true),
            change(2, "2026-01-06 11:00", true),
            change(1, "2026-01-07 10:00", true),
            change(2, "2026-01-08 10:00", false),
            change(3, "2026-02-01 10:00", true),
        ];
        let found = burn_up(&changes, span("2026-01-05 09:00", "2026-01-09 10:00", "2026-06-30 12:00"), 5);
        let expected = [("2026-01-05", 0), ("2026-01-06", 2), ("2026-01-08", 1), ("2026-01-09", 1)];
        assert_eq!(steps(&found), expected.map(|(day, n)| (day.to_owned(), n)));
        assert_eq!((found.confirmed, found.left()), (1, 4));
    }

    #[test]
    fn without_answers_there_is_a_line_and_a_pace() {
        let found = burn_up(&[], span("2026-01-05 09:00", "2026-01-05 10:00", "2026-01-18 12:00"), 7);
        assert_eq!(steps(&found), [("2026-01-05".to_owned(), 0)]);
        assert_eq!(found.needed_a_week(), Some(Decimal::new(35, 1)));
        assert_eq!(found.forecast(), None);
        let said = found.words(false);
        assert_eq!(said[0], "0 of 7 answers are confirmed.");
        assert!(said[1].contains("14 days are left") && said[1].contains("3.5 a week"), "{said:?}");
    }

    #[test]
    fn a_return_started_after_the_deadline_needs_no_pace() {
        let changes = [change(1, "2026-07-02 10:00", true)];
        let found = burn_up(&changes, span("2026-07-01 09:00", "2026-07-03 10:00", "2026-06-30 12:00"), 3);
        assert_eq!((found.days_left(), found.needed_a_week()), (None, None));
        assert!(found.words(false)[1].starts_with("The deadline of 30 June 2026 has passed; 2 are left."));
        assert_eq!(found.words(true).len(), 2);
        assert!(found.overdue && found.due < found.first);
    }

    #[test]
    fn the_forecast_says_how_far_from_the_deadline() {
        let changes: Vec<Change> =
            (0..10).map(|n| change(n, &format!("2026-01-{:02} 10:00", 6 + n), true)).collect();
        let of = |due: &str| burn_up(&changes, span("2026-01-05 09:00", "2026-01-15 18:00", due), 20);
        // Eleven days gave ten: ten more take eleven days.
        let found = of("2026-01-26 12:00");
        assert_eq!((found.of_late(), found.forecast()), ((11, 10), "2026-01-26".parse().ok()));
        assert!(found.words(false)[2].ends_with("on 26 January 2026, the day of the deadline."));
        assert!(of("2026-01-27 12:00").words(false)[2].ends_with("1 day before the deadline."));
        assert!(of("2026-01-20 12:00").words(false)[2].ends_with("6 days after the deadline."));
        assert!(of("2026-01-20 12:00").words(false)[2].contains("10 were added, which is 6.4 a week."));
    }

    #[test]
    fn what_was_saved_before_the_start_counts_on_the_first_day() {
        let found = burn_up(
            &[change(1, "2025-12-01 10:00", true)],
            span("2026-01-05 09:00", "2026-01-05 09:00", "2026-01-10 12:00"),
            0,
        );
        assert_eq!(steps(&found), [("2026-01-05".to_owned(), 1)]);
        assert_eq!((found.goal, found.left()), (1, 0));
    }
}
