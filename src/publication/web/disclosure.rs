//! What was suppressed in a release, for the publisher: the page and the list. Both show true counts and bounds, so
//! neither is for anybody else, the rest of the central team included.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Permit, PrepareRelease, Subject};
use crate::identity::Central;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page};
use crate::publication::disclosure_report::DisclosureReport;
use crate::publication::pages::DisclosurePage;
use crate::publication::store;

/// `GET /releases/{key}/disclosure`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    by: Central,
    key: Path<String>,
) -> Result<HttpResponse> {
    let key = key.into_inner();
    let (title, report) = report_of(&portal, &by, key.clone()).await?;
    page(&request, &DisclosurePage::of(&key, title, &report))
}

/// `GET /releases/{key}/disclosure.csv`.
pub(super) async fn file(portal: Data<Portal>, by: Central, key: Path<String>) -> Result<HttpResponse> {
    let key = key.into_inner();
    let (_, report) = report_of(&portal, &by, key.clone()).await?;
    let name = format!("{key}-disclosure.csv");
    Ok(downloaded(crate::platform::csv_lines::MEDIA_TYPE, &name, report.csv()))
}

async fn report_of(portal: &Portal, by: &Central, key: String) -> Result<(String, DisclosureReport)> {
    Permit::<PrepareRelease>::grant(&by.by.actor, Some(Subject::programme()))?;
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let release = store::release_by_key(conn, &key)?.ok_or(Error::NotFound)?;
            let report = store::disclosure_of(conn, release.id)?;
            let report = report.map(|text| DisclosureReport::read(&text)).transpose()?;
            Ok((release.title, report.unwrap_or_default()))
        })
        .await
}
