//! Recording, correcting and withdrawing a certificate.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::show::{found, typed};
use super::{form_errors, subject, subject_of};
use crate::access::{AddCertificate, CorrectCertificate, Permit, WithdrawCertificate};
use crate::certificates::add::add_certificate;
use crate::certificates::correct::correct_certificate;
use crate::certificates::form::CertificateForm;
use crate::certificates::pages::list_href;
use crate::certificates::store;
use crate::certificates::withdraw::{REASON_LIMIT, withdraw_certificate};
use crate::identity::PostedByMember;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, see_other_with_news};
use crate::platform::ids::CertificateId;
use crate::platform::pages::FormErrors;

const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `POST …/certificates/new`.
pub(super) async fn add(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    Permit::<AddCertificate>::grant(&member.by.actor, Some(subject(&member)))?;
    let form = CertificateForm::read(&fields);
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => {
            let shown = (&form, &errors, String::new());
            return typed(&request, &portal, &member, None, shown, REFUSED).await;
        }
    };
    let back = list_href(&member.code);
    let once = Once::of(member.by.person, &format!("{back}/new"), &fields, &back)?;
    let (actor, asked) = (member.by.actor.clone(), subject(&member));
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<AddCertificate>::grant(&actor, Some(asked))?;
            add_certificate(tx, &permit, &new)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            &back,
            "Certificate added",
            "Requirements that it exempts from need no answer while it counts.",
        )),
        Err(Error::Invalid(list)) => {
            let shown = (&form, &form_errors(list), String::new());
            typed(&request, &portal, &member, None, shown, REFUSED).await
        }
        Err(error) => Err(error),
    }
}

/// `POST …/certificates/{id}`.
pub(super) async fn correct(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<(String, CertificateId)>,
) -> Result<HttpResponse> {
    let (_, id) = path.into_inner();
    let PostedByMember { member, fields } = posted;
    let standing = found(&portal, &member, id).await?;
    Permit::<CorrectCertificate>::grant(&member.by.actor, Some(subject_of(&standing)))?;
    let form = CertificateForm::read(&fields);
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => {
            let shown = (&form, &errors, String::new());
            return typed(&request, &portal, &member, Some(id), shown, REFUSED).await;
        }
    };
    let (organisation, actor, version) = (member.organisation, member.by.actor.clone(), form.version);
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let now = store::certificate(tx.conn(), organisation, id)?.ok_or(Error::NotFound)?;
            let permit = Permit::<CorrectCertificate>::grant(&actor, Some(subject_of(&now)))?;
            correct_certificate(tx, &permit, version, &new)
        })
        .await;
    match outcome {
        Ok(()) => {
            let back = list_href(&member.code);
            Ok(see_other_with_news(&back, "Certificate corrected", "What it exempts from follows at once."))
        }
        Err(Error::Invalid(list)) => {
            let shown = (&form, &form_errors(list), String::new());
            typed(&request, &portal, &member, Some(id), shown, REFUSED).await
        }
        Err(Error::Conflict(_)) => {
            let theirs = found(&portal, &member, id).await?;
            let why = format!(
                "A colleague changed this certificate first. It now says: {}, number {}, by {}, valid from {} to {}. \
                 What you typed is below: save it again to put it in place of theirs.",
                theirs.name(),
                theirs.number,
                theirs.body,
                theirs.valid_from.words(),
                theirs.valid_to.words()
            );
            let form = CertificateForm { version: theirs.version, ..form };
            let shown = (&form, &FormErrors::new(), why);
            typed(&request, &portal, &member, Some(id), shown, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

/// `POST …/certificates/{id}/withdraw`.
pub(super) async fn withdraw(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<(String, CertificateId)>,
) -> Result<HttpResponse> {
    let (_, id) = path.into_inner();
    let PostedByMember { member, fields } = posted;
    let standing = found(&portal, &member, id).await?;
    Permit::<WithdrawCertificate>::grant(&member.by.actor, Some(subject_of(&standing)))?;
    let reason = fields.text("reason");
    let mut errors = FormErrors::new();
    errors.require("reason", &reason, "Enter why the certificate is withdrawn", REASON_LIMIT);
    if !errors.is_empty() {
        let form = CertificateForm::of(&standing);
        let shown = (&form, &errors, String::new());
        return typed(&request, &portal, &member, Some(id), shown, REFUSED).await;
    }
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    portal
        .db
        .write(member.reach, move |tx| {
            let now = store::certificate(tx.conn(), organisation, id)?.ok_or(Error::NotFound)?;
            let permit = Permit::<WithdrawCertificate>::grant(&actor, Some(subject_of(&now)))?;
            withdraw_certificate(tx, &permit, &reason)
        })
        .await?;
    let back = list_href(&member.code);
    Ok(see_other_with_news(
        &back,
        "Certificate withdrawn",
        "Requirements that it exempted from need an answer again.",
    ))
}
