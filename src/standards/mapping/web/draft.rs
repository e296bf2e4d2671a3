//! Putting a draft in force, and discarding one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::one::{WantedForm, shown};
use super::{change, changed_meanwhile, read, revision};
use crate::access::{DiscardMapping, Permit, PutMappingInForce};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::http::{Portal, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::mapping::discard::discard_mapping;
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::put_in_force::put_in_force as put;

/// Faults that are listed.
const SHOWN: usize = 50;

/// `POST /standards/mappings/{mapping}/in-force`.
pub(super) async fn put_in_force(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let found = read(&portal, &id).await?;
    let (actor, mapping) = (&central.by.actor, found.mapping.id);
    Permit::<PutMappingInForce>::grant(actor, Some(found.mapping.subject()))?;
    let revision = revision(&fields)?;
    let outcome =
        change::<PutMappingInForce, _>(&portal, actor, mapping, move |tx, permit| put(tx, permit, revision))
            .await;
    match outcome {
        Ok(version) => Ok(see_other_with_news(
            &mapping_href(mapping),
            "Mapping in force",
            &format!("Returns that are started from now on follow version {version}."),
        )),
        Err(Error::Invalid(list)) => {
            let refused = (StatusCode::UNPROCESSABLE_ENTITY, &listed(list));
            shown(&request, actor, &found, &WantedForm::default(), refused)
        }
        Err(Error::Conflict(_)) => {
            let now = read(&portal, &id).await?;
            let refused = (StatusCode::CONFLICT, &changed_meanwhile());
            shown(&request, actor, &now, &WantedForm::default(), refused)
        }
        Err(error) => Err(error),
    }
}

/// Every fault leads to the table.
fn listed(list: Vec<FieldError>) -> FormErrors {
    let mut errors = FormErrors::new();
    let count = list.len();
    for (place, found) in list.into_iter().take(SHOWN).enumerate() {
        errors.add_at(format!("line-{place}"), "lines", found.message);
    }
    if count > SHOWN {
        errors.add_at("more", "lines", format!("And {} more", count - SHOWN));
    }
    errors
}

/// `POST /standards/mappings/{mapping}/discard`.
pub(super) async fn discard(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let found = read(&portal, &id).await?;
    let (actor, mapping) = (&central.by.actor, found.mapping.id);
    Permit::<DiscardMapping>::grant(actor, Some(found.mapping.subject()))?;
    let revision = revision(&fields)?;
    let outcome = change::<DiscardMapping, _>(&portal, actor, mapping, move |tx, permit| {
        discard_mapping(tx, permit, revision)
    })
    .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(
            "/standards/mappings",
            "Draft discarded",
            "What was in force before is still in force.",
        )),
        Err(Error::Conflict(_)) => {
            let now = read(&portal, &id).await?;
            let refused = (StatusCode::CONFLICT, &changed_meanwhile());
            shown(&request, actor, &now, &WantedForm::default(), refused)
        }
        Err(error) => Err(error),
    }
}
