//! Choosing pieces of the library for an answer.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{AttachEvidence, ReadLibrary};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::PieceId;
use crate::platform::pages::{FormErrors, Link};
use crate::returns::blocking;
use crate::returns::library::attach::attach_pieces;
use crate::returns::library::model::ScanState;
use crate::returns::library::pages::{ChooseForm, ChoosePage};
use crate::returns::library::store::{self as library, Piece};
use crate::returns::pages::way_of;
use crate::returns::question_href;
use crate::returns::store::{self, Found, Which};
use crate::returns::web::{OfQuestion, put};

/// `GET …/requirements/{code}/evidence/choose`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfQuestion>,
    form: Query<ChooseForm>,
) -> Result<HttpResponse> {
    shown(&request, &portal, &member, (&path, &form), (StatusCode::OK, &FormErrors::new())).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    (path, form): (&OfQuestion, &ChooseForm),
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let wanted = form.wanted(portal.clock.now().london_day());
    let (whose, place, asked) = (member.organisation, path.clone(), wanted.clone());
    let (found, pieces, total) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(whose, &place.year))?.ok_or(Error::NotFound)?;
            put(&found, &place.code)?;
            let (pieces, total) = library::search(conn, whose, &asked)?;
            let ids: Vec<PieceId> = pieces.iter().map(|piece| piece.id).collect();
            let newest = library::newest(conn, &ids)?;
            let scan = |piece: &Piece| newest.get(&piece.id).map_or(ScanState::NotScanned, |v| v.scan);
            let pieces: Vec<(Piece, ScanState)> =
                pieces.into_iter().map(|piece| (piece.clone(), scan(&piece))).collect();
            Ok((found, pieces, total))
        })
        .await?;
    super::permit::<ReadLibrary>(member)?;
    found.permit::<AttachEvidence>(&member.by.actor)?;
    found.must_be_taken(portal.clock.now())?;
    let (title, way) = place_of(&found, path)?;
    let content =
        ChoosePage::new((&path.code, &title), (&found.code, way), (form, &wanted), (&pieces, total), errors);
    blocking::beside(request, portal, member, &found).await?;
    page_with_status(request, status, &content)
}

/// The requirement's title, and the way back from its question on.
fn place_of(found: &Found, path: &OfQuestion) -> Result<(String, Vec<Link>)> {
    let requirement = found.edition.edition().requirement(&path.code).ok_or(Error::NotFound)?;
    let mut way = way_of(found);
    let href = question_href(&found.code, &found.collection.key, &path.code);
    way.push(Link::new(format!("{} {}", requirement.code, requirement.title), href));
    Ok((requirement.title.clone(), way))
}

/// `POST …/requirements/{code}/evidence/choose`.
pub(super) async fn attach(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    super::permit::<ReadLibrary>(&member)?;
    // A number that is none names no piece, and is told as such.
    let pieces: Vec<PieceId> =
        fields.all("pieces").iter().map(|id| PieceId::new(id.parse().unwrap_or_default())).collect();
    let href = question_href(&member.code, &path.year, &path.code);
    let once = Once::of(member.by.person, &format!("{href}/evidence/choose"), &fields, &href)?;
    let (whose, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = store::find(tx.conn(), Which::Of(whose, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let permit = found.permit::<AttachEvidence>(&actor)?;
            attach_pieces(tx, &permit, &found, requirement, &pieces)
        })
        .await;
    match outcome {
        Ok(count) => {
            let text = match count {
                0 => "It stood beside the answer already.".to_owned(),
                1 => "1 piece of evidence stands beside the answer now.".to_owned(),
                many => format!("{many} pieces of evidence stand beside the answer now."),
            };
            Ok(see_other_with_news(&href, "Evidence attached", &text))
        }
        Err(Error::Invalid(list)) => {
            let mut errors = FormErrors::new();
            for found in list {
                errors.add(found.field, found.message);
            }
            let refused = (StatusCode::UNPROCESSABLE_ENTITY, &errors);
            shown(&request, &portal, &member, (&path, &ChooseForm::default()), refused).await
        }
        Err(error) => Err(error),
    }
}
