//! Handlers: the public pages, and the publisher's.

mod a_to_z;
mod calendar;
mod change;
mod course;
mod disclosure;
mod early;
mod public;
mod releases;

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
        .service(resource("/releases").name("releases").get(releases::list))
        .service(resource("/releases/new").name("release-new").get(releases::new).post(releases::prepare))
        .configure(on_their_way);
}

/// The public pages' alone, which need no database: what is served while it is away.
pub fn public_routes(routes: &mut Routes) {
    for (path, name) in FIXED {
        routes.service(resource(*path).name(name).read(public::fixed));
    }
    routes
        .service(resource("/public/organisations").name("public-organisations").read(public::search))
        .service(resource("/public/compare").name("public-compare").read(public::compare))
        .service(resource("/public/years").name("public-years").read(public::years))
        .service(
            resource("/public/organisations/{code}").name("public-organisation").read(public::organisation),
        )
        .service(
            resource("/public/organisations/{code}/mark.svg")
                .name("public-organisation-mark")
                .read(public::mark),
        )
        .service(resource("/sitemap.xml").name("sitemap").read(public::sitemap))
        .service(resource("/public/sitemaps/{part}").name("public-sitemap-part").read(public::sitemap_part))
        .service(resource("/public/a-to-z").name("public-a-to-z").read(a_to_z::index))
        .service(resource("/public/a-to-z/{part}").name("public-a-to-z-part").read(a_to_z::part))
        .service(resource("/public/data/{file}").name("public-data-file").read(public::data_file))
        .service(
            resource("/public/releases/{key}/{file}").name("public-release-file").read(public::release_file),
        );
}

/// A release on its way, the calendar, and who reads early. What is named comes before `{key}`.
fn on_their_way(routes: &mut Routes) {
    let page = |name: &str, address: &str| resource(format!("/releases{address}")).name(name);
    routes
        .service(page("release-calendar", "/calendar").get(calendar::list))
        .service(page("release-calendar-csv", "/calendar.csv").get(calendar::csv))
        .service(page("release-date-new", "/calendar/new").get(calendar::new).post(calendar::announce))
        .service(page("release-date", "/calendar/{date}").get(calendar::one))
        .service(page("release-date-move", "/calendar/{date}/move").post(calendar::change))
        .service(page("release-date-cancel", "/calendar/{date}/cancel").post(calendar::cancel))
        .service(page("release-check", "/{key}").get(releases::check))
        .service(page("release-disclosure", "/{key}/disclosure").get(disclosure::show))
        .service(page("release-disclosure-list", "/{key}/disclosure.csv").get(disclosure::file))
        .service(page("release-publish", "/{key}/publish").post(releases::publish))
        .service(page("release-text", "/{key}/text").get(course::text).post(course::save_text))
        .service(
            page("release-explain", "/{key}/checks/{check}")
                .get(course::explain)
                .post(course::save_explanation),
        )
        .service(page("release-submit", "/{key}/submit").post(course::submit))
        .service(page("release-decision", "/{key}/decision").post(course::decide))
        .service(page("release-schedule", "/{key}/schedule").post(course::schedule))
        .service(page("release-correction", "/{key}/correction").post(course::correct))
        .service(page("release-discard", "/{key}/discard").post(course::discard))
        .service(page("release-early-readers", "/{key}/early-readers").get(early::list).post(early::add))
        .service(page("release-early-reader", "/{key}/early-readers/{reader}/remove").post(early::remove))
        .service(page("release-early", "/{key}/early").get(early::signed_in).post(early::read_signed_in))
        .service(resource("/early/{token}").name("early").get(early::by_link).post(early::read_by_link));
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
