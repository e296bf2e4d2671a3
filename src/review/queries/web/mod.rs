//! Questions in the browser: threads and lists for the central team; threads, drafts and their evidence for the
//! organisation.

mod centre;
mod drafts;
mod files;
mod list;
mod organisation;

use actix_web::web;

use crate::platform::clock::Timestamp;
use crate::platform::http::{Routes, TypedDay, resource};
use crate::platform::pages::FormErrors;
use crate::review::model::end_of_office_day;

/// The longest a question may wait for its answer from today on, in days.
const LONGEST_WAIT: i64 = 90;

/// The longest reason and the longest note, in characters.
const REASON_LIMIT: usize = 2000;

/// The lists of the central team, which stand before `/reviews/{id}` because that takes any word.
pub(in crate::review) fn list_routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/queries").name("reviews-queries").route(web::get().to(list::list)))
        .service(
            resource("/reviews/queries.csv").name("reviews-queries-csv").route(web::get().to(list::file)),
        );
}

/// The addresses of questions.
pub(in crate::review) fn routes(routes: &mut Routes) {
    let thread = |name: &str, address: &str| {
        resource(format!("/reviews/{{id}}/queries/{{query}}{address}")).name(name)
    };
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}/queries{address}")).name(name)
    };
    routes
        .service(thread("reviews-thread", "").route(web::get().to(centre::show)))
        .service(thread("reviews-thread-ask", "/ask").route(web::post().to(centre::ask)))
        .service(thread("reviews-thread-time", "/time").route(web::post().to(centre::time)))
        .service(thread("reviews-thread-close", "/close").route(web::post().to(centre::close)))
        .service(page("returns-queries", "").route(web::get().to(organisation::list)))
        .service(
            page("returns-query", "/{id}")
                .route(web::get().to(organisation::show))
                .route(web::post().to(organisation::answer)),
        )
        .service(page("returns-query-time", "/{id}/time").route(web::post().to(organisation::time)))
        .service(
            page("returns-query-evidence", "/{id}/evidence/{evidence}")
                .route(web::get().to(organisation::evidence)),
        )
        .service(
            page("returns-query-draft", "/{id}/drafts/{draft}")
                .route(web::get().to(drafts::show))
                .route(web::post().to(drafts::save)),
        )
        .service(page("returns-query-send", "/{id}/drafts/{draft}/send").route(web::post().to(drafts::send)))
        .service(
            page("returns-query-discard", "/{id}/drafts/{draft}/discard")
                .route(web::post().to(drafts::discard)),
        )
        .service(page("returns-query-file", "/{id}/drafts/{draft}/file").route(web::post().to(files::upload)))
        .service(
            page("returns-query-piece", "/{id}/drafts/{draft}/piece").route(web::post().to(files::choose)),
        )
        .service(
            page("returns-query-detach", "/{id}/drafts/{draft}/files/{evidence}/remove")
                .route(web::post().to(files::remove)),
        );
}

/// The end of the office day that was typed, after today and not too far off; `what` ends "Enter the date ...".
fn reply_day(
    typed: &TypedDay,
    (name, what): (&str, &str),
    now: Timestamp,
    errors: &mut FormErrors,
) -> Option<Timestamp> {
    let day = typed.parse(name, what, errors)?;
    let first = format!("{name}-day");
    match now.london_day().days_until(day) {
        ..1 => {
            errors.add_at(name, first, "The date must be after today");
            None
        }
        wait if wait > LONGEST_WAIT => {
            errors.add_at(name, first, format!("The date must be within {LONGEST_WAIT} days"));
            None
        }
        _ => Some(end_of_office_day(day)),
    }
}
