//! Pages of returns. Each file is one page; what several show stands here.

mod answers;
mod circumstance;
mod conflict;
mod controls;
mod history;
mod home;
mod interim;
mod not_saved;
mod overview;
mod question;
mod receipt;
mod sign;
mod too_late;
mod trial;

use serde::Serialize;

pub(super) use answers::{CheckPage, answer_sections, answer_sections_of};
pub(super) use circumstance::Circumstance;
pub(super) use conflict::{ConflictPage, Kept, Side};
pub(super) use controls::{Controls, controls};
pub(super) use history::{HistoryItem, HistoryPage};
pub(super) use home::{OrganisationPage, Year};
pub(super) use interim::InterimPage;
pub(super) use not_saved::NotSavedPage;
pub(super) use overview::{NextSteps, OverviewPage, Task, task};
pub(super) use question::{Question, QuestionPage};
pub(super) use receipt::ReceiptPage;
pub(super) use sign::{SignForm, SignPage, SignatureRow};
pub(super) use too_late::TooLatePage;
pub(super) use trial::{Signers, TrialPage};

use super::discussion::pages::DiscussionPage;
use super::editions::pages::{ChangesPage, TakeOverPage};
use super::model::{AnswerState, ReturnState};
use super::past::pages::ActivityPage;
use super::sharing::pages::{MinePage, OwnerPage, OwnersPage};
use super::store::Found;
use super::withdrawal::pages::{SubmissionPage, SubmissionsPage, WithdrawPage};
use crate::platform::pages::{Link, PageCheck, PagesError};

/// A coloured word, as the `tag` component takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Tag {
    pub text: &'static str,
    pub colour: &'static str,
}

impl From<AnswerState> for Tag {
    fn from(state: AnswerState) -> Self {
        let colour = match state {
            AnswerState::ToConfirm => "yellow",
            AnswerState::Draft => "blue",
            AnswerState::Confirmed => "green",
        };
        Self { text: state.words(), colour }
    }
}

impl From<ReturnState> for Tag {
    fn from(state: ReturnState) -> Self {
        let colour = match state {
            ReturnState::Draft => "blue",
            ReturnState::Ready | ReturnState::Signed => "yellow",
            ReturnState::Submitted | ReturnState::UnderReview => "purple",
            ReturnState::Query => "orange",
            ReturnState::Decided | ReturnState::Published => "green",
        };
        Self { text: state.words(), colour }
    }
}

/// The way back from a page of a return.
fn way(code: &str, name: &str, year: &str, collection: &str) -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new(name, format!("/organisations/{code}")),
        Link::new(collection, super::return_href(code, year)),
    ]
}

pub(super) fn way_of(found: &Found) -> Vec<Link> {
    way(&found.code, &found.name, &found.collection.key, &found.collection.name)
}

pub(super) fn sample_way() -> Vec<Link> {
    way("ZZ001", "Example Trust", "2026", "Annual collection 2026")
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    let mut checks = vec![
        PageCheck::of::<OrganisationPage>()?,
        PageCheck::of::<OverviewPage>()?,
        PageCheck::of::<QuestionPage>()?,
        PageCheck::of::<ConflictPage>()?,
        PageCheck::of::<NotSavedPage>()?,
        PageCheck::of::<HistoryPage>()?,
        PageCheck::of::<SignPage>()?,
        PageCheck::of::<CheckPage>()?,
        PageCheck::of::<ReceiptPage>()?,
        PageCheck::of::<TrialPage>()?,
        PageCheck::of::<TooLatePage>()?,
        PageCheck::of::<WithdrawPage>()?,
        PageCheck::of::<SubmissionsPage>()?,
        PageCheck::of::<SubmissionPage>()?,
        PageCheck::of::<InterimPage>()?,
        PageCheck::of::<OwnersPage>()?,
        PageCheck::of::<OwnerPage>()?,
        PageCheck::of::<MinePage>()?,
        PageCheck::of::<DiscussionPage>()?,
        PageCheck::of::<ActivityPage>()?,
        PageCheck::of::<ChangesPage>()?,
        PageCheck::of::<TakeOverPage>()?,
    ];
    checks.extend(super::guidance::page_checks()?);
    checks.extend(super::preview::page_checks()?);
    checks.extend(super::library::page_checks()?);
    checks.extend(super::offline::page_checks()?);
    checks.extend(super::plan::page_checks()?);
    checks.extend(super::sites::pages::page_checks()?);
    Ok(checks)
}
