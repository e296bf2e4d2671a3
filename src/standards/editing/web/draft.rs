//! One draft: looking at it, saying that it is done, freezing and discarding it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::discard::discard_draft;
use super::super::draft_href;
use super::super::freeze::freeze_edition;
use super::super::pages::{DraftPage, HistoryPage, Offers};
use super::super::propose_freeze::propose_freeze;
use super::super::read::Read;
use super::super::store;
use super::{change, number, read, version};
use crate::access::{Actor, DiscardDraft, FreezeEdition, ProposeFreeze};
use crate::identity::{self, Central, Posted};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::mapping::{mapping_href, versions as mapping_versions};
use crate::standards::register;
use crate::standards::store::edition;

/// `GET /standards/drafts/{draft}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read(&portal, &central.by.actor, &id).await?;
    shown(&request, &portal, &central.by.actor, &read, (StatusCode::OK, &FormErrors::new())).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    read: &Read,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let head = read.draft.head.clone();
    let (names, found, mapping, proposals) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let who: Vec<_> = head.standing_proposal().and_then(|p| p.by).into_iter().collect();
            let names = identity::names_of(conn, &who)?;
            let found = head.edition.map(|id| edition(conn, id)).transpose()?;
            let mapping = match head.base.zip(head.edition) {
                Some((from, to)) => mapping_versions(conn, from, to)?.first().map(|(id, ..)| *id),
                None => None,
            };
            let proposals = head.base.map_or(Ok(0), |base| register::open_proposals(conn, base))?;
            Ok((names, found, mapping, proposals))
        })
        .await?;
    let proposed = read.draft.head.standing_proposal();
    let by = proposed.and_then(|proposed| proposed.by);
    let offers = Offers {
        edit: read.may_be_edited(actor),
        proposed_themselves: proposed.is_some() && by == actor.id(),
        proposed_by: by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(|| "The portal".to_owned()),
        base: read
            .base
            .as_ref()
            .map(|base| format!("{} {}", base.standard_name(), base.label()))
            .unwrap_or_default(),
        edition_key: found.map(|found| found.key().to_string()).unwrap_or_default(),
        mapping_href: mapping.map(mapping_href).unwrap_or_default(),
        proposals,
    };
    page_with_status(request, status, &DraftPage::new(&read.draft, &offers, errors))
}

/// `GET /standards/drafts/{draft}/history`.
pub(super) async fn history(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let found = read(&portal, &central.by.actor, &id).await?;
    let draft = found.draft.head.id;
    let (rows, names) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let rows = store::versions(conn, draft)?;
            let mut who: Vec<_> = rows.iter().filter_map(|(.., by)| *by).collect();
            who.sort_unstable();
            who.dedup();
            let names = identity::names_of(conn, &who)?;
            Ok((rows, names))
        })
        .await?;
    page(&request, &HistoryPage::new(&found.draft.head, &rows, &names))
}

/// `POST /standards/drafts/{draft}/done`.
pub(super) async fn done(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (draft, seen) = (number(&id)?, version(&fields)?);
    let outcome = change::<ProposeFreeze, _>(&portal, &central.by.actor, draft, move |tx, permit| {
        propose_freeze(tx, permit, seen)
    })
    .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(
            &draft_href(draft),
            "Said to be done",
            "Another editor can freeze it now. Any change takes this back.",
        )),
        Err(error) => again(&request, &portal, &central, &id, error).await,
    }
}

/// `POST /standards/drafts/{draft}/freeze`.
pub(super) async fn freeze(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (draft, seen) = (number(&id)?, version(&fields)?);
    let outcome = change::<FreezeEdition, _>(&portal, &central.by.actor, draft, move |tx, permit| {
        freeze_edition(tx, permit, seen)
    })
    .await;
    match outcome {
        Ok(frozen) => Ok(see_other_with_news(
            &draft_href(draft),
            "Edition frozen",
            if frozen.mapping.is_some() {
                "It never changes any more. Check the mapping from the edition before and put it in force."
            } else {
                "It never changes any more."
            },
        )),
        Err(error) => again(&request, &portal, &central, &id, error).await,
    }
}

/// `POST /standards/drafts/{draft}/discard`.
pub(super) async fn discard(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (draft, seen) = (number(&id)?, version(&fields)?);
    let outcome = change::<DiscardDraft, _>(&portal, &central.by.actor, draft, move |tx, permit| {
        discard_draft(tx, permit, seen)
    })
    .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news("/standards/drafts", "Draft discarded", "No edition has changed.")),
        Err(error) => again(&request, &portal, &central, &id, error).await,
    }
}

/// The draft as it is now, with why nothing was done.
async fn again(
    request: &HttpRequest,
    portal: &Portal,
    central: &Central,
    id: &str,
    error: Error,
) -> Result<HttpResponse> {
    let mut errors = FormErrors::new();
    let status = match error {
        Error::Invalid(list) => {
            errors.add_whole(format!(
                "It cannot be frozen yet: {} things are wrong with it. They are listed below",
                list.len()
            ));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Error::Conflict(_) => {
            errors.add_whole("A colleague changed the draft in the meantime. Look at what it says now");
            StatusCode::CONFLICT
        }
        other => return Err(other),
    };
    let now = read(portal, &central.by.actor, id).await?;
    shown(request, portal, &central.by.actor, &now, (status, &errors)).await
}
