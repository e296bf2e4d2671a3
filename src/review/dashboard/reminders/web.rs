//! Reminders by hand in the browser.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::super::gather;
use super::super::rules::Rule;
use super::super::web::subject;
use super::chase::chase;
use super::pages::{PreviewPage, RoundPage, RoundsPage, SIZE};
use super::store::{self, Scope};
use crate::access::{ChaseReturns, Permit};
use crate::collections;
use crate::identity::{Central, Posted};
use crate::platform::csv_lines;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, downloaded, page, see_other_with_news};
use crate::platform::ids::{OrganisationId, RoundId};

/// The most organisations that can be chosen one by one: those of one page of the list.
const CHOSEN: usize = 100;
/// Rounds that are listed.
const LISTED: i64 = 100;

/// What an address or a form says of whom to remind: all of a rule or of every rule, or these.
fn scope(pairs: &[(String, String)]) -> Result<Scope> {
    let one = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    if one("everybody") == "yes" {
        return Ok(match one("rule") {
            "" => Scope::All,
            rule => Scope::Of(rule.parse::<Rule>().map_err(|_| Error::NotFound)?),
        });
    }
    let ids = pairs.iter().filter(|(name, _)| name == "organisation");
    let ids: Vec<OrganisationId> = ids.filter_map(|(_, id)| id.parse().ok()).take(CHOSEN).collect();
    if ids.is_empty() {
        return Err(Error::field("organisation", "Choose at least one organisation"));
    }
    Ok(Scope::These(ids))
}

/// A collection's key in an address.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::review) struct OfCollection {
    collection: String,
}

/// A page's number in an address.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::review) struct Numbered {
    page: String,
}

/// `GET /programme/reminders`: the rounds so far.
pub(in crate::review) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    asked: Query<OfCollection>,
) -> Result<HttpResponse> {
    let key = asked.into_inner().collection;
    let (collection, rounds) = portal
        .db
        .read(central.reach, move |conn| {
            let (collection, _) = gather::chosen(conn, &key)?;
            let rounds = store::rounds(conn, collection.id, LISTED)?;
            Ok((collection, rounds))
        })
        .await?;
    page(&request, &RoundsPage::new(&collection, &rounds))
}

/// `GET /programme/reminders/new`: what would be sent, and to how many.
pub(in crate::review) async fn preview(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    asked: Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let pairs = asked.into_inner();
    let key = pairs.iter().find(|(name, _)| name == "collection").map_or("", |(_, key)| key).to_owned();
    let (actor, now) = (central.by.actor, portal.clock.now());
    let scope = scope(&pairs)?;
    let wanted = scope.clone();
    let (collection, preview) = portal
        .db
        .read(central.reach, move |conn| {
            let (collection, _) = gather::chosen(conn, &key)?;
            Permit::<ChaseReturns>::grant(&actor, Some(subject(&collection)))?;
            let preview = store::preview(conn, collection.id, &wanted, now.london_day())?;
            Ok((collection, preview))
        })
        .await?;
    page(&request, &PreviewPage::new(&collection, &scope, preview, now))
}

/// `POST /programme/reminders`: sends them.
pub(in crate::review) async fn send(portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let key = fields.text("collection");
    let scope = scope(fields.pairs())?;
    let then = format!("/programme/reminders?collection={key}");
    let once = Once::of(central.by.person, "/programme/reminders", &fields, &then)?;
    let actor = central.by.actor;
    let id = portal
        .db
        .write(central.reach, move |tx| {
            once.begin(tx)?;
            let found = collections::collection_by_key(tx.conn(), &key)?;
            let permit = Permit::<ChaseReturns>::grant(&actor, found.as_ref().map(subject))?;
            chase(tx, &permit, &scope)
        })
        .await?;
    let words = "They are written one after the other. Each organisation gets one a day at most.";
    Ok(see_other_with_news(&format!("/programme/reminders/{id}"), "Reminders begun", words))
}

/// `GET /programme/reminders/{id}`: how far a round has got.
pub(in crate::review) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
    asked: Query<Numbered>,
) -> Result<HttpResponse> {
    let (id, number) = (RoundId::new(*id), asked.page.parse::<i64>().unwrap_or(1).clamp(1, 1_000_000));
    let (round, key, lines) = portal
        .db
        .read(central.reach, move |conn| {
            let round = store::round(conn, id)?;
            let key = collections::collection(conn, round.collection)?.key;
            let lines = store::lines(conn, id, (number - 1) * SIZE, SIZE)?;
            Ok((round, key, lines))
        })
        .await?;
    page(&request, &RoundPage::new(&round, &key, &lines, number))
}

/// `GET /programme/reminders/{id}/organisations.csv`.
pub(in crate::review) async fn file(
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let id = RoundId::new(*id);
    let (round, lines) = portal
        .db
        .read(central.reach, move |conn| Ok((store::round(conn, id)?, store::lines(conn, id, 0, i64::MAX)?)))
        .await?;
    let rows: Vec<Vec<String>> =
        lines.into_iter().map(|(code, name, state)| vec![name, code, state.words().to_owned()]).collect();
    let name = format!("reminders-{}-{}.csv", round.day, round.id);
    let head = ["Organisation", "Code", "What became of it"];
    Ok(downloaded(csv_lines::MEDIA_TYPE, &name, csv_lines::file(&head, &rows)))
}
