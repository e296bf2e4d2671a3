//! The pages of reviews, as typed structs for their templates.

mod answer;
mod confirm;
mod interests;
mod outcome;
mod overview;
mod parts;
mod query;
mod queue;
mod sites;
mod workspace;

pub(super) use confirm::ConfirmPage;
pub(super) use interests::InterestsPage;
pub(super) use outcome::OutcomePage;
pub(super) use overview::OverviewPage;
pub(super) use query::QueryPage;
pub(super) use queue::{QueueForm, QueuePage};
pub(super) use sites::SitesPage;
pub(super) use workspace::{Attempt, WorkspacePage, after_deciding};

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<QueuePage>()?,
        PageCheck::of::<OverviewPage>()?,
        PageCheck::of::<SitesPage>()?,
        PageCheck::of::<WorkspacePage>()?,
        PageCheck::of::<ConfirmPage>()?,
        PageCheck::of::<InterestsPage>()?,
        PageCheck::of::<QueryPage>()?,
        PageCheck::of::<OutcomePage>()?,
    ])
}
