//! What a head office has submitted for a site, for the people of the site.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Reader;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};
use crate::returns::blocking;
use crate::returns::sites::pages::FiledPage;
use crate::returns::sites::store;
use crate::returns::submission::submission;
use crate::returns::web::Year;

/// `GET …/filed`. There is nothing where the organisation submitted itself.
pub(super) async fn filed(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (year, reader) = (path.into_inner().year, Reader::of(&member));
    let (found, name, sent) = portal
        .db
        .read(member.reach, move |conn| {
            let found = reader.readable(conn, &year)?;
            let (_, _, name) = store::head_that_filed(conn, found.id)?.ok_or(Error::NotFound)?;
            let sent = submission(conn, found.submission.ok_or(Error::NotFound)?)?;
            Ok((found, name, sent))
        })
        .await?;
    blocking::beside(&request, &portal, &member, &found).await?;
    page(&request, &FiledPage::new(&found, &name, &sent)?)
}
