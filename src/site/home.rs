//! Where a person lands after signing in: straight at their organisation's returns when that is all they have.

use actix_web::{HttpRequest, HttpResponse};

use super::pages::HomePage;
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
    let central = if by.actor.is_central() {
        vec![
            Link::new("Reviews", "/reviews"),
            Link::new("Collections", "/collections"),
            Link::new("Standards", "/standards"),
            Link::new("Releases", "/releases"),
        ]
    } else {
        Vec::new()
    };
    page(&request, &HomePage { name: by.actor.name().to_owned(), organisations, central })
}
