//! The form of one answer, for every kind of requirement: raw strings as posted, read into an answer or into messages
//! beside the controls.

use serde_json::{Map, Value, json};

use super::save_answer::{COMMENT_LIMIT, NewAnswer};
use crate::platform::error::FieldError;
use crate::platform::http::Fields;
use crate::platform::ids::RequirementId;
use crate::platform::pages::FormErrors;
use crate::standards::{AnswerError, AnswerValue, ItemKind, Requirement, RequirementKind};

/// The value of the choice "not relevant".
pub(super) const NOT_RELEVANT: &str = "not_relevant";

/// One answer as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AnswerForm {
    /// The version of the answer that the page showed.
    pub version: String,
    /// Whether the person said that the answer is not finished.
    pub later: bool,
    /// The chosen level, yes or no.
    pub choice: String,
    /// Why the requirement is not relevant.
    pub reason: String,
    /// The answer of a text, the supporting statement of everything else.
    pub text: String,
    pub day: String,
    pub month: String,
    pub year: String,
    /// Ticked indicators.
    pub indicators: Vec<String>,
    /// The result claimed by an alternative control; empty for none.
    pub claim: String,
    pub justification: String,
    pub comment: String,
}

impl AnswerForm {
    pub(super) fn read(fields: &Fields) -> Self {
        Self {
            version: fields.text("version"),
            later: fields.one("intent") == "later",
            choice: fields.text("choice"),
            reason: fields.text("reason"),
            text: fields.text("text"),
            day: fields.text("date-day"),
            month: fields.text("date-month"),
            year: fields.text("date-year"),
            indicators: fields.all("indicators"),
            claim: fields.text("claim"),
            justification: fields.text("justification"),
            comment: fields.text("comment"),
        }
    }

    /// The form of a stored answer.
    pub(super) fn of(value: Option<&AnswerValue>, comment: &str, version: i64) -> Self {
        let mut form = Self { version: version.to_string(), comment: comment.to_owned(), ..Self::default() };
        let Some(value) = value else { return form };
        form.text = value.statement().unwrap_or_default().to_owned();
        match value {
            AnswerValue::Level { level, .. } => form.choice = level.to_string(),
            AnswerValue::NotRelevant { reason } => {
                form.choice = NOT_RELEVANT.to_owned();
                form.reason.clone_from(reason);
            }
            AnswerValue::Text(text) => form.text.clone_from(text),
            AnswerValue::Date(date) => {
                form.day = date.day().to_string();
                form.month = date.month().to_string();
                form.year = date.year().to_string();
            }
            AnswerValue::YesNo { yes: chosen, .. }
            | AnswerValue::Documents { provided: chosen, .. }
            | AnswerValue::Confirmation { confirmed: chosen, .. } => {
                form.choice = if *chosen { "yes" } else { "no" }.to_owned();
            }
            AnswerValue::Outcome { indicators, level_override, .. } => {
                form.indicators = indicators.iter().map(ToString::to_string).collect();
                if let Some(claim) = level_override {
                    form.claim = claim.level.as_str().to_owned();
                    form.justification.clone_from(&claim.justification);
                }
            }
        }
        form
    }

    /// The fields that a browser would send for it.
    pub(super) fn fields(&self) -> Fields {
        let intent = if self.later { "later" } else { "finished" };
        let single = [
            ("version", &self.version),
            ("choice", &self.choice),
            ("reason", &self.reason),
            ("text", &self.text),
            ("date-day", &self.day),
            ("date-month", &self.month),
            ("date-year", &self.year),
            ("claim", &self.claim),
            ("justification", &self.justification),
            ("comment", &self.comment),
        ];
        let mut pairs: Vec<(String, String)> =
            single.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        pairs.extend(self.indicators.iter().map(|tick| ("indicators".to_owned(), tick.clone())));
        pairs.push(("intent".to_owned(), intent.to_owned()));
        Fields::new(pairs)
    }

    /// The answer to save, or what is wrong with it.
    pub(super) fn parse(
        &self,
        id: RequirementId,
        requirement: &Requirement,
    ) -> Result<NewAnswer, Vec<FieldError>> {
        let mut errors = Vec::new();
        let version = self.version.parse::<i64>().ok().filter(|version| *version >= 0);
        if version.is_none() {
            errors.push(error("version", "The form is incomplete. Load the page again"));
        }
        if self.comment.chars().count() > COMMENT_LIMIT {
            errors.push(error("comment", format!("The comment can have at most {COMMENT_LIMIT} characters")));
        }
        let value = self.value(requirement).unwrap_or_else(|wrong| {
            errors.push(wrong);
            None
        });
        match version {
            Some(version) if errors.is_empty() => Ok(NewAnswer {
                requirement: id,
                value,
                comment: self.comment.clone(),
                finished: !self.later,
                version,
            }),
            _ => Err(errors),
        }
    }

    fn value(&self, requirement: &Requirement) -> Result<Option<AnswerValue>, FieldError> {
        let document = match &requirement.kind {
            RequirementKind::Level { .. } => self.level(),
            RequirementKind::Item { item: ItemKind::Text, .. } => self.words(),
            RequirementKind::Item { item: ItemKind::Date, .. } => self.date(),
            RequirementKind::Item { item: ItemKind::YesNo, .. } => self.yes_or_no("yes_no"),
            RequirementKind::Item { item: ItemKind::Document, .. } => self.yes_or_no("documents"),
            RequirementKind::Item { item: ItemKind::Confirmation, .. } => self.yes_or_no("confirmed"),
            RequirementKind::Outcome { .. } => Ok(Some(self.outcome())),
        }?;
        let Some(document) = document else {
            return if self.later { self.nothing_yet(requirement) } else { Err(missing(requirement)) };
        };
        AnswerValue::parse(requirement, &document).map(Some).map_err(control_of)
    }

    /// A page left for later without an answer proper keeps its comment; a statement has nothing to stand beside.
    fn nothing_yet(&self, requirement: &Requirement) -> Result<Option<AnswerValue>, FieldError> {
        if self.text.is_empty() && self.reason.is_empty() {
            return Ok(None);
        }
        let mut wrong = missing(requirement);
        wrong.message.push_str(", or move your text to the comment to keep it for later");
        Err(wrong)
    }

    fn level(&self) -> Result<Option<Value>, FieldError> {
        if self.choice == NOT_RELEVANT {
            return Ok(Some(json!({ "not_relevant": true, "reason": self.reason })));
        }
        Ok(self.chosen().map(|choice| {
            let level = choice.parse::<u64>().map_or(Value::String(choice.to_owned()), Value::from);
            self.with_statement("level", level)
        }))
    }

    fn words(&self) -> Result<Option<Value>, FieldError> {
        Ok((!self.text.is_empty()).then(|| json!({ "text": self.text })))
    }

    fn date(&self) -> Result<Option<Value>, FieldError> {
        let parts = [&self.day, &self.month, &self.year];
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(None);
        }
        let number = |text: &str| text.parse::<u16>().ok().filter(|number| *number > 0);
        match (number(&self.day), number(&self.month), number(&self.year)) {
            (Some(day), Some(month), Some(year)) => {
                Ok(Some(json!({ "date": format!("{year:04}-{month:02}-{day:02}") })))
            }
            _ => Err(error("date", "Enter a real date, such as 31 1 2026")),
        }
    }

    fn yes_or_no(&self, field: &str) -> Result<Option<Value>, FieldError> {
        match self.chosen() {
            None => Ok(None),
            Some("yes") => Ok(Some(self.with_statement(field, Value::Bool(true)))),
            Some("no") => Ok(Some(self.with_statement(field, Value::Bool(false)))),
            Some(_) => Err(error("choice", "Choose one of the answers in the list")),
        }
    }

    fn outcome(&self) -> Value {
        let mut document = self.with_statement("indicators", json!(self.indicators));
        if let (false, Value::Object(map)) = (self.claim.is_empty(), &mut document) {
            let claim = json!({ "level": self.claim, "justification": self.justification });
            map.insert("override".to_owned(), claim);
        }
        document
    }

    fn chosen(&self) -> Option<&str> {
        (!self.choice.is_empty()).then_some(self.choice.as_str())
    }

    fn with_statement(&self, field: &str, value: Value) -> Value {
        let mut map = Map::new();
        map.insert(field.to_owned(), value);
        if !self.text.is_empty() {
            map.insert("text".to_owned(), Value::String(self.text.clone()));
        }
        Value::Object(map)
    }
}

fn error(field: &str, message: impl Into<String>) -> FieldError {
    FieldError { field: field.to_owned(), message: message.into() }
}

fn missing(requirement: &Requirement) -> FieldError {
    match &requirement.kind {
        RequirementKind::Level { .. } => error("choice", "Choose a level"),
        RequirementKind::Outcome { .. } => error("indicators", "Tick the statements that are true"),
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => error("text", "Enter your answer"),
            ItemKind::Date => error("date", "Enter a date"),
            ItemKind::YesNo => error("choice", "Choose yes or no"),
            ItemKind::Document => error("choice", "Say whether the documents are attached"),
            ItemKind::Confirmation => error("choice", "Say whether you can confirm this"),
        },
    }
}

/// The control of this form that a field of the answer's JSON stands behind.
fn control_of(wrong: AnswerError) -> FieldError {
    let control = match wrong.field.as_str() {
        "level" | "not_relevant" | "yes_no" | "documents" | "confirmed" => "choice",
        "override" | "override.level" => "claim",
        "override.justification" => "justification",
        other => other,
    };
    FieldError { field: control.to_owned(), message: wrong.message }
}

/// The errors as a page takes them: the summary leads to the control.
pub(super) fn errors_of(list: &[FieldError]) -> FormErrors {
    let ids = [("date", "date-day"), ("due", "due-day"), ("indicators", "indicators-achieved")];
    FormErrors::found(list, &ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::Edition;
    use crate::standards::formats::{self, FileFormat, Names};

    fn edition(name: &str) -> Edition {
        let text = match name {
            "igt" => include_str!("../../config/standards/igt.toml"),
            "ndg" => include_str!("../../config/standards/ndg.toml"),
            _ => include_str!("../../config/standards/outcomes.toml"),
        };
        formats::read(FileFormat::Toml, name, text.as_bytes(), &Names::default()).unwrap().edition
    }

    fn parsed(requirement: &Requirement, form: &AnswerForm) -> Result<Option<Value>, String> {
        form.parse(RequirementId::new(1), requirement)
            .map(|new| new.value.map(|value| value.to_json()))
            .map_err(|list| list[0].field.clone())
    }

    fn typed(change: impl FnOnce(&mut AnswerForm)) -> AnswerForm {
        let mut form = AnswerForm { version: "0".to_owned(), ..AnswerForm::default() };
        change(&mut form);
        form
    }

    #[test]
    fn levels_are_chosen_or_not_relevant_with_a_reason() {
        let edition = edition("igt");
        let asked = &edition.requirements()[0];
        assert_eq!(parsed(asked, &typed(|f| f.choice = "2".into())), Ok(Some(json!({"level": 2}))));
        assert_eq!(parsed(asked, &typed(|_| {})), Err("choice".to_owned()));
        assert_eq!(parsed(asked, &typed(|f| f.choice = "9".into())), Err("choice".to_owned()));
        assert_eq!(parsed(asked, &typed(|f| f.choice = "x".into())), Err("choice".to_owned()));
        assert_eq!(parsed(asked, &typed(|f| f.later = true)), Ok(None));
        let stray = typed(|f| {
            f.later = true;
            f.text = "would be lost".into();
        });
        assert_eq!(parsed(asked, &stray), Err("choice".to_owned()));
        let optional = edition
            .requirements()
            .iter()
            .find(|r| matches!(r.kind, RequirementKind::Level { may_be_not_relevant: true, .. }))
            .unwrap();
        let not_relevant = typed(|f| f.choice = NOT_RELEVANT.into());
        assert_eq!(parsed(optional, &not_relevant), Err("reason".to_owned()));
    }

    #[test]
    fn a_stored_answer_fills_the_form_that_gives_it_back() {
        for name in ["igt", "ndg", "outcomes"] {
            let edition = edition(name);
            for asked in edition.requirements() {
                let json = match &asked.kind {
                    RequirementKind::Level { .. } => json!({"level": 1, "text": "because"}),
                    RequirementKind::Item { item, .. } => match item {
                        ItemKind::Text => json!({"text": "said"}),
                        ItemKind::Date => json!({"date": "2026-01-31"}),
                        ItemKind::YesNo => json!({"yes_no": false, "text": "not yet"}),
                        ItemKind::Document => json!({"documents": true}),
                        ItemKind::Confirmation => json!({"confirmed": true}),
                    },
                    RequirementKind::Outcome { achieved, .. } => json!({
                        "indicators": [achieved[0].code],
                        "override": {"level": "achieved", "justification": "another way"},
                    }),
                };
                let value = AnswerValue::parse(asked, &json).unwrap();
                let form = AnswerForm::of(Some(&value), "a comment", 3);
                assert_eq!(form, AnswerForm::read(&form.fields()), "{}", asked.code);
                let again = form.parse(RequirementId::new(1), asked).unwrap();
                assert_eq!(again.value, Some(value), "{}", asked.code);
                assert_eq!((again.comment.as_str(), again.version), ("a comment", 3));
            }
        }
    }

    #[test]
    fn dates_that_are_none_are_refused() {
        let edition = edition("ndg");
        let asked = edition
            .requirements()
            .iter()
            .find(|r| matches!(r.kind, RequirementKind::Item { item: ItemKind::Date, .. }))
            .unwrap();
        for (day, month, year) in [("31", "2", "2026"), ("x", "1", "2026"), ("1", "", "2026")] {
            let form = typed(|f| (f.day, f.month, f.year) = (day.into(), month.into(), year.into()));
            assert_eq!(parsed(asked, &form), Err("date".to_owned()), "{day} {month} {year}");
        }
        assert_eq!(parsed(asked, &typed(|_| {})), Err("date".to_owned()));
    }
}
