//! A run over the top of the queue: its preview, and doing it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{posted_by_programme, reviews};
use crate::access::{Actor, Permit, ReadAllocation, Subject};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::CollectionId;
use crate::platform::random::token;
use crate::review::allocation::pages::PreviewPage;
use crate::review::allocation::reading;
use crate::review::allocation::run::run_allocation;
use crate::review::mail::Links;

/// The most reviews of one run.
const MOST: i64 = 500;

/// What is to be given out.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    number: String,
    #[serde(default)]
    collection: String,
}

impl Wanted {
    fn count(&self) -> i64 {
        self.number.trim().parse().unwrap_or(20).clamp(1, MOST)
    }

    fn of(&self) -> Option<CollectionId> {
        self.collection.parse().ok()
    }
}

/// `GET /reviews/allocation/preview`.
pub(super) async fn preview(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    wanted: Query<Wanted>,
) -> Result<HttpResponse> {
    let seed = token(&*portal.random)?;
    shown(&request, &portal, &central.by.actor, (&wanted, &seed), false).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    (wanted, seed): (&Wanted, &str),
    changed: bool,
) -> Result<HttpResponse> {
    let (who, day, drawn) = (actor.clone(), portal.clock.now().london_day(), seed.to_owned());
    let (of, count) = (wanted.of(), wanted.count());
    let (lines, reviewers) = portal
        .db
        .read(actor.central_reach()?, move |conn| reading::preview(conn, &who, day, (of, count), &drawn))
        .await?;
    let collection = of.map(|id| id.to_string()).unwrap_or_default();
    let content = PreviewPage::new(&lines, &reviewers, (count, &collection, seed), changed);
    let status = if changed { StatusCode::CONFLICT } else { StatusCode::OK };
    page_with_status(request, status, &content)
}

/// `POST /reviews/allocation/run`: what was previewed, or nothing and another preview.
pub(super) async fn run(request: HttpRequest, portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let wanted = Wanted { number: fields.text("number"), collection: fields.one("collection").to_owned() };
    let (of, count) = (wanted.of(), wanted.count());
    let (seed, plan) = (fields.one("seed").to_owned(), fields.one("plan").to_owned());
    let once = Once::of(person, "/reviews/allocation/run", &fields, "/reviews/allocation")?;
    let (who, links, drawn) = (actor.clone(), Links::below(portal.config.public_url()), seed.clone());
    let given = portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<ReadAllocation>::grant(&who, Some(Subject::programme()))?;
            run_allocation(tx, &permit, (of, count), (&drawn, &plan), &links)
        })
        .await;
    match given {
        Ok(given) => {
            let text = format!(
                "{} went to {} {}, who are told by mail.",
                reviews(given.reviews()),
                given.people(),
                if given.people() == 1 { "person" } else { "people" }
            );
            Ok(see_other_with_news("/reviews/allocation", "Given out", &text))
        }
        // Somebody declared an interest, or took one of them, since the preview.
        Err(Error::Conflict(_) | Error::Refused(_)) => {
            shown(&request, &portal, &actor, (&wanted, &seed), true).await
        }
        Err(error) => Err(error),
    }
}
