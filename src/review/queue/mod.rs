//! The reviewers' queue: how a submission gets into it, and the whole nation's reviews of every year as a list that is
//! filtered, sorted, counted and paged from memory, exactly as the database has them.

pub(super) mod age;
pub(super) mod columns;
mod csv;
mod enqueue;
pub(super) mod filter;
pub(super) mod listing;
pub(super) mod pages;
mod pages_samples;
mod register;
pub(super) mod roll;
mod rows;
mod store;
pub(super) mod views;
pub(super) mod web;

pub use enqueue::queue_submission;

use crate::platform::http::{Routes, resource};
use crate::platform::pages::{PageCheck, PagesError};

/// The addresses of the queue's file and of its views.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/queue.csv").name("reviews-file").get(web::file))
        .service(
            resource("/reviews/views").name("reviews-views").get(views::web::list).post(views::web::save),
        )
        .service(
            resource("/reviews/views/{id}")
                .name("reviews-view")
                .get(views::web::show)
                .post(views::web::change),
        )
        .service(
            resource("/reviews/views/{id}/default").name("reviews-view-default").post(views::web::start_with),
        )
        .service(resource("/reviews/views/{id}/remove").name("reviews-view-remove").post(views::web::remove));
}

/// The checks of these pages.
pub(super) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<pages::QueuePage>()?,
        PageCheck::of::<views::pages::ViewsPage>()?,
        PageCheck::of::<views::pages::ViewPage>()?,
    ])
}
