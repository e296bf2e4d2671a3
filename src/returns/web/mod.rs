//! Returns in the browser. Every handler's parameter proves that the person is a member of the organisation in the
//! address; what they may do there is asked of the access table with the return in hand.

mod evidence;
mod home;
mod interim;
mod overview;
mod question;
mod send;
mod sign;
mod trial;

use actix_web::web::{self, Path, ServiceConfig, resource};
use serde::Deserialize;

pub use evidence::download;

/// The pages of returns.
pub fn routes(config: &mut ServiceConfig) {
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}{address}")).name(name)
    };
    config
        .service(
            resource("/organisations/{organisation}")
                .name("organisation-home")
                .route(web::get().to(home::home)),
        )
        .service(page("returns-overview", "").route(web::get().to(overview::overview)))
        .service(page("returns-start", "/start").route(web::post().to(home::start)))
        .service(page("returns-ready", "/ready").route(web::post().to(overview::ready)))
        .service(page("returns-draft", "/draft").route(web::post().to(overview::draft)))
        .service(
            page("returns-sign", "/sign").route(web::get().to(sign::show)).route(web::post().to(sign::sign)),
        )
        .service(
            page("returns-submit", "/submit")
                .route(web::get().to(send::check))
                .route(web::post().to(send::submit)),
        )
        .service(
            page("returns-interim", "/interim")
                .route(web::get().to(interim::show))
                .route(web::post().to(interim::send)),
        )
        .service(page("returns-trial", "/trial").route(web::get().to(trial::trial)))
        .service(page("returns-receipt", "/receipt").route(web::get().to(send::receipt)))
        .service(page("returns-reopen", "/reopen").route(web::post().to(send::reopen)))
        .service(
            page("returns-question", "/requirements/{code}")
                .route(web::get().to(question::show))
                .route(web::post().to(question::save)),
        )
        .service(page("returns-history", "/requirements/{code}/history").route(web::get().to(question::past)))
        .service(
            page("returns-evidence", "/requirements/{code}/evidence").route(web::post().to(evidence::attach)),
        )
        .service(
            page("returns-evidence-file", "/requirements/{code}/evidence/{id}")
                .route(web::get().to(evidence::fetch)),
        )
        .service(
            page("returns-evidence-detach", "/requirements/{code}/evidence/{id}/detach")
                .route(web::post().to(evidence::detach)),
        );
}

/// The collection that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfYear {
    year: String,
}

/// The question that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfQuestion {
    year: String,
    code: String,
}

/// The file that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfFile {
    year: String,
    code: String,
    id: i64,
}

type Year = Path<OfYear>;
