//! What was decided about a plan so far, as both its pages list it.

use serde::Serialize;

use crate::returns::plan::model::PlanState;
use crate::returns::plan::reading::Reading;
use crate::returns::store::Found;

/// A reason against one line.
#[derive(Debug, Serialize)]
struct LineReason {
    heading: String,
    reason: String,
}

/// One decision.
#[derive(Debug, Serialize)]
pub(super) struct DecisionItem {
    verdict: &'static str,
    by: String,
    at: i64,
    reason: String,
    lines: Vec<LineReason>,
}

/// The decisions, the newest first, with reasons in the edition's order.
pub(super) fn decision_items(found: &Found, reading: &Reading) -> Vec<DecisionItem> {
    let requirements = found.edition.edition().requirements();
    reading
        .decisions
        .iter()
        .map(|decision| DecisionItem {
            verdict: decision.verdict.words(),
            by: reading.name(Some(decision.by)).to_owned(),
            at: decision.at.micros(),
            reason: decision.reason.clone(),
            lines: requirements
                .iter()
                .filter_map(|requirement| {
                    let reason = decision.lines.get(requirement.code.as_str())?;
                    let heading = format!("{} {}", requirement.code, requirement.title);
                    Some(LineReason { heading, reason: reason.clone() })
                })
                .collect(),
        })
        .collect()
}

/// Examples for the checks.
pub(super) fn sample_decisions() -> Vec<DecisionItem> {
    let item = |verdict: PlanState, reason: &str, lines: Vec<LineReason>| DecisionItem {
        verdict: verdict.words(),
        by: "Pam Programme".to_owned(),
        at: 1_780_000_000_000_000,
        reason: reason.to_owned(),
        lines,
    };
    let line = LineReason { heading: "1.1.2 Register".to_owned(), reason: "Say who writes it.".to_owned() };
    vec![
        item(PlanState::Approved, "", Vec::new()),
        item(PlanState::Rejected, "Two dates are too late.", vec![line]),
    ]
}
