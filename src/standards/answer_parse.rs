//! Reads one answer from JSON, checked against its requirement, with messages fit to stand beside a form field.

use serde_json::{Map, Value};

use super::answer::{AnswerValue, LevelOverride};
use super::canonical::parse_date;
use super::keys::shorten;
use super::model::{Indicator, ItemKind, OutcomeLevel, Requirement, RequirementKind};

/// The most characters any text of an answer may have.
pub const ANSWER_TEXT_LIMIT: usize = 20_000;

/// Why a value is not an answer to its requirement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AnswerError {
    /// The field of the answer's JSON that is wrong ("level", "override.justification"); empty for the whole answer.
    pub field: String,
    /// What is wrong and what to do, in plain English.
    pub message: String,
}

fn wrong<T>(field: &str, message: impl Into<String>) -> Result<T, AnswerError> {
    Err(AnswerError { field: field.to_owned(), message: message.into() })
}

impl AnswerValue {
    /// Reads an answer in the form that `docs/formats/answers.md` describes and checks it against its requirement:
    /// only known fields, levels and indicators of the requirement, texts of at most [`ANSWER_TEXT_LIMIT`]
    /// characters. Line ends become LF, so that the same text always has the same hash.
    pub fn parse(requirement: &Requirement, value: &Value) -> Result<Self, AnswerError> {
        let Value::Object(map) = value else {
            return wrong("", "An answer is a JSON object");
        };
        match &requirement.kind {
            RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
                level(map, descriptors.len(), *may_be_not_relevant)
            }
            RequirementKind::Item { item, .. } => evidence(map, *item),
            RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } => {
                outcome(requirement, map, &[achieved, partially_achieved, not_achieved])
            }
        }
    }
}

fn level(
    map: &Map<String, Value>,
    count: usize,
    may_be_not_relevant: bool,
) -> Result<AnswerValue, AnswerError> {
    if flag(map, "not_relevant")?.unwrap_or(false) {
        only(map, &["not_relevant", "reason"])?;
        if !may_be_not_relevant {
            return wrong("not_relevant", "This requirement applies to every organisation: choose a level");
        }
        return match text(map, "reason")? {
            Some(reason) if !reason.trim().is_empty() => Ok(AnswerValue::NotRelevant { reason }),
            _ => wrong("reason", "Explain why the requirement is not relevant to your organisation"),
        };
    }
    only(map, &["level", "text", "not_relevant"])?;
    let highest = count.saturating_sub(1);
    let reached = match map.get("level") {
        None | Some(Value::Null) => return wrong("level", "Choose a level"),
        Some(value) => {
            value.as_u64().and_then(|n| u8::try_from(n).ok()).filter(|n| usize::from(*n) <= highest)
        }
    };
    match reached {
        Some(level) => Ok(AnswerValue::Level { level, text: statement(map)? }),
        None => wrong("level", format!("The level must be a whole number from 0 to {highest}")),
    }
}

fn evidence(map: &Map<String, Value>, item: ItemKind) -> Result<AnswerValue, AnswerError> {
    match item {
        ItemKind::Text => {
            only(map, &["text"])?;
            match text(map, "text")? {
                Some(text) => Ok(AnswerValue::Text(text)),
                None => wrong("text", "Enter your answer"),
            }
        }
        ItemKind::Date => {
            only(map, &["date"])?;
            match map.get("date").map(Value::as_str) {
                None => wrong("date", "Enter a date"),
                Some(written) => match written.and_then(parse_date) {
                    Some(date) => Ok(AnswerValue::Date(date)),
                    None => wrong("date", "Enter a real date, written as year-month-day, such as 2026-01-31"),
                },
            }
        }
        ItemKind::YesNo => {
            only(map, &["yes_no", "text"])?;
            match flag(map, "yes_no")? {
                Some(yes) => Ok(AnswerValue::YesNo { yes, text: statement(map)? }),
                None => wrong("yes_no", "Choose yes or no"),
            }
        }
        ItemKind::Document => {
            only(map, &["documents", "text"])?;
            match flag(map, "documents")? {
                Some(provided) => Ok(AnswerValue::Documents { provided, text: statement(map)? }),
                None => wrong("documents", "Say whether the documents are attached"),
            }
        }
        ItemKind::Confirmation => {
            only(map, &["confirmed", "text"])?;
            match flag(map, "confirmed")? {
                Some(confirmed) => Ok(AnswerValue::Confirmation { confirmed, text: statement(map)? }),
                None => wrong("confirmed", "Say whether the assertion holds"),
            }
        }
    }
}

fn outcome(
    requirement: &Requirement,
    map: &Map<String, Value>,
    columns: &[&Vec<Indicator>; 3],
) -> Result<AnswerValue, AnswerError> {
    only(map, &["indicators", "override", "text"])?;
    let ticked: &[Value] = match map.get("indicators") {
        None => return wrong("indicators", "List the indicators that are true; the list may be empty"),
        Some(Value::Array(ticked)) => ticked,
        Some(_) => return wrong("indicators", "The indicators must be a list of indicator codes"),
    };
    let known = || columns.iter().flat_map(|column| column.iter());
    if ticked.len() > known().count() {
        return wrong("indicators", format!("The list is longer than {} has indicators", requirement.code));
    }
    let mut wanted = Vec::with_capacity(ticked.len());
    for code in ticked {
        let Some(code) = code.as_str() else {
            return wrong("indicators", "Each indicator must be a code in quotation marks");
        };
        if !known().any(|indicator| indicator.code.as_str() == code) {
            let message = format!("\"{}\" is not an indicator of {}", shorten(code), requirement.code);
            return wrong("indicators", message);
        }
        wanted.push(code);
    }
    let indicators =
        known().map(|i| &i.code).filter(|code| wanted.contains(&code.as_str())).cloned().collect();
    Ok(AnswerValue::Outcome { indicators, level_override: level_override(map)?, text: statement(map)? })
}

fn level_override(map: &Map<String, Value>) -> Result<Option<LevelOverride>, AnswerError> {
    let claim = match map.get("override") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(claim)) => claim,
        Some(_) => {
            return wrong(
                "override",
                "The alternative result must be an object with level and justification",
            );
        }
    };
    only(claim, &["level", "justification"]).map_err(|e| inside("override", &e))?;
    let Some(level) = claim.get("level").and_then(Value::as_str).and_then(OutcomeLevel::parse) else {
        return wrong("override.level", "Choose achieved, partially achieved or not achieved");
    };
    match text(claim, "justification").map_err(|e| inside("override", &e))? {
        Some(justification) if !justification.trim().is_empty() => {
            Ok(Some(LevelOverride { level, justification }))
        }
        _ => wrong("override.justification", "Explain the alternative control that justifies this result"),
    }
}

fn inside(outer: &str, error: &AnswerError) -> AnswerError {
    AnswerError { field: format!("{outer}.{}", error.field), message: error.message.clone() }
}

fn only(map: &Map<String, Value>, fields: &[&str]) -> Result<(), AnswerError> {
    match map.keys().find(|name| !fields.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "\"{}\" does not belong to this answer; it takes {}",
                shorten(name),
                fields.join(", ")
            );
            wrong(&shorten(name), message)
        }
    }
}

fn flag(map: &Map<String, Value>, field: &str) -> Result<Option<bool>, AnswerError> {
    match map.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => wrong(field, format!("The field {field} must be true or false")),
    }
}

fn text(map: &Map<String, Value>, field: &str) -> Result<Option<String>, AnswerError> {
    let text = match map.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return wrong(field, format!("The field {field} must be text")),
    };
    if text.contains('\0') {
        return wrong(field, "The text contains a character that cannot be stored (NUL): remove it");
    }
    let text =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.clone() };
    let length = text.chars().count();
    if length > ANSWER_TEXT_LIMIT {
        return wrong(field, format!("The text must be 20,000 characters or fewer; it has {length}"));
    }
    Ok(Some(text))
}

/// The supporting statement; an empty one counts as none.
fn statement(map: &Map<String, Value>) -> Result<Option<String>, AnswerError> {
    Ok(text(map, "text")?.filter(|text| !text.trim().is_empty()))
}
