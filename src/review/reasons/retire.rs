//! Retiring a reason of the library, and offering it again. What was decided with it stays as it was.

use diesel::prelude::*;
use serde_json::json;

use super::model::ReasonState;
use crate::access::{Action, Permit, RestoreReason, RetireReason};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReasonId;
use crate::schema::review_reason;

/// Retires the permit's reason.
///
/// # Errors
/// [`Error::Conflict`] when somebody else did it first.
pub fn retire_reason(tx: &mut Tx<'_>, permit: &Permit<RetireReason>) -> Result<Recorded<()>> {
    move_to(tx, permit, (ReasonState::Kept, ReasonState::Retired), "reason_retired")
}

/// Offers the permit's retired reason again.
///
/// # Errors
/// [`Error::Conflict`] when somebody else did it first.
pub fn restore_reason(tx: &mut Tx<'_>, permit: &Permit<RestoreReason>) -> Result<Recorded<()>> {
    move_to(tx, permit, (ReasonState::Retired, ReasonState::Kept), "reason_restored")
}

fn move_to<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    (from, to): (ReasonState, ReasonState),
    kind: &'static str,
) -> Result<Recorded<()>> {
    let id = ReasonId::new(permit.id());
    let moved = diesel::update(
        review_reason::table.filter(review_reason::id.eq(id)).filter(review_reason::state.eq(from)),
    )
    .set(review_reason::state.eq(to))
    .execute(tx.conn())?;
    if moved == 0 {
        return Err(Error::Conflict("Somebody else has done this already.".to_owned()));
    }
    ledger::append(tx, &Event::of(permit, kind, format!("reason/{id}"), json!({})), ())
}
