//! The corrections of one edition: every one for the central team, and what came into force for everybody signed in.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Action as _, DraftCorrection, Subject};
use crate::corrections::pages::ListPage;
use crate::corrections::store;
use crate::identity::SignedIn;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};
use crate::standards::{self, EditionState};

/// `GET /standards/{edition}/corrections`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    by: SignedIn,
    key: Path<String>,
) -> Result<HttpResponse> {
    let key = key.into_inner();
    let (edition, state, all) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let (stored, state) = standards::edition_by_key(conn, &key)?.ok_or(Error::NotFound)?;
            let all = store::corrections(conn, Some(stored.id()))?;
            Ok((std::sync::Arc::clone(stored.edition()), state, all))
        })
        .await?;
    let may_draft =
        DraftCorrection::ROW.allows(&by.actor, &Subject::programme()).is_ok() && state != EditionState::Draft;
    page(&request, &ListPage::new(&edition, &all, may_draft, by.actor.is_central()))
}
