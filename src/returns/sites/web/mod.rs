//! A head office's sites in the browser. Every handler's parameter proves that the person is a member of the head office
//! in the address; what they may do there is asked of the access table with the return in hand.

mod cover;
mod evidence;
mod except;
mod filed;
mod list;
mod many;
mod progress;

use serde::Deserialize;

use super::reading::Reader;
use crate::platform::http::{Routes, resource};

/// The pages of a head office's sites.
pub(in crate::returns) fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}{address}")).name(name)
    };
    routes
        .service(page("returns-sites", "/sites").get(list::list))
        .service(page("returns-sites-cover", "/sites/cover").post(cover::cover))
        .service(page("returns-sites-leave", "/sites/leave").post(cover::leave))
        .service(page("returns-sites-many", "/sites/many").get(many::show).post(many::arrange))
        .service(page("returns-sites-exceptions", "/sites/exceptions").get(list::exceptions))
        .service(page("returns-sites-except", "/sites/except").get(except::show_many).post(except::save_many))
        .service(page("returns-sites-evidence", "/sites/evidence").get(evidence::show).post(evidence::spread))
        .service(page("returns-sites-progress", "/sites/progress").get(progress::show))
        .service(page("returns-sites-retry", "/sites/retry").post(progress::retry))
        .service(page("returns-sites-receipts", "/sites/receipts.csv").get(progress::receipts))
        .service(page("returns-site", "/sites/of/{site}").get(list::one))
        .service(page("returns-site-choose", "/sites/of/{site}/requirements").get(except::choose))
        .service(
            page("returns-site-answer", "/sites/of/{site}/requirements/{code}")
                .get(except::show_one)
                .post(except::save_one),
        )
        .service(
            page("returns-site-answer-remove", "/sites/of/{site}/requirements/{code}/remove")
                .post(except::remove),
        )
        .service(
            page("returns-site-evidence", "/sites/of/{site}/requirements/{code}/evidence")
                .post(evidence::attach),
        )
        .service(
            page("returns-site-evidence-detach", "/sites/of/{site}/requirements/{code}/evidence/{id}/detach")
                .post(evidence::detach),
        )
        .service(page("returns-filed", "/filed").get(filed::filed));
}

/// A site that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfSite {
    year: String,
    site: String,
}

/// A site's answer that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfAnswer {
    year: String,
    site: String,
    code: String,
}

/// A piece of evidence beside a site's answer.
#[derive(Debug, Clone, Deserialize)]
struct OfEvidence {
    year: String,
    site: String,
    code: String,
    id: i64,
}
