//! The interim return: reading what would be sent, sending it, and what was sent before.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Year;
use crate::access::{ReadReturn, SubmitInterim};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::PersonId;
use crate::platform::pages::FormErrors;
use crate::returns::blocking;
use crate::returns::interim::{interims, submit_interim};
use crate::returns::pages::InterimPage;
use crate::returns::readiness::{lines, return_href, standing};
use crate::returns::store::{self, Which};

/// `GET …/interim`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    shown(&request, &portal, &member, path.into_inner().year, StatusCode::OK, &FormErrors::new()).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    status: StatusCode,
    errors: &FormErrors,
) -> Result<HttpResponse> {
    let organisation = member.organisation;
    let (found, answers, files, sent, names) = portal
        .db
        .read(member.reach, move |conn| {
            let (found, answers, files) = store::whole(conn, organisation, &year)?;
            let sent = interims(conn, found.id)?;
            let people: Vec<PersonId> = sent.iter().map(|one| one.signed_by).collect();
            let names = identity::names_of(conn, &people)?;
            Ok((found, answers, files, sent, names))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    let due = found.collection.interim_due_at.ok_or(Error::NotFound)?;
    let now = portal.clock.now();
    let standing = standing(&found, &lines(&found, &answers, &files, now)?, now);
    let in_time = standing.open && now <= standing.due_at;
    let may_send = in_time && found.offers::<SubmitInterim>(&member.by.actor);
    let content = InterimPage::new(&found, (due, now > due), &standing, (&sent, &names), may_send, errors);
    blocking::beside(request, portal, member, &found).await?;
    page_with_status(request, status, &content)
}

/// `POST …/interim`.
pub(super) async fn send(
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
    found.ok_or(Error::NotFound)?.permit::<SubmitInterim>(&member.by.actor)?;
    if fields.one("agree") != "yes" {
        let mut errors = FormErrors::new();
        errors.add("agree", "Tick the box to sign");
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&request, &portal, &member, year, refused, &errors).await;
    }
    let here = format!("{}/interim", return_href(&member.code, &year));
    let once = Once::of(member.by.person, &here, &fields, &here)?;
    let actor = member.by.actor;
    portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<SubmitInterim>(&actor)?;
            submit_interim(tx, &permit, &found)
        })
        .await?;
    Ok(see_other_with_news(
        &here,
        "Interim return submitted",
        "Go on with the return: it is still to be completed, signed and submitted.",
    ))
}
