//! What a second reviewer sees: the grade claimed and assessed, every answer that was changed and why, and the choice to
//! confirm or to give the review back.

use serde::Serialize;

use super::parts::{Fact, paragraphs};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::case::{Case, grade_words};
use crate::review::reading::ForCentre;

/// One answer on which the reviewer disagrees.
#[derive(Debug, Clone, Serialize)]
pub(in crate::review) struct Change {
    heading: String,
    href: String,
    claimed: String,
    assessed: String,
    outcome: &'static str,
    reason: Vec<String>,
}

/// Every answer on which the reviewer disagrees, in edition order; links lead below `base` unless it is empty.
pub(super) fn changes(case: &Case, base: &str) -> Vec<Change> {
    let edition = case.edition();
    case.requirements()
        .filter_map(|(requirement, line)| {
            let decision = line.decision.as_ref().filter(|decision| decision.outcome.needs_reason())?;
            Some(Change {
                heading: format!("{} {}", requirement.code, requirement.title),
                href: if base.is_empty() {
                    String::new()
                } else {
                    format!("{base}/requirements/{}", requirement.code)
                },
                claimed: line.claimed.label(),
                assessed: line.assessed(edition).label(),
                outcome: decision.outcome.words(),
                reason: paragraphs(&decision.reason),
            })
        })
        .collect()
}

impl Change {
    /// An example for the checks.
    pub(super) fn sample(href: &str) -> Self {
        Self {
            heading: "1-101 A framework for governance".to_owned(),
            href: href.to_owned(),
            claimed: "Level 2".to_owned(),
            assessed: "Level 1".to_owned(),
            outcome: "Downgraded",
            reason: vec!["The policy is a draft.".to_owned()],
        }
    }
}

/// The second reviewer's page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ConfirmPage {
    id: i64,
    #[serde(skip)]
    organisation: String,
    facts: Vec<Fact>,
    remarks: Vec<String>,
    changes: Vec<Change>,
    version: i64,
    verdict: Field,
    verdicts: Vec<Choice>,
    reason: Field,
    errors: ErrorSummary,
}

impl ConfirmPage {
    /// The page, with what was typed when the form was refused.
    pub fn new(of: &ForCentre, verdict: &str, reason: &str, errors: &FormErrors) -> Self {
        let found = &of.case.found;
        let review = &found.review;
        Self {
            id: review.id.get(),
            organisation: found.name.clone(),
            facts: vec![
                Fact::new("Organisation", format!("{} ({})", found.name, found.code)),
                Fact::new("Year", &*found.year_label),
                Fact::new("Grade claimed", grade_words(&review.claimed_grade)),
                Fact::new(
                    "Grade assessed",
                    review.assessed_grade.as_deref().map(grade_words).unwrap_or_default(),
                ),
                Fact::new("Reviewer", of.name(review.reviewer)),
            ],
            remarks: paragraphs(&review.summary),
            changes: changes(&of.case, &format!("/reviews/{}", review.id)),
            version: review.version,
            verdict: Field::new("verdict", "What do you say?").value(verdict).errors(errors),
            verdicts: vec![
                Choice::new("confirm", "Confirm the grade")
                    .hint("It becomes final, and the organisation is told."),
                Choice::new("return", "Give the review back")
                    .hint("The reviewer looks again at what you name."),
            ],
            reason: Field::new("reason", "What should the reviewer look at again?")
                .hint("Needed when you give the review back.")
                .value(reason)
                .errors(errors),
            errors: errors.summary(),
        }
    }
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "review/confirm.html";

    fn title(&self) -> String {
        format!("Confirm the review of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new(&self.organisation, format!("/reviews/{}", self.id))]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("verdict", "Choose whether to confirm");
        wrong.add("reason", "Say what the reviewer should look at again");
        let sample = |changes: usize, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            facts: vec![Fact::new("Grade claimed", "Satisfactory")],
            remarks: if changes > 0 { vec!["Sound work.".to_owned()] } else { Vec::new() },
            changes: vec![Change::sample("/reviews/1/requirements/1-101"); changes],
            version: 4,
            verdict: Field::new("verdict", "What do you say?").errors(errors),
            verdicts: vec![Choice::new("confirm", "Confirm the grade")],
            reason: Field::new("reason", "What should the reviewer look at again?").errors(errors),
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![("empty", sample(0, &none)), ("typical", sample(1, &none)), ("errors", sample(60, &wrong))]
    }
}
