//! What changed since the edition before, in the browser.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::SaidBefore;
use super::pages::{ChangesPage, Compared};
use crate::access::ReadReturn;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};
use crate::returns::store::{self, Found, Which};
use crate::returns::web::Year;
use crate::standards::mapping::{self, EditionChange, Mapping};

/// What the page is made of.
struct Read {
    found: Found,
    change: Arc<EditionChange>,
    mapping: Option<Mapping>,
    in_force: Option<Mapping>,
    said: Option<SaidBefore>,
}

/// `GET …/returns/{year}/changes`.
pub(in crate::returns) async fn changes(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (organisation, year, actor) = (member.organisation, path.into_inner().year, member.by.actor.clone());
    let read = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadReturn>(&actor)?;
            let change = found.change(conn)?.ok_or(Error::NotFound)?;
            let before = found.before.clone().ok_or(Error::NotFound)?;
            let mapping = before.with.mapping.map(|id| mapping::mapping(conn, id)).transpose()?;
            let in_force = mapping::in_force(conn, before.with.edition, found.edition.id())?;
            let said = SaidBefore::of(conn, &found, |_| true)?;
            Ok(Read { found, change, mapping, in_force, said })
        })
        .await?;
    let Read { found, change, mapping, in_force, said } = &read;
    let asked = found.edition.edition().asked_of(found.sector, found.profile_key()?.as_ref());
    let compared =
        Compared { change, mapping: mapping.as_ref(), in_force: in_force.as_ref(), said: said.as_ref() };
    page(&request, &ChangesPage::new(found, &asked, &compared))
}
