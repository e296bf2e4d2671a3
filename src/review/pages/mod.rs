//! The pages of reviews, as typed structs for their templates.

mod agree;
pub(super) mod answer;
mod confirm;
mod interests;
mod keys;
mod outcome;
mod overview;
mod parts;
mod rules;
mod sites;
mod workspace;

pub(super) use agree::{AgreePage, Chosen};
pub(super) use confirm::ConfirmPage;
pub(super) use interests::{Declared, EndInterestPage, InterestsPage, TypedInterest};
pub(super) use keys::KeysPage;
pub(super) use outcome::OutcomePage;
pub(super) use overview::{OverviewPage, Typed};
pub(super) use parts::{Cell, paragraphs, size_words};
pub(super) use sites::SitesPage;
pub(super) use workspace::{Attempt, Viewed, WorkspacePage, after_deciding, requirement_href};

use super::allocation::{AbsencesPage, AllocationPage, ByHandPage, ChosenPage, PreviewPage, ReviewerPage};
use super::reasons::{ReasonPage, ReasonsPage};
use super::risk::{SignalFilePage, SignalPage, SignalsPage, WeightsPage, WhyPage};
use crate::platform::pages::{PageCheck, PagesError};

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    let mut checks = vec![
        PageCheck::of::<OverviewPage>()?,
        PageCheck::of::<SitesPage>()?,
        PageCheck::of::<WorkspacePage>()?,
        PageCheck::of::<ConfirmPage>()?,
        PageCheck::of::<InterestsPage>()?,
        PageCheck::of::<EndInterestPage>()?,
        PageCheck::of::<AllocationPage>()?,
        PageCheck::of::<PreviewPage>()?,
        PageCheck::of::<ByHandPage>()?,
        PageCheck::of::<ChosenPage>()?,
        PageCheck::of::<ReviewerPage>()?,
        PageCheck::of::<AbsencesPage>()?,
        PageCheck::of::<WeightsPage>()?,
        PageCheck::of::<WhyPage>()?,
        PageCheck::of::<SignalsPage>()?,
        PageCheck::of::<SignalPage>()?,
        PageCheck::of::<SignalFilePage>()?,
        PageCheck::of::<OutcomePage>()?,
        PageCheck::of::<AgreePage>()?,
        PageCheck::of::<KeysPage>()?,
        PageCheck::of::<ReasonsPage>()?,
        PageCheck::of::<ReasonPage>()?,
    ];
    checks.extend(super::queue::page_checks()?);
    checks.extend(super::dashboard::page_checks()?);
    checks.extend(super::queries::page_checks()?);
    checks.extend(super::consistency::page_checks()?);
    checks.extend(super::letters::page_checks()?);
    checks.extend(super::challenge::page_checks()?);
    checks.extend(super::closing::page_checks()?);
    Ok(checks)
}
