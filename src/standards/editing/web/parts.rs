//! Details and sections of a draft, and the order of what is in a section.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::change::Change;
use super::super::forms::{DetailsForm, SectionForm};
use super::super::order::Way;
use super::super::pages::{DetailsPage, SectionPage};
use super::super::read::Read;
use super::save::{Saving, saved};
use super::{NEW, posted_about, read_to_edit};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status};
use crate::platform::pages::FormErrors;
use crate::standards::keys::{RequirementCode, SectionCode};

type Place = Path<(String, String)>;

/// `GET /standards/drafts/{draft}/details`.
pub(super) async fn details(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read_to_edit(&portal, &central, &id).await?;
    let form = DetailsForm::of(&read.draft.content);
    page_with_status(&request, StatusCode::OK, &DetailsPage::new(&read.draft, &form, &FormErrors::new()))
}

/// `POST /standards/drafts/{draft}/details`.
pub(super) async fn save_details(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let form = DetailsForm::read(&fields);
    let saving = Saving { fields: &fields, address: "/details", next: "", change: form.parse() };
    saved(&request, &portal, (&central, &read), saving, |errors| {
        let content = DetailsPage::new(&read.draft, &form, errors);
        page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
    })
    .await
}

/// `GET /standards/drafts/{draft}/sections/{code}`.
pub(super) async fn section(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let read = read_to_edit(&portal, &central, &id).await?;
    let form = if code == NEW {
        SectionForm::default()
    } else {
        SectionForm::of(read.draft.content.section(&code).ok_or(Error::NotFound)?)
    };
    shown(&request, &read, &code, &form, (StatusCode::OK, &FormErrors::new()))
}

fn shown(
    request: &HttpRequest,
    read: &Read,
    code: &str,
    form: &SectionForm,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let code = (code != NEW).then_some(code);
    page_with_status(request, status, &SectionPage::new(&read.draft, code, form, errors))
}

/// `POST /standards/drafts/{draft}/sections/{code}`.
pub(super) async fn save_section(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let form = SectionForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let section = match form.parse() {
        Ok(section) => section,
        Err(errors) => return shown(&request, &read, &code, &form, (refused, &errors)),
    };
    let change = if code == NEW {
        Change::AddSection(section)
    } else {
        Change::EditSection(SectionCode::new(&code).map_err(|_| Error::NotFound)?, section)
    };
    let saving = Saving { fields: &fields, address: &format!("/sections/{code}"), next: "", change };
    saved(&request, &portal, (&central, &read), saving, |errors| {
        shown(&request, &read, &code, &form, (refused, errors))
    })
    .await
}

/// `POST /standards/drafts/{draft}/sections/{code}/remove`.
pub(super) async fn remove_section(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let change = Change::RemoveSection(SectionCode::new(&code).map_err(|_| Error::NotFound)?);
    let address = format!("/sections/{code}/remove");
    let saving = Saving { fields: &fields, address: &address, next: "", change };
    saved(&request, &portal, (&central, &read), saving, |errors| {
        let form = SectionForm::of(read.draft.content.section(&code).ok_or(Error::NotFound)?);
        shown(&request, &read, &code, &form, (StatusCode::UNPROCESSABLE_ENTITY, errors))
    })
    .await
}

/// `POST /standards/drafts/{draft}/order`.
pub(super) async fn order(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let code = fields.text("code");
    let way = Way::parse(fields.one("way")).ok_or(Error::NotFound)?;
    let change = match fields.one("kind") {
        "section" => Change::MoveSection(SectionCode::new(&code).map_err(|_| Error::NotFound)?, way),
        "requirement" => {
            Change::MoveRequirement(RequirementCode::new(&code).map_err(|_| Error::NotFound)?, way)
        }
        _ => return Err(Error::NotFound),
    };
    // Back to the section that the press came from, if it is one of this draft.
    let href = super::super::draft_href(read.draft.head.id);
    let back = fields.text("back");
    let next = back.strip_prefix(&format!("{href}/sections/")).filter(|code| SectionCode::new(code).is_ok());
    let next = next.map(|code| format!("/sections/{code}")).unwrap_or_default();
    let saving = Saving { fields: &fields, address: "/order", next: &next, change };
    saved(&request, &portal, (&central, &read), saving, |_| Err(Error::NotFound)).await
}
