//! The moves of a return that its review calls for, each recorded for itself.

use diesel::prelude::*;
use serde_json::json;

use super::model::{ReturnState, Step};
use super::store::{self, Which};
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReturnId;
use crate::schema::annual_return;

/// A reviewer has claimed it, or every question has been answered.
///
/// # Errors
/// [`Error::Conflict`] when the return is not where it can be moved from.
pub fn mark_under_review<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
) -> Result<Recorded<ReturnState>> {
    step(tx, permit, id, &[Step::BeginReview, Step::Resume])
}

/// The reviewer has given it back to the queue.
///
/// # Errors
/// As [`mark_under_review`].
pub fn mark_released<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
) -> Result<Recorded<ReturnState>> {
    step(tx, permit, id, &[Step::ReleaseReview])
}

/// A reviewer waits for the organisation's reply.
///
/// # Errors
/// As [`mark_under_review`].
pub fn mark_query<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
) -> Result<Recorded<ReturnState>> {
    step(tx, permit, id, &[Step::Ask])
}

/// The review is finished with this grade.
///
/// # Errors
/// As [`mark_under_review`].
pub fn mark_decided<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
    grade: &str,
) -> Result<Recorded<ReturnState>> {
    let recorded = step(tx, permit, id, &[Step::Decide])?;
    diesel::update(annual_return::table.filter(annual_return::id.eq(id)))
        .set(annual_return::final_grade.eq(Some(grade)))
        .execute(tx.conn())?;
    Ok(recorded)
}

/// A decided review is taken up again. The grade stays until another is decided.
///
/// # Errors
/// As [`mark_under_review`].
pub fn mark_review_reopened<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
) -> Result<Recorded<ReturnState>> {
    step(tx, permit, id, &[Step::ReopenReview])
}

/// A decision was changed after the fact: the return stays where it is, with this grade.
///
/// # Errors
/// [`Error::Conflict`] when the return is not decided.
pub fn mark_regraded<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
    grade: &str,
) -> Result<Recorded<()>> {
    let changed = diesel::update(
        annual_return::table
            .filter(annual_return::id.eq(id))
            .filter(annual_return::state.eq_any([ReturnState::Decided, ReturnState::Published])),
    )
    .set(annual_return::final_grade.eq(Some(grade)))
    .execute(tx.conn())?;
    if changed == 0 {
        return Err(Error::Conflict("The return is no longer decided.".to_owned()));
    }
    let event = Event::of(permit, "return_regraded", format!("return/{id}"), json!({"grade": grade}));
    ledger::append(tx, &event, ())
}

/// The review of the head office that submitted it gives it this grade.
pub(super) fn decide_with_head_office<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
    grade: &str,
) -> Result<Recorded<ReturnState>> {
    let recorded = step(tx, permit, id, &[Step::DecideWithHeadOffice])?;
    diesel::update(annual_return::table.filter(annual_return::id.eq(id)))
        .set(annual_return::final_grade.eq(Some(grade)))
        .execute(tx.conn())?;
    Ok(recorded)
}

/// Its grade is in a release.
///
/// # Errors
/// As [`mark_under_review`].
pub fn mark_published<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
) -> Result<Recorded<ReturnState>> {
    step(tx, permit, id, &[Step::Publish])
}

/// Takes the first of the steps that can be taken from where the return stands.
pub(super) fn step<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    id: ReturnId,
    steps: &[Step],
) -> Result<Recorded<ReturnState>> {
    let found = store::find(tx.conn(), Which::Id(id))?.ok_or(Error::NotFound)?;
    let Some(to) = steps.iter().find_map(|step| found.state.after(*step)) else {
        return Err(Error::Conflict(format!("The return is {} now.", found.state.words().to_lowercase())));
    };
    store::move_on(tx, &found, to)?;
    let data = json!({"from": found.state, "to": to});
    let event =
        Event::of(permit, "return_moved", format!("return/{id}"), data).in_organisation(found.organisation);
    ledger::append(tx, &event, to)
}
