//! Reviews in the browser: the queue, one review and its answers for the central team; questions and the outcome for
//! the organisation.

mod answers;
mod confirm;
mod export;
mod interests;
mod organisation;
mod queue;
mod sites;
mod work;

use actix_web::web::{self, ServiceConfig, resource};

use crate::access::{Action, Actor, Permit};
use crate::identity::{Central, Posted};
use crate::ledger::Recorded;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{FieldError, Result};
use crate::platform::http::{Fields, Portal};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;

use super::store::{self, Review};

/// The addresses of reviews.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/reviews").name("reviews").route(web::get().to(queue::list)))
        .service(
            resource("/reviews/interests")
                .name("reviews-interests")
                .route(web::get().to(interests::list))
                .route(web::post().to(interests::declare)),
        )
        .service(resource("/reviews/{id}").name("reviews-one").route(web::get().to(work::show)))
        .service(resource("/reviews/{id}/sites").name("reviews-sites").route(web::get().to(sites::list)))
        .service(resource("/reviews/{id}/claim").name("reviews-claim").route(web::post().to(work::claim)))
        .service(
            resource("/reviews/{id}/release").name("reviews-release").route(web::post().to(work::release)),
        )
        .service(resource("/reviews/{id}/agree").name("reviews-agree").route(web::post().to(work::agree)))
        .service(resource("/reviews/{id}/finish").name("reviews-finish").route(web::post().to(work::finish)))
        .service(resource("/reviews/{id}/go-on").name("reviews-go-on").route(web::post().to(work::go_on)))
        .service(resource("/reviews/{id}/query").name("reviews-query").route(web::post().to(answers::ask)))
        .service(
            resource("/reviews/{id}/confirm")
                .name("reviews-confirm")
                .route(web::get().to(confirm::show))
                .route(web::post().to(confirm::confirm)),
        )
        .service(
            resource("/reviews/{id}/requirements/{code}")
                .name("reviews-requirement")
                .route(web::get().to(answers::show))
                .route(web::post().to(answers::decide)),
        )
        .service(
            resource("/reviews/{id}/evidence/{evidence}")
                .name("reviews-evidence")
                .route(web::get().to(answers::evidence)),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/queries/{id}")
                .name("returns-query")
                .route(web::get().to(organisation::question))
                .route(web::post().to(organisation::reply)),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/review")
                .name("returns-review")
                .route(web::get().to(organisation::outcome)),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/export.json")
                .name("returns-export")
                .route(web::get().to(export::one)),
        )
        .service(
            resource("/organisations/{organisation}/export.zip")
                .name("organisation-export")
                .route(web::get().to(export::everything)),
        );
}

/// What somebody of the central team has posted.
fn central(posted: Posted) -> Result<(Actor, Fields)> {
    let Posted { by, fields } = posted;
    Ok((Central::of(by)?.by.actor, fields))
}

/// Runs a verb of the central team about one review under its permit.
async fn change<A, T, F>(portal: &Portal, actor: &Actor, id: ReviewId, verb: F) -> Result<T>
where
    A: Action,
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Permit<A>, &Review) -> Result<Recorded<T>> + Send + 'static,
{
    change_within(portal, actor.central_reach()?, actor, id, verb).await
}

/// Runs a verb about one review under its permit, within what the actor may see.
async fn change_within<A, T, F>(
    portal: &Portal,
    reach: Reach,
    actor: &Actor,
    id: ReviewId,
    verb: F,
) -> Result<T>
where
    A: Action,
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Permit<A>, &Review) -> Result<Recorded<T>> + Send + 'static,
{
    let actor = actor.clone();
    portal
        .db
        .write(reach, move |tx| {
            let review = store::review(tx.conn(), id)?;
            let permit = Permit::<A>::grant(&actor, Some(review.subject()))?;
            verb(tx, &permit, &review)
        })
        .await
}

/// Asks for a verb's permit before its form is judged, so that whoever may not is not told what is wrong with it.
async fn must_be_allowed<A: Action>(
    portal: &Portal,
    reach: Reach,
    actor: &Actor,
    id: ReviewId,
) -> Result<()> {
    let review = portal.db.read(reach, move |conn| store::review(conn, id)).await?;
    Permit::<A>::grant(actor, Some(review.subject())).map(|_| ())
}

/// Errors that a verb found, beside their fields.
fn form_errors(found: Vec<FieldError>) -> FormErrors {
    let mut errors = FormErrors::new();
    for error in found {
        errors.add(error.field, error.message);
    }
    errors
}

/// A text that may be at most so many characters long.
fn limited(text: &str, limit: usize, field: &str, what: &str, errors: &mut FormErrors) {
    if text.chars().count() > limit {
        let limit = crate::platform::pages::words::number(i128::try_from(limit).unwrap_or(i128::MAX));
        errors.add(field, format!("{what} must be {limit} characters or fewer"));
    }
}
