//! The ledger's public head: size, root, signed checkpoint and the key to check it with.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::pages::LedgerPage;
use crate::ledger::{self, LogKey};
use crate::platform::canonical::hex;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};

/// `GET /ledger`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    key: Data<LogKey>,
) -> Result<HttpResponse> {
    let head = portal.db.read(Reach::nobodys(), ledger::head).await?;
    let content = LedgerPage {
        size: head.as_ref().map_or(0, |h| h.size),
        root: head.as_ref().map(|h| hex(&h.root)).unwrap_or_default(),
        at: head.as_ref().map_or(0, |h| h.at.micros()),
        checkpoint: head.map(|h| h.checkpoint).unwrap_or_default(),
        verifier: key.verifier().to_owned(),
    };
    page(&request, &content)
}

/// `GET /ledger/checkpoint`: the signed note itself.
pub(super) async fn checkpoint(portal: Data<Portal>) -> Result<HttpResponse> {
    let head = portal.db.read(Reach::nobodys(), ledger::head).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(head.checkpoint))
}
