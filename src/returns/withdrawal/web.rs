//! Withdrawing a submission in the browser, and reading what was submitted before.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::pages::{SubmissionPage, SubmissionsPage, WithdrawPage};
use super::store::submissions_of;
use super::withdraw::withdraw_submission;
use crate::access::{ReadReturn, WithdrawSubmission};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::PersonId;
use crate::platform::pages::FormErrors;
use crate::returns::reopen::REASON_LIMIT;
use crate::returns::signing::Signature;
use crate::returns::store::{self, Which};
use crate::returns::submission::submission;
use crate::returns::web::Year;
use crate::returns::{blocking, return_href};

/// The submission that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::returns) struct OfNumber {
    year: String,
    number: i64,
}

/// `GET …/withdraw`.
pub(in crate::returns) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let typed = (StatusCode::OK, "", &FormErrors::new());
    shown(&request, &portal, &member, path.into_inner().year, typed).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    (status, typed, errors): (StatusCode, &str, &FormErrors),
) -> Result<HttpResponse> {
    let organisation = member.organisation;
    let found =
        portal.db.read(member.reach, move |conn| store::find(conn, Which::Of(organisation, &year))).await?;
    let found = found.ok_or(Error::NotFound)?;
    found.permit::<WithdrawSubmission>(&member.by.actor)?;
    found.must_be_taken(portal.clock.now())?;
    page_with_status(request, status, &WithdrawPage::new(&found, typed, errors))
}

/// `POST …/withdraw`.
pub(in crate::returns) async fn withdraw(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let reason = fields.text("reason");
    let mut errors = FormErrors::new();
    errors.require("reason", &reason, "Enter the reason for withdrawing the submission", REASON_LIMIT);
    if !errors.is_empty() {
        let refused = (StatusCode::UNPROCESSABLE_ENTITY, reason.as_str(), &errors);
        return shown(&request, &portal, &member, year, refused).await;
    }
    let back = return_href(&member.code, &year);
    let (organisation, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<WithdrawSubmission>(&actor)?;
            withdraw_submission(tx, &permit, &found, &reason)
        })
        .await?;
    Ok(see_other_with_news(
        &back,
        "Submission withdrawn",
        "Nothing stands for your organisation until you submit again.",
    ))
}

/// `GET …/submissions`.
pub(in crate::returns) async fn all(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (organisation, year) = (member.organisation, path.into_inner().year);
    let (found, all, names) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let all = submissions_of(conn, found.id)?;
            let taken = all.iter().filter_map(|one| one.withdrawn.as_ref().map(|(_, by, _)| *by));
            let people: Vec<PersonId> = all.iter().filter_map(|one| one.submitted_by).chain(taken).collect();
            let names = if people.is_empty() { BTreeMap::new() } else { identity::names_of(conn, &people)? };
            Ok((found, all, names))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    blocking::beside(&request, &portal, &member, &found).await?;
    page(&request, &SubmissionsPage::new(&found, &all, &names))
}

/// `GET …/submissions/{number}`.
pub(in crate::returns) async fn one(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfNumber>,
) -> Result<HttpResponse> {
    let (organisation, OfNumber { year, number }) = (member.organisation, path.into_inner());
    let (found, sent, snapshot, signatures) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let all = submissions_of(conn, found.id)?;
            let listed = all.iter().find(|one| one.number == number).ok_or(Error::NotFound)?;
            let sent = submission(conn, listed.id)?;
            let snapshot = sent.parsed()?;
            let signatures = Signature::all(conn, &snapshot)?;
            Ok((found, sent, snapshot, signatures))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    blocking::beside(&request, &portal, &member, &found).await?;
    page(&request, &SubmissionPage::new(&found, &sent, &snapshot, signatures)?)
}
