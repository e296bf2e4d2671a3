//! Baselining: a stratified sample of a collection's organisations, planned with a seed that stands in the ledger before
//! anything is drawn, drawn by the order of a hash, and estimated from those who responded.

mod draw;
mod figures;
mod frame;
mod model;
mod open;
mod pages;
mod pages_samples;
mod plan;
mod reading;
mod store;
mod strata;
mod tables;
mod verify;
pub(super) mod web;

pub use draw::draw_baseline;
pub use model::{AllocationMethod, BaselinePlan};
pub use plan::plan_baseline;
pub use verify::verify;

pub(super) use figures::Responses;
pub(super) use open::OpenSample;
pub(super) use store::drawn as drawn_of;
pub(super) use tables::{estimates, response};

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of these pages.
pub(super) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<pages::BaselinesPage>()?,
        PageCheck::of::<pages::BaselinePage>()?,
        PageCheck::of::<pages::MembersPage>()?,
    ])
}
