//! One review: read, claimed, given back, agreed with, finished.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{central, change, limited, must_be_allowed};
use crate::access::{ClaimReview, DecideAnswer, FinishReview, GoOnWithoutReply, ReleaseReview};
use crate::identity::{Central, Posted};
use crate::platform::error::Result;
use crate::platform::http::{Portal, page, page_with_status, see_other, see_other_with_news};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;
use crate::review::claim::{claim_review, release_review};
use crate::review::decide::agree_with_rest;
use crate::review::finish::{SUMMARY_LIMIT, finish_review};
use crate::review::mail::Links;
use crate::review::model::ReviewState;
use crate::review::pages::OverviewPage;
use crate::review::reading;
use crate::review::reply::go_on_without_reply;

/// `GET /reviews/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (id, actor) = (ReviewId::new(*id), central.by.actor.clone());
    let of = portal.db.read(central.reach, move |conn| reading::review(conn, &actor, id)).await?;
    page(&request, &OverviewPage::new(&of, &central.by.actor, portal.clock.now(), None, &FormErrors::new()))
}

/// `POST /reviews/{id}/claim`.
pub(super) async fn claim(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let id = ReviewId::new(*id);
    change::<ClaimReview, _, _>(&portal, &actor, id, claim_review).await?;
    Ok(see_other_with_news(
        &format!("/reviews/{id}"),
        "Review claimed",
        "It is yours until you give it back.",
    ))
}

/// `POST /reviews/{id}/release`.
pub(super) async fn release(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let id = ReviewId::new(*id);
    change::<ReleaseReview, _, _>(&portal, &actor, id, release_review).await?;
    Ok(see_other_with_news("/reviews", "Review given back", "Its decisions are kept for the next reviewer."))
}

/// `POST /reviews/{id}/agree`: with every answer that is left.
pub(super) async fn agree(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let id = ReviewId::new(*id);
    let count =
        change::<DecideAnswer, _, _>(&portal, &actor, id, |tx, permit, _| agree_with_rest(tx, permit))
            .await?;
    let words = if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") };
    Ok(see_other_with_news(&format!("/reviews/{id}"), "Agreed", &format!("You agreed with {words}.")))
}

/// `POST /reviews/{id}/go-on`: without the answers that are overdue.
pub(super) async fn go_on(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let id = ReviewId::new(*id);
    change::<GoOnWithoutReply, _, _>(&portal, &actor, id, |tx, permit, _| go_on_without_reply(tx, permit))
        .await?;
    let words = "The overdue questions are closed without an answer.";
    Ok(see_other_with_news(&format!("/reviews/{id}"), "The review goes on", words))
}

/// `POST /reviews/{id}/finish`.
pub(super) async fn finish(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let summary = fields.text("summary");
    let version = fields.one("version").parse().unwrap_or_default();
    let mut errors = FormErrors::new();
    limited(&summary, SUMMARY_LIMIT, "summary", "The summary", &mut errors);
    if !errors.is_empty() {
        must_be_allowed::<FinishReview>(&portal, actor.central_reach()?, &actor, id).await?;
        let who = actor.clone();
        let of = portal.db.read(actor.central_reach()?, move |conn| reading::review(conn, &who, id)).await?;
        let content = OverviewPage::new(&of, &actor, portal.clock.now(), Some(&summary), &errors);
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    let links = Links::below(portal.config.public_url());
    let state = change::<FinishReview, _, _>(&portal, &actor, id, move |tx, permit, _| {
        finish_review(tx, permit, version, &summary, &links)
    })
    .await?;
    let to = format!("/reviews/{id}");
    Ok(match state {
        ReviewState::Decided => see_other_with_news(&to, "Review decided", "The organisation has been told."),
        ReviewState::Second => see_other_with_news(
            &to,
            "Review finished",
            "The grade changes, so a second reviewer has to confirm it.",
        ),
        _ => see_other(&to),
    })
}
