//! The top of the queue with boxes to tick, and a reviewer to give it to.

use serde::Serialize;

use super::super::plan::{Reviewer, Waiting};
use super::{people, way};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ByHandPage {
    review: Field,
    reviews: Vec<Choice>,
    person: Field,
    people: Vec<Choice>,
    errors: ErrorSummary,
}

impl ByHandPage {
    /// The page, with what was chosen when the form was refused.
    pub fn new(
        waiting: &[Waiting],
        reviewers: &[Reviewer],
        (chosen, person): (&[String], &str),
        errors: &FormErrors,
    ) -> Self {
        let choice = |of: &Waiting| {
            let id = format!("{}/{}", of.review, of.version);
            let checked = chosen.contains(&id);
            Choice::new(id, format!("{} {}", of.code, of.name))
                .hint(format!(
                    "Risk {} of 1,000, {}, due {}",
                    of.risk,
                    of.year,
                    of.due_at.london_day().words()
                ))
                .checked(checked)
        };
        Self {
            review: Field::new("review", "Which reviews?")
                .hint("The first 100 of the queue, those first that need a look most")
                .errors(errors),
            reviews: waiting.iter().map(choice).collect(),
            person: Field::new("person", "To whom?").value(person).errors(errors),
            people: people(reviewers, "Choose a reviewer"),
            errors: errors.summary(),
        }
    }
}

impl Page for ByHandPage {
    const TEMPLATE: &'static str = "review/allocation/by_hand.html";

    fn title(&self) -> String {
        "Give reviews by hand".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |rows: usize, errors: &FormErrors| Self {
            review: Field::new("review", "Which reviews?").hint("The first of the queue").errors(errors),
            reviews: (0..rows)
                .map(|n| Choice::new(n.to_string(), format!("ZZ{n} Trust")).hint("Risk 518 of 1,000"))
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
            ("empty", sample(0, &none)),
            ("typical", sample(3, &none)),
            ("long", sample(100, &none)),
            ("errors", sample(2, &wrong)),
        ]
    }
}
