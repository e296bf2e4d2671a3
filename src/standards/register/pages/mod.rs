//! Pages of the register of requirements, and of proposals for change.

mod proposals;
mod register;

pub(super) use proposals::{NewForm, ProposalsPage};
pub(super) use register::{AnnounceForm, RegisterPage};

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::standards) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<RegisterPage>()?, PageCheck::of::<ProposalsPage>()?])
}
