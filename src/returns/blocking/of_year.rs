//! The list beside a page that has not read the return itself, such as one of another capability.

use actix_web::HttpRequest;

use super::{Blocking, seen};
use crate::access::ReadGiven;
use crate::identity::Member;
use crate::platform::error::Result;
use crate::platform::http::Portal;
use crate::returns::store::{Which, find};

/// As [`super::beside`], with the return that an address names. There is no list where the return was not started, nor for
/// somebody who may read nothing of it. Called before `page(..)`, and after whatever may refuse the page.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub async fn what_blocks_beside(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: &str,
) -> Result<()> {
    let (organisation, year) = (member.organisation, year.to_owned());
    let (actor, now) = (member.by.actor.clone(), portal.clock.now());
    let blocking = portal
        .db
        .read(member.reach, move |conn| {
            let Some(found) = find(conn, Which::Of(organisation, &year))? else {
                return Ok(Blocking::default());
            };
            if !found.offers::<ReadGiven>(&actor) {
                return Ok(Blocking::default());
            }
            seen(conn, &found, &actor, now)
        })
        .await?;
    blocking.onto(request);
    Ok(())
}
