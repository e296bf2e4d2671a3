//! The pages of decisions and letters.

mod beside;
mod decision;
mod letter;

pub(in crate::review) use beside::{BesideOutcome, DecisionNote};
pub(super) use decision::{DecisionPage, Typed};
pub(super) use letter::{LetterPage, Preview};

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::review) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<DecisionPage>()?, PageCheck::of::<LetterPage>()?])
}
