//! A correction of rules: its states and the steps between them.

crate::text_enum! {
    /// Where a correction stands.
    CorrectionState {
        /// Being written.
        Draft = "draft", "Draft";
        /// A job computes what it would change.
        Previewing = "previewing", "Being previewed";
        /// What it would change is known; a second person decides.
        Previewed = "previewed", "Waits for approval";
        /// Approved; a job scores every return again, and everybody still reads the old results.
        Rescoring = "rescoring", "Being put in force";
        /// Its rules count.
        InForce = "in_force", "In force";
        /// A later correction of the same edition took its place.
        Replaced = "replaced", "Replaced by a later correction";
        /// Given up before it was approved.
        Discarded = "discarded", "Discarded";
    }
}

/// A step from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The author changes it; what was previewed is void.
    Edit,
    /// Somebody asks what it would change.
    Preview,
    /// The job has written what it would change.
    Finish,
    /// A second person approves it.
    Approve,
    /// A second person refuses it.
    Refuse,
    /// It is given up.
    Discard,
    /// Every result is written: they count from now on.
    PutInForce,
    /// A later correction takes its place.
    Replace,
}

impl CorrectionState {
    /// The state after a step; `None` when it cannot be taken from here.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Previewed, Step::Edit) | (Self::Previewed, Step::Refuse) => {
                Some(Self::Draft)
            }
            (Self::Draft | Self::Previewed, Step::Preview) => Some(Self::Previewing),
            (Self::Previewing, Step::Finish) => Some(Self::Previewed),
            (Self::Previewed, Step::Approve) => Some(Self::Rescoring),
            (Self::Draft | Self::Previewed, Step::Discard) => Some(Self::Discarded),
            (Self::Rescoring, Step::PutInForce) => Some(Self::InForce),
            (Self::InForce, Step::Replace) => Some(Self::Replaced),
            _ => None,
        }
    }

    /// Whether its rules count or have counted.
    #[must_use]
    pub const fn was_in_force(self) -> bool {
        matches!(self, Self::InForce | Self::Replaced)
    }
}

/// Which of the two computations a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// What would change.
    Preview,
    /// What counts once the correction is in force.
    Result,
}

impl Run {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Result => "result",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_back_from_what_was_approved() {
        use Step::{Approve, Discard, Edit, Finish, Preview, PutInForce, Refuse, Replace};
        let way = [
            (Preview, CorrectionState::Previewing),
            (Finish, CorrectionState::Previewed),
            (Refuse, CorrectionState::Draft),
            (Preview, CorrectionState::Previewing),
            (Finish, CorrectionState::Previewed),
            (Approve, CorrectionState::Rescoring),
            (PutInForce, CorrectionState::InForce),
            (Replace, CorrectionState::Replaced),
        ];
        let mut state = CorrectionState::Draft;
        for (step, next) in way {
            state = state.after(step).unwrap();
            assert_eq!(state, next);
        }
        for step in [Edit, Preview, Finish, Approve, Refuse, Discard] {
            for fixed in [CorrectionState::Rescoring, CorrectionState::InForce, CorrectionState::Replaced] {
                assert_eq!(fixed.after(step), None, "{step:?}");
            }
        }
        assert_eq!(CorrectionState::Previewing.after(Approve), None);
    }
}
