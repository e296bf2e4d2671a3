//! The library's list.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::{offers, permit};
use crate::access::{AddEvidence, ReadLibrary};
use crate::identity::{self, Member};
use crate::platform::error::Result;
use crate::platform::http::{Portal, page};
use crate::platform::ids::{PersonId, PieceId};
use crate::returns::library::pages::{LibraryPage, ListForm, Row};
use crate::returns::library::{store, uses};

/// `GET /organisations/{organisation}/evidence`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    form: Query<ListForm>,
) -> Result<HttpResponse> {
    permit::<ReadLibrary>(&member)?;
    let wanted = form.wanted(portal.clock.now().london_day());
    let (whose, asked) = (member.organisation, wanted.clone());
    let (pieces, total, newest, uses, names) = portal
        .db
        .read(member.reach, move |conn| {
            let (pieces, total) = store::search(conn, whose, &asked)?;
            let ids: Vec<PieceId> = pieces.iter().map(|piece| piece.id).collect();
            let newest = store::newest(conn, &ids)?;
            let uses = uses::uses_of(conn, &ids)?;
            let owners: Vec<PersonId> = pieces.iter().filter_map(|piece| piece.owner).collect();
            let names = identity::names_of(conn, &owners)?;
            Ok((pieces, total, newest, uses, names))
        })
        .await?;
    let rows: Vec<Row<'_>> = pieces
        .iter()
        .map(|piece| Row {
            piece,
            newest: newest.get(&piece.id),
            uses: uses.get(&piece.id).copied().unwrap_or_default(),
        })
        .collect();
    let may_add = offers::<AddEvidence>(&member);
    let organisation = (member.code.as_str(), member.name.as_str());
    page(&request, &LibraryPage::new(organisation, (&form, &wanted), (&rows, total), &names, may_add))
}
