//! What is done with a correction that is written: previewed, given up, approved or refused.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::one::shown;
use super::{change, read, version};
use crate::access::{DecideRuleCorrection, DiscardRuleCorrection, Permit, PreviewRuleCorrection};
use crate::corrections::correction_href;
use crate::corrections::decide::{Decision, STALE, decide_correction};
use crate::corrections::draft::discard_correction;
use crate::corrections::preview::preview_correction;
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, see_other_with_news};
use crate::platform::pages::FormErrors;

/// `POST /standards/{edition}/corrections/{number}/preview`.
pub(super) async fn preview(
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    let (id, version) = (found.correction.id, version(&fields)?);
    Permit::<PreviewRuleCorrection>::grant(&central.by.actor, Some(found.correction.subject()))?;
    change::<PreviewRuleCorrection>(&portal, &central, id, move |tx, permit| {
        preview_correction(tx, permit, version)
    })
    .await?;
    Ok(see_other_with_news(
        &correction_href(&key, found.correction.number),
        "Preview begun",
        "Every return is being scored under both rule sets. Load this page again to see how far it is.",
    ))
}

/// `POST /standards/{edition}/corrections/{number}/discard`.
pub(super) async fn discard(
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    let (id, version) = (found.correction.id, version(&fields)?);
    Permit::<DiscardRuleCorrection>::grant(&central.by.actor, Some(found.correction.subject()))?;
    change::<DiscardRuleCorrection>(&portal, &central, id, move |tx, permit| {
        discard_correction(tx, permit, version)
    })
    .await?;
    Ok(see_other_with_news(
        &format!("/standards/{key}/corrections"),
        "Correction discarded",
        "Nothing has changed. The record of it stays.",
    ))
}

/// `POST /standards/{edition}/corrections/{number}/decision`.
pub(super) async fn decide(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    let (id, version) = (found.correction.id, version(&fields)?);
    Permit::<DecideRuleCorrection>::grant(&central.by.actor, Some(found.correction.subject()))?;
    let statement = fields.text("statement");
    let approves = match fields.one("decision") {
        "approve" => true,
        "refuse" => false,
        _ => {
            let mut errors = FormErrors::new();
            errors.add("decision", "Select whether you approve the correction");
            let refused = (statement.as_str(), StatusCode::UNPROCESSABLE_ENTITY, &errors);
            return shown(&request, &portal, &central, &found, refused).await;
        }
    };
    let decision = if approves {
        Decision::Approve {
            statement: statement.clone(),
            none_accepted: fields.one("none_accepted") == "yes",
        }
    } else {
        Decision::Refuse(statement.clone())
    };
    let outcome = change::<DecideRuleCorrection>(&portal, &central, id, move |tx, permit| {
        decide_correction(tx, permit, version, &decision)
    })
    .await;
    let href = correction_href(&key, found.correction.number);
    match outcome {
        Ok(()) if approves => Ok(see_other_with_news(
            &href,
            "Correction approved",
            "Every return is being scored again. Everybody reads the old results until all of them are ready.",
        )),
        Ok(()) => {
            Ok(see_other_with_news(&href, "Correction refused", "It is a draft again, with your reason."))
        }
        Err(Error::Invalid(list)) => {
            let refused =
                (statement.as_str(), StatusCode::UNPROCESSABLE_ENTITY, &FormErrors::found(&list, &[]));
            shown(&request, &portal, &central, &found, refused).await
        }
        Err(Error::Refused(said)) if said == STALE => {
            change::<DecideRuleCorrection>(&portal, &central, id, move |tx, permit| {
                preview_correction(tx, permit, version)
            })
            .await?;
            let now = read(&portal, &central, &key, &number).await?;
            let mut errors = FormErrors::new();
            errors.add_whole(STALE);
            shown(&request, &portal, &central, &now, ("", StatusCode::CONFLICT, &errors)).await
        }
        Err(error) => Err(error),
    }
}
