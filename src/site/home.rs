//! Where a person lands after signing in: straight at their organisation's returns when that is all they have.

use actix_web::{HttpRequest, HttpResponse};

use super::pages::HomePage;
use crate::access::{Actor, CentralRole};
use crate::identity::SignedIn;
use crate::platform::error::Result;
use crate::platform::http::{page, see_other};
use crate::platform::pages::Link;

/// `GET /home`.
pub(super) async fn home(request: HttpRequest, by: SignedIn) -> Result<HttpResponse> {
    let organisations: Vec<Link> = by
        .organisations
        .iter()
        .map(|place| Link::new(&place.name, format!("/organisations/{}", place.code)))
        .collect();
    if let ([only], false) = (organisations.as_slice(), by.actor.is_central()) {
        return Ok(see_other(&only.href));
    }
    let central = central_links(&by.actor);
    page(&request, &HomePage { name: by.actor.name().to_owned(), organisations, central })
}

/// The central team's places, as far as this person's roles open them.
fn central_links(actor: &Actor) -> Vec<Link> {
    if !actor.is_central() {
        return Vec::new();
    }
    let mut links = vec![
        Link::new("Reviews", "/reviews"),
        Link::new("Collections", "/collections"),
        Link::new("Standards", "/standards"),
        Link::new("Organisations", "/organisations"),
        Link::new("Releases", "/releases"),
    ];
    let decides = [CentralRole::ProgrammeManager, CentralRole::CentralReviewer];
    if decides.iter().any(|role| actor.central().contains(role)) {
        links.insert(1, Link::new("Improvement plans", "/plans"));
    }
    let counts = [CentralRole::Publisher, CentralRole::ProgrammeManager];
    if counts.iter().any(|role| actor.central().contains(role)) {
        links.push(Link::new("Baselining samples", "/baselining"));
        links.push(Link::new("Answers by any breakdown", "/breakdown"));
    }
    if actor.central().contains(&CentralRole::ProgrammeManager) {
        links.push(Link::new("Imports", "/imports"));
        links.push(Link::new("Quarantine", "/quarantine"));
        links.push(Link::new("The central team", "/people/central"));
        links.push(Link::new("Background work", "/jobs"));
    }
    if actor.central().contains(&CentralRole::StandardsEditor) {
        links.push(Link::new("Import an edition of a standard", "/standards/import"));
        links.push(Link::new("Mappings between editions", "/standards/mappings"));
    }
    links
}
