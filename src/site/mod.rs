//! Start page of signed-in people, the central team's page of one organisation, help, accessibility statement, the ledger's public head, background work, health and assets.

mod assets;
mod health;
mod home;
mod jobs;
mod ledger;
mod pages;
mod record;

use actix_web::web::{get, post};

pub use health::{Health, health};
pub use pages::page_checks;

use crate::platform::http::{Routes, resource};

/// The site's own addresses.
pub fn routes(routes: &mut Routes) {
    routes
        .service(resource("/health/live").name("health-live").route(get().to(health::live)))
        .service(resource("/health/ready").name("health-ready").route(get().to(health::ready)))
        .service(resource("/assets/{hash}/{name}").name("asset").route(get().to(assets::asset)))
        .service(resource("/home").name("home").route(get().to(home::home)))
        .service(
            resource("/organisations/{organisation}/record").name("record").route(get().to(record::show)),
        )
        .service(
            resource("/organisations/{organisation}/record/invitations")
                .name("record-invitations")
                .route(post().to(record::invite)),
        )
        .service(
            resource("/organisations/{organisation}/record/invitations/{invitation}/revoke")
                .name("record-invitation-revoke")
                .route(post().to(record::revoke)),
        )
        .service(resource("/jobs").name("jobs").route(get().to(jobs::list)))
        .service(resource("/jobs/{id}/retry").name("jobs-retry").route(post().to(jobs::retry)))
        .service(resource("/help").name("help").route(get().to(pages::help)))
        .service(resource("/accessibility").name("accessibility").route(get().to(pages::accessibility)))
        .service(resource("/ledger").name("ledger").route(get().to(ledger::show)))
        .service(
            resource("/ledger/checkpoint").name("ledger-checkpoint").route(get().to(ledger::checkpoint)),
        );
}
