//! The form of a certificate: raw strings as posted, read into a certificate or into messages beside the controls.

use std::collections::BTreeSet;

use super::add::NewCertificate;
use super::model::Certificate;
use super::scope::{Scope, ServiceName};
use crate::platform::http::{Fields, TypedDay};
use crate::platform::ids::ServiceId;
use crate::platform::pages::{Choice, FormErrors};
use crate::standards::CertificateKind;
use crate::standards::certificate_kinds::kinds;

/// The most characters of each text.
pub(super) const TEXT_LIMIT: usize = 200;

/// A certificate as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct CertificateForm {
    /// `KIND` or `KIND/EDITION`.
    pub kind: String,
    pub body: String,
    pub accreditation: String,
    pub number: String,
    /// `whole` or `services`.
    pub scope: String,
    pub covered: Vec<String>,
    pub issued_on: TypedDay,
    pub valid_from: TypedDay,
    pub valid_to: TypedDay,
    /// The version that the page showed; 0 for a new one.
    pub version: i64,
}

impl CertificateForm {
    pub(super) fn read(fields: &Fields) -> Self {
        Self {
            kind: fields.text("kind"),
            body: fields.text("body"),
            accreditation: fields.text("accreditation"),
            number: fields.text("number"),
            scope: fields.text("scope"),
            covered: fields.all("covered"),
            issued_on: TypedDay::read(fields, "issued_on"),
            valid_from: TypedDay::read(fields, "valid_from"),
            valid_to: TypedDay::read(fields, "valid_to"),
            version: fields.text("version").parse().unwrap_or_default(),
        }
    }

    pub(super) fn of(certificate: &Certificate) -> Self {
        let (scope, covered) = match &certificate.scope {
            Scope::Whole => ("whole", Vec::new()),
            Scope::Services(ids) => ("services", ids.iter().map(ToString::to_string).collect()),
        };
        Self {
            kind: kind_value(certificate.kind.as_str(), &certificate.edition),
            body: certificate.body.clone(),
            accreditation: certificate.accreditation.clone(),
            number: certificate.number.clone(),
            scope: scope.to_owned(),
            covered,
            issued_on: TypedDay::of(certificate.issued_on),
            valid_from: TypedDay::of(certificate.valid_from),
            valid_to: TypedDay::of(certificate.valid_to),
            version: certificate.version,
        }
    }

    pub(super) fn parse(&self) -> Result<NewCertificate, FormErrors> {
        let mut errors = FormErrors::new();
        let (key, edition) = self.kind.split_once('/').unwrap_or((&self.kind, ""));
        let kind = CertificateKind::new(key).ok();
        if kind.is_none() {
            errors.add("kind", "Choose the kind of certificate");
        }
        required(&mut errors, "body", &self.body, "Enter the body that issued the certificate");
        limited(&mut errors, "accreditation", &self.accreditation);
        required(&mut errors, "number", &self.number, "Enter the certificate's number");
        let scope = self.scope(&mut errors);
        let issued_on = self.issued_on.parse("issued_on", "on which it was issued", &mut errors);
        let valid_from = self.valid_from.parse("valid_from", "from which it is valid", &mut errors);
        let valid_to = self.valid_to.parse("valid_to", "until which it is valid", &mut errors);
        if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
            errors.add_at("valid_to", "valid_to-day", "The last day must not be before the first day");
        }
        let new = match (kind, scope, issued_on, valid_from, valid_to) {
            (Some(kind), Some(scope), Some(issued_on), Some(valid_from), Some(valid_to)) => {
                Some(NewCertificate {
                    kind,
                    edition: edition.to_owned(),
                    body: self.body.clone(),
                    accreditation: self.accreditation.clone(),
                    number: self.number.clone(),
                    scope,
                    issued_on,
                    valid_from,
                    valid_to,
                })
            }
            _ => None,
        };
        errors.into_result(new)
    }

    fn scope(&self, errors: &mut FormErrors) -> Option<Scope> {
        match self.scope.as_str() {
            "whole" => Some(Scope::Whole),
            "services" => {
                let ids: BTreeSet<ServiceId> = self.covered.iter().filter_map(|id| id.parse().ok()).collect();
                if ids.is_empty() {
                    errors.add("covered", "Choose the services that the certificate covers");
                    return None;
                }
                Some(Scope::Services(ids))
            }
            _ => {
                errors.add("scope", "Say what the certificate covers");
                None
            }
        }
    }

    /// The kinds to choose from.
    pub(super) fn kinds(&self) -> Vec<Choice> {
        let mut choices = vec![Choice::new("", "Choose a kind")];
        for kind in kinds() {
            if kind.editions.is_empty() {
                choices.push(Choice::new(&kind.key, &kind.name));
            }
            choices.extend(kind.editions.iter().map(|edition| {
                let ended = edition.ended.map(|day| format!(", ended {}", day.words())).unwrap_or_default();
                let text = format!("{} ({}{ended})", kind.name, edition.name);
                Choice::new(kind_value(&kind.key, &edition.key), text)
            }));
        }
        choices.into_iter().map(|choice| choice_of(choice, &self.kind)).collect()
    }

    /// The services to choose from.
    pub(super) fn services(&self, listed: &[ServiceName]) -> Vec<Choice> {
        listed
            .iter()
            .map(|service| {
                let id = service.id.to_string();
                let covered = self.covered.contains(&id);
                Choice::new(id, &service.name).checked(covered)
            })
            .collect()
    }

    /// Whole or part.
    pub(super) fn scopes(&self) -> Vec<Choice> {
        [
            ("whole", "The whole organisation", "Everything it does, now and later"),
            (
                "services",
                "Only some services",
                "Choose them below from the services that your organisation lists",
            ),
        ]
        .map(|(value, text, hint)| Choice::new(value, text).hint(hint).checked(self.scope == value))
        .to_vec()
    }
}

fn choice_of(choice: Choice, chosen: &str) -> Choice {
    let checked = choice.value == chosen;
    choice.checked(checked)
}

fn kind_value(key: &str, edition: &str) -> String {
    if edition.is_empty() { key.to_owned() } else { format!("{key}/{edition}") }
}

fn required(errors: &mut FormErrors, field: &str, text: &str, missing: &str) {
    if text.is_empty() {
        errors.add(field, missing);
    }
    limited(errors, field, text);
}

fn limited(errors: &mut FormErrors, field: &str, text: &str) {
    if text.chars().count() > TEXT_LIMIT {
        errors.add(field, format!("Enter {TEXT_LIMIT} characters or fewer"));
    }
}
