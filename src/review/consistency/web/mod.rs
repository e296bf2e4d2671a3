//! The addresses of the second scoring.

mod blind;
mod drift;
mod gold;
mod moderation;
mod report;
mod sample;

use crate::access::Actor;
use crate::identity::{Central, Posted};
use crate::platform::error::Result;
use crate::platform::http::{Fields, Routes, resource};

/// The addresses; registered before those of single reviews, whose number stands where these have words.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/consistency").name("consistency").get(report::hub))
        .service(
            resource("/reviews/consistency/cases/{case}/give").name("consistency-give").post(sample::give),
        )
        .service(
            resource("/reviews/consistency/{year}/sample")
                .name("consistency-sample")
                .get(sample::show)
                .post(sample::plan),
        )
        .service(resource("/reviews/consistency/{year}/draw").name("consistency-draw").post(sample::draw))
        .service(
            resource("/reviews/consistency/{year}/agreement")
                .name("consistency-agreement")
                .get(report::agreement),
        )
        .service(
            resource("/reviews/consistency/{year}/agreement.csv")
                .name("consistency-agreement-csv")
                .get(report::agreement_file),
        )
        .service(
            resource("/reviews/consistency/{year}/calibration")
                .name("consistency-calibration")
                .get(report::calibration),
        )
        .service(
            resource("/reviews/consistency/{year}/calibration.csv")
                .name("consistency-calibration-csv")
                .get(report::calibration_file),
        );
    blind_routes(routes);
    other_routes(routes);
}

fn blind_routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/blind").name("blind").get(blind::list))
        .service(resource("/reviews/blind/next").name("blind-next").post(blind::next))
        .service(resource("/reviews/blind/{case}").name("blind-case").get(blind::show))
        .service(resource("/reviews/blind/{case}/finish").name("blind-finish").post(blind::finish))
        .service(resource("/reviews/blind/{case}/release").name("blind-release").post(blind::release))
        .service(
            resource("/reviews/blind/{case}/requirements/{code}")
                .name("blind-requirement")
                .get(blind::answer)
                .post(blind::score),
        )
        .service(
            resource("/reviews/blind/{case}/evidence/{evidence}").name("blind-evidence").get(blind::evidence),
        );
}

fn other_routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/moderation").name("moderation").get(moderation::list))
        .service(resource("/reviews/moderation.csv").name("moderation-csv").get(moderation::file))
        .service(
            resource("/reviews/moderation/{id}")
                .name("moderation-one")
                .get(moderation::show)
                .post(moderation::settle),
        )
        .service(
            resource("/reviews/moderation/{id}/gold")
                .name("moderation-gold")
                .get(moderation::gold_form)
                .post(moderation::keep),
        )
        .service(resource("/reviews/gold").name("gold").get(gold::list))
        .service(resource("/reviews/gold.csv").name("gold-csv").get(gold::file))
        .service(resource("/reviews/gold/{id}").name("gold-case").get(gold::show).post(gold::score))
        .service(resource("/reviews/gold/{id}/retire").name("gold-retire").post(gold::retire))
        .service(resource("/reviews/drift").name("drift").get(drift::list))
        .service(resource("/reviews/drift.csv").name("drift-csv").get(drift::file))
        .service(resource("/reviews/drift/{id}").name("drift-acknowledge").post(drift::acknowledge));
}

/// What somebody of the central team has posted.
fn central(posted: Posted) -> Result<(Actor, Fields)> {
    let Posted { by, fields } = posted;
    Ok((Central::of(by)?.by.actor, fields))
}
