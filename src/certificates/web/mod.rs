//! Certificates in the browser, for the members of the organisation in the address.

mod change;
mod services;
mod show;

use super::model::Certificate;
use crate::access::Subject;
use crate::identity::Member;
use crate::platform::error::FieldError;
use crate::platform::http::{Routes, resource};
use crate::platform::pages::FormErrors;

/// The pages of certificates.
pub fn routes(routes: &mut Routes) {
    let page = |name: &str, more: &str| {
        resource(format!("/organisations/{{organisation}}/certificates{more}")).name(name)
    };
    routes
        .service(page("certificates", "").get(show::list))
        .service(page("certificates-new", "/new").get(show::new).post(change::add))
        .service(page("certificates-services", "/services").get(services::show).post(services::save))
        .service(page("certificates-one", "/{id}").get(show::one).post(change::correct))
        .service(page("certificates-withdraw", "/{id}/withdraw").post(change::withdraw));
}

/// The organisation, for the access table.
fn subject(member: &Member) -> Subject {
    Subject::organisation(member.organisation)
}

/// A certificate, for the access table.
fn subject_of(certificate: &Certificate) -> Subject {
    Subject {
        kind: "certificate",
        id: certificate.id.get(),
        organisation: Some(certificate.organisation),
        state: certificate.state().as_str(),
    }
}

/// What a verb refused, beside its controls.
fn form_errors(found: Vec<FieldError>) -> FormErrors {
    let mut errors = FormErrors::new();
    for FieldError { field, message } in found {
        match field.as_str() {
            "issued_on" | "valid_from" | "valid_to" => {
                let id = format!("{field}-day");
                errors.add_at(field, id, message);
            }
            _ => errors.add(field, message),
        }
    }
    errors
}
