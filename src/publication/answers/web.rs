//! Answers by any breakdown in the browser and as a file, for those who make the figures.

use std::sync::Arc;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::kept::{Sheets, sheet_of, sheets_of_all};
use super::pages::{BreakdownPage, Shown};
use super::sheet::{Breakdown, Sheet};
use crate::access::{Actor, Permit, ReadBreakdown, Subject};
use crate::identity::Central;
use crate::platform::csv_lines;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, Routes, downloaded, page, resource};
use crate::platform::pages::Choice;
use crate::publication::store::collection_choices;

/// The addresses.
pub(in crate::publication) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/breakdown").name("breakdown").get(show))
        .service(resource("/breakdown/{year}/answers.csv").name("breakdown-file").get(file));
}

/// What stands in the place of a year for every year.
pub(super) const EVERY_YEAR: &str = "every-year";

/// What an address says.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    collection: String,
    by: String,
    requirement: String,
    group: String,
}

fn may_read(actor: &Actor) -> Result<()> {
    Permit::<ReadBreakdown>::grant(actor, Some(Subject::programme())).map(|_| ())
}

/// `GET /breakdown`. Without a collection, the newest that has opened.
async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    asked: Query<Asked>,
) -> Result<HttpResponse> {
    may_read(&central.by.actor)?;
    let asked = asked.into_inner();
    let sheets = portal.kept.of::<Sheets>();
    let content = portal
        .db
        .read(central.reach, move |conn| {
            let all = collection_choices(conn)?;
            let choices = || all.iter().map(|(key, name, _)| Choice::new(key, name)).collect::<Vec<_>>();
            let mut of = Shown {
                collection: asked.collection,
                by: asked.by.parse().ok(),
                requirement: asked.requirement,
                group: asked.group,
            };
            if of.collection.is_empty() {
                match all.first() {
                    Some((key, ..)) => key.clone_into(&mut of.collection),
                    None => return Ok(BreakdownPage::empty(&of, choices())),
                }
            }
            let sheet = sheet_of(conn, &sheets, &of.collection)?;
            if sheet.is_empty() {
                return Ok(BreakdownPage::empty(&of, choices()));
            }
            let counted = sheet.count(of.by.unwrap_or(Breakdown::Sector))?;
            BreakdownPage::new(&sheet, &counted, &of, choices())
        })
        .await?;
    page(&request, &content)
}

/// `GET /breakdown/{year}/answers.csv`: every group, requirement and level, of one year or of every one.
async fn file(
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse> {
    may_read(&central.by.actor)?;
    let by = match asked.by.as_str() {
        "" => Breakdown::Sector,
        text => text.parse().map_err(|_| Error::NotFound)?,
    };
    let (key, sheets) = (year.into_inner(), portal.kept.of::<Sheets>());
    let name = format!("answers-{key}-by-{}.csv", by.as_str());
    let body = portal
        .db
        .read(central.reach, move |conn| {
            if key == EVERY_YEAR {
                return every_year(&sheets_of_all(conn, &sheets)?, by);
            }
            let sheet = sheet_of(conn, &sheets, &key)?;
            let mut out = csv_lines::line(&HEAD);
            add_rows(&mut out, &sheet, by, None)?;
            Ok(out.into_bytes())
        })
        .await?;
    Ok(downloaded(csv_lines::MEDIA_TYPE, &name, body))
}

/// The heads of the file of one year.
const HEAD: [&str; 6] = ["group_code", "group", "requirement_code", "level_code", "level", "count"];

/// The same with the year in front, of one year after the other.
fn every_year(sheets: &[(String, Arc<Sheet>)], by: Breakdown) -> Result<Vec<u8>> {
    let head: Vec<&str> = std::iter::once("year").chain(HEAD).collect();
    let mut out = csv_lines::line(&head);
    for (year, sheet) in sheets {
        add_rows(&mut out, sheet, by, Some(year))?;
    }
    Ok(out.into_bytes())
}

fn add_rows(out: &mut String, sheet: &Sheet, by: Breakdown, year: Option<&str>) -> Result<()> {
    let (counted, groups) = (sheet.count(by)?, sheet.groups(by)?);
    for (g, group) in groups.categories().iter().enumerate() {
        for (r, requirement) in sheet.requirements().categories().iter().enumerate() {
            for (l, level) in sheet.levels().categories().iter().enumerate() {
                let count = counted.at(g, r, l);
                if count > 0 {
                    let count = count.to_string();
                    let cells =
                        [&group.key, &group.label, &requirement.key, &level.key, &level.label, &count];
                    let cells: Vec<&str> = year.into_iter().chain(cells.map(String::as_str)).collect();
                    out.push_str(&csv_lines::line(&cells));
                }
            }
        }
    }
    Ok(())
}
