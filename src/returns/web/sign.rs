//! Reading and signing a return.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Year;
use crate::access::SignReturn;
use crate::identity::{Member, PostedByMember};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::content::{content, content_hash, current, snapshot};
use crate::returns::pages::{SignPage, answer_sections};
use crate::returns::readiness::{lines, return_href};
use crate::returns::sign::sign_return;
use crate::returns::store::{self, Which};
use crate::returns::submission::score_of;

/// `GET …/sign`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let year = path.into_inner().year;
    shown(&request, &portal, &member, year, StatusCode::OK, &FormErrors::new()).await
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
    let (found, answers, files) =
        portal.db.read(member.reach, move |conn| store::whole(conn, organisation, &year)).await?;
    found.permit::<SignReturn>(&member.by.actor)?;
    let stated = content(&found, &answers, &files)?;
    let hash = hex(&content_hash(&stated)?);
    let now = portal.clock.now();
    let snapshot = snapshot(&found, stated, &[], None, now)?;
    let score = score_of(&snapshot, found.edition.edition(), now.london_day())?;
    let sections = answer_sections(&found, &lines(&found, &answers, &files, now)?, &files);
    page_with_status(request, status, &SignPage::new(&found, sections, &score, hash, errors))
}

/// `POST …/sign`. What is signed is what was shown: the page's hash comes back with the form.
pub(super) async fn sign(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    if fields.one("agree") != "yes" {
        let mut errors = FormErrors::new();
        errors.add("agree", "Tick the box to sign");
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&request, &portal, &member, year, refused, &errors).await;
    }
    let (seen, version) = (fields.text("hash"), fields.text("version"));
    let back = return_href(&member.code, &year);
    let (organisation, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<SignReturn>(&actor)?;
            let hash = hex(&content_hash(&current(tx.conn(), &found)?)?);
            if hash != seen || found.version.to_string() != version {
                return Err(Error::Conflict("The answers changed after the page was shown.".to_owned()));
            }
            sign_return(tx, &permit, &found)
        })
        .await?;
    Ok(see_other_with_news(
        &back,
        "Return signed",
        "An information governance lead or administrator can now submit it.",
    ))
}
