//! A reviewer's question as the organisation sees it, and the form to answer it.

use serde::Serialize;

use super::answer::AnswerShown;
use super::parts::QueryItem;
use crate::platform::error::Result;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::reading::{AskedOf, value_of};

/// One question to the organisation.
#[derive(Debug, Serialize)]
pub(in crate::review) struct QueryPage {
    #[serde(skip)]
    code: String,
    #[serde(skip)]
    year: String,
    label: String,
    #[serde(skip)]
    requirement: String,
    text: String,
    query: QueryItem,
    answer: AnswerShown,
    may_reply: bool,
    reply: Field,
    errors: ErrorSummary,
}

impl QueryPage {
    /// The page, with what was typed when the form was refused.
    pub fn new(of: &AskedOf, may_reply: bool, typed: &str, errors: &FormErrors) -> Result<Self> {
        let requirement =
            of.case.edition().requirement(&of.code).ok_or(crate::platform::error::Error::NotFound)?;
        let value = value_of(requirement, &of.answer)?;
        Ok(Self {
            code: of.case.found.code.clone(),
            year: of.case.found.collection_key.clone(),
            label: of.case.found.year_label.clone(),
            requirement: format!("{} {}", requirement.code, requirement.title),
            text: requirement.text.clone(),
            query: QueryItem::new(&of.case, &of.query),
            answer: AnswerShown::new(requirement, value.as_ref(), &of.answer, None),
            may_reply: may_reply && of.query.is_open(),
            reply: Field::new("reply", "Your answer")
                .hint("It goes to the reviewer and is never published. It cannot be changed afterwards.")
                .value(typed)
                .errors(errors),
            errors: errors.summary(),
        })
    }
}

impl Page for QueryPage {
    const TEMPLATE: &'static str = "review/query.html";

    fn title(&self) -> String {
        format!("A question about {}", self.requirement)
    }

    fn back(&self) -> Option<Link> {
        Some(Link::new("Back to your return", format!("/organisations/{}/returns/{}", self.code, self.year)))
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("reply", "Enter your answer");
        let sample = |answered: bool, errors: &FormErrors| Self {
            code: "ZZ001".to_owned(),
            year: "2026".to_owned(),
            label: "2026/27".to_owned(),
            requirement: "1-101 A framework for governance".to_owned(),
            text: "How far is it in place?".to_owned(),
            query: QueryItem::sample(answered),
            answer: if answered { AnswerShown::default() } else { AnswerShown::sample() },
            may_reply: !answered,
            reply: Field::new("reply", "Your answer").errors(errors),
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("typical", sample(false, &none)),
            ("answered", sample(true, &none)),
            ("errors", sample(false, &wrong)),
        ]
    }
}
