//! Requests for more time, as a page of the return: what is asked and answered belongs to the collection, what still
//! blocks stands beside it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Year;
use crate::collections;
use crate::identity::{Member, PostedByMember};
use crate::platform::error::Result;
use crate::platform::http::Portal;
use crate::returns::blocking::what_blocks_beside;

/// `GET …/more-time`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    what_blocks_beside(&request, &portal, &member, &path.year).await?;
    collections::show_requests(&request, &portal, &member, &path.year).await
}

/// `POST …/more-time`.
pub(super) async fn ask(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    what_blocks_beside(&request, &portal, &posted.member, &path.year).await?;
    collections::post_request(&request, &portal, posted, &path.year).await
}
