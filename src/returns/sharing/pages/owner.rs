//! Giving one requirement to a colleague, from its question page.

use serde::Serialize;

use super::{ShareControls, owner_words};
use crate::platform::ids::PersonId;
use crate::platform::pages::{ErrorSummary, FormErrors, Link, Page};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::question_href;
use crate::returns::sharing::Owned;
use crate::returns::sharing::form::ShareForm;
use crate::returns::store::Found;
use crate::standards::Requirement;

/// Who answers one requirement.
#[derive(Debug, Serialize)]
pub struct OwnerPage {
    code: String,
    heading: String,
    /// Empty when nobody was given it.
    current: String,
    errors: ErrorSummary,
    controls: ShareControls,
    question: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl OwnerPage {
    /// The form for one requirement; `last` is the last day that it can be given for, in words.
    #[must_use]
    pub(in crate::returns::sharing) fn new(
        found: &Found,
        requirement: &Requirement,
        current: Option<&Owned>,
        (colleagues, last): (&[(PersonId, String)], &str),
        (form, errors): (&ShareForm, &FormErrors),
    ) -> Self {
        Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            current: current.map(owner_words).unwrap_or_default(),
            errors: errors.summary(),
            controls: ShareControls::new(colleagues, last, form, errors),
            question: question_href(&found.code, &found.collection.key, requirement.code.as_str()),
            way: way_of(found),
        }
    }
}

impl Page for OwnerPage {
    const TEMPLATE: &'static str = "returns/sharing/owner.html";

    fn title(&self) -> String {
        format!("Who answers {} {}", self.code, self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |current: &str, errors: &FormErrors| Self {
            code: "1-101".to_owned(),
            heading: "Framework".to_owned(),
            current: current.to_owned(),
            errors: errors.summary(),
            controls: ShareControls::sample(errors),
            question: "/organisations/ZZ001/returns/2026/requirements/1-101".to_owned(),
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("owner", "Choose a colleague");
        errors.add_at("due", "due-day", "Enter a real date, such as 31 1 2026");
        vec![
            ("empty", page("", &FormErrors::new())),
            ("typical", page("Ada Example, by 3 May 2026", &FormErrors::new())),
            ("error", page("", &errors)),
        ]
    }
}
