//! A draft or an edition as an organisation would see it: the task list and the questions, read-only, with the controls of
//! the question page itself. Here and not among the standards, because what a question looks like is said here.

mod pages;
mod web;

pub(super) use pages::page_checks;
pub(super) use web::routes;
