//! What corrections changed for a return, for its organisation.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::ReadReturn;
use crate::corrections::of_return::of_return;
use crate::corrections::pages::CorrectedPage;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};
use crate::returns::{self, Which};

/// `GET /organisations/{organisation}/returns/{year}/corrected`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (_, year) = path.into_inner();
    let (whose, actor) = (member.organisation, member.by.actor.clone());
    let (found, corrected) = portal
        .db
        .read(member.reach, move |conn| {
            let found = returns::find(conn, Which::Of(whose, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadReturn>(&actor)?;
            let corrected = of_return(conn, &found)?;
            Ok((found, corrected))
        })
        .await?;
    if corrected.is_empty() && !found.corrected {
        return Err(Error::NotFound);
    }
    returns::what_blocks_beside(&request, &portal, &member, &found.collection.key).await?;
    page(&request, &CorrectedPage::new(&found, &corrected))
}
