//! The controls of a question's form, for every kind of answer.

use serde::Serialize;

use crate::platform::pages::{Choice, DateField, Field, FormErrors};
use crate::returns::answer_form::{AnswerForm, NOT_RELEVANT};
use crate::standards::{Indicator, ItemKind, OutcomeLevel, Requirement, RequirementKind};

/// One column of statements of an outcome.
#[derive(Debug, Serialize)]
pub struct Column {
    pub(super) id: String,
    pub(super) label: &'static str,
    pub(super) items: Vec<Choice>,
}

/// The controls of the form; which of them are shown follows from `kind`.
#[derive(Debug, Serialize)]
pub struct Controls {
    pub(super) kind: &'static str,
    pub(super) choice: Field,
    pub(super) choices: Vec<Choice>,
    pub(super) may_be_not_relevant: bool,
    pub(super) reason: Field,
    pub(super) text: Field,
    pub(super) date: DateField,
    pub(super) columns: Vec<Column>,
    pub(super) indicators_error: String,
    pub(super) claim: Field,
    pub(super) claims: Vec<Choice>,
    pub(super) justification: Field,
    pub(super) comment: Field,
    pub(super) version: String,
}

/// The controls of a requirement, filled with what was typed or is stored.
pub(in crate::returns) fn controls(
    requirement: &Requirement,
    form: &AnswerForm,
    errors: &FormErrors,
) -> Controls {
    let (kind, label) = kind_and_label(&requirement.kind);
    let text_label = if kind == "text" { "Your answer" } else { "Supporting statement (optional)" };
    let field = |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
    Controls {
        kind,
        choice: field("choice", label, &form.choice),
        choices: choices(&requirement.kind, form),
        may_be_not_relevant: matches!(
            requirement.kind,
            RequirementKind::Level { may_be_not_relevant: true, .. }
        ),
        reason: field("reason", "Why is it not relevant?", &form.reason)
            .hint("Only if you chose \"Not relevant\""),
        text: field("text", text_label, &form.text),
        date: DateField::new("date", "Your answer").typed(&form.day, &form.month, &form.year).errors(errors),
        columns: columns(&requirement.kind, form),
        indicators_error: errors.message("indicators").unwrap_or_default().to_owned(),
        claim: field("claim", "Do you claim another result by an alternative control?", &form.claim),
        claims: claims(form),
        justification: field("justification", "The alternative control", &form.justification)
            .hint("What you do instead, and why it gives the result that you claim"),
        comment: field("comment", "Comment (optional)", &form.comment)
            .hint("Seen by your colleagues and the reviewers, never published"),
        version: form.version.clone(),
    }
}

fn kind_and_label(kind: &RequirementKind) -> (&'static str, &'static str) {
    match kind {
        RequirementKind::Level { .. } => ("level", "Which level have you reached?"),
        RequirementKind::Outcome { .. } => ("outcome", ""),
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => ("text", ""),
            ItemKind::Date => ("date", ""),
            ItemKind::YesNo => ("choice", "Your answer"),
            ItemKind::Document => ("choice", "Are all the documents attached?"),
            ItemKind::Confirmation => ("choice", "Can you confirm this?"),
        },
    }
}

fn choices(kind: &RequirementKind, form: &AnswerForm) -> Vec<Choice> {
    let choice = |value: &str, text: &str| Choice::new(value, text).checked(form.choice == value);
    match kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            let levels = descriptors.iter().enumerate();
            let mut choices: Vec<Choice> = levels
                .map(|(level, words)| {
                    choice(&level.to_string(), &format!("Level {level}")).hint(words.as_str())
                })
                .collect();
            if *may_be_not_relevant {
                choices.push(choice(NOT_RELEVANT, "Not relevant"));
            }
            choices
        }
        RequirementKind::Item { item: ItemKind::Confirmation, .. } => {
            vec![choice("yes", "Yes, we confirm this"), choice("no", "No, not yet")]
        }
        RequirementKind::Item { .. } => vec![choice("yes", "Yes"), choice("no", "No")],
        RequirementKind::Outcome { .. } => Vec::new(),
    }
}

fn columns(kind: &RequirementKind, form: &AnswerForm) -> Vec<Column> {
    let RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } = kind else {
        return Vec::new();
    };
    let column = |level: OutcomeLevel, items: &[Indicator]| Column {
        id: format!("indicators-{}", level.as_str().replace('_', "-")),
        label: level.label(),
        items: items
            .iter()
            .map(|indicator| {
                let code = indicator.code.as_str();
                Choice::new(code, indicator.text.as_str())
                    .checked(form.indicators.iter().any(|ticked| ticked == code))
            })
            .collect(),
    };
    vec![
        column(OutcomeLevel::Achieved, achieved),
        column(OutcomeLevel::PartiallyAchieved, partially_achieved),
        column(OutcomeLevel::NotAchieved, not_achieved),
    ]
}

pub(super) fn claims(form: &AnswerForm) -> Vec<Choice> {
    let levels = [OutcomeLevel::Achieved, OutcomeLevel::PartiallyAchieved, OutcomeLevel::NotAchieved];
    let mut claims =
        vec![Choice::new("", "No, take the result from the statements").checked(form.claim.is_empty())];
    claims.extend(
        levels
            .into_iter()
            .map(|level| Choice::new(level.as_str(), level.label()).checked(form.claim == level.as_str())),
    );
    claims
}

impl Controls {
    /// An example.
    pub(super) fn sample() -> Self {
        Self::example("level", &FormErrors::new())
    }

    /// An example of this kind of question.
    pub(in crate::returns) fn example(kind: &'static str, errors: &FormErrors) -> Self {
        let indicator = Choice::new("A1.a.A1", "The board has discussed it.").checked(true);
        Self {
            kind,
            choice: Field::new("choice", "Which level have you reached?").errors(errors),
            choices: vec![Choice::new("0", "Level 0").hint("Nothing is in place.")],
            may_be_not_relevant: true,
            reason: Field::new("reason", "Why is it not relevant?"),
            text: Field::new("text", "Your answer"),
            date: DateField::new("date", "Your answer"),
            columns: vec![
                Column { id: "indicators-achieved".to_owned(), label: "Achieved", items: vec![indicator] },
                Column { id: "indicators-not-achieved".to_owned(), label: "Not achieved", items: Vec::new() },
            ],
            indicators_error: String::new(),
            claim: Field::new("claim", "Do you claim another result?"),
            claims: claims(&AnswerForm::default()),
            justification: Field::new("justification", "The alternative control"),
            comment: Field::new("comment", "Comment (optional)"),
            version: "0".to_owned(),
        }
    }
}
