//! The value of one answer: what an organisation says about one requirement, in memory and as JSON.

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::keys::IndicatorCode;
use super::model::{ItemKind, OutcomeLevel, Requirement, RequirementKind};

/// What an organisation answers to one requirement. Only [`AnswerValue::parse`] should make one from outside data: it
/// checks the value against its requirement.
///
/// [`AnswerValue::parse`]: AnswerValue::parse
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerValue {
    /// Levels: the level reached.
    Level {
        /// 0 to the scheme's highest level.
        level: u8,
        /// A supporting statement.
        text: Option<String>,
    },
    /// Levels: the requirement does not apply.
    NotRelevant {
        /// Why not; never empty.
        reason: String,
    },
    /// Assertions: free text; may be empty while it is being written.
    Text(String),
    /// Assertions: a date.
    Date(Date),
    /// Assertions: yes or no.
    YesNo {
        /// The answer.
        yes: bool,
        /// An explanation.
        text: Option<String>,
    },
    /// Assertions: documents are attached beside the answer.
    Documents {
        /// Whether the organisation says that it has attached what was asked for.
        provided: bool,
        /// A note on the documents.
        text: Option<String>,
    },
    /// Assertions: whether the assertion holds.
    Confirmation {
        /// The statement.
        confirmed: bool,
        /// A supporting statement.
        text: Option<String>,
    },
    /// Outcomes: the indicators that are true.
    Outcome {
        /// Ticked indicators, each once, in the edition's order (achieved, partially, not achieved).
        indicators: Vec<IndicatorCode>,
        /// A claim to another result than the indicators give.
        level_override: Option<LevelOverride>,
        /// A supporting statement.
        text: Option<String>,
    },
}

/// A claim that an alternative control gives another result than the ticked indicators do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelOverride {
    /// The result claimed.
    pub level: OutcomeLevel,
    /// Why; never empty.
    pub justification: String,
}

impl AnswerValue {
    /// The JSON form that [`AnswerValue::parse`] reads back to the same value.
    pub fn to_json(&self) -> Value {
        let mut value = match self {
            Self::Level { level, .. } => json!({ "level": level }),
            Self::NotRelevant { reason } => json!({ "not_relevant": true, "reason": reason }),
            Self::Text(text) => json!({ "text": text }),
            Self::Date(date) => json!({ "date": date.to_string() }),
            Self::YesNo { yes, .. } => json!({ "yes_no": yes }),
            Self::Documents { provided, .. } => json!({ "documents": provided }),
            Self::Confirmation { confirmed, .. } => json!({ "confirmed": confirmed }),
            Self::Outcome { indicators, level_override: None, .. } => json!({ "indicators": indicators }),
            Self::Outcome { indicators, level_override: Some(claim), .. } => json!({
                "indicators": indicators,
                "override": { "level": claim.level, "justification": claim.justification },
            }),
        };
        if let (Some(text), Value::Object(map)) = (self.statement(), &mut value) {
            map.insert("text".to_owned(), Value::String(text.to_owned()));
        }
        value
    }

    /// The optional supporting statement that stands beside the answer proper.
    pub fn statement(&self) -> Option<&str> {
        match self {
            Self::Level { text, .. }
            | Self::YesNo { text, .. }
            | Self::Documents { text, .. }
            | Self::Confirmation { text, .. }
            | Self::Outcome { text, .. } => text.as_deref(),
            Self::NotRelevant { .. } | Self::Text(_) | Self::Date(_) => None,
        }
    }

    /// Whether the answer says all that its requirement asks. `attached_files` is the number of files attached beside
    /// the answer: a document item without a file is not complete, whatever its text says, and "no" is as complete as
    /// "yes" (what a "no" means is for the assertion's confirmation and the reviewer). An outcome is complete when at
    /// least one indicator is ticked or a result is claimed with a justification.
    pub fn is_complete(&self, requirement: &Requirement, attached_files: usize) -> bool {
        match (&requirement.kind, self) {
            (RequirementKind::Level { .. }, Self::Level { .. } | Self::NotRelevant { .. }) => true,
            (RequirementKind::Item { item, .. }, value) => match (item, value) {
                (ItemKind::Text, Self::Text(text)) => !text.trim().is_empty(),
                (ItemKind::Date, Self::Date(_)) | (ItemKind::YesNo, Self::YesNo { .. }) => true,
                (ItemKind::Document, Self::Documents { provided, .. }) => *provided && attached_files > 0,
                (ItemKind::Confirmation, Self::Confirmation { confirmed, .. }) => *confirmed,
                _ => false,
            },
            (RequirementKind::Outcome { .. }, Self::Outcome { indicators, level_override, .. }) => {
                !indicators.is_empty() || level_override.is_some()
            }
            _ => false,
        }
    }

    /// Whether this is the kind of value the requirement takes.
    pub(super) fn fits(&self, requirement: &Requirement) -> bool {
        match (&requirement.kind, self) {
            (RequirementKind::Level { descriptors, .. }, Self::Level { level, .. }) => {
                usize::from(*level) < descriptors.len()
            }
            (RequirementKind::Level { may_be_not_relevant, .. }, Self::NotRelevant { .. }) => {
                *may_be_not_relevant
            }
            (RequirementKind::Item { item, .. }, value) => matches!(
                (item, value),
                (ItemKind::Text, Self::Text(_))
                    | (ItemKind::Date, Self::Date(_))
                    | (ItemKind::YesNo, Self::YesNo { .. })
                    | (ItemKind::Document, Self::Documents { .. })
                    | (ItemKind::Confirmation, Self::Confirmation { .. })
            ),
            (RequirementKind::Outcome { .. }, Self::Outcome { .. }) => true,
            _ => false,
        }
    }
}
