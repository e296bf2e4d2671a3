//! Giving reviews by hand: some of the queue, or one from its own page.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{chosen_person, posted_by_programme, reviews};
use crate::access::{Actor, Permit, ReadAllocation, Subject};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::{PersonId, ReviewId};
use crate::platform::pages::FormErrors;
use crate::review::allocation::pages::ByHandPage;
use crate::review::allocation::reading;
use crate::review::allocation::run::{Allotted, Chosen, allocate_many};
use crate::review::mail::Links;

/// `GET /reviews/allocation/queue`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let content = offered(&portal, &central.by.actor, (&[], ""), &FormErrors::new()).await?;
    page(&request, &content)
}

async fn offered(
    portal: &Portal,
    actor: &Actor,
    chosen: (&[String], &str),
    errors: &FormErrors,
) -> Result<ByHandPage> {
    let (who, day) = (actor.clone(), portal.clock.now().london_day());
    let (waiting, reviewers) =
        portal.db.read(actor.central_reach()?, move |conn| reading::by_hand(conn, &who, day)).await?;
    Ok(ByHandPage::new(&waiting, &reviewers, chosen, errors))
}

/// `POST /reviews/allocation/queue`.
pub(super) async fn give(request: HttpRequest, portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let chosen = fields.all("review");
    let to = chosen_person(&fields, "person")?;
    let mut errors = FormErrors::new();
    if to.is_none() {
        errors.add("person", "Choose a reviewer");
    }
    if chosen.is_empty() {
        errors.add("review", "Choose at least one review");
    }
    let ids = parsed(&chosen)?;
    if let (Some(to), true) = (to, errors.is_empty()) {
        let once = Once::of(person, "/reviews/allocation/queue", &fields, "/reviews/allocation")?;
        match given(&portal, &actor, (ids, to), once).await {
            Ok(given) => {
                let text = format!("{} given. They are told by mail.", reviews(given.reviews()));
                return Ok(see_other_with_news("/reviews/allocation", "Given out", &text));
            }
            Err(Error::Refused(why)) => errors.add("person", why),
            Err(error) => return Err(error),
        }
    }
    let content = offered(&portal, &actor, (&chosen, fields.one("person")), &errors).await?;
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// The reviews that a form names.
pub(super) fn parsed(chosen: &[String]) -> Result<Vec<Chosen>> {
    let mut ids =
        chosen.iter().map(|text| Chosen::parse(text).ok_or(Error::NotFound)).collect::<Result<Vec<_>>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Gives these reviews to a person.
pub(super) async fn given(
    portal: &Portal,
    actor: &Actor,
    (ids, to): (Vec<Chosen>, PersonId),
    once: Once,
) -> Result<Allotted> {
    let (who, links) = (actor.clone(), Links::below(portal.config.public_url()));
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<ReadAllocation>::grant(&who, Some(Subject::programme()))?;
            allocate_many(tx, &permit, &ids, to, &links)
        })
        .await
}

/// `POST /reviews/{id}/allocate`.
pub(super) async fn one(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let at = format!("/reviews/{id}");
    let Some(to) = chosen_person(&fields, "person")? else {
        return Ok(see_other_with_news(&at, "Nothing was given", "Choose a reviewer first."));
    };
    let once = Once::of(person, &format!("{at}/allocate"), &fields, &at)?;
    let version = fields.one("version").parse().unwrap_or_default();
    let chosen = Chosen { review: ReviewId::new(*id), version };
    given(&portal, &actor, (vec![chosen], to), once).await?;
    Ok(see_other_with_news(&at, "Review given", "They are told by mail."))
}
