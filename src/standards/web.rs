//! Reading standards in the browser. Editions are imported from files by the command line and changed nowhere else.

use actix_web::web::{self, Data, Path, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse};

use super::pages::{EditionPage, StandardsPage};
use super::store;
use crate::identity::SignedIn;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};

/// The list of editions and one edition to read, for everybody signed in.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/standards").name("standards").route(web::get().to(list)))
        .service(resource("/standards/{edition}").name("standards-edition").route(web::get().to(show)));
}

async fn list(request: HttpRequest, portal: Data<Portal>, _by: SignedIn) -> Result<HttpResponse> {
    page(&request, &StandardsPage::new(portal.db.read(store::editions).await?))
}

async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    _by: SignedIn,
    key: Path<String>,
) -> Result<HttpResponse> {
    let key = key.into_inner();
    let found = portal.db.read(move |conn| store::edition_by_key(conn, &key)).await?;
    let (stored, state) = found.ok_or(Error::NotFound)?;
    page(&request, &EditionPage::new(stored.edition(), state))
}
