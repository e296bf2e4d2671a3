//! What the pages of a review say where the rules were corrected after the return was submitted.

use serde::Serialize;

use crate::review::case::Case;

/// The rule set of the submission and the one in force; empty where they are the same.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct RulesNote {
    then: String,
    now: String,
    href: String,
}

impl RulesNote {
    /// The note of a case.
    pub fn of(case: &Case) -> Self {
        let (then, edition) = (&case.found.rule_set, case.edition());
        if then == edition.rule_set() {
            return Self::default();
        }
        Self {
            then: then.clone(),
            now: edition.rule_set().to_owned(),
            href: format!("/standards/{}/corrections", edition.key()),
        }
    }

    /// A note for the samples.
    pub fn sample() -> Self {
        Self {
            then: "sample-2026.1".to_owned(),
            now: "sample-2026.1+1".to_owned(),
            href: "/standards/sample-2026/corrections".to_owned(),
        }
    }
}
