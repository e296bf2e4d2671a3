//! The forms about many sites: which sites, and what is to be done with them.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::exclude::NOTE_LIMIT;
use super::model::{Exclusion, ExclusionKind};
use crate::platform::http::Fields;
use crate::platform::pages::FormErrors;

/// What a list of sites is to show.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListForm {
    /// Words, each of which the code or name must have.
    pub words: String,
    /// `included`, `left_out`, `own_answers` or all.
    pub show: String,
    /// The page, from 1.
    pub page: String,
}

/// Codes from a text, one a line or with commas between; each once, in capitals.
pub(super) fn codes_of(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let codes: BTreeSet<String> =
        parts.filter(|part| !part.is_empty()).map(str::to_ascii_uppercase).collect();
    codes.into_iter().collect()
}

/// What is to be done with many sites, as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct ManyForm {
    pub ticked: Vec<String>,
    pub codes: String,
    pub action: String,
    pub kind: String,
    pub note: String,
}

/// What is to be done with many sites.
#[derive(Debug, Clone)]
pub(super) enum Many {
    LeaveOut(Vec<String>, Exclusion),
    TakeIn(Vec<String>),
}

impl ManyForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            ticked: fields.all("sites"),
            codes: fields.text("codes"),
            action: fields.text("action"),
            kind: fields.text("kind"),
            note: fields.text("note"),
        }
    }

    pub fn parse(&self) -> Result<Many, FormErrors> {
        let mut errors = FormErrors::new();
        let mut codes = codes_of(&self.codes);
        codes.extend(self.ticked.iter().cloned());
        if codes.is_empty() {
            errors.add("codes", "Tick at least one site, or enter its code");
        }
        let many = match self.action.as_str() {
            "take_in" => Some(Many::TakeIn(codes)),
            "leave_out" => self.exclusion(&mut errors).map(|why| Many::LeaveOut(codes, why)),
            _ => {
                errors.add("action", "Choose what is to be done");
                None
            }
        };
        errors.into_result(many)
    }

    fn exclusion(&self, errors: &mut FormErrors) -> Option<Exclusion> {
        let kind = self.kind.parse::<ExclusionKind>().ok();
        if kind.is_none() {
            errors.add("kind", "Choose why they are left out");
        }
        if kind == Some(ExclusionKind::Other) && self.note.is_empty() {
            errors.add("note", "Say why they are left out");
        } else if self.note.chars().count() > NOTE_LIMIT {
            errors.add("note", format!("Use at most {NOTE_LIMIT} characters"));
        }
        Some(Exclusion { kind: kind?, note: self.note.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_one_a_line_or_with_commas() {
        assert_eq!(codes_of("zz101, ZZ102\r\n zz101;ZZ103"), ["ZZ101", "ZZ102", "ZZ103"]);
        assert_eq!(codes_of(" \n"), Vec::<String>::new());
    }

    #[test]
    fn leaving_out_needs_a_reason_and_another_reason_needs_words() {
        let form = |action: &str, kind: &str, note: &str| ManyForm {
            codes: "ZZ101".to_owned(),
            action: action.to_owned(),
            kind: kind.to_owned(),
            note: note.to_owned(),
            ..ManyForm::default()
        };
        assert!(matches!(form("take_in", "", "").parse(), Ok(Many::TakeIn(_))));
        assert!(matches!(form("leave_out", "sold", "").parse(), Ok(Many::LeaveOut(..))));
        assert!(form("leave_out", "", "").parse().unwrap_err().message("kind").is_some());
        assert!(form("leave_out", "other", "").parse().unwrap_err().message("note").is_some());
        assert!(form("", "", "").parse().is_err());
        assert!(ManyForm { codes: String::new(), ..form("take_in", "", "") }.parse().is_err());
    }
}
