//! What a person fills in for one requirement: the stored answer as cells, cells of any spelling as the same cells, and
//! cells as the form that the website itself reads.

use serde::{Deserialize, Serialize};

use super::cell::{TOO_LONG, entered};
use super::columns::Column;
use crate::platform::error::FieldError;
use crate::platform::ids::RequirementId;
use crate::returns::answer_form::{AnswerForm, NOT_RELEVANT};
use crate::returns::model::AnswerState;
use crate::returns::save_answer::NewAnswer;
use crate::standards::{AnswerValue, ItemKind, OutcomeLevel, Requirement, RequirementKind};

/// The answer "not relevant".
pub(super) const NOT_RELEVANT_WORDS: &str = "Not relevant";
/// An outcome's answer where the statements alone decide; stands for an empty cell.
pub(super) const FROM_STATEMENTS: &str = "From the statements";
/// The state of a requirement without an answer.
pub(super) const NOT_STARTED: &str = "Not started";

/// The cells of one requirement, in one spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Filled {
    /// The level, text, date, yes or no; of an outcome the result that is claimed.
    pub answer: String,
    /// The reason or the supporting statement.
    pub statement: String,
    /// The alternative control of an outcome.
    pub alternative: String,
    /// The comment.
    pub comment: String,
    /// The words of the state.
    pub state: String,
    /// The statements that are true, in the edition's order.
    pub ticked: Vec<String>,
}

/// One thing wrong with the cells of one requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Which column; none where the statements are meant.
    pub column: Option<Column>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Wrong {
    /// A cell that is wrong.
    pub fn at(column: Column, message: impl Into<String>) -> Self {
        Self { column: Some(column), message: message.into() }
    }
}

impl Filled {
    /// The cells of what is stored.
    pub fn of(value: Option<&AnswerValue>, comment: &str, state: Option<AnswerState>) -> Self {
        let form = AnswerForm::of(value, comment, 0);
        let yes_no = || if form.choice == "yes" { "Yes" } else { "No" }.to_owned();
        let (answer, statement) = match value {
            None => (String::new(), String::new()),
            Some(AnswerValue::Level { level, .. }) => (level.to_string(), entered(&form.text)),
            Some(AnswerValue::NotRelevant { reason }) => (NOT_RELEVANT_WORDS.to_owned(), entered(reason)),
            Some(AnswerValue::Text(text)) => (entered(text), String::new()),
            Some(AnswerValue::Date(date)) => (date.to_string(), String::new()),
            Some(
                AnswerValue::YesNo { .. } | AnswerValue::Documents { .. } | AnswerValue::Confirmation { .. },
            ) => (yes_no(), entered(&form.text)),
            Some(AnswerValue::Outcome { level_override, .. }) => (
                level_override.as_ref().map_or_else(String::new, |claim| claim.level.label().to_owned()),
                entered(&form.text),
            ),
        };
        Self {
            answer,
            statement,
            alternative: entered(&form.justification),
            comment: entered(comment),
            state: state.map_or(NOT_STARTED, AnswerState::words).to_owned(),
            ticked: form.indicators,
        }
    }

    /// The cells as they were typed, in the one spelling that all of them have. An empty state is that of `before`.
    pub fn typed(&self, requirement: &Requirement, before: &Self) -> Self {
        Self {
            answer: answer_as_stored(requirement, &self.answer),
            statement: super::cell::plain(&self.statement),
            alternative: super::cell::plain(&self.alternative),
            comment: super::cell::plain(&self.comment),
            state: state_as_stored(&self.state, before),
            ticked: self.ticked.clone(),
        }
    }

    /// The form that these cells fill in. What they leave as `before` was keeps its stored text, spaces and all.
    fn form(
        &self,
        requirement: &Requirement,
        before: &Self,
        stored: &AnswerForm,
        version: i64,
    ) -> AnswerForm {
        let keep = |now: &str, before: &str, stored: &str| {
            if now == before { stored.to_owned() } else { now.to_owned() }
        };
        let statement = keep(&self.statement, &before.statement, &statement_of(stored));
        let mut form = AnswerForm {
            version: version.to_string(),
            later: self.state != AnswerState::Confirmed.words(),
            comment: keep(&self.comment, &before.comment, &stored.comment),
            ..AnswerForm::default()
        };
        match &requirement.kind {
            RequirementKind::Level { .. } if self.answer == NOT_RELEVANT_WORDS => {
                form.choice = NOT_RELEVANT.to_owned();
                form.reason = statement;
            }
            RequirementKind::Level { .. } => {
                form.choice.clone_from(&self.answer);
                form.text = statement;
            }
            RequirementKind::Item { item: ItemKind::Text, .. } => {
                form.text = keep(&self.answer, &before.answer, &stored.text);
            }
            RequirementKind::Item { item: ItemKind::Date, .. } => {
                let mut parts = self.answer.splitn(3, '-').map(str::to_owned);
                form.year = parts.next().unwrap_or_default();
                form.month = parts.next().unwrap_or_default();
                form.day = parts.next().unwrap_or_default();
            }
            RequirementKind::Item { .. } => {
                form.choice = match self.answer.as_str() {
                    "Yes" => "yes",
                    "No" => "no",
                    other => other,
                }
                .to_owned();
                form.text = statement;
            }
            RequirementKind::Outcome { .. } => {
                form.indicators.clone_from(&self.ticked);
                form.claim = level_of(&self.answer)
                    .map_or_else(|| self.answer.clone(), |level| level.as_str().to_owned());
                form.justification = keep(&self.alternative, &before.alternative, &stored.justification);
                form.text = statement;
            }
        }
        form
    }

    /// The answer that these cells are, over what is stored.
    pub fn answer(
        &self,
        (id, requirement): (RequirementId, &Requirement),
        (before, stored): (&Self, &AnswerForm),
        version: i64,
    ) -> Result<NewAnswer, Vec<Wrong>> {
        let wrong = self.misplaced(requirement, before);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let form = self.form(requirement, before, stored, version);
        if [&form.text, &form.reason, &form.justification, &form.comment].iter().any(|text| *text == TOO_LONG)
        {
            let message = "The cell holds the note that its text is too long; enter your own text instead";
            return Err(vec![Wrong { column: None, message: message.to_owned() }]);
        }
        form.parse(id, requirement)
            .map_err(|list| list.into_iter().map(|error| wrong_of(requirement, error)).collect())
    }

    /// Cells filled in where this kind of requirement has nothing to take.
    fn misplaced(&self, requirement: &Requirement, before: &Self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let takes_statement =
            !matches!(requirement.kind, RequirementKind::Item { item: ItemKind::Text | ItemKind::Date, .. });
        if !takes_statement && !self.statement.is_empty() {
            let message =
                "This requirement takes no statement beside its answer; move the text to the comment";
            wrong.push(Wrong::at(Column::Statement, message));
        }
        let is_outcome = matches!(requirement.kind, RequirementKind::Outcome { .. });
        if !is_outcome && !self.alternative.is_empty() {
            let message = "Only outcomes take an alternative control; move the text to the comment";
            wrong.push(Wrong::at(Column::Alternative, message));
        }
        if is_outcome && self.answer.is_empty() && !self.alternative.is_empty() {
            let message =
                "An alternative control claims a result: enter the result under Answer, or clear this cell";
            wrong.push(Wrong::at(Column::Alternative, message));
        }
        let known = [AnswerState::Confirmed.words(), AnswerState::Draft.words()];
        if self.state != before.state && !known.contains(&self.state.as_str()) {
            let message = format!("Enter {} or {}", known[0], known[1]);
            wrong.push(Wrong::at(Column::State, message));
        }
        wrong
    }
}

/// The supporting statement or reason of a form.
fn statement_of(form: &AnswerForm) -> String {
    if form.choice == NOT_RELEVANT { form.reason.clone() } else { form.text.clone() }
}

fn level_of(words: &str) -> Option<OutcomeLevel> {
    [OutcomeLevel::Achieved, OutcomeLevel::PartiallyAchieved, OutcomeLevel::NotAchieved]
        .into_iter()
        .find(|level| level.label().eq_ignore_ascii_case(words))
}

fn answer_as_stored(requirement: &Requirement, typed: &str) -> String {
    let plain = super::cell::plain(typed);
    let lower = plain.to_lowercase();
    match &requirement.kind {
        RequirementKind::Level { .. } => match lower.as_str() {
            "not relevant" | "nr" => NOT_RELEVANT_WORDS.to_owned(),
            other => other.strip_prefix("level").map_or(plain.clone(), |level| level.trim().to_owned()),
        },
        RequirementKind::Item { item: ItemKind::Text, .. } => plain,
        RequirementKind::Item { item: ItemKind::Date, .. } => date_as_stored(&plain).unwrap_or(plain),
        RequirementKind::Item { .. } => match lower.as_str() {
            "yes" | "y" | "true" => "Yes".to_owned(),
            "no" | "n" | "false" => "No".to_owned(),
            _ => plain,
        },
        RequirementKind::Outcome { .. } => {
            if lower == FROM_STATEMENTS.to_lowercase() {
                String::new()
            } else {
                level_of(&plain).map_or(plain, |level| level.label().to_owned())
            }
        }
    }
}

/// A date as year-month-day or day/month/year, as `2026-01-31`; whether there is such a day is for the form to say.
fn date_as_stored(typed: &str) -> Option<String> {
    let day = typed.split(['T', ' ']).next()?;
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<u16>().ok();
    let (year, day) = if first.len() == 4 { (first, third) } else { (third, first) };
    let (year_number, month, day) = (number(year)?, number(second)?, number(day)?);
    (year.len() == 4).then(|| format!("{year_number:04}-{month:02}-{day:02}"))
}

fn state_as_stored(typed: &str, before: &Filled) -> String {
    let plain = super::cell::plain(typed);
    if plain.is_empty() {
        return before.state.clone();
    }
    let words = AnswerState::ALL.iter().map(|state| state.words()).chain([NOT_STARTED]);
    words.into_iter().find(|words| words.eq_ignore_ascii_case(&plain)).map_or(plain, str::to_owned)
}

/// The column in which a mistake that the form found was made.
fn wrong_of(requirement: &Requirement, error: FieldError) -> Wrong {
    let is_text = matches!(requirement.kind, RequirementKind::Item { item: ItemKind::Text, .. });
    let column = match error.field.as_str() {
        "choice" | "date" | "claim" => Some(Column::Answer),
        "text" if is_text => Some(Column::Answer),
        "reason" | "text" => Some(Column::Statement),
        "justification" => Some(Column::Alternative),
        "comment" => Some(Column::Comment),
        _ => None,
    };
    Wrong { column, message: error.message }
}
