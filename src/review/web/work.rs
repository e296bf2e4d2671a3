//! One review: read, claimed, given back, finished.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{central, change, closing, limited, must_be_allowed};
use crate::access::{Actor, ClaimReview, FinishReview, GoOnWithoutReply, ReleaseReview};
use crate::identity::{Central, Posted};
use crate::platform::error::Result;
use crate::platform::http::{Portal, page, page_with_status, see_other, see_other_with_news};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;
use crate::review::allocation::on_overview;
use crate::review::claim::{claim_review, release_review};
use crate::review::finish::{SUMMARY_LIMIT, finish_review};
use crate::review::model::ReviewState;
use crate::review::pages::{OverviewPage, Typed};
use crate::review::queries::go_on_without_reply;
use crate::review::reading;
use crate::review::workspace::Places;

/// `GET /reviews/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let actor = &central.by.actor;
    let content = overview(&portal, actor, ReviewId::new(*id), &Typed::default(), &FormErrors::new()).await?;
    page(&request, &content)
}

/// The page, with what was typed into a form that was refused.
pub(super) async fn overview(
    portal: &Portal,
    actor: &Actor,
    id: ReviewId,
    typed: &Typed,
    errors: &FormErrors,
) -> Result<OverviewPage> {
    let (who, day) = (actor.clone(), portal.clock.now().london_day());
    let leafing = actor.id().and_then(|me| portal.kept.of::<Places>().of((me, id)));
    let (of, beside) = portal
        .db
        .read(actor.central_reach()?, move |conn| {
            let above = reading::overview(conn, &who, id, leafing)?;
            let beside = on_overview(conn, &who, day, &above.of)?;
            Ok((above, beside))
        })
        .await?;
    Ok(OverviewPage::new(&of, actor, portal.clock.now(), typed, errors).with_allocation(beside))
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
        let typed = Typed { summary: Some(summary), ..Typed::default() };
        let content = overview(&portal, &actor, id, &typed, &errors).await?;
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    let closing = closing(&portal);
    let state = change::<FinishReview, _, _>(&portal, &actor, id, move |tx, permit, _| {
        finish_review(tx, permit, version, &summary, &closing)
    })
    .await?;
    let to = format!("/reviews/{id}");
    Ok(match state {
        ReviewState::Decided => see_other_with_news(&to, "Review decided", "The organisation has been told."),
        ReviewState::Second => see_other_with_news(
            &to,
            "Review finished",
            "A second reviewer has to confirm it before the organisation is told.",
        ),
        _ => see_other(&to),
    })
}
