//! The end of a decision: it becomes final when nobody has challenged it in time or the challenge is settled, and a decided
//! review, also a final one, is taken up again with a reason.

mod finalise;
mod mail;
mod pages;
mod reopen;
mod web;

pub(super) use finalise::finalise_by_system;
pub use finalise::{Standing, finalise_due, finalise_review, open_to_challenge};
pub(super) use pages::page_checks;
pub use reopen::reopen_review;
pub(super) use web::routes;
