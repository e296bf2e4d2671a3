//! Alerts of drift.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::central;
use crate::access::{AcknowledgeDrift, Permit};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page, page_with_status, see_other_with_news};
use crate::platform::ids::AlertId;
use crate::platform::pages::FormErrors;
use crate::review::consistency::csv_out::csv_of;
use crate::review::consistency::drift::{acknowledge_alert, alert};
use crate::review::consistency::pages::{DriftPage, drift_csv, note_of};
use crate::review::consistency::reading::{self, ENDED};
use crate::review::decide::REASON_LIMIT;

/// `GET /reviews/drift`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let actor = central.by.actor;
    let (alerts, names) =
        portal.db.read(central.reach, move |conn| reading::alerts(conn, &actor, ENDED)).await?;
    page(&request, &DriftPage::new(&alerts, &names, None, &FormErrors::new()))
}

/// `GET /reviews/drift.csv`: every alert there was.
pub(super) async fn file(portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    let actor = central.by.actor;
    let (alerts, names) =
        portal.db.read(central.reach, move |conn| reading::alerts(conn, &actor, i64::MAX)).await?;
    let (head, rows) = drift_csv(&alerts, &names);
    Ok(downloaded("text/csv; charset=utf-8", "drift.csv", csv_of(head, &rows)?))
}

/// `POST /reviews/drift/{id}`.
pub(super) async fn acknowledge(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = AlertId::new(*id);
    let note = fields.text(&note_of(id));
    let mut errors = FormErrors::new();
    if note.is_empty() {
        errors.add(note_of(id), "Say what you found or did");
    } else if note.chars().count() > REASON_LIMIT {
        errors.add(note_of(id), "The note must be 4,000 characters or fewer");
    } else {
        let (who, text) = (actor.clone(), note.clone());
        portal
            .db
            .write(actor.central_reach()?, move |tx| {
                let subject = alert(tx.conn(), id)?.subject();
                let permit = Permit::<AcknowledgeDrift>::grant(&who, Some(subject))?;
                acknowledge_alert(tx, &permit, &text)
            })
            .await?;
        return Ok(see_other_with_news("/reviews/drift", "Alert acknowledged", "Your note is kept with it."));
    }
    let who = actor.clone();
    let (alerts, names) =
        portal.db.read(actor.central_reach()?, move |conn| reading::alerts(conn, &who, ENDED)).await?;
    if !alerts.iter().any(|alert| alert.id == id) {
        return Err(Error::NotFound);
    }
    let content = DriftPage::new(&alerts, &names, Some((id, &note)), &errors);
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}
