//! Who reviews what: reviewers with what they know, what they can take and when they are away; reviews given to them by
//! hand or by a run that says for each why; and nobody ever given one that a conflict of interest bars them from.

mod absence;
mod allocate;
mod cover;
mod mail;
mod pages;
mod plan;
mod reading;
mod reviewer;
mod run;
mod store;
mod unconflicted;
mod web;

pub use absence::{NewAbsence, end_absence, record_absence};
pub use allocate::{Room, allocate_review};
pub(super) use cover::copy_to_cover;
pub(super) use mail::{GivenBack, given_back};
pub(super) use pages::{
    AbsencesPage, AllocationPage, ByHandPage, ChosenPage, OnOverview, OnQueue, PreviewPage, ReviewerPage,
};
pub(super) use reading::on_overview;
pub use reviewer::{ReviewerSettings, keep_reviewer};
pub use run::{Allotted, Chosen, allocate_many, move_to_cover, run_allocation, take_back};
pub use unconflicted::Unconflicted;
pub(super) use unconflicted::hold_person;
pub(super) use web::routes;

use crate::review::model::ReviewState;

/// States in which a review can be given to somebody: it waits in the queue, or is in somebody's hands.
pub(super) const CHOSEN_STATES: [ReviewState; 3] =
    [ReviewState::Queued, ReviewState::Claimed, ReviewState::Query];

/// Reviews that a reviewer can have in hand at a time unless the programme manager says otherwise: a local rule.
pub const USUAL_CAPACITY: i64 = 10;
