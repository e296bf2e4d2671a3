//! The list of services.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{form_errors, subject};
use crate::access::{ListServices, Permit};
use crate::certificates::pages::{ServicesPage, list_href};
use crate::certificates::services::list_services;
use crate::certificates::store;
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;

/// `GET …/certificates/services`.
pub(super) async fn show(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    Permit::<ListServices>::grant(&member.by.actor, Some(subject(&member)))?;
    let organisation = member.organisation;
    let services = portal.db.read(member.reach, move |conn| store::services(conn, organisation)).await?;
    let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    let place = (member.code.as_str(), member.name.as_str());
    page(&request, &ServicesPage::new(place, &names.join("\n"), &FormErrors::new()))
}

/// `POST …/certificates/services`.
pub(super) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (actor, asked) = (member.by.actor.clone(), subject(&member));
    Permit::<ListServices>::grant(&actor, Some(asked.clone()))?;
    let text = fields.text("services");
    let names: Vec<String> =
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let permit = Permit::<ListServices>::grant(&actor, Some(asked))?;
            list_services(tx, &permit, &names)
        })
        .await;
    match outcome {
        Ok(()) => {
            let words = "The scopes of your certificates are held against it from now on.";
            Ok(see_other_with_news(&list_href(&member.code), "Services listed", words))
        }
        Err(Error::Invalid(list)) => {
            let place = (member.code.as_str(), member.name.as_str());
            let content = ServicesPage::new(place, &text, &form_errors(list));
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}
