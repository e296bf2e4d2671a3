//! The requirements that stay below what is asked, each with the decision's reason and what would close it.

use super::model::Gap;
use crate::review::case::Case;
use crate::review::pages::paragraphs;
use crate::standards::scoring::{Score, Status};
use crate::standards::{Asked, ItemKind, OutcomeLevel, Requirement, RequirementKind};

/// Every gap of an assessed score, in edition order.
pub(in crate::review) fn gaps(case: &Case, score: &Score) -> Vec<Gap> {
    case.requirements()
        .zip(&score.requirements)
        .filter(|(_, found)| found.asked == Asked::Mandatory && found.met_expected == Some(false))
        .map(|((requirement, line), found)| Gap {
            requirement: requirement.code.to_string(),
            heading: format!("{} {}", requirement.code, requirement.title),
            claimed: line.claimed.label(),
            assessed: found.status.label(),
            expected: found.expected.map(Status::label).unwrap_or_default(),
            reason: line.decision.as_ref().map(|decision| paragraphs(&decision.reason)).unwrap_or_default(),
            close: closes(requirement, found.expected),
        })
        .collect()
}

/// What would close a gap, from what is asked.
fn closes(requirement: &Requirement, expected: Option<Status>) -> String {
    match (&requirement.kind, expected) {
        (RequirementKind::Level { descriptors, .. }, Some(Status::Level(level))) => {
            match descriptors.get(usize::from(level)) {
                Some(words) => format!("Reach level {level}: {}.", words.trim().trim_end_matches('.')),
                None => format!("Reach level {level}."),
            }
        }
        (RequirementKind::Outcome { .. }, Some(Status::Outcome(level))) => match level {
            OutcomeLevel::Achieved => {
                "Make every statement under \"achieved\" true, and none under \"not achieved\".".to_owned()
            }
            OutcomeLevel::PartiallyAchieved => {
                "Make every statement under \"partially achieved\" true, and none under \"not achieved\"."
                    .to_owned()
            }
            OutcomeLevel::NotAchieved => "Answer it.".to_owned(),
        },
        (RequirementKind::Item { item, .. }, _) => match item {
            ItemKind::Document => "Provide the document, complete and in date.".to_owned(),
            _ => "Complete the answer, with evidence that shows it.".to_owned(),
        },
        _ => "Meet what is asked.".to_owned(),
    }
}
