//! Certificates that an organisation holds: kind, body, accreditation, number, structured scope and dates. A certificate
//! says by itself whether it counts on a day, and in words why not; returns ask it, and nothing stores the answer.

mod add;
mod changed;
mod correct;
mod form;
mod model;
mod pages;
mod restore;
mod scope;
mod services;
mod store;
mod web;
mod withdraw;

pub use crate::standards::certificate_kinds::{Kind, KindEdition, kind, kind_name, kinds};
pub use add::{NewCertificate, add_certificate};
pub use changed::CERTIFICATES_CHANGED;
pub use correct::correct_certificate;
pub use model::{Certificate, CertificateState, Shortfall};
pub use pages::page_checks;
pub use restore::{HeldBefore, restore_holdings};
pub use scope::{Scope, ScopeTest, ServiceName};
pub use services::list_services;
pub use store::{Holdings, certificate, holdings, holds_nothing, services};
pub use web::routes;
pub use withdraw::withdraw_certificate;
