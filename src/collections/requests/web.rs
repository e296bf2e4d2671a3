//! Requests for more time in the browser: an organisation asks and takes back, a programme manager answers.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::answer::{Answer, grant_request, refuse_request};
use super::ask::{ask_for_time, withdraw_request};
use super::forms::{AnswerForm, Decision, TimeForm};
use super::model::RequestState;
use super::pages::{MoreTimePage, RequestPage};
use super::store;
use crate::access::{
    Action as _, AskForTime, GrantExtension, Permit, ReadTimeRequests, RefuseExtension, Subject,
    WithdrawTimeRequest,
};
use crate::collections::web::forms::errors_of;
use crate::collections::web::subject;
use crate::collections::{Collection, collection_by_key, deadline_for};
use crate::identity::{Central, Member, Posted, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, Routes, page_with_status, resource, see_other_with_news};
use crate::platform::ids::{OrganisationId, TimeRequestId};
use crate::platform::pages::FormErrors;

/// The pages of requests for more time. The organisation's own is a page of its return, with what still blocks beside it;
/// `returns` serves it with [`show_requests`] and [`post_request`].
pub(in crate::collections) fn routes(routes: &mut Routes) {
    routes
        .service(
            resource("/organisations/{organisation}/returns/{year}/more-time/{id}/withdraw")
                .name("more-time-withdraw")
                .post(withdraw),
        )
        .service(
            resource("/collections/{key}/requests/{id}").name("collections-request").get(one).post(answer),
        );
}

/// A request of an organisation's own.
#[derive(Debug, Clone, Deserialize)]
struct OwnRequest {
    year: String,
    id: i64,
}

/// A request as the central team's address names it.
#[derive(Debug, Clone, Deserialize)]
struct OfCollection {
    key: String,
    id: i64,
}

/// The collection as an organisation stands in it.
fn own(collection: &Collection, organisation: OrganisationId) -> Subject {
    Subject { organisation: Some(organisation), ..subject(collection) }
}

/// `GET …/returns/{year}/more-time`.
///
/// # Errors
/// [`Error::NotFound`], that the person may not read it, or when the database cannot be asked.
pub async fn show_requests(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: &str,
) -> Result<HttpResponse> {
    let form = (&TimeForm::fresh(), &FormErrors::new());
    shown(request, portal, member, year, StatusCode::OK, form).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: &str,
    status: StatusCode,
    form: (&TimeForm, &FormErrors),
) -> Result<HttpResponse> {
    let (organisation, key) = (member.organisation, year.to_owned());
    let (collection, due, requests) = portal
        .db
        .read(member.reach, move |conn| {
            let collection = collection_by_key(conn, &key)?.ok_or(Error::NotFound)?;
            let due = deadline_for(conn, &collection, organisation)?;
            let requests = store::requests_by(conn, collection.id, organisation)?;
            Ok((collection, due, requests))
        })
        .await?;
    let of = own(&collection, organisation);
    ReadTimeRequests::ROW.allows(&member.by.actor, &of)?;
    let hears = collection.hears_requests(portal.clock.now());
    let may_ask = hears && AskForTime::ROW.allows(&member.by.actor, &of).is_ok();
    let place = (member.code.as_str(), member.name.as_str());
    page_with_status(request, status, &MoreTimePage::new(place, (&collection, due), &requests, may_ask, form))
}

/// `POST …/returns/{year}/more-time`.
///
/// # Errors
/// As [`show_requests`], or whatever refuses the request.
pub async fn post_request(
    request: &HttpRequest,
    portal: &Portal,
    posted: PostedByMember,
    year: &str,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (organisation, key) = (member.organisation, year.to_owned());
    let found = portal.db.read(member.reach, move |conn| collection_by_key(conn, &key)).await?;
    let of = found.map(|collection| own(&collection, organisation));
    Permit::<AskForTime>::grant(&member.by.actor, of)?;
    let form = TimeForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => return shown(request, portal, &member, year, refused, (&form, &errors)).await,
    };
    let back = format!("/organisations/{}/returns/{year}/more-time", member.code);
    let once = Once::of(member.by.person, &back, &fields, &back)?;
    let (actor, key) = (member.by.actor.clone(), year.to_owned());
    let public_url = portal.config.public_url().to_owned();
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = collection_by_key(tx.conn(), &key)?;
            let of = found.map(|collection| own(&collection, organisation));
            ask_for_time(tx, &Permit::<AskForTime>::grant(&actor, of)?, &new, &public_url)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            &back,
            "Request sent",
            "The programme has been told by email. You are told when it has answered.",
        )),
        Err(Error::Invalid(list)) => {
            shown(request, portal, &member, year, refused, (&form, &errors_of(&list))).await
        }
        Err(error) => Err(error),
    }
}

async fn withdraw(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OwnRequest>,
) -> Result<HttpResponse> {
    let member = posted.member;
    let OwnRequest { year, id } = path.into_inner();
    let back = format!("/organisations/{}/returns/{year}/more-time", member.code);
    let (organisation, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let found = collection_by_key(tx.conn(), &year)?;
            let of = found.map(|collection| own(&collection, organisation));
            let permit = Permit::<WithdrawTimeRequest>::grant(&actor, of)?;
            withdraw_request(tx, &permit, TimeRequestId::new(id))
        })
        .await?;
    Ok(see_other_with_news(&back, "Request taken back", "The return stays due when it was."))
}

async fn one(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<OfCollection>,
) -> Result<HttpResponse> {
    answered(&request, &portal, &central, &path, StatusCode::OK, None).await
}

async fn answered(
    request: &HttpRequest,
    portal: &Portal,
    central: &Central,
    path: &OfCollection,
    status: StatusCode,
    typed: Option<(&AnswerForm, &FormErrors)>,
) -> Result<HttpResponse> {
    let path = path.clone();
    let (collection, asked, due) = portal
        .db
        .read(central.reach, move |conn| {
            let collection = collection_by_key(conn, &path.key)?.ok_or(Error::NotFound)?;
            let asked = store::request(conn, TimeRequestId::new(path.id))?;
            if asked.collection != collection.id {
                return Err(Error::NotFound);
            }
            let due = deadline_for(conn, &collection, asked.organisation)?;
            Ok((collection, asked, due))
        })
        .await?;
    let of = Subject { organisation: Some(asked.organisation), ..subject(&collection) };
    let may_answer = RefuseExtension::ROW.allows(&central.by.actor, &of).is_ok();
    let (fresh, none) = (AnswerForm::fresh(asked.until), FormErrors::new());
    let form = typed.unwrap_or((&fresh, &none));
    page_with_status(request, status, &RequestPage::new(&collection, &asked, due, may_answer, form))
}

async fn answer(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<OfCollection>,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let key = path.key.clone();
    let found = portal.db.read(central.reach, move |conn| collection_by_key(conn, &key)).await?;
    Permit::<RefuseExtension>::grant(&central.by.actor, found.as_ref().map(subject))?;
    let form = AnswerForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let (decision, words) = match form.parse() {
        Ok(read) => read,
        Err(errors) => {
            return answered(&request, &portal, &central, &path, refused, Some((&form, &errors))).await;
        }
    };
    let back = format!("/collections/{}", path.key);
    let answer = Answer { request: TimeRequestId::new(path.id), words };
    let once = Once::of(central.by.person, &format!("{back}/requests/{}", path.id), &fields, &back)?;
    let (actor, key) = (central.by.actor.clone(), path.key.clone());
    let public_url = portal.config.public_url().to_owned();
    let outcome = portal
        .db
        .write(central.reach, move |tx| {
            once.begin(tx)?;
            let of = collection_by_key(tx.conn(), &key)?.as_ref().map(subject);
            match decision {
                Decision::Grant(until) => {
                    let permit = Permit::<GrantExtension>::grant(&actor, of)?;
                    grant_request(tx, &permit, &answer, until, &public_url)
                }
                Decision::Refuse => {
                    let permit = Permit::<RefuseExtension>::grant(&actor, of)?;
                    refuse_request(tx, &permit, &answer, &public_url)
                }
            }
        })
        .await;
    match outcome {
        Ok(()) => {
            let state =
                if decision == Decision::Refuse { RequestState::Refused } else { RequestState::Granted };
            let text = format!("{}. The organisation has been told by email.", state.words());
            Ok(see_other_with_news(&back, "Request answered", &text))
        }
        Err(Error::Invalid(list)) => {
            let errors = errors_of(&list);
            answered(&request, &portal, &central, &path, refused, Some((&form, &errors))).await
        }
        Err(error) => Err(error),
    }
}
