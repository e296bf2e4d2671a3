//! Corrections of the register's lists of sites: a head office asks, a programme manager accepts, which changes the
//! register, or refuses with a reason, and both see what was asked and answered before.

mod answer;
mod ask;
mod form;
mod mail;
mod model;
mod pages;
mod store;
mod web;

pub use answer::{accept_correction, refuse_correction};
pub use ask::{NewCorrection, ask_correction, withdraw_correction};
pub use model::{CorrectionKind, CorrectionRequest, CorrectionState};
pub(super) use pages::page_checks;
pub use store::correction;
pub(super) use web::routes;
