//! Start page of signed-in people, the central team's page of one organisation, help, accessibility statement, the ledger's public head, background work, health and assets.

mod assets;
mod health;
mod home;
mod jobs;
mod ledger;
mod pages;
mod record;

pub use health::{Health, health};
pub use pages::page_checks;

use crate::platform::http::{Routes, resource};

/// The site's own addresses.
pub fn routes(routes: &mut Routes) {
    routes
        .service(resource("/health/live").name("health-live").get(health::live))
        .service(resource("/health/ready").name("health-ready").get(health::ready))
        .service(resource("/assets/{hash}/{name}").name("asset").get(assets::asset))
        .service(resource("/home").name("home").get(home::home))
        .service(resource("/organisations/{organisation}/record").name("record").get(record::show))
        .service(
            resource("/organisations/{organisation}/record/invitations")
                .name("record-invitations")
                .post(record::invite),
        )
        .service(
            resource("/organisations/{organisation}/record/invitations/{invitation}/revoke")
                .name("record-invitation-revoke")
                .post(record::revoke),
        )
        .service(resource("/jobs").name("jobs").get(jobs::list))
        .service(resource("/jobs/{id}/retry").name("jobs-retry").post(jobs::retry))
        .service(resource("/help").name("help").get(pages::help))
        .service(resource("/accessibility").name("accessibility").get(pages::accessibility))
        .service(resource("/ledger").name("ledger").get(ledger::show))
        .service(resource("/ledger/checkpoint").name("ledger-checkpoint").get(ledger::checkpoint));
}
