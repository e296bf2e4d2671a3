//! The list of all changes of guidance of a return's collection, in the browser.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::pages::GuidanceChangesPage;
use crate::access::ReadGiven;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};
use crate::returns::store::{self, Which};
use crate::returns::web::Year;
use crate::returns::{blocking, sharing};
use crate::standards::Asked;
use crate::standards::guidance::notes;

/// `GET …/returns/{year}/guidance`.
pub(in crate::returns) async fn changes(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (organisation, year, actor) = (member.organisation, path.into_inner().year, member.by.actor.clone());
    let today = portal.clock.now().london_day();
    let (found, sight, notes) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadGiven>(&actor)?;
            let sight = sharing::sight(conn, &found, &actor)?;
            let notes = notes(conn, found.edition.id())?;
            Ok((found, sight, notes))
        })
        .await?;
    let profile = found.profile_key()?;
    let put = |code: &str| {
        let edition = found.edition.edition();
        let asked = edition
            .requirement(code)
            .is_some_and(|r| edition.asked(r, found.sector, profile.as_ref()) != Asked::NotAsked);
        asked && found.edition.requirement_id(code).is_some_and(|id| sight.shows(id))
    };
    blocking::beside(&request, &portal, &member, &found).await?;
    page(&request, &GuidanceChangesPage::new(&found, &notes, today, &put))
}
