//! One requirement of a draft: adding, changing and removing it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::change::Change;
use super::super::forms::RequirementForm;
use super::super::pages::RequirementPage;
use super::super::read::Read;
use super::save::{Saving, saved};
use super::{NEW, posted_about, read_to_edit};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status};
use crate::platform::pages::FormErrors;
use crate::standards::keys::RequirementCode;

type Place = Path<(String, String)>;

/// The section in which a requirement is added.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Within {
    section: String,
}

/// `GET /standards/drafts/{draft}/requirements/{code}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
    within: Query<Within>,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let read = read_to_edit(&portal, &central, &id).await?;
    let content = &read.draft.content;
    let form = if code == NEW {
        RequirementForm::fresh(content, &within.section)
    } else {
        RequirementForm::of(content, content.requirement(&code).ok_or(Error::NotFound)?)
    };
    shown(&request, &read, &code, &form, (StatusCode::OK, &FormErrors::new()))
}

fn shown(
    request: &HttpRequest,
    read: &Read,
    code: &str,
    form: &RequirementForm,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let code = (code != NEW).then_some(code);
    page_with_status(request, status, &RequirementPage::new(&read.draft, code, form, errors))
}

/// `POST /standards/drafts/{draft}/requirements/{code}`.
pub(super) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let form = RequirementForm::read(&fields, &read.draft.content);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let stated = match form.parse(&read.draft.content, &|code| read.is_known(code)) {
        Ok(stated) => Box::new(stated),
        Err(errors) => return shown(&request, &read, &code, &form, (refused, &errors)),
    };
    let change = if code == NEW {
        Change::AddRequirement(stated)
    } else {
        Change::EditRequirement(RequirementCode::new(&code).map_err(|_| Error::NotFound)?, stated)
    };
    let saving = Saving { fields: &fields, address: &format!("/requirements/{code}"), next: "", change };
    saved(&request, &portal, (&central, &read), saving, |errors| {
        shown(&request, &read, &code, &form, (refused, errors))
    })
    .await
}

/// `POST /standards/drafts/{draft}/requirements/{code}/remove`.
pub(super) async fn remove(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let change = Change::RemoveRequirement(RequirementCode::new(&code).map_err(|_| Error::NotFound)?);
    let address = format!("/requirements/{code}/remove");
    let saving = Saving { fields: &fields, address: &address, next: "", change };
    saved(&request, &portal, (&central, &read), saving, |errors| {
        let content = &read.draft.content;
        let form = RequirementForm::of(content, content.requirement(&code).ok_or(Error::NotFound)?);
        shown(&request, &read, &code, &form, (StatusCode::UNPROCESSABLE_ENTITY, errors))
    })
    .await
}
