//! One piece: its page, its versions' content, taking it out of the library and putting it back.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::permit;
use crate::access::{
    EditEvidence, OrganisationRole, ReadLibrary, RemoveEvidence, ReplaceEvidence, RestoreEvidence,
};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, see_other_with_news};
use crate::platform::ids::{PersonId, PieceId};
use crate::returns::evidence::evidence_file;
use crate::returns::library::pages::{PiecePage, PieceShown};
use crate::returns::library::remove::{remove_piece, restore_piece};
use crate::returns::library::store::{self, Piece};
use crate::returns::library::{library_href, piece_href, uses};
use crate::returns::{Sent, download};

/// The piece that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OfPiece {
    piece: i64,
}

impl OfPiece {
    /// Its number.
    pub const fn id(&self) -> PieceId {
        PieceId::new(self.piece)
    }
}

/// The version that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OfVersion {
    piece: i64,
    number: i64,
}

/// A piece of the member's own organisation.
pub(super) async fn read(portal: &Portal, member: &Member, id: PieceId) -> Result<Piece> {
    let whose = member.organisation;
    portal.db.read(member.reach, move |conn| store::piece(conn, whose, id)).await
}

/// `GET …/evidence/{piece}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfPiece>,
) -> Result<HttpResponse> {
    permit::<ReadLibrary>(&member)?;
    let (whose, id) = (member.organisation, path.id());
    let (piece, versions, (uses, replies), names, members) = portal
        .db
        .read(member.reach, move |conn| {
            let piece = store::piece(conn, whose, id)?;
            let versions = store::versions(conn, id)?;
            let used = (store::uses(conn, id)?, uses::replies_with(conn, id)?);
            let mut people: Vec<PersonId> =
                versions.iter().filter_map(|version| version.uploaded_by).collect();
            people.extend(piece.owner);
            let names = identity::names_of(conn, &people)?;
            let members = identity::holders_of(conn, whose, &OrganisationRole::READERS)?;
            Ok((piece, versions, used, names, members))
        })
        .await?;
    let actor = &member.by.actor;
    let shown = PieceShown {
        piece: &piece,
        versions: &versions,
        uses: &uses,
        replies: &replies,
        names: &names,
        owner_is_here: members.iter().any(|(person, ..)| Some(*person) == piece.owner),
        may_edit: piece.offers::<EditEvidence>(actor),
        may_replace: piece.offers::<ReplaceEvidence>(actor),
        may_remove: piece.offers::<RemoveEvidence>(actor),
        may_restore: piece.offers::<RestoreEvidence>(actor),
        today: portal.clock.now().london_day(),
    };
    page(&request, &PiecePage::new((&member.code, &member.name), &shown))
}

/// `GET …/evidence/{piece}/versions/{number}`.
pub(super) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfVersion>,
) -> Result<HttpResponse> {
    sent(&request, &portal, &member, &path, Sent::ToSave).await
}

/// `GET …/evidence/{piece}/versions/{number}/view`.
pub(super) async fn view(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfVersion>,
) -> Result<HttpResponse> {
    sent(&request, &portal, &member, &path, Sent::ToSee).await
}

async fn sent(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    path: &OfVersion,
    how: Sent,
) -> Result<HttpResponse> {
    permit::<ReadLibrary>(member)?;
    let (whose, piece, number) = (member.organisation, PieceId::new(path.piece), path.number);
    let file = portal
        .db
        .read(member.reach, move |conn| {
            let id = store::version(conn, whose, piece, number)?;
            evidence_file(conn, id)?.ok_or(Error::NotFound)
        })
        .await?;
    download(request, &portal.files, &file, how).await
}

/// `POST …/evidence/{piece}/remove`.
pub(super) async fn remove(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfPiece>,
) -> Result<HttpResponse> {
    let (member, id) = (posted.member, path.id());
    let (whose, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let piece = store::piece(tx.conn(), whose, id)?;
            remove_piece(tx, &piece.permit::<RemoveEvidence>(&actor)?, &piece)
        })
        .await?;
    Ok(see_other_with_news(
        &library_href(&member.code),
        "Evidence removed",
        "Returns that were submitted with it keep it. You find it among the removed ones, and can put it back.",
    ))
}

/// `POST …/evidence/{piece}/restore`.
pub(super) async fn restore(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfPiece>,
) -> Result<HttpResponse> {
    let (member, id) = (posted.member, path.id());
    let (whose, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let piece = store::piece(tx.conn(), whose, id)?;
            restore_piece(tx, &piece.permit::<RestoreEvidence>(&actor)?, &piece)
        })
        .await?;
    Ok(see_other_with_news(&piece_href(&member.code, id), "Evidence restored", "It can be chosen again."))
}
