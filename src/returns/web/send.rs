//! Checking and submitting a return, its receipt, and taking it up again.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Year;
use crate::access::{ReadReturn, ReopenReturn, SubmitReturn, WithdrawSubmission};
use crate::identity::{Member, PostedByMember};
use crate::ledger;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status, see_other, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::blocking;
use crate::returns::content::{content, snapshot};
use crate::returns::pages::{CheckPage, ReceiptPage, TooLatePage, answer_sections};
use crate::returns::readiness::{lines, return_href};
use crate::returns::reopen::{REASON_LIMIT, reopen_return};
use crate::returns::signing::Signature;
use crate::returns::sites::head_that_filed;
use crate::returns::store::{self, Found, Which};
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
    checked(&request, &portal, &member, path.into_inner().year, (StatusCode::OK, false)).await
}

/// The page on which a return is checked; `passed` says that it was in time when it was shown before.
async fn checked(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    (status, passed): (StatusCode, bool),
) -> Result<HttpResponse> {
    let organisation = member.organisation;
    let (found, answers, files) =
        portal.db.read(member.reach, move |conn| store::whole(conn, organisation, &year)).await?;
    if found.state.is_sent() {
        return Ok(see_other(&receipt_href(member, &found.collection.key)));
    }
    found.permit::<SubmitReturn>(&member.by.actor)?;
    let now = portal.clock.now();
    let snapshot = snapshot(&found, content(&found, &answers, &files)?, &[], None, now)?;
    let score = score_of(&snapshot, found.edition.edition(), now.london_day())?;
    let sections = answer_sections(&found, &lines(&found, &answers, &files, now)?, &files);
    let late = now > found.collection.due_at(found.extension);
    blocking::beside(request, portal, member, &found).await?;
    page_with_status(request, status, &CheckPage::new(&found, sections, &score, late, passed))
}

fn receipt_href(member: &Member, year: &str) -> String {
    format!("{}/receipt", return_href(&member.code, year))
}

/// What pressing the button came to, besides a submission.
enum Outcome {
    /// Nothing stands in its way.
    InTime,
    /// It was in time when the page was shown, and no longer is: the person decides again.
    NowLate,
    /// The collection has closed.
    Closed(Box<Found>),
}

/// `POST …/submit`. Sent twice, it is submitted once and both lead to the receipt. A deadline that passed since the page
/// was shown is said before anything is sent.
pub(super) async fn submit(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let receipt = receipt_href(&member, &year);
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), year.clone());
    let (public_url, version) = (portal.config.public_url().to_owned(), fields.text("version"));
    let in_time = fields.one("late") == "no";
    match too_late(&portal, &member, &year, in_time).await? {
        Outcome::InTime => {}
        Outcome::NowLate => {
            return checked(&request, &portal, &member, year, (StatusCode::CONFLICT, true)).await;
        }
        Outcome::Closed(found) => {
            return page_with_status(&request, StatusCode::CONFLICT, &TooLatePage::new(&found));
        }
    }
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

/// Whether the time has run out since the page was shown, for somebody who may submit.
async fn too_late(portal: &Portal, member: &Member, year: &str, in_time: bool) -> Result<Outcome> {
    let (organisation, year) = (member.organisation, year.to_owned());
    let found =
        portal.db.read(member.reach, move |conn| store::find(conn, Which::Of(organisation, &year))).await?;
    let (Some(found), now) = (found, portal.clock.now()) else { return Ok(Outcome::InTime) };
    if found.state.is_sent() || !found.offers::<SubmitReturn>(&member.by.actor) {
        return Ok(Outcome::InTime);
    }
    if !found.collection.takes_returns(now, found.extension) {
        return Ok(Outcome::Closed(Box::new(found)));
    }
    let late = now > found.collection.due_at(found.extension);
    Ok(if late && in_time { Outcome::NowLate } else { Outcome::InTime })
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
    let (found, sent, position, signatures, own) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let sent = submission(conn, found.submission.ok_or(Error::NotFound)?)?;
            let position = match sent.event {
                Some(event) => ledger::position(conn, event)?,
                None => None,
            };
            let signatures = Signature::all(conn, &sent.parsed()?)?;
            let own = head_that_filed(conn, found.id)?.is_none();
            Ok((found, sent, position, signatures, own))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    let grade = GradeKey::parse(&sent.claimed_grade)
        .ok_or_else(|| Error::broken(format!("submission {} has an unknown grade", sent.id)))?;
    let mut content = ReceiptPage::new(&found, &sent, grade.label(), position, signatures);
    let open = found.collection.takes_returns(portal.clock.now(), found.extension);
    // What a head office submitted is not the site's to take back.
    let open = open && own;
    if open && found.offers::<WithdrawSubmission>(&member.by.actor) {
        content = content
            .with_withdrawing(format!("{}/withdraw", return_href(&member.code, &found.collection.key)));
    }
    if open && found.offers::<ReopenReturn>(&member.by.actor) {
        let href = format!("{}/reopen", return_href(&member.code, &found.collection.key));
        content = content.with_reopening(href, typed, errors);
    }
    blocking::beside(request, portal, member, &found).await?;
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
    errors.require("reason", &reason, "Enter the reason for changing the return", REASON_LIMIT);
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
