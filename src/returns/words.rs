//! An answer in words, for the pages that show it: check answers, conflicts, history, review.

use crate::standards::scoring::{ColumnTicks, decide_outcome};
use crate::standards::{AnswerValue, Indicator, IndicatorCode, OutcomeLevel, Requirement, RequirementKind};

/// What the ticked indicators of an outcome give by themselves; `None` for a requirement that is no outcome.
#[must_use]
pub fn computed_outcome(requirement: &Requirement, ticked: &[IndicatorCode]) -> Option<OutcomeLevel> {
    let RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } = &requirement.kind
    else {
        return None;
    };
    let ticks = |column: &[Indicator]| {
        let count = column.iter().filter(|indicator| ticked.contains(&indicator.code)).count();
        ColumnTicks::count(count, column.len())
    };
    Some(decide_outcome(ticks(achieved), ticks(partially_achieved), ticks(not_achieved)))
}

/// The answer in words: what it says first, then what supports it. Texts of the organisation stand as they are.
#[must_use]
pub fn words(requirement: &Requirement, value: &AnswerValue) -> Vec<String> {
    let mut lines = vec![first_line(requirement, value)];
    match value {
        AnswerValue::NotRelevant { reason } => lines.push(reason.clone()),
        AnswerValue::Outcome { indicators, level_override, .. } => {
            if !indicators.is_empty() {
                let codes: Vec<&str> = indicators.iter().map(IndicatorCode::as_str).collect();
                lines.push(format!("Ticked: {}", codes.join(", ")));
            }
            if let Some(claim) = level_override {
                lines.push(format!("Alternative control: {}", claim.justification));
            }
        }
        _ => {}
    }
    lines.extend(value.statement().map(str::to_owned));
    lines
}

fn first_line(requirement: &Requirement, value: &AnswerValue) -> String {
    match value {
        AnswerValue::Level { level, .. } => match &requirement.kind {
            RequirementKind::Level { descriptors, .. } => {
                let words = descriptors.get(usize::from(*level)).map_or("", String::as_str);
                format!("Level {level}: {words}")
            }
            _ => format!("Level {level}"),
        },
        AnswerValue::NotRelevant { .. } => "Not relevant".to_owned(),
        AnswerValue::Text(text) => text.clone(),
        AnswerValue::Date(date) => date.strftime("%-d %B %Y").to_string(),
        AnswerValue::YesNo { yes, .. } => if *yes { "Yes" } else { "No" }.to_owned(),
        AnswerValue::Documents { provided, .. } => {
            if *provided { "The documents are attached" } else { "The documents are not attached" }.to_owned()
        }
        AnswerValue::Confirmation { confirmed, .. } => {
            if *confirmed { "Confirmed" } else { "Not confirmed" }.to_owned()
        }
        AnswerValue::Outcome { indicators, level_override, .. } => {
            let computed = computed_outcome(requirement, indicators).map_or("", OutcomeLevel::label);
            match level_override {
                None => computed.to_owned(),
                Some(claim) => {
                    format!("{} (claimed; the indicators alone give: {computed})", claim.level.label())
                }
            }
        }
    }
}
