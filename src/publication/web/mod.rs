//! Handlers: the public pages, and the publisher's.

mod disclosure;
mod public;
mod releases;

use actix_web::guard;

use actix_web::web::{ServiceConfig, get, post, resource, route};

use super::{answers, baseline};

pub use public::published;

/// The public pages' and the publisher's addresses. The fixed public ones are answered from memory; registering them
/// gives each a name and a method list.
pub fn routes(config: &mut ServiceConfig) {
    for (path, name) in FIXED {
        config.service(resource(*path).name(name).route(read().to(public::fixed)));
    }
    baseline::web::routes(config);
    answers::web::routes(config);
    config
        .service(
            resource("/public/organisations").name("public-organisations").route(read().to(public::search)),
        )
        .service(
            resource("/public/organisations/{code}")
                .name("public-organisation")
                .route(read().to(public::organisation)),
        )
        .service(resource("/public/data/{file}").name("public-data-file").route(read().to(public::data_file)))
        .service(
            resource("/public/releases/{key}/{file}")
                .name("public-release-file")
                .route(read().to(public::release_file)),
        )
        .service(resource("/releases").name("releases").route(get().to(releases::list)))
        .service(
            resource("/releases/new")
                .name("release-new")
                .route(get().to(releases::new))
                .route(post().to(releases::prepare)),
        )
        .service(resource("/releases/{key}").name("release-check").route(get().to(releases::check)))
        .service(
            resource("/releases/{key}/disclosure")
                .name("release-disclosure")
                .route(get().to(disclosure::show)),
        )
        .service(
            resource("/releases/{key}/disclosure.csv")
                .name("release-disclosure-list")
                .route(get().to(disclosure::file)),
        )
        .service(
            resource("/releases/{key}/publish").name("release-publish").route(post().to(releases::publish)),
        );
}

/// Addresses of pages that are made once, with their route names.
const FIXED: &[(&str, &str)] = &[
    ("/", "front"),
    ("/public/sectors", "public-sectors"),
    ("/public/regions", "public-regions"),
    ("/public/editions", "public-editions"),
    ("/public/change", "public-change"),
    ("/public/submissions", "public-submissions"),
    ("/public/requirements", "public-requirements"),
    ("/public/releases", "public-releases"),
    ("/public/releases/{key}", "public-release"),
    ("/public/corrections", "public-corrections"),
    ("/public/corrections/{notice}", "public-correction"),
    ("/public/methodology", "public-methodology"),
    ("/public/data", "public-data"),
];

/// GET and HEAD.
fn read() -> actix_web::Route {
    route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
