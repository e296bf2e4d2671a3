//! Adding a piece: a file that is streamed in, or a web address.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::receive::{Refused, chosen, people, taken, told};
use super::{permit, subject};
use crate::access::{AddEvidence, Permit};
use crate::identity::Member;
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, Upload, page_with_status, see_other_with_news};
use crate::platform::ids::PieceId;
use crate::platform::pages::FormErrors;
use crate::returns::library::add::add_piece;
use crate::returns::library::details::DetailsForm;
use crate::returns::library::pages::{FormPage, Purpose};
use crate::returns::library::{library_href, piece_href};

/// `GET …/evidence/new`.
pub(super) async fn form(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    permit::<AddEvidence>(&member)?;
    let (typed, none) = (DetailsForm::default(), FormErrors::new());
    shown(&request, &portal, &member, &typed, (StatusCode::OK, &none)).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    typed: &DetailsForm,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let people = people(portal, member).await?;
    let purpose = Purpose::Add { largest: portal.config.files.upload_limit_mib };
    let content = FormPage::new((&member.code, &member.name), purpose, typed, &people, errors);
    page_with_status(request, status, &content)
}

/// `POST …/evidence/new`.
pub(super) async fn add(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    form: Multipart,
) -> Result<HttpResponse> {
    let mut upload = Upload::of(form);
    match receive(&portal, &member, &mut upload).await {
        Ok(id) => Ok(see_other_with_news(
            &piece_href(&member.code, id),
            "Evidence added",
            "It can be chosen for every answer that it supports.",
        )),
        Err(refused) => {
            let typed = DetailsForm::read(&upload.fields());
            upload.drain().await;
            let (status, errors) = told(refused)?;
            shown(&request, &portal, &member, &typed, (status, &errors)).await
        }
    }
}

/// Asks whether the person may, then reads the form: its token and fields first, then the file, whose content is stored
/// before the piece is made.
async fn receive(portal: &Portal, member: &Member, upload: &mut Upload) -> Result<PieceId, Refused> {
    permit::<AddEvidence>(member)?;
    let file = upload.file(&member.by.csrf).await?;
    let fields = upload.fields();
    let form = DetailsForm::read(&fields);
    let mut errors = FormErrors::new();
    let details = form.parse(&mut errors);
    let link = chosen(&form, file.as_ref(), &mut errors);
    let Some(details) = details.filter(|_| errors.is_empty()) else { return Err(Refused::Form(errors)) };
    let content = taken(portal, file, link).await?;
    let list = library_href(&member.code);
    let route = format!("{list}/new {} {}", content.name(), hex(&content.sha256()));
    let once = Once::of(member.by.person, &route, &fields, &format!("{list}?sort=added"))?;
    let (actor, of) = (member.by.actor.clone(), subject(member));
    let added: Result<PieceId, Error> = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<AddEvidence>::grant(&actor, Some(of))?;
            add_piece(tx, &permit, &details, &content)
        })
        .await;
    Ok(added?)
}
