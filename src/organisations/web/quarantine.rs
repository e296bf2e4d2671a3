//! The quarantine: the list, one row, and the two decisions about it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Actor, Permit, ReadImports, ResolveQuarantine, Subject};
use crate::identity::{Central, Posted};
use crate::ledger::Recorded;
use crate::organisations::import::cells_of;
use crate::organisations::pages::{
    QuarantineForm, QuarantinePage, Quarantined, QuarantinedRowPage, outcome_words,
};
use crate::organisations::quarantine::{
    decided_by, dismiss, quarantine_choices, quarantined_row, quarantined_subject, quarantined_where, resolve,
};
use crate::organisations::store::Page;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::QuarantineId;
use crate::platform::pages::FormErrors;

/// Rows on one page of the list.
const PAGE_SIZE: i64 = 50;

/// `GET /quarantine`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Query<QuarantineForm>,
) -> Result<HttpResponse> {
    Permit::<ReadImports>::grant(&central.by.actor, Some(Subject::programme()))?;
    let form = form.into_inner();
    let (filter, wanted) = (form.filter(), Page::new(form.page(), PAGE_SIZE));
    let (choices, found) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            Ok((quarantine_choices(conn)?, quarantined_where(conn, &filter, wanted)?))
        })
        .await?;
    page(&request, &QuarantinePage::new(&form, choices, &found))
}

/// `GET /quarantine/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    Permit::<ReadImports>::grant(&central.by.actor, Some(Subject::programme()))?;
    let found = read(&portal, QuarantineId::new(id.into_inner())).await?;
    page(&request, &QuarantinedRowPage::new(&found, None, &FormErrors::new()))
}

async fn read(portal: &Portal, id: QuarantineId) -> Result<Quarantined> {
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let row = quarantined_row(conn, id)?;
            let cells = cells_of(&row.format, &row.raw)?;
            Ok(Quarantined { decided_by: decided_by(conn, id)?, row, cells })
        })
        .await
}

/// `POST /quarantine/{id}/resolve`.
pub(super) async fn correct(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    Permit::<ReadImports>::grant(&central.by.actor, Some(Subject::programme()))?;
    let id = QuarantineId::new(id.into_inner());
    let found = read(&portal, id).await?;
    let (corrections, version) = (found.corrections(&fields), version(&fields));
    let outcome =
        decide(&portal, central.by.actor, id, move |tx, permit| resolve(tx, permit, &corrections, version))
            .await;
    match outcome {
        Ok(done) => {
            Ok(see_other_with_news(&format!("/quarantine/{id}"), "Row taken in", outcome_words(done)))
        }
        Err(error) => refused(&request, &portal, id, &fields, error).await,
    }
}

/// `POST /quarantine/{id}/dismiss`.
pub(super) async fn leave_out(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    Permit::<ReadImports>::grant(&central.by.actor, Some(Subject::programme()))?;
    let id = QuarantineId::new(id.into_inner());
    let (reason, version) = (fields.text("reason"), version(&fields));
    let outcome =
        decide(&portal, central.by.actor, id, move |tx, permit| dismiss(tx, permit, &reason, version)).await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(
            &format!("/quarantine/{id}"),
            "Row left out",
            "It stays readable here, and importing the file again does not bring it back.",
        )),
        Err(error) => refused(&request, &portal, id, &fields, error).await,
    }
}

/// Runs one of the two decisions about a row under its permit.
async fn decide<T, F>(portal: &Portal, actor: Actor, id: QuarantineId, verb: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Permit<ResolveQuarantine>) -> Result<Recorded<T>> + Send + 'static,
{
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let subject = quarantined_subject(tx.conn(), id)?;
            verb(tx, &Permit::grant(&actor, subject)?)
        })
        .await
}

/// The version of the row that the form was made from; one that never was when it cannot be read.
fn version(fields: &Fields) -> i64 {
    fields.one("version").parse().unwrap_or_default()
}

/// The same page with what was typed and what is wrong with it, or with the decision that came first.
async fn refused(
    request: &HttpRequest,
    portal: &Portal,
    id: QuarantineId,
    typed: &Fields,
    error: Error,
) -> Result<HttpResponse> {
    match error {
        Error::Invalid(list) => {
            let found = read(portal, id).await?;
            let content = QuarantinedRowPage::new(&found, Some(typed), &found.errors(list));
            page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Error::Conflict(_) | Error::Refused(_) => {
            let found = read(portal, id).await?;
            let content = QuarantinedRowPage::new(&found, None, &FormErrors::new())
                .noticing("What you sent was not used: somebody else decided about this row first.");
            page_with_status(request, StatusCode::CONFLICT, &content)
        }
        other => Err(other),
    }
}
