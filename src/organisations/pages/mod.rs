//! Pages of the register: imports, the quarantine, the search of the central team.

mod imports;
mod new_import;
mod quarantine;
mod quarantined_row;
mod search;

use crate::platform::pages::{PageCheck, PagesError};

pub use imports::source_words;
pub(super) use imports::{ImportPage, ImportsPage};
pub(super) use new_import::{ImportForm, NewImportPage};
pub(super) use quarantine::{QuarantineForm, QuarantinePage};
pub(super) use quarantined_row::{Quarantined, QuarantinedRowPage, outcome_words};
pub(super) use search::{SearchForm, SearchPage};

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    let mut checks = super::corrections::page_checks()?;
    checks.extend([
        PageCheck::of::<ImportsPage>()?,
        PageCheck::of::<ImportPage>()?,
        PageCheck::of::<NewImportPage>()?,
        PageCheck::of::<QuarantinePage>()?,
        PageCheck::of::<QuarantinedRowPage>()?,
        PageCheck::of::<SearchPage>()?,
    ]);
    Ok(checks)
}
