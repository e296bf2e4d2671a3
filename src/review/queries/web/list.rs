//! The list of questions for the central team, and the same as a file.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Action as _, Actor, ReadReview, Subject};
use crate::identity::Central;
use crate::platform::clock::Timestamp;
use crate::platform::csv_lines;
use crate::platform::error::Result;
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
    Ok(downloaded(csv_lines::MEDIA_TYPE, "questions.csv", csv_of(&rows, now)))
}

fn csv_of(rows: &[Listed], now: Timestamp) -> Vec<u8> {
    let cells = |row: &Listed| {
        vec![
            row.code.clone(),
            row.organisation.clone(),
            row.year.clone(),
            row.requirement.clone(),
            row.reviewer.clone(),
            row.state.as_str().to_owned(),
            row.is_overdue(now).to_string(),
            row.asked_at.rfc3339(),
            row.due_at.rfc3339(),
            row.replied_at.map(Timestamp::rfc3339).unwrap_or_default(),
            row.outcome.map_or("", |outcome| outcome.as_str()).to_owned(),
        ]
    };
    csv_lines::file(&COLUMNS, &rows.iter().map(cells).collect::<Vec<_>>())
}
