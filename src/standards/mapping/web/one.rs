//! One version of a mapping.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{Read, read};
use crate::access::{Action as _, Actor, EditMapping};
use crate::identity::SignedIn;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page_with_status};
use crate::platform::pages::FormErrors;
use crate::standards::mapping::pages::{MappingPage, Show, Wanted};

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct WantedForm {
    pub show: String,
    pub page: String,
}

/// `GET /standards/mappings/{mapping}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    by: SignedIn,
    id: Path<String>,
    form: Query<WantedForm>,
) -> Result<HttpResponse> {
    let read = read(&portal, &id).await?;
    shown(&request, &by.actor, &read, &form, (StatusCode::OK, &FormErrors::new()))
}

/// The page, with what is wrong.
pub(super) fn shown(
    request: &HttpRequest,
    actor: &Actor,
    read: &Read,
    form: &WantedForm,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let wanted =
        Wanted { show: form.show.parse().unwrap_or(Show::All), page: form.page.parse().unwrap_or(1) };
    let may_edit = EditMapping::ROW.allows(actor, &read.mapping.subject()).is_ok();
    let ends = (&*read.ends.from, &*read.ends.to);
    let content = MappingPage::new(&read.mapping, ends, &read.versions, wanted, may_edit, errors);
    page_with_status(request, status, &content)
}
