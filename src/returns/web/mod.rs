//! Returns in the browser. Every handler's parameter proves that the person is a member of the organisation in the
//! address; what they may do there is asked of the access table with the return in hand.

mod autosave;
mod conflict;
mod download;
mod evidence;
mod home;
mod interim;
mod overview;
mod question;
mod receipt_file;
mod send;
mod sign;
mod trial;

use actix_web::web::{self, Path};
use serde::Deserialize;

use super::{discussion, editions, guidance, past, sharing, withdrawal};
use crate::platform::http::{Routes, resource};

pub(super) use conflict::conflict;
pub(super) use download::can_be_seen;
pub use download::{Sent, download};
pub(super) use question::put;

/// The pages of returns.
pub fn routes(routes: &mut Routes) {
    super::plan::routes(routes);
    super::offline::routes(routes);
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}{address}")).name(name)
    };
    super::library::routes(routes);
    super::sites::routes(routes);
    super::preview::routes(routes);
    routes
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
        .service(page("returns-changes", "/changes").route(web::get().to(editions::web::changes)))
        .service(page("returns-guidance", "/guidance").route(web::get().to(guidance::web::changes)))
        .service(page("returns-receipt", "/receipt").route(web::get().to(send::receipt)))
        .service(
            page("returns-receipt-file", "/receipt.pdf").route(web::get().to(receipt_file::receipt_file)),
        )
        .service(page("returns-reopen", "/reopen").route(web::post().to(send::reopen)))
        .service(
            page("returns-withdraw", "/withdraw")
                .route(web::get().to(withdrawal::web::show))
                .route(web::post().to(withdrawal::web::withdraw)),
        )
        .service(page("returns-submissions", "/submissions").route(web::get().to(withdrawal::web::all)))
        .service(
            page("returns-submission", "/submissions/{number}").route(web::get().to(withdrawal::web::one)),
        )
        .service(
            page("returns-question", "/requirements/{code}")
                .route(web::get().to(question::show))
                .route(web::post().to(question::save)),
        )
        .service(
            page("returns-history", "/requirements/{code}/history").route(web::get().to(past::web::history)),
        )
        .service(
            page("returns-history-restore", "/requirements/{code}/history/{number}/restore")
                .route(web::post().to(past::web::restore)),
        )
        .service(page("returns-activity", "/activity").route(web::get().to(past::web::activity)))
        .service(
            page("returns-owners", "/owners")
                .route(web::get().to(sharing::web::owners))
                .route(web::post().to(sharing::web::give)),
        )
        .service(
            page("returns-owner", "/requirements/{code}/owner")
                .route(web::get().to(sharing::web::owner))
                .route(web::post().to(sharing::web::give_one)),
        )
        .service(page("returns-mine", "/mine").route(web::get().to(sharing::web::mine)))
        .service(
            page("returns-discussion", "/requirements/{code}/discussion")
                .route(web::get().to(discussion::web::show))
                .route(web::post().to(discussion::web::write)),
        )
        .service(
            page("returns-comment-withdraw", "/requirements/{code}/comments/{id}/withdraw")
                .route(web::post().to(discussion::web::take_back)),
        )
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
pub(super) struct OfYear {
    pub year: String,
}

/// The question that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OfQuestion {
    pub year: String,
    pub code: String,
}

/// The file that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfFile {
    year: String,
    code: String,
    id: i64,
}

pub(super) type Year = Path<OfYear>;
