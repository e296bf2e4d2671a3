//! Changing what is said about a piece.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::piece::{OfPiece, read};
use super::receive::people;
use crate::access::EditEvidence;
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::library::details::{Details, DetailsForm, Period};
use crate::returns::library::edit::edit_piece;
use crate::returns::library::pages::{FormPage, Purpose};
use crate::returns::library::piece_href;
use crate::returns::library::store::{self, Piece};

/// `GET …/evidence/{piece}/edit`.
pub(super) async fn form(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfPiece>,
) -> Result<HttpResponse> {
    let piece = read(&portal, &member, path.id()).await?;
    piece.permit::<EditEvidence>(&member.by.actor)?;
    let (typed, none) = (DetailsForm::of(&details_of(&piece)), FormErrors::new());
    let seen = piece.version;
    shown(&request, &portal, &member, (&piece, seen), &typed, (StatusCode::OK, &none)).await
}

fn details_of(piece: &Piece) -> Details {
    Details {
        title: piece.title.clone(),
        description: piece.description.clone(),
        tags: piece.tags.clone(),
        classification: piece.classification,
        owner: piece.owner,
        period: Period { from: piece.valid_from, to: piece.valid_to },
    }
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    (piece, seen): (&Piece, i64),
    typed: &DetailsForm,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let mut people = people(portal, member).await?;
    // An owner who has left stays chosen until somebody else is.
    if let Some(owner) = piece.owner
        && !people.iter().any(|(person, _)| *person == owner)
    {
        people.push((owner, "The owner until now, who has left".to_owned()));
    }
    let purpose = Purpose::Edit(piece, seen);
    let content = FormPage::new((&member.code, &member.name), purpose, typed, &people, errors);
    page_with_status(request, status, &content)
}

/// `POST …/evidence/{piece}/edit`.
pub(super) async fn edit(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfPiece>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let form = DetailsForm::read(&fields);
    let id = path.id();
    let piece = read(&portal, &member, id).await?;
    piece.permit::<EditEvidence>(&member.by.actor)?;
    let seen: i64 = fields
        .one("version")
        .parse()
        .map_err(|_| Error::field("version", "The form is incomplete. Load the page again"))?;
    let mut errors = FormErrors::new();
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(details) = form.parse(&mut errors) else {
        return shown(&request, &portal, &member, (&piece, seen), &form, (unprocessable, &errors)).await;
    };
    let (whose, actor) = (member.organisation, member.by.actor.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let piece = store::piece(tx.conn(), whose, id)?;
            let permit = piece.permit::<EditEvidence>(&actor)?;
            edit_piece(tx, &permit, &piece, &details, seen)
        })
        .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(
            &piece_href(&member.code, id),
            "Evidence changed",
            "The changes are saved.",
        )),
        Err(Error::Invalid(list)) => {
            for found in list {
                errors.add(found.field, found.message);
            }
            shown(&request, &portal, &member, (&piece, seen), &form, (unprocessable, &errors)).await
        }
        Err(error) => Err(error),
    }
}
