//! The sites that a review covers.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::identity::Central;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page};
use crate::platform::ids::ReviewId;
use crate::review::pages::SitesPage;
use crate::review::reading;

/// `GET /reviews/{id}/sites`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (id, actor) = (ReviewId::new(*id), central.by.actor.clone());
    let (of, lines) = portal.db.read(central.reach, move |conn| reading::sites(conn, &actor, id)).await?;
    page(&request, &SitesPage::new(&of, &lines)?)
}
