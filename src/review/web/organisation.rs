//! A review from the organisation's side: the outcome once it is final.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::identity::Member;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page};
use crate::returns::what_blocks_beside;
use crate::review::letters::{self, BesideOutcome};
use crate::review::pages::OutcomePage;

/// `GET /organisations/{organisation}/returns/{year}/review`.
pub(super) async fn outcome(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let ((_, year), organisation) = (path.into_inner(), member.organisation);
    let actor = member.by.actor.clone();
    let now = portal.clock.now();
    let of_year = year.clone();
    let of =
        portal.db.read(member.reach, move |conn| letters::outcome(conn, &actor, organisation, &year)).await?;
    what_blocks_beside(&request, &portal, &member, &of_year).await?;
    page(&request, &OutcomePage::new(&of.case, BesideOutcome::new(&of, &member.by.actor, now)))
}
