//! The pages of questions: a thread for either side, a draft with its evidence, and the lists.

mod centre;
mod draft;
mod list;
mod organisation;
mod theirs;

pub(super) use centre::{Given, ThreadPage, Typed};
pub(super) use draft::DraftPage;
pub(super) use list::{ListForm, ListPage};
pub(super) use organisation::{Attempt, QueryPage};
pub(super) use theirs::TheirListPage;

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::review) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<QueryPage>()?,
        PageCheck::of::<DraftPage>()?,
        PageCheck::of::<TheirListPage>()?,
        PageCheck::of::<ThreadPage>()?,
        PageCheck::of::<ListPage>()?,
    ])
}
