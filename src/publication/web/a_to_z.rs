//! Every organisation from A to Z, on plain pages: for readers who would rather look than search, and for copies of the site
//! on servers that cannot search.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::platform::error::{Error, Result};
use crate::publication::public::PublicSite;

/// `GET /public/a-to-z`.
pub(super) async fn index(request: HttpRequest, site: Data<PublicSite>) -> Result<HttpResponse> {
    Ok(site.a_to_z()?.answer(&request))
}

/// `GET /public/a-to-z/{part}`.
pub(super) async fn part(
    request: HttpRequest,
    site: Data<PublicSite>,
    part: Path<String>,
) -> Result<HttpResponse> {
    Ok(site.a_to_z_part(&part)?.ok_or(Error::NotFound)?.answer(&request))
}
