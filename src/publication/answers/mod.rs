//! The answer matrix of a collection: every submission that counts as one row of bytes, counted by any breakdown in one scan.
//! Releases make theirs from the lines they are composed from; the statistician's page keeps one in memory, brought up to
//! what the database holds before each use.

mod coding;
mod filling;
mod kept;
mod pages;
mod sheet;
pub(super) mod web;

pub use kept::Sheets;
pub(super) use sheet::Kind;
pub use sheet::{Breakdown, Sheet};

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of these pages.
pub(super) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<pages::BreakdownPage>()?])
}
