//! On which days a reminder is due.

crate::text_enum! {
    /// Which of a year's returns a reminder is of.
    Stage {
        /// The interim return, where the collection asks for one.
        Interim = "interim", "interim return";
        /// The return itself.
        Final = "final", "return";
    }
}

/// How many days ahead of the due day reminders go out.
pub const DAYS_BEFORE: [i64; 6] = [60, 30, 14, 7, 2, 1];

/// How many days late a reminder still goes out when the portal did not run on its own day. Fewer than the days between
/// any two of the earlier ones, so that nobody is told of 60 days when 30 are left.
const CATCH_UP: i64 = 3;

/// The reminder that is due when so many days are left: the nearest one whose day has come, unless its day is long past.
/// On the due day itself the last one still counts; after it there is none.
pub(super) fn mark(days_left: i64) -> Option<i64> {
    if days_left < 0 {
        return None;
    }
    DAYS_BEFORE.iter().copied().filter(|mark| (days_left..=days_left + CATCH_UP).contains(mark)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_are_due_on_their_days_and_shortly_after() {
        let all: Vec<(i64, Option<i64>)> = (-1..=61).map(|left| (left, mark(left))).collect();
        let of = |left: i64| all.iter().find(|(days, _)| *days == left).and_then(|(_, mark)| *mark);
        for (left, expected) in [
            (61, None),
            (60, Some(60)),
            (57, Some(60)),
            (56, None),
            (30, Some(30)),
            (26, None),
            (14, Some(14)),
            (11, Some(14)),
            (10, None),
            (7, Some(7)),
            (4, Some(7)),
            (3, None),
            (2, Some(2)),
            (1, Some(1)),
            (0, Some(1)),
            (-1, None),
        ] {
            assert_eq!(of(left), expected, "{left} days left");
        }
    }

    #[test]
    fn every_reminder_has_its_day() {
        assert!(DAYS_BEFORE.iter().all(|day| mark(*day) == Some(*day)));
    }
}
