//! Whether a finished review needs a second pair of eyes before it is decided, and why.

use super::case::Case;
use crate::standards::scoring::Score;

/// Why somebody else has to confirm a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The grade is not the one that was claimed.
    GradeChanges,
}

impl Why {
    /// The word for the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GradeChanges => "grade_changes",
        }
    }

    /// A sentence for the reviewer.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::GradeChanges => "The grade changes, so a second reviewer has to confirm it.",
        }
    }
}

/// The reason for which this review, with this assessed score, goes to a second reviewer; none where it does not.
pub(super) fn needs_second(case: &Case, assessed: &Score) -> Option<Why> {
    (assessed.grade.as_str() != case.found.review.claimed_grade).then_some(Why::GradeChanges)
}
