//! Importing signals from a file, with every wrong row told.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Permit, RecordSignal, Subject};
use crate::identity::Central;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, Upload, page, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::review::risk::pages::SignalFilePage;
use crate::review::risk::signals::{CSV_LIMIT, RowProblem, import_signals, signals_from_csv};

/// `GET /reviews/signals/upload`.
pub(super) async fn form(request: HttpRequest, central: Central) -> Result<HttpResponse> {
    Permit::<RecordSignal>::grant(&central.by.actor, Some(Subject::programme()))?;
    page(&request, &SignalFilePage::new(&[], &FormErrors::new()))
}

/// Why nothing was taken from a file.
enum Refused {
    Rows(Vec<RowProblem>),
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// `POST /reviews/signals/upload`.
pub(super) async fn upload(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Multipart,
) -> Result<HttpResponse> {
    Permit::<RecordSignal>::grant(&central.by.actor, Some(Subject::programme()))?;
    let mut form = Upload::of(form);
    let outcome = receive(&portal, &central, &mut form).await;
    form.drain().await;
    let mut errors = FormErrors::new();
    let (status, problems) = match outcome {
        Ok(added) => {
            let text = format!("New signals: {added}.");
            return Ok(see_other_with_news("/reviews/signals", "File taken", &text));
        }
        Err(Refused::Rows(problems)) => {
            errors.add("file", "Nothing was taken from the file. This page lists what is wrong in it");
            (StatusCode::UNPROCESSABLE_ENTITY, problems)
        }
        Err(Refused::Error(Error::Invalid(found))) => (StatusCode::UNPROCESSABLE_ENTITY, {
            errors = FormErrors::found(&found, &[]);
            Vec::new()
        }),
        Err(Refused::Error(Error::TooLarge(why))) => {
            errors.add("file", why);
            (StatusCode::PAYLOAD_TOO_LARGE, Vec::new())
        }
        Err(Refused::Error(error)) => return Err(error),
    };
    page_with_status(&request, status, &SignalFilePage::new(&problems, &errors))
}

async fn receive(portal: &Portal, central: &Central, form: &mut Upload) -> Result<usize, Refused> {
    let file = form.file(&central.by.csrf).await?;
    let Some(file) = file else { return Err(Error::field("file", "Choose a CSV file").into()) };
    let bytes = file.whole(CSV_LIMIT).await?;
    let today = portal.clock.now().london_day();
    let read = signals_from_csv(&bytes, today).map_err(Refused::Rows)?;
    let actor = central.by.actor.clone();
    let added = portal
        .db
        .write(central.reach, move |tx| {
            let permit = Permit::<RecordSignal>::grant(&actor, Some(Subject::programme()))?;
            import_signals(tx, &permit, &read)
        })
        .await?;
    Ok(added)
}
