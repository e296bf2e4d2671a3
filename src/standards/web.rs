//! Standards in the browser: reading them, and importing an edition from a file. Drafts of editions have pages of their own.

mod import;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::pages::{EditionPage, StandardsPage};
use super::store;
use crate::access::{Action as _, ImportEdition, ReadDrafts, Subject};
use crate::identity::SignedIn;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, Routes, page, resource};

/// The list of editions and one edition to read, for everybody signed in; importing, for the standards editor.
pub fn routes(routes: &mut Routes) {
    routes
        .service(resource("/standards").name("standards").get(list))
        .service(resource("/standards/import").name("standards-import").get(import::new).post(import::upload))
        .service(
            resource("/standards/import/{sha256}")
                .name("standards-import-preview")
                .get(import::preview)
                .post(import::confirm),
        )
        .configure(super::mapping::routes)
        .configure(super::editing::routes)
        .configure(super::register::routes)
        .configure(super::guidance::routes)
        .service(resource("/standards/{edition}").name("standards-edition").get(show));
}

async fn list(request: HttpRequest, portal: Data<Portal>, by: SignedIn) -> Result<HttpResponse> {
    let may_import = ImportEdition::ROW.allows(&by.actor, &Subject::programme()).is_ok();
    let may_read = ReadDrafts::ROW.allows(&by.actor, &Subject::programme()).is_ok();
    let rows = portal.db.read(Reach::nobodys(), store::editions).await?;
    page(&request, &StandardsPage::new(rows, may_import, may_read))
}

async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    _by: SignedIn,
    key: Path<String>,
) -> Result<HttpResponse> {
    let key = key.into_inner();
    let found = portal.db.read(Reach::nobodys(), move |conn| store::edition_by_key(conn, &key)).await?;
    let (stored, state) = found.ok_or(Error::NotFound)?;
    page(&request, &EditionPage::new(stored.edition(), state))
}
