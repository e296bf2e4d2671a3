//! The weights: looked at, tried, put in force.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Actor, ChangeRiskWeights, Permit, Subject};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::review::risk::pages::WeightsPage;
use crate::review::risk::reading;
use crate::review::risk::score::Settings;
use crate::review::risk::weights::{NOTE_LIMIT, change_weights};

/// What was typed, by the name of its field.
type Typed = HashMap<String, String>;

/// `GET /reviews/risk`; with numbers in the address it shows what those would change.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    typed: Query<Typed>,
) -> Result<HttpResponse> {
    let typed = typed.into_inner();
    let mut errors = FormErrors::new();
    let tried = if typed.is_empty() { None } else { parsed(&typed, &mut errors) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    shown(&request, &portal, &central.by.actor, (tried, &typed), (status, &errors)).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    (tried, typed): (Option<Settings>, &Typed),
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let (who, wanted) = (actor.clone(), tried.clone());
    let of = portal
        .db
        .read(actor.central_reach()?, move |conn| reading::weights(conn, &who, wanted.as_ref()))
        .await?;
    let value = |name: &str| typed.get(name).cloned();
    let note = typed.get("note").map(String::as_str).unwrap_or_default();
    page_with_status(request, status, &WeightsPage::new(&of, tried.as_ref(), &value, note, errors)?)
}

/// The numbers as typed; none when one of them cannot be used.
fn parsed(typed: &Typed, errors: &mut FormErrors) -> Option<Settings> {
    let mut settings = Settings {
        first_return: 0,
        change: 0,
        evidence: 0,
        certificates: 0,
        signals: 0,
        random: 0,
        change_full: 0,
        evidence_full: 0,
        certificates_full: 0,
        low: 0,
        medium: 0,
        high: 0,
        thin_characters: 0,
        stale_months: 0,
        signal_months: 0,
        band_medium: 0,
        band_high: 0,
    };
    let fields: Vec<&'static str> = settings
        .weights()
        .iter()
        .map(|(name, ..)| *name)
        .chain(settings.measures().iter().map(|(name, ..)| *name))
        .collect();
    for field in fields {
        match typed.get(field).and_then(|text| text.trim().replace(',', "").parse::<i64>().ok()) {
            Some(number) => {
                settings.set(field, number);
            }
            None => errors.add(field, "Enter a whole number"),
        }
    }
    if errors.is_empty() {
        for (field, message) in settings.faults() {
            errors.add(field, message);
        }
    }
    errors.is_empty().then_some(settings)
}

/// `POST /reviews/risk`.
pub(super) async fn change(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = (Central::of(posted.by)?.by.actor, posted.fields);
    Permit::<ChangeRiskWeights>::grant(&actor, Some(Subject::programme()))?;
    let typed: Typed = fields.pairs().iter().cloned().collect();
    let mut errors = FormErrors::new();
    let tried = parsed(&typed, &mut errors);
    let note = fields.text("note");
    errors.require("note", &note, "Say why the weights are changed", NOTE_LIMIT);
    let seen: i64 = fields.one("seen").parse().map_err(|_| Error::NotFound)?;
    if let Some(settings) = tried.clone().filter(|_| errors.is_empty()) {
        let once = Once::of(person, "/reviews/risk", &fields, "/reviews/risk")?;
        let version = portal
            .db
            .write(actor.central_reach()?, move |tx| {
                once.begin(tx)?;
                let permit = Permit::<ChangeRiskWeights>::grant(&actor, Some(Subject::programme()))?;
                change_weights(tx, &permit, seen, &settings, &note)
            })
            .await?;
        let text = format!("Version {version} is in force. The open reviews are being computed again.");
        return Ok(see_other_with_news("/reviews/risk", "Weights changed", &text));
    }
    shown(&request, &portal, &actor, (tried, &typed), (StatusCode::UNPROCESSABLE_ENTITY, &errors)).await
}
