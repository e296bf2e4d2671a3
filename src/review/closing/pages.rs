//! Taking a decided review up again: the page that asks for the reason.

use serde::Serialize;

use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page, PageCheck, PagesError};
use crate::review::case::grade_words;
use crate::review::store::Found;

/// The checks of this page.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::review) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<ReopenPage>()?])
}

/// The page that asks for the reason.
#[derive(Debug, Serialize)]
pub(super) struct ReopenPage {
    id: i64,
    #[serde(skip)]
    organisation: String,
    grade: String,
    is_final: bool,
    version: i64,
    reason: Field,
    errors: ErrorSummary,
}

impl ReopenPage {
    /// The page, with what was typed when it was refused.
    pub fn new(of: &Found, typed: &str, errors: &FormErrors) -> Self {
        Self {
            id: of.review.id.get(),
            organisation: of.name.clone(),
            grade: of.review.assessed_grade.as_deref().map(grade_words).unwrap_or_default(),
            is_final: of.review.finalised_at.is_some(),
            version: of.review.version,
            reason: reason(typed, errors),
            errors: errors.summary(),
        }
    }
}

fn reason(typed: &str, errors: &FormErrors) -> Field {
    Field::new("reason", "Why is the review taken up again?")
        .hint("For example, new facts. The organisation reads it.")
        .value(typed)
        .errors(errors)
}

impl Page for ReopenPage {
    const TEMPLATE: &'static str = "review/closing/reopen.html";

    fn title(&self) -> String {
        format!("Reopen the review of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new(&self.organisation, format!("/reviews/{}", self.id))]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("reason", "Enter the reason");
        let sample = |is_final: bool, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            grade: "Satisfactory".to_owned(),
            is_final,
            version: 4,
            reason: reason("", errors),
            errors: errors.summary(),
        };
        vec![
            ("open to challenge", sample(false, &FormErrors::new())),
            ("final", sample(true, &FormErrors::new())),
            ("errors", sample(true, &wrong)),
        ]
    }
}
