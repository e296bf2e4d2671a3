//! The register's search for the central team.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Permit, ReadRegister, Subject};
use crate::identity::Central;
use crate::organisations::pages::{SearchForm, SearchPage};
use crate::organisations::store::{self, Page};
use crate::platform::db::Reach;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page};

/// Organisations on one page of the list.
const PAGE_SIZE: i64 = 50;

/// `GET /organisations`.
pub(super) async fn search(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Query<SearchForm>,
) -> Result<HttpResponse> {
    Permit::<ReadRegister>::grant(&central.by.actor, Some(Subject::programme()))?;
    let form = form.into_inner();
    let (filter, wanted) = (form.filter(), Page::new(form.page(), PAGE_SIZE));
    let (regions, found) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            Ok((store::regions(conn)?, store::search(conn, &filter, wanted)?))
        })
        .await?;
    page(&request, &SearchPage::new(&form, &regions, &found, portal.clock.now().london_day()))
}
