//! Pages of taking a return out of the portal and bringing it back.

mod offline;
mod preview;

pub(super) use offline::{BringsBack, OfflinePage, Taken};
pub(super) use preview::{PreviewPage, Seen};

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::returns) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<OfflinePage>()?, PageCheck::of::<PreviewPage>()?])
}
