//! One reviewer: what they know and can take, when they are away, and moving what they have in hand.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::absences::recorded;
use super::by_hand::{given, parsed};
use super::{chosen_person, posted_by_programme, reviews};
use crate::access::{Actor, KeepReviewer, Permit, ReadAllocation, Subject};
use crate::identity::{Central, Posted};
use crate::organisations::Sector;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, TypedDay, page, page_with_status, see_other_with_news};
use crate::platform::ids::PersonId;
use crate::platform::pages::FormErrors;
use crate::review::allocation::pages::{ReviewerPage, Typed};
use crate::review::allocation::reading;
use crate::review::allocation::reviewer::{ReviewerSettings, keep_reviewer};
use crate::review::allocation::run::{Chosen, move_to_cover, take_back};
use crate::review::mail::Links;

fn at(whose: PersonId) -> String {
    format!("/reviews/allocation/people/{whose}")
}

/// `GET /reviews/allocation/people/{person}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    whose: Path<i64>,
) -> Result<HttpResponse> {
    let (typed, errors) = (Typed::default(), FormErrors::new());
    let content = one(&portal, &central.by.actor, PersonId::new(*whose), (&typed, &errors)).await?;
    page(&request, &content)
}

async fn one(
    portal: &Portal,
    actor: &Actor,
    whose: PersonId,
    (typed, errors): (&Typed, &FormErrors),
) -> Result<ReviewerPage> {
    let (who, day) = (actor.clone(), portal.clock.now().london_day());
    let of = portal.db.read(actor.central_reach()?, move |conn| reading::one(conn, &who, day, whose)).await?;
    Ok(ReviewerPage::new(&of, typed, errors))
}

async fn refused(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    (whose, fields): (PersonId, &Fields),
    errors: &FormErrors,
) -> Result<HttpResponse> {
    let typed = Typed {
        from: TypedDay::read(fields, "from"),
        to: TypedDay::read(fields, "to"),
        fields: fields.clone(),
    };
    let content = one(portal, actor, whose, (&typed, errors)).await?;
    page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// `POST /reviews/allocation/people/{person}`.
pub(super) async fn keep(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    whose: Path<i64>,
) -> Result<HttpResponse> {
    let (_, actor, fields) = posted_by_programme(posted)?;
    let whose = PersonId::new(*whose);
    let known: Vec<&str> = Sector::ALL.iter().map(|sector| sector.as_str()).collect();
    let settings = fields.text("capacity").parse::<i64>().ok().map(|capacity| ReviewerSettings {
        person: whose,
        capacity,
        sectors: fields.all("sector").into_iter().filter(|key| known.contains(&key.as_str())).collect(),
        standards: fields.all("standard").into_iter().collect(),
        version: fields.one("version").parse().unwrap_or_default(),
    });
    let Some(settings) = settings else {
        let mut errors = FormErrors::new();
        errors.add("capacity", "Enter a whole number");
        return refused(&request, &portal, &actor, (whose, &fields), &errors).await;
    };
    let who = actor.clone();
    let kept = portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let permit = Permit::<KeepReviewer>::grant(&who, Some(Subject::programme()))?;
            keep_reviewer(tx, &permit, &settings)
        })
        .await;
    match kept {
        Ok(()) => Ok(see_other_with_news(&at(whose), "Saved", "It counts from the next review given out.")),
        Err(Error::Invalid(found)) => {
            let errors = FormErrors::found(&found, &[]);
            refused(&request, &portal, &actor, (whose, &fields), &errors).await
        }
        Err(error) => Err(error),
    }
}

/// `POST /reviews/allocation/people/{person}/move`: to another reviewer, or back into the queue.
pub(super) async fn give(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    whose: Path<i64>,
) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let whose = PersonId::new(*whose);
    let ids = parsed(&fields.all("review"))?;
    let to = chosen_person(&fields, "person")?;
    let takes = fields.one("do") == "take";
    let mut errors = FormErrors::new();
    if ids.is_empty() {
        errors.add("review", "Choose at least one review");
    }
    if to.is_none() && !takes {
        errors.add("person", "Choose a reviewer");
    }
    if errors.is_empty() {
        let once = Once::of(person, &format!("{}/move", at(whose)), &fields, &at(whose))?;
        match moved(&portal, &actor, (ids, to.filter(|_| !takes)), once).await {
            Ok(count) => {
                let heading = if takes { "Taken back" } else { "Given out" };
                return Ok(see_other_with_news(&at(whose), heading, &format!("{}.", reviews(count))));
            }
            Err(Error::Refused(why)) => errors.add("review", why),
            Err(error) => return Err(error),
        }
    }
    refused(&request, &portal, &actor, (whose, &fields), &errors).await
}

/// Gives reviews to a person, or takes them back where there is none; how many.
pub(super) async fn moved(
    portal: &Portal,
    actor: &Actor,
    (ids, to): (Vec<Chosen>, Option<PersonId>),
    once: Once,
) -> Result<usize> {
    if let Some(to) = to {
        return Ok(given(portal, actor, (ids, to), once).await?.reviews());
    }
    let who = actor.clone();
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<ReadAllocation>::grant(&who, Some(Subject::programme()))?;
            take_back(tx, &permit, &ids)
        })
        .await
}

/// `POST /reviews/allocation/people/{person}/cover`: everything to whoever stands in.
pub(super) async fn cover(portal: Data<Portal>, posted: Posted, whose: Path<i64>) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let whose = PersonId::new(*whose);
    let once = Once::of(person, &format!("{}/cover", at(whose)), &fields, &at(whose))?;
    let (who, links) = (actor.clone(), Links::below(portal.config.public_url()));
    let given = portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<ReadAllocation>::grant(&who, Some(Subject::programme()))?;
            move_to_cover(tx, &permit, whose, &links)
        })
        .await?;
    let text = format!("{} moved. What they must not have stays listed here.", reviews(given.reviews()));
    Ok(see_other_with_news(&at(whose), "Moved", &text))
}

/// `POST /reviews/allocation/people/{person}/absence`.
pub(super) async fn absence(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    whose: Path<i64>,
) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let whose = PersonId::new(*whose);
    let once = Once::of(person, &format!("{}/absence", at(whose)), &fields, &at(whose))?;
    match recorded(&portal, &actor, (whose, &fields), once).await? {
        Ok(()) => {
            let text = "Nothing is given to them while they are away.";
            Ok(see_other_with_news(&at(whose), "Absence recorded", text))
        }
        Err(errors) => refused(&request, &portal, &actor, (whose, &fields), &errors).await,
    }
}
