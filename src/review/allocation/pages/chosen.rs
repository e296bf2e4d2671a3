//! Reviews that were ticked in the queue, and what can be done with all of them.

use serde::Serialize;

use super::super::plan::Reviewer;
use super::super::store::InHand;
use super::{people, reviews, way};
use crate::platform::http::Fields;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ChosenPage {
    /// How many of those that were ticked are not offered; empty where all are.
    missing: String,
    /// Those that are, so that the page comes again with all of them when the form is refused.
    shown: Vec<String>,
    review: Field,
    reviews: Vec<Choice>,
    person: Field,
    people: Vec<Choice>,
    errors: ErrorSummary,
}

impl ChosenPage {
    /// The page of what was found of so many that were asked for; all of it is ticked until a form says otherwise.
    pub fn new(
        (found, asked): (&[InHand], usize),
        reviewers: &[Reviewer],
        typed: &Fields,
        errors: &FormErrors,
    ) -> Self {
        let ticked = typed.all("review");
        let fresh = typed.pairs().is_empty();
        let choices = found.iter().zip(reviews(found)).map(|(of, choice)| {
            let same =
                |value: &String| value.split_once('/').is_some_and(|(id, _)| id == of.review.to_string());
            choice.checked(fresh || ticked.iter().any(same))
        });
        Self {
            missing: match asked.saturating_sub(found.len()) {
                0 => String::new(),
                1 => "1 of the reviews that you chose cannot be given to anybody now.".to_owned(),
                many => format!("{many} of the reviews that you chose cannot be given to anybody now."),
            },
            shown: found.iter().map(|of| of.review.to_string()).collect(),
            review: Field::new("review", "Reviews that you chose").errors(errors),
            reviews: choices.collect(),
            person: Field::new("person", "To whom?").value(typed.one("person")).errors(errors),
            people: people(reviewers, "Choose a reviewer"),
            errors: errors.summary(),
        }
    }
}

impl Page for ChosenPage {
    const TEMPLATE: &'static str = "review/allocation/chosen.html";

    fn title(&self) -> String {
        "Reviews that you chose".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |rows: i64, missing: &str, errors: &FormErrors| Self {
            missing: missing.to_owned(),
            shown: (0..rows).map(|n| n.to_string()).collect(),
            review: Field::new("review", "Reviews that you chose").errors(errors),
            reviews: (0..rows)
                .map(|n| Choice::new(format!("{n}/1"), format!("ZZ{n} Trust")).hint("2026/27, queued"))
                .collect(),
            person: Field::new("person", "To whom?").errors(errors),
            people: people(&[], "Choose a reviewer"),
            errors: errors.summary(),
        };
        let mut wrong = FormErrors::new();
        wrong.add("review", "Choose at least one review");
        wrong.add("person", "Choose a reviewer");
        let none = FormErrors::new();
        vec![
            ("empty", sample(0, "", &none)),
            ("typical", sample(3, "1 of the reviews that you chose cannot be given to anybody now.", &none)),
            ("long", sample(100, "", &none)),
            ("errors", sample(2, "", &wrong)),
        ]
    }
}
