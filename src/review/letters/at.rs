//! A case as it stood at one of its conclusions, whatever has been decided in it since.

use super::model::{Conclusion, KeptDecision};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::review::case::{Case, rule_set_of};
use crate::review::store::Decision;

impl Conclusion {
    /// The decisions that it rests on.
    ///
    /// # Errors
    /// When the stored text is not a list of decisions, which is a fault.
    pub fn kept_decisions(&self) -> Result<Vec<KeptDecision>> {
        serde_json::from_str(&self.decisions).map_err(|e| {
            Error::internal(format!("failed to read the decisions of conclusion {}", self.id), e)
        })
    }
}

/// The decisions of a case as they are kept.
pub(super) fn to_keep(case: &Case) -> Vec<KeptDecision> {
    case.requirements()
        .filter_map(|(requirement, line)| {
            let decision = line.decision.as_ref()?;
            Some(KeptDecision {
                requirement: requirement.code.to_string(),
                outcome: decision.outcome,
                assessed: decision.assessed,
                reason: decision.reason.clone(),
            })
        })
        .collect()
}

impl Case {
    /// The case with the decisions, grade and summary of this conclusion in place of those that stand now, and under the
    /// rules that it was made by.
    ///
    /// # Errors
    /// As [`Conclusion::kept_decisions`], or when the database cannot be asked.
    pub fn at(self, conn: &mut Conn, conclusion: &Conclusion) -> Result<Self> {
        let mut case = self.under(conn, &rule_set_of(&conclusion.score)?)?;
        for line in &mut case.lines {
            line.decision = None;
        }
        for kept in conclusion.kept_decisions()? {
            let Some(position) = case.edition().position(&kept.requirement) else { continue };
            let Some(requirement) = case.found.edition.requirement_id(&kept.requirement) else { continue };
            if let Some(line) = case.lines.get_mut(position) {
                line.decision = Some(Decision {
                    requirement,
                    outcome: kept.outcome,
                    assessed: kept.assessed,
                    reason: kept.reason,
                    version: 1,
                });
            }
        }
        let review = &mut case.found.review;
        review.assessed_grade = Some(conclusion.assessed_grade.clone());
        review.summary.clone_from(&conclusion.summary);
        review.decided_at = Some(conclusion.decided_at);
        Ok(case)
    }
}
