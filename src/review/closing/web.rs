//! Making a decision final by hand, and taking a decided review up again.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::finalise::finalise_review;
use super::pages::ReopenPage;
use super::reopen::reopen_review;
use crate::access::{Actor, FinaliseReview, Permit, ReopenReview};
use crate::identity::{Central, Posted};
use crate::platform::error::Result;
use crate::platform::http::{Portal, Routes, page, page_with_status, resource, see_other_with_news};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;
use crate::review::consistency::may_read;
use crate::review::decide::REASON_LIMIT;
use crate::review::store::{self, Found};
use crate::review::web::{central, change, closing, limited};

/// The addresses.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/{id}/finalise").name("reviews-finalise").post(finalise))
        .service(resource("/reviews/{id}/reopen").name("reviews-reopen").get(ask).post(reopen));
}

/// `POST /reviews/{id}/finalise`.
async fn finalise(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let id = ReviewId::new(*id);
    change::<FinaliseReview, _, _>(&portal, &actor, id, finalise_review).await?;
    Ok(see_other_with_news(
        &format!("/reviews/{id}/decision"),
        "The decision is final",
        "It can no longer be challenged.",
    ))
}

/// The review, if the actor may take it up again.
async fn reopenable(portal: &Portal, actor: &Actor, id: ReviewId) -> Result<Found> {
    let who = actor.clone();
    let found = portal
        .db
        .read(actor.central_reach()?, move |conn| {
            let found = store::find(conn, id)?;
            may_read(conn, &who, &found)?;
            Ok(found)
        })
        .await?;
    Permit::<ReopenReview>::grant(actor, Some(found.review.subject()))?;
    Ok(found)
}

/// `GET /reviews/{id}/reopen`.
async fn ask(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let found = reopenable(&portal, &central.by.actor, ReviewId::new(*id)).await?;
    page(&request, &ReopenPage::new(&found, "", &FormErrors::new()))
}

/// `POST /reviews/{id}/reopen`.
async fn reopen(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let reason = fields.text("reason");
    let version = fields.one("version").parse().unwrap_or_default();
    let mut errors = FormErrors::new();
    if reason.is_empty() {
        errors.add("reason", "Enter the reason");
    }
    limited(&reason, REASON_LIMIT, "reason", "The reason", &mut errors);
    if !errors.is_empty() {
        let found = reopenable(&portal, &actor, id).await?;
        let content = ReopenPage::new(&found, &reason, &errors);
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    let terms = closing(&portal);
    change::<ReopenReview, _, _>(&portal, &actor, id, move |tx, permit, _| {
        reopen_review(tx, permit, version, &reason, &terms)
    })
    .await?;
    Ok(see_other_with_news(
        &format!("/reviews/{id}"),
        "Review reopened",
        "It is with its reviewer again, and the organisation has been told.",
    ))
}
