//! Returns in the browser. Every handler's parameter proves that the person is a member of the organisation in the
//! address; what they may do there is asked of the access table with the return in hand.

mod autosave;
mod conflict;
mod download;
mod evidence;
mod home;
mod interim;
mod more_time;
mod overview;
mod question;
mod receipt_file;
mod send;
mod sign;
mod trial;

use actix_web::web::Path;
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
        .service(resource("/organisations/{organisation}").name("organisation-home").get(home::home))
        .service(page("returns-overview", "").get(overview::overview))
        .service(page("returns-start", "/start").post(home::start))
        .service(page("returns-ready", "/ready").post(overview::ready))
        .service(page("returns-draft", "/draft").post(overview::draft))
        .service(page("returns-sign", "/sign").get(sign::show).post(sign::sign))
        .service(page("returns-submit", "/submit").get(send::check).post(send::submit))
        .service(page("returns-interim", "/interim").get(interim::show).post(interim::send))
        .service(page("more-time", "/more-time").get(more_time::show).post(more_time::ask))
        .service(page("returns-trial", "/trial").get(trial::trial))
        .service(page("returns-changes", "/changes").get(editions::web::changes))
        .service(
            page("returns-take-over", "/changes/take-over")
                .get(editions::web::preview)
                .post(editions::web::take_over),
        )
        .service(page("returns-guidance", "/guidance").get(guidance::web::changes))
        .service(page("returns-receipt", "/receipt").get(send::receipt))
        .service(page("returns-receipt-file", "/receipt.pdf").get(receipt_file::receipt_file))
        .service(page("returns-reopen", "/reopen").post(send::reopen))
        .service(
            page("returns-withdraw", "/withdraw").get(withdrawal::web::show).post(withdrawal::web::withdraw),
        )
        .service(page("returns-submissions", "/submissions").get(withdrawal::web::all))
        .service(page("returns-submission", "/submissions/{number}").get(withdrawal::web::one))
        .service(page("returns-question", "/requirements/{code}").get(question::show).post(question::save))
        .service(page("returns-history", "/requirements/{code}/history").get(past::web::history))
        .service(
            page("returns-history-restore", "/requirements/{code}/history/{number}/restore")
                .post(past::web::restore),
        )
        .service(page("returns-activity", "/activity").get(past::web::activity))
        .service(page("returns-owners", "/owners").get(sharing::web::owners).post(sharing::web::give))
        .service(
            page("returns-owner", "/requirements/{code}/owner")
                .get(sharing::web::owner)
                .post(sharing::web::give_one),
        )
        .service(page("returns-mine", "/mine").get(sharing::web::mine))
        .service(
            page("returns-discussion", "/requirements/{code}/discussion")
                .get(discussion::web::show)
                .post(discussion::web::write),
        )
        .service(
            page("returns-comment-withdraw", "/requirements/{code}/comments/{id}/withdraw")
                .post(discussion::web::take_back),
        )
        .service(page("returns-evidence", "/requirements/{code}/evidence").post(evidence::attach))
        .service(page("returns-evidence-file", "/requirements/{code}/evidence/{id}").get(evidence::fetch))
        .service(
            page("returns-evidence-detach", "/requirements/{code}/evidence/{id}/detach")
                .post(evidence::detach),
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
