//! One gold case: the question and the answer; after one's own score the agreed status and why it holds.

use serde::Serialize;

use super::{paragraphs, way};
use crate::platform::error::{Error, Result};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::consistency::figures::{choices_of, status_words};
use crate::review::consistency::gold::{Attempt, GoldCase};
use crate::standards::Edition;

/// What is shown after one's own score.
#[derive(Debug, Serialize)]
struct Outcome {
    found: String,
    agreed: String,
    same: bool,
    rationale: Vec<String>,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct GoldCasePage {
    id: i64,
    #[serde(skip)]
    heading: String,
    text: Vec<String>,
    claimed: String,
    answer: Vec<String>,
    outcome: Option<Outcome>,
    assessed: Field,
    choices: Vec<Choice>,
    errors: ErrorSummary,
}

impl GoldCasePage {
    /// The page of a case for whoever has or has not scored it.
    pub fn new(
        case: &GoldCase,
        edition: &Edition,
        own: Option<&Attempt>,
        errors: &FormErrors,
    ) -> Result<Self> {
        let requirement = edition.requirement(&case.code).ok_or(Error::NotFound)?;
        Ok(Self {
            id: case.id.get(),
            heading: format!("Case {}: {} {}", case.id, case.code, case.title),
            text: paragraphs(&requirement.text),
            claimed: status_words(edition, case.claimed),
            answer: paragraphs(&case.answer),
            outcome: own.map(|attempt| Outcome {
                found: status_words(edition, attempt.assessed),
                agreed: status_words(edition, case.agreed),
                same: attempt.assessed == case.agreed,
                rationale: paragraphs(&case.rationale),
            }),
            assessed: Field::new("assessed", "What do you find?").errors(errors),
            choices: choices_of(requirement)
                .into_iter()
                .map(|status| Choice::new(status.as_str(), status.label()))
                .collect(),
            errors: errors.summary(),
        })
    }
}

impl Page for GoldCasePage {
    const TEMPLATE: &'static str = "review/consistency/gold_case.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way();
        way.push(Link::new("Gold cases", "/reviews/gold"));
        way
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("assessed", "Choose what you found");
        let sample = |same: Option<bool>, errors: &FormErrors| Self {
            id: 1,
            heading: "Case 1: 1-101 A framework for governance".to_owned(),
            text: vec!["How far is it in place?".to_owned()],
            claimed: "Level 2".to_owned(),
            answer: vec!["[the organisation] has a policy.".to_owned()],
            outcome: same.map(|same| Outcome {
                found: "Level 2".to_owned(),
                agreed: "Level 1".to_owned(),
                same,
                rationale: vec!["The policy is a draft.".to_owned()],
            }),
            assessed: Field::new("assessed", "What do you find?").errors(errors),
            choices: vec![Choice::new("level_1", "Level 1")],
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("typical", sample(None, &none)),
            ("otherwise", sample(Some(false), &none)),
            ("as agreed", sample(Some(true), &none)),
            ("errors", sample(None, &wrong)),
        ]
    }
}
