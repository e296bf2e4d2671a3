//! The second reviewer's page.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{central, change, closing, limited};
use crate::access::{Actor, ConfirmReview, Permit};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;
use crate::review::confirm::{Verdict, confirm_review, not_own};
use crate::review::decide::REASON_LIMIT;
use crate::review::pages::ConfirmPage;
use crate::review::reading::{self, ForCentre};

/// `GET /reviews/{id}/confirm`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let of = waiting(&portal, &central.by.actor, ReviewId::new(*id)).await?;
    page(&request, &ConfirmPage::new(&of, "", "", &FormErrors::new()))
}

/// The review, if the actor may say something about it now.
async fn waiting(portal: &Portal, actor: &Actor, id: ReviewId) -> Result<ForCentre> {
    let who = actor.clone();
    portal
        .db
        .read(actor.central_reach()?, move |conn| {
            let of = reading::review(conn, &who, id)?;
            let review = &of.case.found.review;
            Permit::<ConfirmReview>::grant(&who, Some(review.subject()))?;
            not_own(conn, review, who.id().ok_or(Error::NotFound)?)?;
            Ok(of)
        })
        .await
}

/// `POST /reviews/{id}/confirm`.
pub(super) async fn confirm(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let verdict = match verdict(&fields) {
        Ok(verdict) => verdict,
        Err(errors) => {
            let of = waiting(&portal, &actor, id).await?;
            let content = ConfirmPage::new(&of, fields.one("verdict"), &fields.text("reason"), &errors);
            return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
        }
    };
    let version = fields.one("version").parse().unwrap_or_default();
    let closing = closing(&portal);
    let confirmed = verdict == Verdict::Confirm;
    change::<ConfirmReview, _, _>(&portal, &actor, id, move |tx, permit, _| {
        confirm_review(tx, permit, version, &verdict, &closing)
    })
    .await?;
    Ok(if confirmed {
        see_other_with_news(&format!("/reviews/{id}"), "Review decided", "The organisation has been told.")
    } else {
        see_other_with_news("/reviews", "Review given back", "It is with its reviewer again.")
    })
}

fn verdict(fields: &Fields) -> Result<Verdict, FormErrors> {
    let mut errors = FormErrors::new();
    let reason = fields.text("reason");
    limited(&reason, REASON_LIMIT, "reason", "The reason", &mut errors);
    let verdict = match fields.one("verdict") {
        "confirm" => Some(Verdict::Confirm),
        "return" if reason.is_empty() => {
            errors.add("reason", "Say what the reviewer should look at again");
            None
        }
        "return" => Some(Verdict::Return(reason)),
        _ => {
            errors.add("verdict", "Choose whether to confirm or to give the review back");
            None
        }
    };
    errors.into_result(verdict)
}
