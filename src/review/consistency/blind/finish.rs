//! Finishing a blind case as a whole; and noticing that a first review is done whose submission is of the sample.

use diesel::prelude::*;
use serde_json::json;

use super::assign::{moved_on, own};
use super::case::find_case;
use super::sheet::BlindSheet;
use crate::access::{Permit, ScoreBlind};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, ReviewId};
use crate::platform::jobs;
use crate::review::claim::person;
use crate::review::consistency::jobs::COMPARE;
use crate::review::consistency::model::BlindState;
use crate::schema::blind_case;

/// Finishes the case: its scores are fixed, and are compared as soon as the first review is done too.
///
/// # Errors
/// [`Error::Refused`] while a score is missing, [`Error::Conflict`] when the case is no longer at `version`.
pub fn finish_blind_case(tx: &mut Tx<'_>, permit: &Permit<ScoreBlind>, version: i64) -> Result<Recorded<()>> {
    let (now, id) = (tx.now(), BlindCaseId::new(permit.id()));
    let case = find_case(tx.conn(), id)?;
    own(&case, person(permit)?)?;
    let sheet = BlindSheet::load(tx.conn(), case)?;
    let wanting = sheet.wanting();
    if let Some(first) = wanting.first() {
        return Err(Error::Refused(format!(
            "{} of the answers have no score yet, the first of them {first}.",
            wanting.len()
        )));
    }
    let moved = diesel::update(
        blind_case::table
            .filter(blind_case::id.eq(id))
            .filter(blind_case::version.eq(version))
            .filter(blind_case::state.eq(BlindState::Assigned)),
    )
    .set((
        blind_case::state.eq(BlindState::Finished),
        blind_case::finished_at.eq(Some(now)),
        blind_case::version.eq(blind_case::version + 1),
    ))
    .execute(tx.conn())?;
    if moved == 0 {
        return Err(moved_on());
    }
    jobs::enqueue(tx, COMPARE, &id.to_string(), now, None)?;
    let data = json!({"scores": sheet.lines.iter().filter(|line| line.score.is_some()).count()});
    ledger::append(tx, &Event::of(permit, "blind_case_finished", format!("blind/{id}"), data), ())
}

/// A first review is done: if its submission was scored blind as well, both are compared.
pub(in crate::review) fn first_is_done(tx: &mut Tx<'_>, review: ReviewId) -> Result<()> {
    let waiting: Option<BlindCaseId> = blind_case::table
        .filter(blind_case::review_id.eq(review))
        .filter(blind_case::state.eq(BlindState::Finished))
        .select(blind_case::id)
        .first(tx.conn())
        .optional()?;
    match waiting {
        Some(id) => {
            let now = tx.now();
            jobs::enqueue(tx, COMPARE, &id.to_string(), now, None)
        }
        None => Ok(()),
    }
}
