//! The services of an organisation, one a line.

use serde::Serialize;

use super::inner_way;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};

/// The list as a text.
#[derive(Debug, Serialize)]
pub(in crate::certificates) struct ServicesPage {
    organisation: String,
    errors: ErrorSummary,
    services: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ServicesPage {
    /// The page with this text.
    pub(in crate::certificates) fn new((code, name): (&str, &str), text: &str, errors: &FormErrors) -> Self {
        Self {
            organisation: name.to_owned(),
            errors: errors.summary(),
            services: Field::new("services", "Services, one a line")
                .hint("Everything for which you process health and care information, such as a department or a site")
                .value(text)
                .errors(errors),
            way: inner_way(code, name),
        }
    }
}

impl Page for ServicesPage {
    const TEMPLATE: &'static str = "certificates/services.html";

    fn title(&self) -> String {
        format!("Services of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut errors = FormErrors::new();
        errors.add("services", "\"Pharmacy\" is listed twice");
        let page = |text, errors: &FormErrors| Self::new(("ZZ001", "Example Trust"), text, errors);
        vec![("empty", page("", &FormErrors::new())), ("error", page("Pharmacy\nPharmacy", &errors))]
    }
}
