//! One certificate: recording it, correcting it, withdrawing it.

use serde::Serialize;

use super::{inner_way, list_href};
use crate::certificates::form::CertificateForm;
use crate::certificates::scope::ServiceName;
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};

/// The form of a certificate.
#[derive(Debug, Serialize)]
pub(in crate::certificates) struct EditPage {
    heading: String,
    errors: ErrorSummary,
    /// Why what was typed was not saved; empty when it was not tried, or has errors of its own.
    conflict: String,
    kind: Field,
    kinds: Vec<Choice>,
    body: Field,
    accreditation: Field,
    number: Field,
    scope: Field,
    scopes: Vec<Choice>,
    covered: Field,
    services: Vec<Choice>,
    services_href: String,
    issued_on: DateField,
    valid_from: DateField,
    valid_to: DateField,
    version: String,
    /// Empty for a new certificate.
    withdraw_href: String,
    reason: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl EditPage {
    /// The form of a new certificate, or of the one that `id` names.
    pub(in crate::certificates) fn new(
        (code, name): (&str, &str),
        id: Option<String>,
        form: &CertificateForm,
        services: &[ServiceName],
        errors: &FormErrors,
    ) -> Self {
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        let list = list_href(code);
        Self {
            heading: if id.is_some() { "Correct a certificate" } else { "Add a certificate" }.to_owned(),
            errors: errors.summary(),
            conflict: String::new(),
            kind: field("kind", "Kind of certificate", &form.kind),
            kinds: form.kinds(),
            body: field("body", "Certification body", &form.body),
            accreditation: field(
                "accreditation",
                "Accreditation of that body (optional)",
                &form.accreditation,
            )
            .hint(
                "Who accredited it and under which number. An ISO/IEC 27001 certificate counts only with it",
            ),
            number: field("number", "Number of the certificate", &form.number),
            scope: field("scope", "What does the certificate cover?", &form.scope),
            scopes: form.scopes(),
            covered: field("covered", "Services that it covers", ""),
            services: form.services(services),
            services_href: format!("{list}/services"),
            issued_on: form.issued_on.field("issued_on", "Issued on", errors),
            valid_from: form.valid_from.field("valid_from", "Valid from", errors),
            valid_to: form.valid_to.field("valid_to", "Valid to, that day included", errors),
            version: form.version.to_string(),
            withdraw_href: id.map(|id| format!("{list}/{id}/withdraw")).unwrap_or_default(),
            reason: field("reason", "Why is it withdrawn?", "")
                .hint("From today it no longer counts. What you submitted before is not changed by it"),
            way: inner_way(code, name),
        }
    }

    /// With why it was not saved, and what stands now, in words.
    #[must_use]
    pub(in crate::certificates) fn not_saved(mut self, why: String) -> Self {
        self.conflict = why;
        self
    }
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "certificates/edit.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let place = ("ZZ001", "Example Trust");
        let form = CertificateForm { scope: "whole".to_owned(), ..CertificateForm::default() };
        let services =
            [ServiceName { id: crate::platform::ids::ServiceId::new(1), name: "Pharmacy".to_owned() }];
        let none = FormErrors::new();
        let mut errors = FormErrors::new();
        errors.add_at("valid_to", "valid_to-day", "The last day must not be before the first day");
        let one = || Some("7".to_owned());
        vec![
            ("empty", Self::new(place, None, &CertificateForm::default(), &[], &none)),
            ("typical", Self::new(place, one(), &form, &services, &none)),
            ("error", Self::new(place, one(), &form, &services, &errors)),
            ("conflict", Self::new(place, one(), &form, &services, &none).not_saved("Changed.".to_owned())),
        ]
    }
}
