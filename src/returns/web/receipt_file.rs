//! The receipt of the newest submission as a PDF file.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Year;
use crate::access::ReadReturn;
use crate::identity::Member;
use crate::ledger;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded};
use crate::platform::pdf;
use crate::returns::receipt_paper::receipt_paper;
use crate::returns::signing::Signature;
use crate::returns::store::{self, Which};
use crate::returns::submission::submission;

/// `GET …/receipt.pdf`.
pub(super) async fn receipt_file(portal: Data<Portal>, member: Member, path: Year) -> Result<HttpResponse> {
    let (organisation, year) = (member.organisation, path.into_inner().year);
    let actor = member.by.actor;
    let url = portal.config.public_url().to_owned();
    let (name, paper) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadReturn>(&actor)?;
            let sent = submission(conn, found.submission.ok_or(Error::NotFound)?)?;
            let place = sent.event.map_or(Ok(None), |event| ledger::position(conn, event))?;
            let signed = Signature::all(conn, &sent.parsed()?)?;
            let name = format!("{}-{}-receipt-{}.pdf", found.code, found.collection.key, sent.number);
            Ok((name, receipt_paper(&found, &sent, &signed, place, &url)?))
        })
        .await?;
    Ok(downloaded(pdf::MEDIA_TYPE, &name, pdf::typeset(paper).await?))
}
