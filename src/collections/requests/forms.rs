//! The forms of requests for more time: what the organisation asks, and what the programme answers.

use super::ask::NewRequest;
use crate::collections::web::forms::{Moment, words};
use crate::platform::clock::Timestamp;
use crate::platform::http::Fields;
use crate::platform::pages::FormErrors;

/// The most characters of a reason, and of an answer.
const MOST: usize = 2000;

/// A request as typed.
#[derive(Debug, Clone, Default)]
pub(in crate::collections) struct TimeForm {
    pub until: Moment,
    pub reason: String,
}

impl TimeForm {
    pub(super) fn fresh() -> Self {
        Self { until: Moment::at("12:00"), ..Self::default() }
    }

    pub(super) fn read(fields: &Fields) -> Self {
        Self { until: Moment::read(fields, "until"), reason: fields.text("reason") }
    }

    pub(super) fn parse(&self) -> Result<NewRequest, FormErrors> {
        let mut errors = FormErrors::new();
        let until = self.until.parse("until", "until which you ask for time", &mut errors);
        words(&mut errors, "reason", &self.reason, MOST, "Enter the reason for your request");
        errors.into_result(until.map(|until| NewRequest { until, reason: self.reason.clone() }))
    }
}

/// What a programme manager decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Grant(Timestamp),
    Refuse,
}

/// An answer as typed.
#[derive(Debug, Clone, Default)]
pub(in crate::collections) struct AnswerForm {
    pub decision: String,
    pub until: Moment,
    pub words: String,
}

impl AnswerForm {
    /// The form before anything was typed: the time that was asked for.
    pub(super) fn fresh(until: Timestamp) -> Self {
        Self { until: Moment::of(until), ..Self::default() }
    }

    pub(super) fn read(fields: &Fields) -> Self {
        Self {
            decision: fields.text("decision"),
            until: Moment::read(fields, "until"),
            words: fields.text("words"),
        }
    }

    pub(super) fn parse(&self) -> Result<(Decision, String), FormErrors> {
        let mut errors = FormErrors::new();
        let decision = match self.decision.as_str() {
            "grant" => self
                .until
                .parse("until", "until which the organisation has time", &mut errors)
                .map(Decision::Grant),
            "refuse" => Some(Decision::Refuse),
            _ => {
                errors.add("decision", "Choose whether you give more time");
                None
            }
        };
        if self.words.is_empty() && decision == Some(Decision::Refuse) {
            errors.add("words", "Say why the request is refused");
        } else if self.words.chars().count() > MOST {
            errors.add("words", format!("Use at most {MOST} characters"));
        }
        errors.into_result(decision.map(|decision| (decision, self.words.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    #[test]
    fn a_refusal_says_why_and_a_grant_until_when() {
        let asked = parse_london("2026-08-01 12:30").unwrap();
        let form = |decision: &str, words: &str| AnswerForm {
            decision: decision.to_owned(),
            words: words.to_owned(),
            ..AnswerForm::fresh(asked)
        };
        assert_eq!(form("grant", "").parse().unwrap(), (Decision::Grant(asked), String::new()));
        assert_eq!(form("refuse", "No flood.").parse().unwrap().0, Decision::Refuse);
        for wrong in [form("refuse", ""), form("", "Words"), form("grant", &"x".repeat(MOST + 1))] {
            assert!(wrong.parse().is_err(), "{wrong:?}");
        }
    }
}
