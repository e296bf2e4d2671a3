//! Pages of identity.

use serde::Serialize;

use super::model::Persona;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Page, PageCheck, PagesError};

/// Sign in; in the demo with a list of personas.
#[derive(Debug, Serialize)]
pub struct SignInPage {
    /// What was wrong.
    pub errors: ErrorSummary,
    /// The address field.
    pub email: Field,
    /// The password field, never refilled.
    pub password: Field,
    /// Where to go afterwards.
    pub next: String,
    /// The demo's personas; empty in every other mode.
    pub personas: Vec<Persona>,
}

impl SignInPage {
    /// The page for what was typed.
    #[must_use]
    pub fn new(email: &str, next: String, personas: Vec<Persona>, errors: &FormErrors) -> Self {
        Self {
            errors: errors.summary(),
            email: Field::new("email", "Email address").value(email).errors(errors),
            password: Field::new("password", "Password").errors(errors),
            next,
            personas,
        }
    }
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "identity/sign_in.html";

    fn title(&self) -> String {
        "Sign in".to_owned()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let persona = Persona {
            email: "ig.lead@trust.example".to_owned(),
            name: "Ada Example".to_owned(),
            persona: "Information governance lead of Example Trust".to_owned(),
        };
        let mut errors = FormErrors::new();
        errors.add("email", "Enter an email address in the correct format, like name@example.com");
        vec![
            ("empty", Self::new("", String::new(), Vec::new(), &FormErrors::new())),
            ("error", Self::new("ada", "/x".to_owned(), Vec::new(), &errors)),
            ("demo", Self::new("", String::new(), vec![persona], &FormErrors::new())),
        ]
    }
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<SignInPage>()?])
}
