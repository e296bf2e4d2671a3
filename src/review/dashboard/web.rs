//! The dashboard in the browser, and each of its lists as a file.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::at_risk::{AtRiskPage, SIZE, Shown};
use super::empty::EmptyDashboardPage;
use super::files::{self, ListName};
use super::gather;
use super::pages::DashboardPage;
use super::rules::Rule;
use super::store::{self, Part};
use crate::access::{Action as _, ChaseReturns, Subject};
use crate::collections::Collection;
use crate::identity::Central;
use crate::platform::csv_lines;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page};
use crate::review::queue::roll::Roll;

/// What an address says.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::review) struct Asked {
    collection: String,
    rule: String,
    page: String,
}

/// A collection, as the access table needs to know it.
pub(super) fn subject(of: &Collection) -> Subject {
    Subject { kind: "collection", id: of.id.get(), organisation: None, state: of.state.as_str() }
}

/// `GET /programme/dashboard`. Before there is a collection it says so: the navigation leads here all the same.
pub(in crate::review) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    asked: Query<Asked>,
) -> Result<HttpResponse> {
    let (key, now, roll) = (asked.into_inner().collection, portal.clock.now(), portal.kept.of::<Roll>());
    let found = portal
        .db
        .read(central.reach, move |conn| match gather::gather(conn, &roll, &key, now) {
            Err(Error::NotFound) if key.is_empty() => Ok(None),
            found => found.map(Some),
        })
        .await?;
    let Some(found) = found else { return page(&request, &EmptyDashboardPage {}) };
    let may_chase = ChaseReturns::ROW.allows(&central.by.actor, &subject(&found.collection)).is_ok();
    page(&request, &DashboardPage::new(&found, may_chase))
}

/// `GET /programme/at-risk`. A rule that there is none of is left aside.
pub(in crate::review) async fn at_risk(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    asked: Query<Asked>,
) -> Result<HttpResponse> {
    let Asked { collection: key, rule, page: number } = asked.into_inner();
    let (rule, number) = (rule.parse::<Rule>().ok(), number.parse::<i64>().unwrap_or(1).clamp(1, 1_000_000));
    let (collection, made, counts, rows) = portal
        .db
        .read(central.reach, move |conn| {
            let (collection, _) = gather::chosen(conn, &key)?;
            let made = store::made(conn, collection.id)?;
            let counts = store::at_risk_counts(conn, collection.id)?;
            let part = Part { rule, after: None, skip: (number - 1) * SIZE, size: SIZE };
            let rows = store::at_risk(conn, collection.id, part)?;
            Ok((collection, made, counts, rows))
        })
        .await?;
    let shown = Shown {
        collection: &collection,
        rule,
        page: number,
        counts: &counts,
        made_at: made.map(|(at, _)| at),
        may_chase: ChaseReturns::ROW.allows(&central.by.actor, &subject(&collection)).is_ok(),
    };
    page(&request, &AtRiskPage::new(&shown, &rows))
}

/// `GET /programme/dashboard/{list}.csv`.
pub(in crate::review) async fn file(
    portal: Data<Portal>,
    central: Central,
    list: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse> {
    let name = list.strip_suffix(".csv").ok_or(Error::NotFound)?;
    let list: ListName = name.parse().map_err(|_| Error::NotFound)?;
    let Asked { collection: key, rule, .. } = asked.into_inner();
    let (rule, now, reach) = (rule.parse::<Rule>().ok(), portal.clock.now(), central.reach);
    if list == ListName::AtRisk {
        let (collection, _) = portal.db.read(reach, move |conn| gather::chosen(conn, &key)).await?;
        return Ok(files::at_risk(portal.db.clone(), reach, &collection, rule));
    }
    let roll = portal.kept.of::<Roll>();
    let (name, head, rows) = portal
        .db
        .read(reach, move |conn| {
            let (collection, all) = gather::chosen(conn, &key)?;
            let (head, rows) = files::rows(conn, &roll, list, (&collection, &all), now)?;
            Ok((format!("{}-{}.csv", list.as_str(), collection.key), head, rows))
        })
        .await?;
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    Ok(downloaded(csv_lines::MEDIA_TYPE, &name, csv_lines::file(&head, &rows)))
}
