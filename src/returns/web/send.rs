//! Checking and submitting a return, its receipt, and taking it up again.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Year;
use crate::access::{ReadReturn, ReopenReturn, SubmitReturn};
use crate::identity::{Member, PostedByMember};
use crate::ledger;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status, see_other, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::content::{content, snapshot};
use crate::returns::pages::{CheckPage, ReceiptPage, answer_sections};
use crate::returns::readiness::{lines, return_href};
use crate::returns::reopen::{REASON_LIMIT, reopen_return};
use crate::returns::store::{self, Which};
use crate::returns::submission::{score_of, submission};
use crate::returns::submit::submit_return;
use crate::standards::scoring::GradeKey;

/// `GET …/submit`. After the submission it leads to the receipt.
pub(super) async fn check(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (organisation, year) = (member.organisation, path.into_inner().year);
    let (found, answers, files) =
        portal.db.read(member.reach, move |conn| store::whole(conn, organisation, &year)).await?;
    if found.state.is_sent() {
        return Ok(see_other(&receipt_href(&member, &found.collection.key)));
    }
    found.permit::<SubmitReturn>(&member.by.actor)?;
    let now = portal.clock.now();
    let snapshot = snapshot(&found, content(&found, &answers, &files)?, &[], None, now)?;
    let score = score_of(&snapshot, found.edition.edition(), now.london_day())?;
    let sections = answer_sections(&found, &lines(&found, &answers, &files, now)?, &files);
    let late = now > found.collection.due_at(found.extension);
    page(&request, &CheckPage::new(&found, sections, &score, late))
}

fn receipt_href(member: &Member, year: &str) -> String {
    format!("{}/receipt", return_href(&member.code, year))
}

/// `POST …/submit`. Sent twice, it is submitted once and both lead to the receipt.
pub(super) async fn submit(portal: Data<Portal>, posted: PostedByMember, path: Year) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let receipt = receipt_href(&member, &year);
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), year.clone());
    let (public_url, version) = (portal.config.http.public_url.clone(), fields.text("version"));
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &wanted))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<SubmitReturn>(&actor)?;
            if found.version.to_string() != version {
                return Err(Error::Conflict("The return was moved on after the page was shown.".to_owned()));
            }
            submit_return(tx, &permit, &found, &public_url)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            &receipt,
            "Return submitted",
            "The central team will review it. This is your receipt; it has been sent by email too.",
        )),
        Err(error @ (Error::Refused(_) | Error::Conflict(_))) => {
            let sent = portal
                .db
                .read(member.reach, move |conn| {
                    Ok(store::find(conn, Which::Of(organisation, &year))?.map(|found| found.state))
                })
                .await?;
            if sent.is_some_and(super::super::model::ReturnState::is_sent) {
                Ok(see_other(&receipt))
            } else {
                Err(error)
            }
        }
        Err(error) => Err(error),
    }
}

/// `GET …/receipt`.
pub(super) async fn receipt(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let year = path.into_inner().year;
    receipt_page(&request, &portal, &member, year, StatusCode::OK, ("", &FormErrors::new())).await
}

async fn receipt_page(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    status: StatusCode,
    (typed, errors): (&str, &FormErrors),
) -> Result<HttpResponse> {
    let organisation = member.organisation;
    let (found, sent, position) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let sent = submission(conn, found.submission.ok_or(Error::NotFound)?)?;
            let position = match sent.event {
                Some(event) => ledger::position(conn, event)?,
                None => None,
            };
            Ok((found, sent, position))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    let grade = GradeKey::parse(&sent.claimed_grade)
        .ok_or_else(|| Error::broken(format!("submission {} has an unknown grade", sent.id)))?;
    let mut content = ReceiptPage::new(&found, &sent, grade.label(), position);
    let open = found.collection.takes_returns(portal.clock.now(), found.extension);
    if open && found.offers::<ReopenReturn>(&member.by.actor) {
        let href = format!("{}/reopen", return_href(&member.code, &found.collection.key));
        content = content.with_reopening(href, typed, errors);
    }
    page_with_status(request, status, &content)
}

/// `POST …/reopen`.
pub(super) async fn reopen(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let (organisation, wanted) = (member.organisation, year.clone());
    let found =
        portal.db.read(member.reach, move |conn| store::find(conn, Which::Of(organisation, &wanted))).await?;
    found.ok_or(Error::NotFound)?.permit::<ReopenReturn>(&member.by.actor)?;
    let reason = fields.text("reason");
    let mut errors = FormErrors::new();
    if reason.is_empty() {
        errors.add("reason", "Enter the reason for changing the return");
    } else if reason.chars().count() > REASON_LIMIT {
        errors.add("reason", format!("The reason can have at most {REASON_LIMIT} characters"));
    }
    if !errors.is_empty() {
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        return receipt_page(&request, &portal, &member, year, refused, (&reason, &errors)).await;
    }
    let back = return_href(&member.code, &year);
    let actor = member.by.actor;
    portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<ReopenReturn>(&actor)?;
            reopen_return(tx, &permit, &found, &reason)
        })
        .await?;
    Ok(see_other_with_news(
        &back,
        "The return is a draft again",
        "What you submitted stands until you submit again.",
    ))
}
