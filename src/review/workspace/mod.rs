//! The reviewer's workspace: one requirement on one screen with everything that its decision rests on, the place where a
//! reviewer stopped, flags to come back to, and agreeing at once where nothing differs from last year's decision.

mod agree;
mod checks;
mod desk;
mod facts;
mod flag;
mod list;
mod place;
mod store;

pub use agree::agree_with;
pub use flag::{Flagged, flag_answer};

pub(super) use agree::{Candidates, candidates};
pub(super) use checks::Weight;
pub(super) use desk::{Desk, desk};
pub(super) use facts::FileFact;
pub(super) use list::{Entry, Show, entries};
pub(super) use place::{Places, Then, keep_place, place_of};
pub(super) use store::{DecidedBy, Happened, happened};
