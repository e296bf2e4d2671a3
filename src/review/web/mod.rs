//! Reviews in the browser: the queue, one review and its answers for the central team; questions and the outcome for
//! the organisation.

mod answers;
mod beside;
mod confirm;
mod export;
mod interests;
mod organisation;
mod sites;
mod stops;
mod work;

use crate::access::{Action, Actor, Permit};
use crate::identity::{Central, Posted};
use crate::ledger::Recorded;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{FieldError, Result};
use crate::platform::http::{Fields, Portal, Routes, resource};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;

use super::letters::Closing;
use super::reasons;
use super::store::{self, Review};
use super::{allocation, dashboard, queue, risk};

/// The addresses of reviews.
pub fn routes(routes: &mut Routes) {
    super::consistency::routes(routes);
    allocation::routes(routes);
    risk::routes(routes);
    super::queries::list_routes(routes);
    super::queries::routes(routes);
    routes
        .service(resource("/reviews").name("reviews").get(queue::web::list))
        .configure(queue::routes)
        .configure(dashboard::routes)
        .service(
            resource("/reviews/interests")
                .name("reviews-interests")
                .get(interests::list)
                .post(interests::declare),
        )
        .configure(crate::review::challenge::routes)
        .service(resource("/reviews/interests/employers").name("reviews-employers").post(interests::employer))
        .service(
            resource("/reviews/interests/employers/{employer}/remove")
                .name("reviews-employer-remove")
                .get(interests::ask_remove)
                .post(interests::remove),
        )
        .service(
            resource("/reviews/interests/{interest}/end")
                .name("reviews-interest-end")
                .get(interests::ask_end)
                .post(interests::end),
        )
        .configure(reasons::routes)
        .service(resource("/reviews/{id}").name("reviews-one").get(work::show))
        .service(resource("/reviews/{id}/sites").name("reviews-sites").get(sites::list))
        .service(resource("/reviews/{id}/claim").name("reviews-claim").post(work::claim))
        .service(resource("/reviews/{id}/release").name("reviews-release").post(work::release))
        .service(
            resource("/reviews/{id}/agree").name("reviews-agree").get(beside::choose).post(beside::agree),
        )
        .configure(workspace_routes)
        .service(resource("/reviews/{id}/finish").name("reviews-finish").post(work::finish))
        .service(resource("/reviews/{id}/go-on").name("reviews-go-on").post(work::go_on))
        .service(resource("/reviews/{id}/query").name("reviews-query").post(answers::ask))
        .service(
            resource("/reviews/{id}/confirm")
                .name("reviews-confirm")
                .get(confirm::show)
                .post(confirm::confirm),
        )
        .service(
            resource("/reviews/{id}/requirements/{code}")
                .name("reviews-requirement")
                .get(answers::show)
                .post(answers::decide),
        )
        .service(
            resource("/reviews/{id}/evidence/{evidence}").name("reviews-evidence").get(answers::evidence),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/review")
                .name("returns-review")
                .get(organisation::outcome),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/export.json")
                .name("returns-export")
                .get(export::one),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/export.ods")
                .name("returns-export-ods")
                .get(export::sheets),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/oscal.json")
                .name("returns-oscal")
                .get(export::oscal),
        )
        .service(
            resource("/organisations/{organisation}/export.zip")
                .name("organisation-export")
                .get(export::everything),
        )
        .configure(crate::review::letters::routes)
        .configure(crate::review::closing::routes);
}

/// What ending a review needs, as this portal is set up.
pub(in crate::review) fn closing(portal: &Portal) -> Closing {
    Closing::new(portal.config.public_url(), portal.config.review.challenge_working_days)
}

/// The addresses of what a reviewer does beside deciding.
fn workspace_routes(routes: &mut Routes) {
    routes
        .service(resource("/help/keyboard").name("help-keyboard").get(beside::keys))
        .service(resource("/reviews/{id}/continue").name("reviews-continue").get(beside::go_on_where_stopped))
        .service(resource("/reviews/{id}/flags").name("reviews-flags").post(beside::flag))
        .service(resource("/reviews/{id}/notes").name("reviews-notes").post(beside::note))
        .service(
            resource("/reviews/{id}/notes/{note}/withdraw")
                .name("reviews-note-withdraw")
                .post(beside::take_note_back),
        )
        .service(
            resource("/reviews/{id}/evidence/{evidence}/view")
                .name("reviews-evidence-view")
                .get(answers::view),
        );
}

/// What somebody of the central team has posted.
pub(in crate::review) fn central(posted: Posted) -> Result<(Actor, Fields)> {
    let Posted { by, fields } = posted;
    Ok((Central::of(by)?.by.actor, fields))
}

/// Runs a verb of the central team about one review under its permit.
pub(in crate::review) async fn change<A, T, F>(
    portal: &Portal,
    actor: &Actor,
    id: ReviewId,
    verb: F,
) -> Result<T>
where
    A: Action,
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Permit<A>, &Review) -> Result<Recorded<T>> + Send + 'static,
{
    change_within(portal, actor.central_reach()?, actor, id, verb).await
}

/// Runs a verb about one review under its permit, within what the actor may see.
pub(in crate::review) async fn change_within<A, T, F>(
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
            super::consistency::stays_blind(tx.conn(), actor.id(), id)?;
            verb(tx, &permit, &review)
        })
        .await
}

/// Asks for a verb's permit before its form is judged, so that whoever may not is not told what is wrong with it.
pub(in crate::review) async fn must_be_allowed<A: Action>(
    portal: &Portal,
    reach: Reach,
    actor: &Actor,
    id: ReviewId,
) -> Result<()> {
    let review = portal.db.read(reach, move |conn| store::review(conn, id)).await?;
    Permit::<A>::grant(actor, Some(review.subject())).map(|_| ())
}

/// Errors that a verb found, beside their fields.
pub(in crate::review) fn form_errors(found: Vec<FieldError>) -> FormErrors {
    let mut errors = FormErrors::new();
    for error in found {
        errors.add(error.field, error.message);
    }
    errors
}

/// A text that may be at most so many characters long.
pub(in crate::review) fn limited(text: &str, limit: usize, field: &str, what: &str, errors: &mut FormErrors) {
    if text.chars().count() > limit {
        let limit = crate::platform::pages::words::number(i128::try_from(limit).unwrap_or(i128::MAX));
        errors.add(field, format!("{what} must be {limit} characters or fewer"));
    }
}
