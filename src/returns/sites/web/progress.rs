//! How far the submission for all sites has got, trying again, and the receipts of all of them.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Reader;
use crate::access::RetrySites;
use crate::identity::{Member, PostedByMember};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, downloaded, page, see_other_with_news};
use crate::returns::blocking::what_blocks_beside;
use crate::returns::sites::arrangement::counted;
use crate::returns::sites::model::{Filing, FilingLine, LineState};
use crate::returns::sites::pages::ProgressPage;
use crate::returns::sites::retry::retry_sites;
use crate::returns::sites::{progress_href, store};
use crate::returns::store::{Which, find};
use crate::returns::web::Year;

/// The columns of the receipts.
const COLUMNS: [&str; 9] =
    ["code", "name", "state", "reference", "number", "sha256", "submitted_at", "late", "why"];

/// `GET …/sites/progress`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (year, reader) = (path.into_inner().year, Reader::of(&member));
    let of_year = year.clone();
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let found = reader.readable(conn, &year)?;
            let filing = store::newest_filing(conn, found.id)?.ok_or(Error::NotFound)?;
            let progress = store::progress(conn, filing.id)?;
            let failed = if progress.failed == 0 {
                Vec::new()
            } else {
                let mut lines = store::filing_lines(conn, filing.id, 0, i64::MAX)?;
                lines.retain(|line| line.state == LineState::Failed);
                lines
            };
            let may_retry = found.offers::<RetrySites>(&reader.actor);
            Ok(ProgressPage::new(&found, (&filing, &progress), &failed, may_retry))
        })
        .await?;
    what_blocks_beside(&request, &portal, &member, &of_year).await?;
    page(&request, &content)
}

/// `POST …/sites/retry`.
pub(super) async fn retry(portal: Data<Portal>, posted: PostedByMember, path: Year) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let back = progress_href(&member.code, &year);
    let once = Once::of(member.by.person, &format!("{back}/retry"), &fields, &back)?;
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    let count = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            retry_sites(tx, &found.permit::<RetrySites>(&actor)?, &found)
        })
        .await?;
    let text = format!("{} tried again.", counted(count, "site is", "sites are"));
    Ok(see_other_with_news(&back, "Trying again", &text))
}

/// `GET …/sites/receipts.csv`.
pub(super) async fn receipts(portal: Data<Portal>, member: Member, path: Year) -> Result<HttpResponse> {
    let (year, reader) = (path.into_inner().year, Reader::of(&member));
    let name = format!("receipts-{}-{year}.csv", member.code);
    let (filing, lines) = portal
        .db
        .read(member.reach, move |conn| {
            let found = reader.readable(conn, &year)?;
            let filing = store::newest_filing(conn, found.id)?.ok_or(Error::NotFound)?;
            let lines = store::filing_lines(conn, filing.id, 0, i64::MAX)?;
            Ok((filing, lines))
        })
        .await?;
    Ok(downloaded("text/csv; charset=utf-8", &name, csv_of(&filing, &lines)?))
}

fn csv_of(filing: &Filing, lines: &[FilingLine]) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write the receipts of sites", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(failed)?;
    for line in lines {
        out.write_record([
            harmless(&line.code),
            harmless(&line.name),
            line.state.as_str().to_owned(),
            line.submission.map(|id| id.to_string()).unwrap_or_default(),
            line.number.map(|number| number.to_string()).unwrap_or_default(),
            line.hash.as_deref().map(hex).unwrap_or_default(),
            filing.pressed_at.rfc3339(),
            filing.late.to_string(),
            line.said.clone(),
        ])
        .map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write the receipts of sites", e.to_string()))
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
