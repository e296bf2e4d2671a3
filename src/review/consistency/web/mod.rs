//! The addresses of the second scoring.

mod blind;
mod drift;
mod gold;
mod moderation;
mod report;
mod sample;

use actix_web::web;

use crate::access::Actor;
use crate::identity::{Central, Posted};
use crate::platform::error::Result;
use crate::platform::http::{Fields, Routes, resource};

/// The addresses; registered before those of single reviews, whose number stands where these have words.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/consistency").name("consistency").route(web::get().to(report::hub)))
        .service(
            resource("/reviews/consistency/cases/{case}/give")
                .name("consistency-give")
                .route(web::post().to(sample::give)),
        )
        .service(
            resource("/reviews/consistency/{year}/sample")
                .name("consistency-sample")
                .route(web::get().to(sample::show))
                .route(web::post().to(sample::plan)),
        )
        .service(
            resource("/reviews/consistency/{year}/draw")
                .name("consistency-draw")
                .route(web::post().to(sample::draw)),
        )
        .service(
            resource("/reviews/consistency/{year}/agreement")
                .name("consistency-agreement")
                .route(web::get().to(report::agreement)),
        )
        .service(
            resource("/reviews/consistency/{year}/agreement.csv")
                .name("consistency-agreement-csv")
                .route(web::get().to(report::agreement_file)),
        )
        .service(
            resource("/reviews/consistency/{year}/calibration")
                .name("consistency-calibration")
                .route(web::get().to(report::calibration)),
        )
        .service(
            resource("/reviews/consistency/{year}/calibration.csv")
                .name("consistency-calibration-csv")
                .route(web::get().to(report::calibration_file)),
        );
    blind_routes(routes);
    other_routes(routes);
}

fn blind_routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/blind").name("blind").route(web::get().to(blind::list)))
        .service(resource("/reviews/blind/next").name("blind-next").route(web::post().to(blind::next)))
        .service(resource("/reviews/blind/{case}").name("blind-case").route(web::get().to(blind::show)))
        .service(
            resource("/reviews/blind/{case}/finish")
                .name("blind-finish")
                .route(web::post().to(blind::finish)),
        )
        .service(
            resource("/reviews/blind/{case}/release")
                .name("blind-release")
                .route(web::post().to(blind::release)),
        )
        .service(
            resource("/reviews/blind/{case}/requirements/{code}")
                .name("blind-requirement")
                .route(web::get().to(blind::answer))
                .route(web::post().to(blind::score)),
        )
        .service(
            resource("/reviews/blind/{case}/evidence/{evidence}")
                .name("blind-evidence")
                .route(web::get().to(blind::evidence)),
        );
}

fn other_routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/moderation").name("moderation").route(web::get().to(moderation::list)))
        .service(
            resource("/reviews/moderation.csv").name("moderation-csv").route(web::get().to(moderation::file)),
        )
        .service(
            resource("/reviews/moderation/{id}")
                .name("moderation-one")
                .route(web::get().to(moderation::show))
                .route(web::post().to(moderation::settle)),
        )
        .service(
            resource("/reviews/moderation/{id}/gold")
                .name("moderation-gold")
                .route(web::get().to(moderation::gold_form))
                .route(web::post().to(moderation::keep)),
        )
        .service(resource("/reviews/gold").name("gold").route(web::get().to(gold::list)))
        .service(resource("/reviews/gold.csv").name("gold-csv").route(web::get().to(gold::file)))
        .service(
            resource("/reviews/gold/{id}")
                .name("gold-case")
                .route(web::get().to(gold::show))
                .route(web::post().to(gold::score)),
        )
        .service(
            resource("/reviews/gold/{id}/retire").name("gold-retire").route(web::post().to(gold::retire)),
        )
        .service(resource("/reviews/drift").name("drift").route(web::get().to(drift::list)))
        .service(resource("/reviews/drift.csv").name("drift-csv").route(web::get().to(drift::file)))
        .service(
            resource("/reviews/drift/{id}")
                .name("drift-acknowledge")
                .route(web::post().to(drift::acknowledge)),
        );
}

/// What somebody of the central team has posted.
fn central(posted: Posted) -> Result<(Actor, Fields)> {
    let Posted { by, fields } = posted;
    Ok((Central::of(by)?.by.actor, fields))
}
