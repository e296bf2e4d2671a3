//! Handlers: the public pages, and the publisher's.

mod a_to_z;
mod calendar;
mod change;
mod course;
mod disclosure;
mod early;
mod public;
mod releases;

use actix_web::guard;

use actix_web::web::{get, post, route};

use super::{answers, baseline};
use crate::platform::http::{Routes, resource};

pub use public::published;

/// The public pages' and the publisher's addresses. The fixed public ones are answered from memory; registering them
/// gives each a name and a method list.
pub fn routes(routes: &mut Routes) {
    public_routes(routes);
    baseline::web::routes(routes);
    answers::web::routes(routes);
    routes
        .service(resource("/releases").name("releases").route(get().to(releases::list)))
        .service(
            resource("/releases/new")
                .name("release-new")
                .route(get().to(releases::new))
                .route(post().to(releases::prepare)),
        )
        .configure(on_their_way);
}

/// The public pages' alone, which need no database: what is served while it is away.
pub fn public_routes(routes: &mut Routes) {
    for (path, name) in FIXED {
        routes.service(resource(*path).name(name).route(read().to(public::fixed)));
    }
    routes
        .service(
            resource("/public/organisations").name("public-organisations").route(read().to(public::search)),
        )
        .service(resource("/public/compare").name("public-compare").route(read().to(public::compare)))
        .service(resource("/public/years").name("public-years").route(read().to(public::years)))
        .service(
            resource("/public/organisations/{code}")
                .name("public-organisation")
                .route(read().to(public::organisation)),
        )
        .service(
            resource("/public/organisations/{code}/mark.svg")
                .name("public-organisation-mark")
                .route(read().to(public::mark)),
        )
        .service(resource("/sitemap.xml").name("sitemap").route(read().to(public::sitemap)))
        .service(
            resource("/public/sitemaps/{part}")
                .name("public-sitemap-part")
                .route(read().to(public::sitemap_part)),
        )
        .service(resource("/public/a-to-z").name("public-a-to-z").route(read().to(a_to_z::index)))
        .service(resource("/public/a-to-z/{part}").name("public-a-to-z-part").route(read().to(a_to_z::part)))
        .service(resource("/public/data/{file}").name("public-data-file").route(read().to(public::data_file)))
        .service(
            resource("/public/releases/{key}/{file}")
                .name("public-release-file")
                .route(read().to(public::release_file)),
        );
}

/// A release on its way, the calendar, and who reads early. What is named comes before `{key}`.
fn on_their_way(routes: &mut Routes) {
    let page = |name: &str, address: &str| resource(format!("/releases{address}")).name(name);
    routes
        .service(page("release-calendar", "/calendar").route(get().to(calendar::list)))
        .service(page("release-calendar-csv", "/calendar.csv").route(get().to(calendar::csv)))
        .service(
            page("release-date-new", "/calendar/new")
                .route(get().to(calendar::new))
                .route(post().to(calendar::announce)),
        )
        .service(page("release-date", "/calendar/{date}").route(get().to(calendar::one)))
        .service(page("release-date-move", "/calendar/{date}/move").route(post().to(calendar::change)))
        .service(page("release-date-cancel", "/calendar/{date}/cancel").route(post().to(calendar::cancel)))
        .service(page("release-check", "/{key}").route(get().to(releases::check)))
        .service(page("release-disclosure", "/{key}/disclosure").route(get().to(disclosure::show)))
        .service(page("release-disclosure-list", "/{key}/disclosure.csv").route(get().to(disclosure::file)))
        .service(page("release-publish", "/{key}/publish").route(post().to(releases::publish)))
        .service(
            page("release-text", "/{key}/text")
                .route(get().to(course::text))
                .route(post().to(course::save_text)),
        )
        .service(
            page("release-explain", "/{key}/checks/{check}")
                .route(get().to(course::explain))
                .route(post().to(course::save_explanation)),
        )
        .service(page("release-submit", "/{key}/submit").route(post().to(course::submit)))
        .service(page("release-decision", "/{key}/decision").route(post().to(course::decide)))
        .service(page("release-schedule", "/{key}/schedule").route(post().to(course::schedule)))
        .service(page("release-correction", "/{key}/correction").route(post().to(course::correct)))
        .service(page("release-discard", "/{key}/discard").route(post().to(course::discard)))
        .service(
            page("release-early-readers", "/{key}/early-readers")
                .route(get().to(early::list))
                .route(post().to(early::add)),
        )
        .service(
            page("release-early-reader", "/{key}/early-readers/{reader}/remove")
                .route(post().to(early::remove)),
        )
        .service(
            page("release-early", "/{key}/early")
                .route(get().to(early::signed_in))
                .route(post().to(early::read_signed_in)),
        )
        .service(
            resource("/early/{token}")
                .name("early")
                .route(get().to(early::by_link))
                .route(post().to(early::read_by_link)),
        );
}

/// Addresses of pages that are made once, with their route names.
const FIXED: &[(&str, &str)] = &[
    ("/", "front"),
    ("/public/sectors", "public-sectors"),
    ("/public/sectors/{key}", "public-sector"),
    ("/public/regions", "public-regions"),
    ("/public/regions/{code}", "public-region"),
    ("/public/boards", "public-boards"),
    ("/public/boards/{code}", "public-board"),
    ("/public/sections/{number}", "public-section"),
    ("/public/editions", "public-editions"),
    ("/public/change", "public-change"),
    ("/public/submissions", "public-submissions"),
    ("/public/requirements", "public-requirements"),
    ("/public/releases", "public-releases"),
    ("/public/releases/{key}", "public-release"),
    ("/public/calendar", "public-calendar"),
    ("/public/revisions", "public-revisions"),
    ("/public/history", "public-history"),
    ("/public/corrections", "public-corrections"),
    ("/public/corrections/{notice}", "public-correction"),
    ("/public/methodology", "public-methodology"),
    ("/public/data-quality", "public-data-quality"),
    ("/public/glossary", "public-glossary"),
    ("/public/feed.atom", "public-feed"),
    ("/public/share.png", "public-share"),
    ("/robots.txt", "robots"),
    ("/public/data", "public-data"),
    ("/public/check", "public-check"),
    ("/.well-known/portal-signing-key", "signing-key"),
];

/// GET and HEAD.
fn read() -> actix_web::Route {
    route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
