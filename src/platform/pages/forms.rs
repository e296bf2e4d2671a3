//! Forms on pages: fields that spread into a component (`<input {...email} />`), the errors collected while a form is
//! parsed, and the summary that names them all. One list feeds both, so they cannot disagree.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::platform::error::FieldError;

/// One control of a form, as the form components take it: `{{ <input {...name} /> }}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The name in the submitted form.
    pub name: String,
    /// The id, to which the summary links.
    pub id: String,
    /// The label, or the legend of a group.
    pub label: String,
    /// Help below the label, or empty.
    pub hint: String,
    /// What the person typed. Leave empty for a secret: it is never shown again.
    pub value: String,
    /// What is wrong, or empty.
    pub error: String,
}

impl Field {
    /// An empty field whose id is its name.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        Self { id: name.clone(), name, label: label.into(), ..Self::default() }
    }

    /// With this help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With this value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With its own error of this list, if it has one.
    #[must_use]
    pub fn errors(mut self, errors: &FormErrors) -> Self {
        self.error = errors.message(&self.name).unwrap_or_default().to_owned();
        self
    }
}

/// A date in three parts, as `date_input` takes it: `{{ <date_input {...due} /> }}`; the parts are `name-day` and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DateField {
    /// The name before `-day`, `-month` and `-year`.
    pub name: String,
    /// The id of the group; the parts' ids add `-day` and so on.
    pub id: String,
    /// The legend.
    pub label: String,
    /// Help below the legend, or empty.
    pub hint: String,
    /// What the person typed, by `day`, `month`, `year`.
    pub values: BTreeMap<&'static str, String>,
    /// What is wrong, or empty.
    pub error: String,
    /// Which parts are wrong; empty means all of them.
    pub wrong: Vec<&'static str>,
}

impl DateField {
    /// An empty date whose id is its name.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        Self { id: name.clone(), name, label: label.into(), ..Self::default() }
    }

    /// With these parts as typed.
    #[must_use]
    pub fn typed(mut self, day: &str, month: &str, year: &str) -> Self {
        self.values = [("day", day), ("month", month), ("year", year)].map(|(k, v)| (k, v.to_owned())).into();
        self
    }

    /// With its own error of this list, if it has one.
    #[must_use]
    pub fn errors(mut self, errors: &FormErrors) -> Self {
        self.error = errors.message(&self.name).unwrap_or_default().to_owned();
        self
    }
}

/// One choice of radios, checkboxes or a select.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is submitted.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Help below it, or empty.
    pub hint: String,
    /// Whether it is chosen. Left out where it is not, so that the group's own value decides then.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub checked: bool,
}

impl Choice {
    /// A choice not chosen.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into(), ..Self::default() }
    }

    /// With this help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Chosen, if so.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }
}

/// One line of the summary of errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorItem {
    /// `#` and the id of the control; empty for an error of the whole form.
    pub href: String,
    /// The message, word for word that of the field.
    pub text: String,
}

/// The box at the top of a refused form: `{% if errors.items %}{{ <error_summary {...errors} /> }}{% endif %}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ErrorSummary {
    /// The errors in the order of the page.
    pub items: Vec<ErrorItem>,
}

/// The errors found while parsing a form: one for each field at most (the first found), in the order they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormErrors {
    found: Vec<(String, String, String)>,
}

impl FormErrors {
    /// No errors yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a verb found wrong, beside the controls of the same names; `ids` gives those whose id is another. What belongs
    /// to no control, as a version does that nobody typed, is an error of the whole form.
    pub fn found(list: &[FieldError], ids: &[(&str, &str)]) -> Self {
        let mut errors = Self::new();
        for FieldError { field, message } in list {
            let id = ids.iter().find(|(name, _)| name == field).map(|(_, id)| *id);
            match (field.as_str(), id) {
                ("" | "version", _) => errors.add_whole(message.as_str()),
                (name, Some(id)) => errors.add_at(name, id, message.as_str()),
                (name, None) => errors.add(name, message.as_str()),
            }
        }
        errors
    }

    /// Adds an error of the field of this name, whose id is its name.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let field = field.into();
        let id = field.clone();
        self.add_at(field, id, message);
    }

    /// Adds an error of a field whose control has another id (a date's first wrong part, say).
    pub fn add_at(&mut self, field: impl Into<String>, id: impl Into<String>, message: impl Into<String>) {
        let field = field.into();
        if self.message(&field).is_none() {
            self.found.push((field, id.into(), message.into()));
        }
    }

    /// Adds an error where a text is lacking, in the words of `missing`, or has more than `limit` characters.
    pub fn require(&mut self, field: &str, text: &str, missing: &str, limit: usize) {
        if text.is_empty() {
            self.add(field, missing);
        } else if text.chars().count() > limit {
            self.add(field, format!("The {field} can have at most {limit} characters"));
        }
    }

    /// Adds an error of the whole form, which has no field.
    pub fn add_whole(&mut self, message: impl Into<String>) {
        self.found.push((String::new(), String::new(), message.into()));
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The message of the field of this name.
    pub fn message(&self, field: &str) -> Option<&str> {
        self.found
            .iter()
            .find(|(name, ..)| name == field && !name.is_empty())
            .map(|(.., message)| message.as_str())
    }

    /// The command when nothing is wrong, otherwise these errors: the end of every `parse`.
    ///
    /// # Errors
    /// Itself, when not empty.
    pub fn into_result<T>(self, command: Option<T>) -> Result<T, Self> {
        match command {
            Some(command) if self.is_empty() => Ok(command),
            _ if self.is_empty() => {
                let mut errors = self;
                errors.add_whole("The form could not be read. Check your answers and try again");
                Err(errors)
            }
            _ => Err(self),
        }
    }

    /// The summary, in the order found.
    pub fn summary(&self) -> ErrorSummary {
        let item = |(_, id, text): &(String, String, String)| ErrorItem {
            href: if id.is_empty() { String::new() } else { format!("#{id}") },
            text: text.clone(),
        };
        ErrorSummary { items: self.found.iter().map(item).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_list_feeds_the_summary_and_the_fields() {
        let mut errors = FormErrors::new();
        errors.add("email", "Enter your email address");
        errors.add("email", "Email address must have an @");
        errors.add_at("due", "due-month", "Month must be between 1 and 12");
        errors.add_whole("Someone else changed this");
        let summary = errors.summary();
        let lines: Vec<(&str, &str)> =
            summary.items.iter().map(|item| (item.href.as_str(), item.text.as_str())).collect();
        assert_eq!(
            lines,
            [
                ("#email", "Enter your email address"),
                ("#due-month", "Month must be between 1 and 12"),
                ("", "Someone else changed this"),
            ]
        );
        assert_eq!(Field::new("email", "Email").errors(&errors).error, "Enter your email address");
        assert_eq!(Field::new("other", "Other").errors(&errors).error, "");
        assert_eq!(Field::new("", "Nameless").errors(&errors).error, "");
    }

    #[test]
    fn a_form_without_a_command_is_never_accepted() {
        assert_eq!(FormErrors::new().into_result(Some(1)), Ok(1));
        assert!(FormErrors::new().into_result(None::<i32>).is_err());
        let mut errors = FormErrors::new();
        errors.add("a", "b");
        assert!(errors.into_result(Some(1)).is_err());
    }
}
