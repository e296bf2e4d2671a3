//! The list of questions for the central team, and the same as a file.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Actor, Permit, ReadReview, Subject};
use crate::identity::Central;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page};
use crate::review::queries::listing::{self, Filter, Listed};
use crate::review::queries::pages::{ListForm, ListPage};

/// The columns of the file.
const COLUMNS: [&str; 11] = [
    "organisation_code",
    "organisation",
    "year",
    "requirement",
    "reviewer",
    "state",
    "overdue",
    "asked_at",
    "due_at",
    "replied_at",
    "outcome",
];

/// Those who read reviews see the list.
fn may_list(actor: &Actor) -> Result<()> {
    let any = Subject { kind: "review", id: 0, organisation: None, state: "" };
    ReadReview::ROW.allows(actor, &any)
}

fn filter(form: &ListForm, actor: &Actor, now: Timestamp, page: Option<i64>) -> Filter {
    let whose = actor.id().filter(|_| !form.is_of_all());
    let interests = actor.conflicts();
    Filter { show: form.shown(), reader: actor.id(), interests, whose, now, page }
}

/// `GET /reviews/queries`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Query<ListForm>,
) -> Result<HttpResponse> {
    may_list(&central.by.actor)?;
    let now = portal.clock.now();
    let number = form.page.parse().unwrap_or(1).max(1);
    let wanted = filter(&form, &central.by.actor, now, Some(number));
    let (total, rows) = portal.db.read(central.reach, move |conn| listing::list(conn, &wanted)).await?;
    page(&request, &ListPage::new(&form, (total, &rows), number, now))
}

/// `GET /reviews/queries.csv`.
pub(super) async fn file(
    portal: Data<Portal>,
    central: Central,
    form: Query<ListForm>,
) -> Result<HttpResponse> {
    may_list(&central.by.actor)?;
    let now = portal.clock.now();
    let wanted = filter(&form, &central.by.actor, now, None);
    let (_, rows) = portal.db.read(central.reach, move |conn| listing::list(conn, &wanted)).await?;
    Ok(downloaded("text/csv; charset=utf-8", "questions.csv", csv_of(&rows, now)?))
}

fn csv_of(rows: &[Listed], now: Timestamp) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write the list of questions", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(failed)?;
    for row in rows {
        out.write_record([
            harmless(&row.code),
            harmless(&row.organisation),
            harmless(&row.year),
            harmless(&row.requirement),
            harmless(&row.reviewer),
            row.state.as_str().to_owned(),
            row.is_overdue(now).to_string(),
            row.asked_at.rfc3339(),
            row.due_at.rfc3339(),
            row.replied_at.map(Timestamp::rfc3339).unwrap_or_default(),
            row.outcome.map_or("", |outcome| outcome.as_str()).to_owned(),
        ])
        .map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write the list of questions", e.to_string()))
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
