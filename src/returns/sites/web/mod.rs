//! A head office's sites in the browser. Every handler's parameter proves that the person is a member of the head office
//! in the address; what they may do there is asked of the access table with the return in hand.

mod cover;
mod evidence;
mod except;
mod filed;
mod list;
mod many;
mod progress;

use actix_web::web;
use serde::Deserialize;

use super::reading::Reader;
use crate::platform::http::{Routes, resource};

/// The pages of a head office's sites.
pub(in crate::returns) fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}{address}")).name(name)
    };
    routes
        .service(page("returns-sites", "/sites").route(web::get().to(list::list)))
        .service(page("returns-sites-cover", "/sites/cover").route(web::post().to(cover::cover)))
        .service(page("returns-sites-leave", "/sites/leave").route(web::post().to(cover::leave)))
        .service(
            page("returns-sites-many", "/sites/many")
                .route(web::get().to(many::show))
                .route(web::post().to(many::arrange)),
        )
        .service(page("returns-sites-exceptions", "/sites/exceptions").route(web::get().to(list::exceptions)))
        .service(
            page("returns-sites-except", "/sites/except")
                .route(web::get().to(except::show_many))
                .route(web::post().to(except::save_many)),
        )
        .service(
            page("returns-sites-evidence", "/sites/evidence")
                .route(web::get().to(evidence::show))
                .route(web::post().to(evidence::spread)),
        )
        .service(page("returns-sites-progress", "/sites/progress").route(web::get().to(progress::show)))
        .service(page("returns-sites-retry", "/sites/retry").route(web::post().to(progress::retry)))
        .service(
            page("returns-sites-receipts", "/sites/receipts.csv").route(web::get().to(progress::receipts)),
        )
        .service(page("returns-site", "/sites/of/{site}").route(web::get().to(list::one)))
        .service(
            page("returns-site-choose", "/sites/of/{site}/requirements").route(web::get().to(except::choose)),
        )
        .service(
            page("returns-site-answer", "/sites/of/{site}/requirements/{code}")
                .route(web::get().to(except::show_one))
                .route(web::post().to(except::save_one)),
        )
        .service(
            page("returns-site-answer-remove", "/sites/of/{site}/requirements/{code}/remove")
                .route(web::post().to(except::remove)),
        )
        .service(
            page("returns-site-evidence", "/sites/of/{site}/requirements/{code}/evidence")
                .route(web::post().to(evidence::attach)),
        )
        .service(
            page("returns-site-evidence-detach", "/sites/of/{site}/requirements/{code}/evidence/{id}/detach")
                .route(web::post().to(evidence::detach)),
        )
        .service(page("returns-filed", "/filed").route(web::get().to(filed::filed)));
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
