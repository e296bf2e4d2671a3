//! Allocation in the browser: who has what, a run with its preview, by hand, one reviewer, absences.

mod absences;
mod by_hand;
mod chosen;
mod overview;
mod reviewer;
mod run;

use crate::access::{Actor, Permit, ReadAllocation, Subject};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Routes, resource};
use crate::platform::ids::PersonId;

/// The addresses of allocation; before those of one review, whose number could stand in their place.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/allocation").name("reviews-allocation").get(overview::show))
        .service(resource("/reviews/allocation.csv").name("reviews-allocation-csv").get(overview::download))
        .service(
            resource("/reviews/allocation/months").name("reviews-allocation-months").post(overview::months),
        )
        .service(resource("/reviews/allocation/preview").name("reviews-allocation-preview").get(run::preview))
        .service(resource("/reviews/allocation/run").name("reviews-allocation-run").post(run::run))
        .service(
            resource("/reviews/allocation/queue")
                .name("reviews-allocation-queue")
                .get(by_hand::show)
                .post(by_hand::give),
        )
        .service(
            resource("/reviews/allocation/chosen")
                .name("reviews-allocation-chosen")
                .get(chosen::show)
                .post(chosen::act),
        )
        .service(
            resource("/reviews/allocation/people/{person}")
                .name("reviews-allocation-person")
                .get(reviewer::show)
                .post(reviewer::keep),
        )
        .service(
            resource("/reviews/allocation/people/{person}/move")
                .name("reviews-allocation-move")
                .post(reviewer::give),
        )
        .service(
            resource("/reviews/allocation/people/{person}/cover")
                .name("reviews-allocation-cover")
                .post(reviewer::cover),
        )
        .service(
            resource("/reviews/allocation/people/{person}/absence")
                .name("reviews-allocation-absence")
                .post(reviewer::absence),
        )
        .service(
            resource("/reviews/absences").name("reviews-absences").get(absences::show).post(absences::record),
        )
        .service(resource("/reviews/absences/{absence}/end").name("reviews-absence-end").post(absences::end))
        .service(resource("/reviews/{id}/allocate").name("reviews-allocate").post(by_hand::one));
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
