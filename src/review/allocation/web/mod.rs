//! Allocation in the browser: who has what, a run with its preview, by hand, one reviewer, absences.

mod absences;
mod by_hand;
mod chosen;
mod overview;
mod reviewer;
mod run;

use actix_web::web;

use crate::access::{Actor, Permit, ReadAllocation, Subject};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Routes, resource};
use crate::platform::ids::PersonId;

/// The addresses of allocation; before those of one review, whose number could stand in their place.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(
            resource("/reviews/allocation").name("reviews-allocation").route(web::get().to(overview::show)),
        )
        .service(
            resource("/reviews/allocation.csv")
                .name("reviews-allocation-csv")
                .route(web::get().to(overview::download)),
        )
        .service(
            resource("/reviews/allocation/months")
                .name("reviews-allocation-months")
                .route(web::post().to(overview::months)),
        )
        .service(
            resource("/reviews/allocation/preview")
                .name("reviews-allocation-preview")
                .route(web::get().to(run::preview)),
        )
        .service(
            resource("/reviews/allocation/run")
                .name("reviews-allocation-run")
                .route(web::post().to(run::run)),
        )
        .service(
            resource("/reviews/allocation/queue")
                .name("reviews-allocation-queue")
                .route(web::get().to(by_hand::show))
                .route(web::post().to(by_hand::give)),
        )
        .service(
            resource("/reviews/allocation/chosen")
                .name("reviews-allocation-chosen")
                .route(web::get().to(chosen::show))
                .route(web::post().to(chosen::act)),
        )
        .service(
            resource("/reviews/allocation/people/{person}")
                .name("reviews-allocation-person")
                .route(web::get().to(reviewer::show))
                .route(web::post().to(reviewer::keep)),
        )
        .service(
            resource("/reviews/allocation/people/{person}/move")
                .name("reviews-allocation-move")
                .route(web::post().to(reviewer::give)),
        )
        .service(
            resource("/reviews/allocation/people/{person}/cover")
                .name("reviews-allocation-cover")
                .route(web::post().to(reviewer::cover)),
        )
        .service(
            resource("/reviews/allocation/people/{person}/absence")
                .name("reviews-allocation-absence")
                .route(web::post().to(reviewer::absence)),
        )
        .service(
            resource("/reviews/absences")
                .name("reviews-absences")
                .route(web::get().to(absences::show))
                .route(web::post().to(absences::record)),
        )
        .service(
            resource("/reviews/absences/{absence}/end")
                .name("reviews-absence-end")
                .route(web::post().to(absences::end)),
        )
        .service(
            resource("/reviews/{id}/allocate").name("reviews-allocate").route(web::post().to(by_hand::one)),
        );
}

/// What somebody who runs the programme has posted; everybody else is told whose it is.
fn posted_by_programme(posted: Posted) -> Result<(PersonId, Actor, Fields)> {
    let Posted { by, fields } = posted;
    let person = by.person;
    let actor = Central::of(by)?.by.actor;
    Permit::<ReadAllocation>::grant(&actor, Some(Subject::programme()))?;
    Ok((person, actor, fields))
}

/// The person that a form names; none while nobody is chosen.
fn chosen_person(fields: &Fields, name: &str) -> Result<Option<PersonId>> {
    match fields.one(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::NotFound),
    }
}

/// A count with its noun.
fn reviews(count: usize) -> String {
    if count == 1 { "1 review".to_owned() } else { format!("{count} reviews") }
}
