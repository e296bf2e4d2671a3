//! Who has what, as a page and as a file; and for how long a former employer bars.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::posted_by_programme;
use crate::access::{Actor, Permit, SetConflictRule, Subject};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, downloaded, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::review::allocation::pages::AllocationPage;
use crate::review::allocation::reading::{self, Overview};
use crate::review::interest::set_conflict_rule;

/// The columns of the file.
const COLUMNS: [&str; 7] =
    ["reviewer", "in_hand", "capacity", "sectors", "standards", "away_until", "stands_in"];

/// `GET /reviews/allocation`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let of = read(&portal, &central.by.actor).await?;
    page_with_status(&request, StatusCode::OK, &AllocationPage::new(&of, None, &FormErrors::new()))
}

async fn read(portal: &Portal, actor: &Actor) -> Result<Overview> {
    let (who, day) = (actor.clone(), portal.clock.now().london_day());
    portal.db.read(actor.central_reach()?, move |conn| reading::overview(conn, &who, day)).await
}

/// `GET /reviews/allocation.csv`.
pub(super) async fn download(portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    let of = read(&portal, &central.by.actor).await?;
    let failed = |e: csv::Error| Error::internal("failed to write the reviewers as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(failed)?;
    for one in &of.reviewers {
        let known =
            |keys: &std::collections::BTreeSet<String>| keys.iter().cloned().collect::<Vec<_>>().join(" ");
        let away = one.away.as_ref();
        let cells = [
            one.name.clone(),
            one.in_hand.to_string(),
            one.capacity.to_string(),
            known(&one.sectors),
            known(&one.standards),
            away.map(|away| away.until.to_string()).unwrap_or_default(),
            away.and_then(|away| away.cover).map(|id| of.name(Some(id)).to_owned()).unwrap_or_default(),
        ];
        out.write_record(cells.map(guarded)).map_err(failed)?;
    }
    let bytes = out
        .into_inner()
        .map_err(|e| Error::internal("failed to write the reviewers as CSV", e.to_string()))?;
    Ok(downloaded("text/csv; charset=utf-8", "reviewers.csv", bytes))
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

/// `POST /reviews/allocation/months`.
pub(super) async fn months(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let typed = fields.text("months");
    let errors = match typed.parse::<i64>() {
        Err(_) => {
            let mut errors = FormErrors::new();
            errors.add("months", "Enter a whole number of months");
            errors
        }
        Ok(months) => {
            let once = Once::of(person, "/reviews/allocation/months", &fields, "/reviews/allocation")?;
            let who = actor.clone();
            let set = portal
                .db
                .write(actor.central_reach()?, move |tx| {
                    once.begin(tx)?;
                    let permit = Permit::<SetConflictRule>::grant(&who, Some(Subject::programme()))?;
                    set_conflict_rule(tx, &permit, months)
                })
                .await;
            match set {
                Ok(()) => {
                    let text = format!("A former employer bars for {months} months from now on.");
                    return Ok(see_other_with_news("/reviews/allocation", "Rule changed", &text));
                }
                Err(Error::Invalid(found)) => FormErrors::found(&found, &[]),
                Err(error) => return Err(error),
            }
        }
    };
    let of = read(&portal, &actor).await?;
    let content = AllocationPage::new(&of, Some(&typed), &errors);
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}
