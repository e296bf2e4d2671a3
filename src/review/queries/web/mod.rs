//! Questions in the browser: threads and lists for the central team; threads, drafts and their evidence for the
//! organisation.

mod centre;
mod drafts;
mod files;
mod list;
mod organisation;

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
        .service(resource("/reviews/queries").name("reviews-queries").get(list::list))
        .service(resource("/reviews/queries.csv").name("reviews-queries-csv").get(list::file));
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
        .service(thread("reviews-thread", "").get(centre::show))
        .service(thread("reviews-thread-ask", "/ask").post(centre::ask))
        .service(thread("reviews-thread-time", "/time").post(centre::time))
        .service(thread("reviews-thread-close", "/close").post(centre::close))
        .service(page("returns-queries", "").get(organisation::list))
        .service(page("returns-query", "/{id}").get(organisation::show).post(organisation::answer))
        .service(page("returns-query-time", "/{id}/time").post(organisation::time))
        .service(page("returns-query-evidence", "/{id}/evidence/{evidence}").get(organisation::evidence))
        .service(page("returns-query-draft", "/{id}/drafts/{draft}").get(drafts::show).post(drafts::save))
        .service(page("returns-query-send", "/{id}/drafts/{draft}/send").post(drafts::send))
        .service(page("returns-query-discard", "/{id}/drafts/{draft}/discard").post(drafts::discard))
        .service(page("returns-query-file", "/{id}/drafts/{draft}/file").post(files::upload))
        .service(page("returns-query-piece", "/{id}/drafts/{draft}/piece").post(files::choose))
        .service(
            page("returns-query-detach", "/{id}/drafts/{draft}/files/{evidence}/remove").post(files::remove),
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
