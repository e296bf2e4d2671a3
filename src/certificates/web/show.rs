//! Reading certificates, and the forms before anything was typed.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{subject, subject_of};
use crate::access::{Action as _, AddCertificate, CorrectCertificate, Permit, ReadCertificates};
use crate::certificates::form::CertificateForm;
use crate::certificates::model::Certificate;
use crate::certificates::pages::{EditPage, ListPage};
use crate::certificates::scope::ServiceName;
use crate::certificates::store;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status};
use crate::platform::ids::CertificateId;
use crate::platform::pages::FormErrors;

/// `GET …/certificates`.
pub(super) async fn list(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    Permit::<ReadCertificates>::grant(&member.by.actor, Some(subject(&member)))?;
    let organisation = member.organisation;
    let (held, services) = portal
        .db
        .read(member.reach, move |conn| {
            Ok((store::holdings(conn, organisation)?, store::services(conn, organisation)?))
        })
        .await?;
    let may = AddCertificate::ROW.allows(&member.by.actor, &subject(&member)).is_ok();
    let today = portal.clock.now().london_day();
    let place = (member.code.as_str(), member.name.as_str());
    page(&request, &ListPage::new(place, &held.certificates, &services, today, may))
}

/// `GET …/certificates/new`.
pub(super) async fn new(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    Permit::<AddCertificate>::grant(&member.by.actor, Some(subject(&member)))?;
    let form = CertificateForm::default();
    let none = FormErrors::new();
    typed(&request, &portal, &member, None, (&form, &none, String::new()), StatusCode::OK).await
}

/// The form as it was typed, with what is wrong with it, or why it was not saved.
pub(super) async fn typed(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    id: Option<CertificateId>,
    (form, errors, conflict): (&CertificateForm, &FormErrors, String),
    status: StatusCode,
) -> Result<HttpResponse> {
    let organisation = member.organisation;
    let services: Vec<ServiceName> =
        portal.db.read(member.reach, move |conn| store::services(conn, organisation)).await?;
    let place = (member.code.as_str(), member.name.as_str());
    let id = id.map(|id| id.to_string());
    let content = EditPage::new(place, id, form, &services, errors).not_saved(conflict);
    page_with_status(request, status, &content)
}

/// The certificate that an address names, of the member's organisation.
pub(super) async fn found(portal: &Portal, member: &Member, id: CertificateId) -> Result<Certificate> {
    let organisation = member.organisation;
    let found = portal.db.read(member.reach, move |conn| store::certificate(conn, organisation, id)).await?;
    found.ok_or(Error::NotFound)
}

/// `GET …/certificates/{id}`.
pub(super) async fn one(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, CertificateId)>,
) -> Result<HttpResponse> {
    let (_, id) = path.into_inner();
    let certificate = found(&portal, &member, id).await?;
    Permit::<CorrectCertificate>::grant(&member.by.actor, Some(subject_of(&certificate)))?;
    let form = CertificateForm::of(&certificate);
    let none = FormErrors::new();
    typed(&request, &portal, &member, Some(id), (&form, &none, String::new()), StatusCode::OK).await
}
