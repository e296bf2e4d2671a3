//! What organisations are compared by: two figures for the whole of a return, never one of its answers.

use crate::standards::Scheme;
use crate::standards::scoring::Status;

crate::text_enum! {
    /// A figure from 0 to 100 that every return of a kind has.
    Measure {
        /// The share of the requirements that count whose answers are confirmed in the running collection.
        Answered = "answered", "Answers confirmed this year";
        /// The share of the points that last year's submission could reach.
        Points = "points", "Points reached last year";
    }
}

/// `done` of `of` as whole points, rounded down; none where there is nothing to do.
#[must_use]
pub fn share(done: u64, of: u64) -> Option<u8> {
    let points = done.min(of).checked_mul(100)?.checked_div(of)?;
    u8::try_from(points).ok()
}

/// The points that a submission's packed vector reaches of those it could: in a levels edition the percentage that its
/// scheme gives, of items the share that is complete or exempt, of outcomes two points each for the highest result. What
/// was not asked, not relevant or excused counts on neither side.
#[must_use]
pub fn points(levels: &[u8], scheme: &Scheme) -> Option<u8> {
    let most = match scheme {
        Scheme::Levels(levels) => u64::from(levels.max_level),
        Scheme::Assertions(_) => 1,
        Scheme::Outcomes {} => 2,
    };
    let (mut sum, mut possible) = (0_u64, 0_u64);
    for status in levels.iter().filter_map(|byte| Status::from_byte(scheme.kind(), *byte)) {
        let reached = match status {
            Status::Level(level) => u64::from(level).min(most),
            Status::Complete | Status::Exempt => 1,
            Status::Incomplete => 0,
            Status::Outcome(level) => u64::from(level.rank()),
            _ => continue,
        };
        sum += reached;
        possible += most;
    }
    share(sum, possible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_down_and_need_something_to_do() {
        assert_eq!(
            (share(0, 3), share(2, 3), share(3, 3), share(4, 3)),
            (Some(0), Some(66), Some(100), Some(100))
        );
        assert_eq!(share(0, 0), None);
        assert_eq!(share(u64::MAX, u64::MAX), None);
    }

    #[test]
    fn outcomes_count_by_result_and_leave_out_what_was_not_asked() {
        let scheme = Scheme::Outcomes {};
        assert_eq!(points(&[0, 1, 2, 255, 253], &scheme), Some(50));
        assert_eq!(points(&[255, 255], &scheme), None);
        assert_eq!(points(&[], &scheme), None);
    }
}
