//! What a question page says of exemptions and the improvement plan.

use serde::Serialize;

use crate::platform::clock::Day;
use crate::returns::circumstances::Excuse;
use crate::returns::store::Found;
use crate::standards::{Asked, Requirement};

/// Why the requirement needs no answer, or why a certificate that is held does not help.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Circumstance {
    /// The heading of the box; empty for none.
    heading: &'static str,
    /// Sentences in the box.
    words: Vec<String>,
    /// Why certificates do not exempt.
    misses: Vec<String>,
    certificates_href: String,
    plan_href: String,
}

impl Circumstance {
    /// What stands beside this requirement on this day.
    #[must_use]
    pub fn of(found: &Found, requirement: &Requirement, asked: Asked, on: Day) -> Self {
        let certificates_href = format!("/organisations/{}/certificates", found.code);
        let plan_href = crate::returns::plan::plan_href(&found.code, &found.collection.key);
        let note = Self { certificates_href, plan_href, ..Self::default() };
        match found.excuse(requirement, asked, on) {
            Some(Excuse::Exempt(exempted)) => Self {
                heading: "Exempt",
                words: vec![
                    exempted.words,
                    exempted.reason,
                    "You need not answer. An answer that you give anyway is kept.".to_owned(),
                ],
                plan_href: String::new(),
                ..note
            },
            Some(Excuse::Planned) => Self {
                heading: "Covered by the plan",
                words: vec![
                    "The improvement plan that was signed has an action for this requirement, so it keeps \
                             nobody from submitting."
                        .to_owned(),
                ],
                certificates_href: String::new(),
                ..note
            },
            None if asked == Asked::Mandatory => {
                Self { misses: found.missed_exemptions(requirement, on), plan_href: String::new(), ..note }
            }
            None => Self::default(),
        }
    }

    /// An example of each.
    pub(super) fn samples() -> [Self; 2] {
        let exempt = Self {
            heading: "Exempt",
            words: vec!["Your ISO/IEC 27001 certificate covers all 7 services until 3 May 2027.".to_owned()],
            misses: vec![
                "Your certificate does not exempt you: its scope leaves out 2 of 7 services.".to_owned(),
            ],
            certificates_href: "/organisations/ZZ001/certificates".to_owned(),
            plan_href: "/organisations/ZZ001/returns/2026/plan".to_owned(),
        };
        [Self::default(), exempt]
    }
}
