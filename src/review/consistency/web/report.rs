//! The hub, the report of agreement and that of calibration, each as a page and a file.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::identity::Central;
use crate::platform::error::Result;
use crate::platform::http::{Portal, downloaded, page};
use crate::review::consistency::csv_out::csv_of;
use crate::review::consistency::pages::{HubPage, ReportPage, agreement_csv, calibration_csv};
use crate::review::consistency::reading;

const CSV: &str = "text/csv; charset=utf-8";

/// `GET /reviews/consistency`.
pub(super) async fn hub(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let actor = central.by.actor;
    let who = actor.clone();
    let all = portal.db.read(central.reach, move |conn| reading::all_collections(conn, &who)).await?;
    page(&request, &HubPage::new(&all, &actor))
}

/// `GET /reviews/consistency/{year}/agreement`.
pub(super) async fn agreement(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
) -> Result<HttpResponse> {
    let (actor, year) = (central.by.actor, year.into_inner());
    let (of, found) =
        portal.db.read(central.reach, move |conn| reading::agreement_of(conn, &actor, &year)).await?;
    page(&request, &ReportPage::agreement(&of, &found))
}

/// `GET /reviews/consistency/{year}/agreement.csv`.
pub(super) async fn agreement_file(
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
) -> Result<HttpResponse> {
    let (actor, year) = (central.by.actor, year.into_inner());
    let (of, found) =
        portal.db.read(central.reach, move |conn| reading::agreement_of(conn, &actor, &year)).await?;
    let (head, rows) = agreement_csv(&found);
    Ok(downloaded(CSV, &format!("agreement-{}.csv", of.key), csv_of(head, &rows)?))
}

/// `GET /reviews/consistency/{year}/calibration`.
pub(super) async fn calibration(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
) -> Result<HttpResponse> {
    let (actor, year) = (central.by.actor, year.into_inner());
    let (of, found) =
        portal.db.read(central.reach, move |conn| reading::calibration(conn, &actor, &year)).await?;
    page(&request, &ReportPage::calibration(&of, &found))
}

/// `GET /reviews/consistency/{year}/calibration.csv`.
pub(super) async fn calibration_file(
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
) -> Result<HttpResponse> {
    let (actor, year) = (central.by.actor, year.into_inner());
    let (of, found) =
        portal.db.read(central.reach, move |conn| reading::calibration(conn, &actor, &year)).await?;
    let (head, rows) = calibration_csv(&found);
    Ok(downloaded(CSV, &format!("calibration-{}.csv", of.key), csv_of(head, &rows)?))
}
