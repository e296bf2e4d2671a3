//! When the rules of an edition in use were wrong: a standards editor drafts a correction, a job previews what it makes of
//! every return, a second person approves it, and the corrected results come into force all at once, beside the old ones.
//! Organisations whose result changes are told; the publication marks its figures by what [`notices`] gives.

mod compute;
mod decide;
mod draft;
mod form;
mod inputs;
mod jobs;
mod keep;
mod listing;
mod mail;
mod model;
mod notices;
mod of_return;
mod pages;
mod preview;
mod put_in_force;
mod run;
mod store;
mod tell;
mod verify;
mod web;

pub use decide::{Decision, STALE, STATEMENT_LIMIT, SecondPerson, decide_correction};
pub use draft::{NewCorrection, REASON_LIMIT, discard_correction, draft_correction, edit_correction};
pub use jobs::handlers;
pub use listing::{Filter, Group, Listed, Meeting, groups, list, meeting, meeting_of};
pub use model::{CorrectionState, Run, Step};
pub use notices::{Notice, RevisedGrade, notices, notices_mark, revised_grades};
pub use pages::page_checks;
pub use preview::{MayPreview, preview_correction};
pub use store::Correction;
pub use verify::verify;
pub use web::routes;

use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, RuleCorrectionId};

/// The correction with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn correction(conn: &mut Conn, id: RuleCorrectionId) -> Result<Correction> {
    store::correction(conn, id)
}

/// The correction of an edition that counts so many.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn numbered(conn: &mut Conn, of: EditionId, number: i64) -> Result<Correction> {
    let all = store::corrections(conn, Some(of))?;
    all.into_iter().find(|one| one.number == number).ok_or(Error::NotFound)
}

/// The address of a correction.
pub(crate) fn correction_href(edition: &str, number: i64) -> String {
    format!("/standards/{edition}/corrections/{number}")
}

/// Whether an approved correction of an edition is being worked out, so that its results are about to change.
///
/// # Errors
/// When the database cannot be asked.
pub fn is_rescoring(conn: &mut Conn, of: EditionId) -> Result<bool> {
    let all = store::corrections(conn, Some(of))?;
    Ok(all.iter().any(|one| one.state == CorrectionState::Rescoring))
}
