//! The signals: listed, recorded, taken back, taken away as a file.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::access::{Actor, Permit, ReadSignals, RecordSignal, Subject};
use crate::identity::{self, Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Fields, Once, Portal, TypedDay, downloaded, page, page_with_status, see_other_with_news,
};
use crate::platform::ids::SignalId;
use crate::platform::pages::FormErrors;
use crate::review::risk::pages::{SignalPage, SignalsPage, Typed};
use crate::review::risk::signals::{
    Listed, NOTE_LIMIT, NewSignal, SOURCE_LIMIT, Severity, SignalKind, csv_of, every, list, one as signal_of,
    record_signal, remove_signal,
};

/// Where in the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Place {
    #[serde(default)]
    page: String,
}

/// `GET /reviews/signals`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Query<Place>,
) -> Result<HttpResponse> {
    let page = place.page.parse().unwrap_or(1).clamp(1, 1_000_000);
    let (typed, errors) = (Typed::default(), FormErrors::new());
    shown(&request, &portal, &central.by.actor, page, &typed, (StatusCode::OK, &errors)).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    page: i64,
    typed: &Typed,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    Permit::<ReadSignals>::grant(actor, Some(Subject::programme()))?;
    let (signals, total) = portal.db.read(actor.central_reach()?, move |conn| list(conn, page)).await?;
    page_with_status(request, status, &SignalsPage::new(&signals, total, page, typed, errors))
}

/// `GET /reviews/signals.csv`.
pub(super) async fn download(portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    Permit::<ReadSignals>::grant(&central.by.actor, Some(Subject::programme()))?;
    let signals = portal.db.read(central.reach, every).await?;
    Ok(downloaded("text/csv; charset=utf-8", "signals.csv", csv_of(&signals)?))
}

/// `POST /reviews/signals`.
pub(super) async fn record(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = (Central::of(posted.by)?.by.actor, posted.fields);
    Permit::<RecordSignal>::grant(&actor, Some(Subject::programme()))?;
    let mut errors = FormErrors::new();
    let typed = Typed { on: TypedDay::read(&fields, "on"), fields: fields.clone() };
    let code = fields.text("organisation").to_uppercase();
    if code.is_empty() {
        errors.add("organisation", "Enter the code of an organisation");
    }
    let signal = signal(&fields, &typed.on, &mut errors);
    if let (Some(signal), true) = (signal, errors.is_empty()) {
        let once = Once::of(person, "/reviews/signals", &fields, "/reviews/signals")?;
        match recorded(&portal, &actor, code, signal, once).await {
            Ok(()) => {
                let text = "The organisation's open reviews have their new place in the queue.";
                return Ok(see_other_with_news("/reviews/signals", "Signal recorded", text));
            }
            Err(Error::Invalid(found)) => errors = FormErrors::found(&found, &[("on", "on-day")]),
            Err(error) => return Err(error),
        }
    }
    shown(&request, &portal, &actor, 1, &typed, (StatusCode::UNPROCESSABLE_ENTITY, &errors)).await
}

/// What a form says of a signal, without whose it is.
struct Said {
    kind: SignalKind,
    on: crate::platform::clock::Day,
    severity: Severity,
    source: String,
    note: String,
}

fn signal(fields: &Fields, on: &TypedDay, errors: &mut FormErrors) -> Option<Said> {
    let kind = fields.one("kind").parse::<SignalKind>().ok();
    if kind.is_none() {
        errors.add("kind", "Choose a kind");
    }
    let on = on.parse("on", "on which it was", errors);
    let severity = fields.one("severity").parse::<Severity>().ok();
    if severity.is_none() {
        errors.add("severity", "Choose a severity");
    }
    let (source, note) = (fields.text("source"), fields.text("note"));
    errors.require("source", &source, "Say who says so", SOURCE_LIMIT);
    if note.chars().count() > NOTE_LIMIT {
        errors.add("note", format!("The note can have at most {NOTE_LIMIT} characters"));
    }
    Some(Said { kind: kind?, on: on?, severity: severity?, source, note })
}

async fn recorded(portal: &Portal, actor: &Actor, code: String, said: Said, once: Once) -> Result<()> {
    let actor = actor.clone();
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<RecordSignal>::grant(&actor, Some(Subject::programme()))?;
            let organisation = identity::organisation_named(tx.conn(), &code)?
                .ok_or_else(|| Error::field("organisation", "There is no organisation with this code"))?;
            let Said { kind, on, severity, source, note } = said;
            record_signal(tx, &permit, &NewSignal { organisation, kind, on, severity, source, note })
        })
        .await
}

/// `GET /reviews/signals/{signal}`.
pub(super) async fn one(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let of = found(&portal, &central.by.actor, SignalId::new(*id)).await?;
    page(&request, &SignalPage::new(&of, "", &FormErrors::new()))
}

async fn found(portal: &Portal, actor: &Actor, id: SignalId) -> Result<Listed> {
    Permit::<ReadSignals>::grant(actor, Some(Subject::programme()))?;
    portal.db.read(actor.central_reach()?, move |conn| signal_of(conn, id)).await?.ok_or(Error::NotFound)
}

/// `POST /reviews/signals/{signal}`: takes it back.
pub(super) async fn remove(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let id = SignalId::new(*id);
    let (actor, fields) = (Central::of(posted.by)?.by.actor, posted.fields);
    Permit::<RecordSignal>::grant(&actor, Some(Subject::programme()))?;
    let reason = fields.text("reason");
    let mut errors = FormErrors::new();
    errors.require("reason", &reason, "Say why it is taken back", NOTE_LIMIT);
    if !errors.is_empty() {
        let of = found(&portal, &actor, id).await?;
        let content = SignalPage::new(&of, &reason, &errors);
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let permit = Permit::<RecordSignal>::grant(&actor, Some(Subject::programme()))?;
            remove_signal(tx, &permit, id, &reason)
        })
        .await?;
    Ok(see_other_with_news("/reviews/signals", "Signal taken back", "It counts no more from now on."))
}
