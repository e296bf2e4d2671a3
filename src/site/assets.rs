//! Style sheets and scripts at addresses that name their content, so that browsers keep them for good.

use std::sync::Arc;

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};

use crate::platform::assets;
use crate::platform::error::{Error, Result};
use crate::platform::http::Portal;

/// `GET /assets/{hash}/{name}`.
pub(super) async fn asset(request: HttpRequest, portal: Data<Portal>) -> Result<HttpResponse> {
    let asset = portal.assets.get(request.path()).ok_or(Error::NotFound)?;
    let header = |name| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let accepted = header(ACCEPT_ENCODING);
    let encoding = if accepted.contains("br") {
        "br"
    } else if accepted.contains("gzip") {
        "gzip"
    } else {
        "identity"
    };
    let etag = asset.etag_for(encoding);
    if header(IF_NONE_MATCH).contains(&etag) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, etag)).finish());
    }
    let body = match asset.made(encoding) {
        Some(body) => body,
        None => packed(&portal, request.path(), encoding).await?,
    };
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, asset.media_type))
        .insert_header((CACHE_CONTROL, assets::CACHE_CONTROL))
        .insert_header((VARY, "accept-encoding"))
        .insert_header((ETAG, etag));
    if encoding != "identity" {
        answer.insert_header((CONTENT_ENCODING, encoding));
    }
    Ok(answer.body(body))
}

/// The body in an encoding, made off the event loop: the style sheet takes long enough for other requests to run out of time.
async fn packed(portal: &Portal, path: &str, encoding: &'static str) -> Result<Bytes> {
    let (assets, path) = (Arc::clone(&portal.assets), path.to_owned());
    tokio::task::spawn_blocking(move || {
        let asset = assets.get(&path).ok_or(Error::NotFound)?;
        Ok(if encoding == "br" { asset.brotli() } else { asset.gzip() })
    })
    .await
    .unwrap_or_else(|e| Err(Error::internal("failed to compress an asset", e)))
}
