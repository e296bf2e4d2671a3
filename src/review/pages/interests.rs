//! A person's declared interests, and the form to declare another.

use serde::Serialize;

use super::parts::Cell;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::interest::Interest;

/// The page of one's own interests.
#[derive(Debug, Serialize)]
pub(in crate::review) struct InterestsPage {
    rows: Vec<Vec<Cell>>,
    organisation: Field,
    reason: Field,
    errors: ErrorSummary,
}

impl InterestsPage {
    /// The page, with what was typed when the form was refused.
    pub fn new(interests: &[Interest], organisation: &str, reason: &str, errors: &FormErrors) -> Self {
        let row = |interest: &Interest| {
            vec![
                Cell::text(&interest.name),
                Cell::text(&interest.code),
                Cell::text(&interest.reason),
                Cell::text(interest.declared_at.london_day().words()),
            ]
        };
        Self {
            rows: interests.iter().map(row).collect(),
            organisation: Field::new("organisation", "Code of the organisation")
                .hint("As the register has it, for example ZZ001")
                .value(organisation)
                .errors(errors),
            reason: Field::new("reason", "What is your interest?")
                .hint("For example, a relative works there. Only the programme team can read it.")
                .value(reason)
                .errors(errors),
            errors: errors.summary(),
        }
    }
}

impl Page for InterestsPage {
    const TEMPLATE: &'static str = "review/interests.html";

    fn title(&self) -> String {
        "Your declared interests".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let interest = Interest {
            code: "ZZ001".to_owned(),
            name: "Fenwick & Marsh Trust".to_owned(),
            reason: "I worked there until 2024.".to_owned(),
            declared_at: crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000),
        };
        let mut wrong = FormErrors::new();
        wrong.add("organisation", "Enter the code of an organisation");
        wrong.add("reason", "Say what your interest is");
        vec![
            ("empty", Self::new(&[], "", "", &FormErrors::new())),
            ("typical", Self::new(std::slice::from_ref(&interest), "", "", &FormErrors::new())),
            ("long", Self::new(&vec![interest; 40], "", "", &FormErrors::new())),
            ("errors", Self::new(&[], "??", "", &wrong)),
        ]
    }
}
