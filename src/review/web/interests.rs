//! One's own declared interests.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{central, form_errors, limited};
use crate::access::{Actor, DeclareInterest, Permit, Subject};
use crate::identity::{self, Central, Posted};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::PersonId;
use crate::platform::pages::FormErrors;
use crate::review::interest::{declare_interest, interests_of};
use crate::review::pages::InterestsPage;

/// The longest reason, in characters.
const REASON_LIMIT: usize = 1000;

/// `GET /reviews/interests`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let me = central.by.person;
    let interests = portal.db.read(Reach::nobodys(), move |conn| interests_of(conn, me)).await?;
    page(&request, &InterestsPage::new(&interests, "", "", &FormErrors::new()))
}

/// `POST /reviews/interests`.
pub(super) async fn declare(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let me = actor.id().ok_or(Error::NotFound)?;
    let code = fields.text("organisation").to_uppercase();
    let reason = fields.text("reason");
    let mut errors = FormErrors::new();
    if code.is_empty() {
        errors.add("organisation", "Enter the code of an organisation");
    }
    if reason.is_empty() {
        errors.add("reason", "Say what your interest is");
    }
    limited(&reason, REASON_LIMIT, "reason", "The interest", &mut errors);
    if errors.is_empty() {
        match declared(&portal, actor, code.clone(), reason.clone()).await {
            Ok(()) => {
                let words = "You cannot review this organisation from now on.";
                return Ok(see_other_with_news("/reviews/interests", "Interest declared", words));
            }
            Err(Error::Invalid(found)) => errors = form_errors(found),
            Err(error) => return Err(error),
        }
    }
    refused(&request, &portal, me, (&code, &reason), &errors).await
}

async fn declared(portal: &Portal, actor: Actor, code: String, reason: String) -> Result<()> {
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let permit = Permit::<DeclareInterest>::grant(&actor, Some(Subject::programme()))?;
            let organisation = identity::organisation_named(tx.conn(), &code)?
                .ok_or_else(|| Error::field("organisation", "There is no organisation with this code"))?;
            declare_interest(tx, &permit, organisation, &reason)
        })
        .await
}

async fn refused(
    request: &HttpRequest,
    portal: &Portal,
    me: PersonId,
    (code, reason): (&str, &str),
    errors: &FormErrors,
) -> Result<HttpResponse> {
    let interests = portal.db.read(Reach::nobodys(), move |conn| interests_of(conn, me)).await?;
    let content = InterestsPage::new(&interests, code, reason, errors);
    page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}
