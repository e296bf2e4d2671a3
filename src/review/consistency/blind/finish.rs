//! Finishing a blind case as a whole; and noticing that a first review is done whose submission is of the sample. Whoever
//! finishes last has both compared in the same transaction, so that nobody meets two finished scores that still bar.

use diesel::prelude::*;
use serde_json::json;

use super::assign::{moved_on, own};
use super::case::{find_case, hold_first};
use super::compare::compare_scores;
use super::sheet::BlindSheet;
use crate::access::{Actor, Permit, ScoreBlind};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, ReviewId};
use crate::review::claim::person;
use crate::review::consistency::model::BlindState;
use crate::review::model::ReviewState;
use crate::schema::blind_case;

/// Finishes the case: its scores are fixed, and are compared at once where the first review is done already.
///
/// # Errors
/// [`Error::Refused`] while a score is missing, [`Error::Conflict`] when the case is no longer at `version`.
pub fn finish_blind_case(tx: &mut Tx<'_>, permit: &Permit<ScoreBlind>, version: i64) -> Result<Recorded<()>> {
    let (now, id) = (tx.now(), BlindCaseId::new(permit.id()));
    let case = find_case(tx.conn(), id)?;
    own(&case, person(permit)?)?;
    let first = hold_first(tx, id)?;
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
    let data = json!({"scores": sheet.lines.iter().filter(|line| line.score.is_some()).count()});
    let event = Event::of(permit, "blind_case_finished", format!("blind/{id}"), data);
    let finished = ledger::append(tx, &event, ())?;
    if matches!(first, ReviewState::Second | ReviewState::Decided) {
        compare(tx, id)?;
    }
    Ok(finished)
}

/// A first review is done, and its row is held: if its submission was scored blind as well, both are compared.
///
/// # Errors
/// When the database cannot be asked or written.
pub(in crate::review) fn first_is_done(tx: &mut Tx<'_>, review: ReviewId) -> Result<()> {
    let waiting: Option<BlindCaseId> = blind_case::table
        .filter(blind_case::review_id.eq(review))
        .filter(blind_case::state.eq(BlindState::Finished))
        .select(blind_case::id)
        .first(tx.conn())
        .optional()?;
    waiting.map_or(Ok(()), |id| compare(tx, id))
}

/// Lays both scores side by side for the system: neither scorer is whose act this is.
fn compare(tx: &mut Tx<'_>, id: BlindCaseId) -> Result<()> {
    let subject = find_case(tx.conn(), id)?.subject();
    compare_scores(tx, &Permit::grant(&Actor::system(), Some(subject))?)?;
    Ok(())
}
