//! The forms of corrections: what a head office asks, and what the programme answers.

use super::ask::NewCorrection;
use super::model::CorrectionKind;
use crate::platform::http::Fields;
use crate::platform::pages::FormErrors;

/// The most characters of a note, and of an answer.
const MOST: usize = 2000;
/// The most characters of a name in the register.
const NAME: usize = 300;

/// A request as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct AskForm {
    pub kind: String,
    pub site: String,
    pub detail: String,
    pub note: String,
}

impl AskForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            kind: fields.text("kind"),
            site: fields.text("site").to_ascii_uppercase(),
            detail: fields.text("detail"),
            note: fields.text("note"),
        }
    }

    pub fn parse(&self) -> Result<NewCorrection, FormErrors> {
        let mut errors = FormErrors::new();
        let kind = self.kind.parse::<CorrectionKind>().ok();
        if kind.is_none() {
            errors.add("kind", "Choose what is wrong");
        }
        if self.site.is_empty() {
            errors.add("site", "Enter the code of the site");
        }
        if kind == Some(CorrectionKind::WrongName) && self.detail.is_empty() {
            errors.add("detail", "Enter the right name");
        } else if self.detail.chars().count() > NAME {
            errors.add("detail", format!("Use at most {NAME} characters"));
        }
        if self.note.is_empty() {
            errors.add("note", "Say how you know");
        } else if self.note.chars().count() > MOST {
            errors.add("note", format!("Use at most {MOST} characters"));
        }
        errors.into_result(kind.map(|kind| NewCorrection {
            kind,
            site: self.site.clone(),
            detail: if kind == CorrectionKind::WrongName { self.detail.clone() } else { String::new() },
            note: self.note.clone(),
        }))
    }
}

/// An answer as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct AnswerForm {
    pub decision: String,
    pub words: String,
}

impl AnswerForm {
    pub fn read(fields: &Fields) -> Self {
        Self { decision: fields.text("decision"), words: fields.text("words") }
    }

    /// Whether the request is accepted.
    pub fn parse(&self) -> Result<bool, FormErrors> {
        let mut errors = FormErrors::new();
        let accepted = match self.decision.as_str() {
            "accept" => Some(true),
            "refuse" => Some(false),
            _ => {
                errors.add("decision", "Choose whether the register is corrected");
                None
            }
        };
        if accepted == Some(false) && self.words.is_empty() {
            errors.add("words", "Say why the request is refused");
        } else if self.words.chars().count() > MOST {
            errors.add("words", format!("Use at most {MOST} characters"));
        }
        errors.into_result(accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_needs_the_right_one_and_every_request_a_note() {
        let form = |kind: &str, detail: &str, note: &str| AskForm {
            kind: kind.to_owned(),
            site: "ZZ101".to_owned(),
            detail: detail.to_owned(),
            note: note.to_owned(),
        };
        assert!(form("wrong_name", "High Street Pharmacy", "On the door").parse().is_ok());
        assert!(form("wrong_name", "", "On the door").parse().is_err());
        assert!(form("closed", "", "").parse().is_err());
        assert!(form("", "", "x").parse().is_err());
        assert_eq!(form("closed", "stray", "x").parse().unwrap().detail, "");
        let refusal = |words: &str| AnswerForm { decision: "refuse".to_owned(), words: words.to_owned() };
        assert_eq!(refusal("No.").parse(), Ok(false));
        assert!(refusal("").parse().is_err());
    }
}
