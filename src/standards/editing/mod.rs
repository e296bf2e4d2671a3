//! Drafts of editions: a standards editor begins one from an edition or a file and changes it in the browser, every save
//! a version; a second editor freezes it, and only then is it an edition.
//!
//! A draft has another number than an edition, [`crate::platform::ids::EditionDraftId`], so nothing that takes an edition
//! can be given a draft, and nothing here changes an edition.

mod begin;
mod change;
mod diff;
mod diff_csv;
mod discard;
mod faults;
mod forms;
mod freeze;
mod model;
mod order;
mod origins;
mod pages;
mod place;
mod propose_freeze;
mod read;
mod rule_forms;
mod rules;
mod said_rules;
mod save;
mod store;
#[cfg(test)]
mod tests;
mod web;

pub use begin::{Beginning, Naming, begin_draft};
pub use change::{Change, Minimum, Stated};
pub use diff::{Diff, DiffMark, Differs};
pub use diff_csv::csv_of;
pub use discard::discard_draft;
pub use faults::{Fault, faults_of};
pub use freeze::{FrozenEdition, freeze_edition};
pub use model::{Content, DraftState, Origins};
pub use order::Way;
pub use origins::lines_of;
pub(super) use pages::page_checks;
pub use propose_freeze::propose_freeze;
pub use read::{Read, compared};
pub use save::save_draft;
pub use store::{Draft, DraftHead, Proposed, draft, draft_by_key, drafts, versions};
pub(super) use web::begin_from_file;
pub(super) use web::routes;

use crate::platform::ids::EditionDraftId;

/// The address of a draft.
#[must_use]
pub fn draft_href(id: EditionDraftId) -> String {
    format!("/standards/drafts/{id}")
}
