//! What changed since the edition before, in the browser.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::SaidBefore;
use super::offer::take_over_of;
use super::pages::{ChangesPage, Compared, TakeOverPage};
use super::take_over::take_over_mapping;
use crate::access::{ReadReturn, TakeOverMapping};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, see_other_with_news};
use crate::platform::ids::MappingId;
use crate::returns::blocking;
use crate::returns::readiness::return_href;
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
    can_take_over: bool,
}

/// `GET …/returns/{year}/changes`.
pub(in crate::returns) async fn changes(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (organisation, year, actor) = (member.organisation, path.into_inner().year, member.by.actor.clone());
    let now = portal.clock.now();
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
            let may = found.offers::<TakeOverMapping>(&actor) && found.must_be_taken(now).is_ok();
            let can_take_over = may && take_over_of(conn, &found)?.is_some();
            Ok(Read { found, change, mapping, in_force, said, can_take_over })
        })
        .await?;
    let Read { found, change, mapping, in_force, said, can_take_over } = &read;
    let asked = found.edition.edition().asked_of(found.sector, found.profile_key()?.as_ref());
    let compared = Compared {
        change,
        mapping: mapping.as_ref(),
        in_force: in_force.as_ref(),
        said: said.as_ref(),
        can_take_over: *can_take_over,
    };
    blocking::beside(&request, &portal, &member, found).await?;
    page(&request, &ChangesPage::new(found, &asked, &compared))
}

/// `GET …/returns/{year}/changes/take-over`.
pub(in crate::returns) async fn preview(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (organisation, year, actor) = (member.organisation, path.into_inner().year, member.by.actor.clone());
    let now = portal.clock.now();
    let (found, offer) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<TakeOverMapping>(&actor)?;
            found.must_be_taken(now)?;
            let offer = take_over_of(conn, &found)?.ok_or(Error::NotFound)?;
            Ok((found, offer))
        })
        .await?;
    blocking::beside(&request, &portal, &member, &found).await?;
    page(&request, &TakeOverPage::new(&found, &offer)?)
}

/// `POST …/returns/{year}/changes/take-over`.
pub(in crate::returns) async fn take_over(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let back = return_href(&member.code, &year);
    let (organisation, actor) = (member.organisation, member.by.actor);
    let seen = fields.one("mapping").parse::<i64>().ok().map(MappingId::new);
    let filled = portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<TakeOverMapping>(&actor)?;
            take_over_mapping(tx, &permit, &found, seen)
        })
        .await?;
    let answers = match filled {
        1 => "1 answer waits to be confirmed.".to_owned(),
        many => format!("{many} answers wait to be confirmed."),
    };
    Ok(see_other_with_news(&back, "Taken over", &answers))
}
