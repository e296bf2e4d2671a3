//! Pages of certificates: the list, one certificate, and the services.

mod edit;
mod list;
mod services;

pub(super) use edit::EditPage;
pub(super) use list::ListPage;
pub(super) use services::ServicesPage;

use crate::platform::pages::{Link, PageCheck, PagesError};

/// The address of an organisation's certificates.
pub(super) fn list_href(code: &str) -> String {
    format!("/organisations/{code}/certificates")
}

/// The way back to an organisation.
fn way(code: &str, name: &str) -> Vec<Link> {
    vec![Link::new("Home", "/home"), Link::new(name, format!("/organisations/{code}"))]
}

/// The way back to an organisation's certificates.
fn inner_way(code: &str, name: &str) -> Vec<Link> {
    let mut way = way(code, name);
    way.push(Link::new("Certificates", list_href(code)));
    way
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<ListPage>()?, PageCheck::of::<EditPage>()?, PageCheck::of::<ServicesPage>()?])
}
