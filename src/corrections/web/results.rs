//! What a correction changes, return by return: a list with filters, and the same as a file.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::read;
use crate::access::{Permit, ReadRuleCorrection};
use crate::corrections::listing::{self, Filter, Listed};
use crate::corrections::model::Run;
use crate::corrections::pages::{ResultsForm, ResultsPage};
use crate::identity::Central;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page};
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

fn filter(form: &ResultsForm) -> Filter {
    Filter {
        sector: SectorKey::new(&form.sector).ok(),
        old: GradeKey::parse(&form.old),
        new: GradeKey::parse(&form.new),
        unchanged_too: form.show == "all",
    }
}

/// `GET /standards/{edition}/corrections/{number}/results`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(String, String)>,
    form: Query<ResultsForm>,
) -> Result<HttpResponse> {
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    Permit::<ReadRuleCorrection>::grant(&central.by.actor, Some(found.correction.subject()))?;
    let form = form.into_inner();
    let (wanted, id) = (filter(&form), found.correction.id);
    let run = if found.correction.state.was_in_force() { Run::Result } else { Run::Preview };
    let shown: i64 = form.page.parse().unwrap_or(1).clamp(1, 1_000_000);
    let (rows, total) =
        portal.db.read(central.reach, move |conn| listing::list(conn, id, run, &wanted, Some(shown))).await?;
    page(&request, &ResultsPage::new(&found.correction, &form, &rows, (shown, total)))
}

/// `GET /standards/{edition}/corrections/{number}/results.csv`.
pub(super) async fn csv(
    portal: Data<Portal>,
    central: Central,
    path: Path<(String, String)>,
    form: Query<ResultsForm>,
) -> Result<HttpResponse> {
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    Permit::<ReadRuleCorrection>::grant(&central.by.actor, Some(found.correction.subject()))?;
    let (wanted, id) = (filter(&form), found.correction.id);
    let run = if found.correction.state.was_in_force() { Run::Result } else { Run::Preview };
    let (rows, _) =
        portal.db.read(central.reach, move |conn| listing::list(conn, id, run, &wanted, None)).await?;
    let name = format!("correction-{key}-{number}.csv");
    Ok(downloaded("text/csv; charset=utf-8; header=present", &name, file(&rows)?))
}

fn file(rows: &[Listed]) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write results as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record([
        "code",
        "name",
        "sector",
        "reviewed",
        "old_grade",
        "new_grade",
        "old_met",
        "new_met",
        "old_asked",
        "new_asked",
        "old_band",
        "new_band",
    ])
    .map_err(failed)?;
    for row in rows {
        let cells = [
            row.code.clone(),
            row.name.clone(),
            row.sector.clone(),
            if row.is_final { "yes" } else { "no" }.to_owned(),
            row.grade.0.clone(),
            row.grade.1.clone(),
            row.met.0.to_string(),
            row.met.1.to_string(),
            row.asked.0.to_string(),
            row.asked.1.to_string(),
            row.band.0.clone().unwrap_or_default(),
            row.band.1.clone().unwrap_or_default(),
        ];
        // What begins like a formula is text to a spreadsheet only after an apostrophe.
        let guarded = cells.map(|cell| {
            if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
        });
        out.write_record(guarded).map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write results as CSV", e.to_string()))
}
