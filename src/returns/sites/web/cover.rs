//! Making a return cover its organisation's sites, and no longer.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::access::CoverSites;
use crate::identity::PostedByMember;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, see_other, see_other_with_news};
use crate::returns::sites::open::{cover_sites, leave_sites};
use crate::returns::sites::sites_href;
use crate::returns::store::{Which, find};
use crate::returns::web::Year;

/// `POST …/sites/cover`. A colleague who was first leads to the same list.
pub(super) async fn cover(portal: Data<Portal>, posted: PostedByMember, path: Year) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let back = sites_href(&member.code, &year);
    let once = Once::of(member.by.person, &format!("{back}/cover"), &fields, &back)?;
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            cover_sites(tx, &found.permit::<CoverSites>(&actor)?, &found)
        })
        .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(
            &back,
            "Your return covers your sites",
            "Leave out the sites that it does not speak for, and answer otherwise where a site differs.",
        )),
        Err(Error::Conflict(_)) => Ok(see_other(&back)),
        Err(error) => Err(error),
    }
}

/// `POST …/sites/leave`.
pub(super) async fn leave(portal: Data<Portal>, posted: PostedByMember, path: Year) -> Result<HttpResponse> {
    let PostedByMember { member, .. } = posted;
    let year = path.into_inner().year;
    let back = sites_href(&member.code, &year);
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    portal
        .db
        .write(member.reach, move |tx| {
            let found = find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            leave_sites(tx, &found.permit::<CoverSites>(&actor)?, &found)
        })
        .await?;
    Ok(see_other_with_news(
        &back,
        "Your return speaks for your head office alone",
        "What you arranged for your sites is kept, should you answer for them again.",
    ))
}
