//! The library of reasons in the browser.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::add::{NewReason, add_reason};
use super::change::change_reason;
use super::model::{Reason, ReasonVersion};
use super::pages::{ReasonPage, ReasonsPage};
use super::reading::{self, Library};
use super::retire::{restore_reason, retire_reason};
use super::store;
use crate::access::{Action, Actor, AddReason, ChangeReason, Permit, ReadReasons, Subject};
use crate::identity::{Central, Posted};
use crate::ledger::Recorded;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Fields, Once, Portal, Routes, downloaded, page, page_with_status, resource, see_other_with_news,
};
use crate::platform::ids::ReasonId;
use crate::platform::pages::FormErrors;

/// The addresses of the library; they come before those of one review, whose number they would else be taken for.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/reasons").name("reviews-reasons").get(list).post(add))
        .service(resource("/reviews/reasons.csv").name("reviews-reasons-csv").get(csv))
        .service(resource("/reviews/reasons/{id}").name("reviews-reason").get(show).post(change))
        .service(resource("/reviews/reasons/{id}/retire").name("reviews-reason-retire").post(retire))
        .service(resource("/reviews/reasons/{id}/restore").name("reviews-reason-restore").post(restore));
}

async fn read_library(portal: &Portal, actor: &Actor) -> Result<Library> {
    let actor = actor.clone();
    portal.db.read(Reach::nobodys(), move |conn| reading::library(conn, &actor)).await
}

/// `GET /reviews/reasons`.
async fn list(request: HttpRequest, portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    let (reasons, standards) = read_library(&portal, &central.by.actor).await?;
    page(&request, &ReasonsPage::new(&reasons, &standards, &NewReason::default(), &FormErrors::new()))
}

/// `GET /reviews/reasons.csv`.
async fn csv(portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    let (reasons, _) = read_library(&portal, &central.by.actor).await?;
    let mut table = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| Error::internal("failed to write the reasons", e);
    table
        .write_record(["Title", "Reason", "Standard", "Section", "State", "Version", "Used"])
        .map_err(failed)?;
    for reason in &reasons {
        let (version, uses) = (reason.version.to_string(), reason.uses.to_string());
        let (title, body) = (harmless(&reason.title), harmless(&reason.body));
        let (standard, section) = (reason.standard.as_str(), harmless(&reason.section));
        let row = [&*title, &*body, standard, &*section, reason.state.words(), &*version, &*uses];
        table.write_record(row).map_err(failed)?;
    }
    let body =
        table.into_inner().map_err(|e| Error::internal("failed to write the reasons", e.to_string()))?;
    Ok(downloaded("text/csv; charset=utf-8", "reasons.csv", body))
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn typed(fields: &Fields) -> NewReason {
    NewReason {
        standard: fields.text("standard"),
        section: fields.text("section"),
        title: fields.text("title"),
        body: fields.text("text"),
    }
}

/// `POST /reviews/reasons`.
async fn add(request: HttpRequest, portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = crate::review::web::central(posted)?;
    let new = typed(&fields);
    let once = Once::of(person, "/reviews/reasons", &fields, "/reviews/reasons")?;
    let (who, reason) = (actor.clone(), new.clone());
    let added = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let permit = Permit::<AddReason>::grant(&who, Some(Subject::programme()))?;
            once.begin(tx)?;
            add_reason(tx, &permit, &reason)
        })
        .await;
    match added {
        Ok(_) => Ok(see_other_with_news("/reviews/reasons", "Reason added", &new.title)),
        Err(Error::Invalid(found)) => {
            let (reasons, standards) = read_library(&portal, &actor).await?;
            let content = ReasonsPage::new(&reasons, &standards, &new, &FormErrors::found(&found, &[]));
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

async fn read_one(portal: &Portal, actor: &Actor, id: ReasonId) -> Result<(Reason, Vec<ReasonVersion>)> {
    let actor = actor.clone();
    portal.db.read(Reach::nobodys(), move |conn| reading::one(conn, &actor, id)).await
}

/// `GET /reviews/reasons/{id}`.
async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let actor = &central.by.actor;
    let (reason, versions) = read_one(&portal, actor, ReasonId::new(*id)).await?;
    page(&request, &ReasonPage::new(&reason, &versions, actor, None, &FormErrors::new()))
}

/// Runs a verb about one reason under its permit.
async fn with_permit<A: Action>(
    portal: &Portal,
    actor: &Actor,
    id: ReasonId,
    verb: impl FnOnce(&mut Tx<'_>, &Permit<A>) -> Result<Recorded<()>> + Send + 'static,
) -> Result<()> {
    let actor = actor.clone();
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            // Whoever may not read the library is not told that there is such a reason.
            Permit::<ReadReasons>::grant(&actor, Some(Subject::programme()))?;
            let reason = store::reason(tx.conn(), id)?;
            verb(tx, &Permit::<A>::grant(&actor, Some(reason.subject()))?)
        })
        .await
}

/// `POST /reviews/reasons/{id}`.
async fn change(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = crate::review::web::central(posted)?;
    let (id, new) = (ReasonId::new(*id), typed(&fields));
    let version = fields.one("version").parse().unwrap_or_default();
    let wanted = new.clone();
    let verb =
        move |tx: &mut Tx<'_>, permit: &Permit<ChangeReason>| change_reason(tx, permit, version, &wanted);
    let (status, errors) = match with_permit::<ChangeReason>(&portal, &actor, id, verb).await {
        Ok(()) => {
            let to = format!("/reviews/reasons/{id}");
            return Ok(see_other_with_news(&to, "Reason changed", "The earlier version stays readable."));
        }
        Err(Error::Invalid(found)) => (StatusCode::UNPROCESSABLE_ENTITY, FormErrors::found(&found, &[])),
        Err(Error::Conflict(why)) => {
            let mut errors = FormErrors::new();
            errors
                .add_whole(format!("{why} What you typed is still in the form; what stands now is above it"));
            (StatusCode::CONFLICT, errors)
        }
        Err(error) => return Err(error),
    };
    let (reason, versions) = read_one(&portal, &actor, id).await?;
    page_with_status(&request, status, &ReasonPage::new(&reason, &versions, &actor, Some(&new), &errors))
}

/// `POST /reviews/reasons/{id}/retire`.
async fn retire(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = crate::review::web::central(posted)?;
    with_permit(&portal, &actor, ReasonId::new(*id), retire_reason).await?;
    let words = "It is offered no more. Decisions stay as they are.";
    Ok(see_other_with_news("/reviews/reasons", "Reason retired", words))
}

/// `POST /reviews/reasons/{id}/restore`.
async fn restore(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = crate::review::web::central(posted)?;
    with_permit(&portal, &actor, ReasonId::new(*id), restore_reason).await?;
    Ok(see_other_with_news(
        "/reviews/reasons",
        "Reason offered again",
        "Reviewers can choose it from now on.",
    ))
}
