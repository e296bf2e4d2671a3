//! Replacing a piece by a newer version.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::piece::{OfPiece, read};
use super::receive::{Refused, chosen, taken, told};
use crate::access::ReplaceEvidence;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, Upload, page_with_status, see_other_with_news};
use crate::platform::ids::PieceId;
use crate::platform::pages::FormErrors;
use crate::returns::library::details::{DetailsForm, Period};
use crate::returns::library::pages::ReplacePage;
use crate::returns::library::piece_href;
use crate::returns::library::replace::replace_piece;
use crate::returns::library::store::{self, Piece};

/// `GET …/evidence/{piece}/replace`. The dates are asked for anew: those of the old version are not the new one's.
pub(super) async fn form(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfPiece>,
) -> Result<HttpResponse> {
    let piece = read(&portal, &member, path.id()).await?;
    piece.permit::<ReplaceEvidence>(&member.by.actor)?;
    let (typed, none) = (DetailsForm::default(), FormErrors::new());
    shown(&request, &portal, &member, (&piece, piece.version), &typed, (StatusCode::OK, &none))
}

fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    (piece, seen): (&Piece, i64),
    typed: &DetailsForm,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let largest = portal.config.files.upload_limit_mib;
    let content = ReplacePage::new((&member.code, &member.name), (piece, seen), typed, largest, errors);
    page_with_status(request, status, &content)
}

/// `POST …/evidence/{piece}/replace`. The version that was seen makes it happen once.
pub(super) async fn replace(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfPiece>,
    form: Multipart,
) -> Result<HttpResponse> {
    let id = path.id();
    let mut upload = Upload::of(form);
    match receive(&portal, &member, id, &mut upload).await {
        Ok(number) => Ok(see_other_with_news(
            &piece_href(&member.code, id),
            "Evidence replaced",
            &format!(
                "Version {number} stands beside every answer that is being written. Earlier versions stay."
            ),
        )),
        Err(refused) => {
            let fields = upload.fields();
            upload.drain().await;
            let (status, errors) = told(refused)?;
            let piece = read(&portal, &member, id).await?;
            let seen = fields.one("version").parse().unwrap_or(piece.version);
            let typed = DetailsForm::read(&fields);
            shown(&request, &portal, &member, (&piece, seen), &typed, (status, &errors))
        }
    }
}

async fn receive(portal: &Portal, member: &Member, id: PieceId, upload: &mut Upload) -> Result<i64, Refused> {
    read(portal, member, id).await?.permit::<ReplaceEvidence>(&member.by.actor)?;
    let file = upload.file(&member.by.csrf).await?;
    let fields = upload.fields();
    let form = DetailsForm::read(&fields);
    let mut errors = FormErrors::new();
    let seen: Option<i64> = fields.one("version").parse().ok();
    if seen.is_none() {
        errors.add_whole("The form is incomplete. Load the page again");
    }
    let period: Option<Period> = form.period(&mut errors);
    let link = chosen(&form, file.as_ref(), &mut errors);
    let (Some(seen), Some(period), true) = (seen, period, errors.is_empty()) else {
        return Err(Refused::Form(errors));
    };
    let content = taken(portal, file, link).await?;
    let (whose, actor) = (member.organisation, member.by.actor.clone());
    let replaced: Result<i64, Error> = portal
        .db
        .write(member.reach, move |tx| {
            let piece = store::piece(tx.conn(), whose, id)?;
            let permit = piece.permit::<ReplaceEvidence>(&actor)?;
            replace_piece(tx, &permit, &piece, (&content, period), seen)
        })
        .await;
    Ok(replaced?)
}
