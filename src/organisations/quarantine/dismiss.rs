//! Leaving a held-back row out for good.

use diesel::prelude::*;
use serde_json::json;

use super::{quarantined_row, still};
use crate::access::{Permit, ResolveQuarantine};
use crate::ledger::{self, Event, Recorded};
use crate::organisations::model::QuarantineState;
use crate::platform::canonical;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::QuarantineId;
use crate::schema::quarantined_row as q;

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1000;

/// Leaves the permit's row out, with a reason. It stays readable.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Conflict`] when somebody else decided first.
pub fn dismiss(
    tx: &mut Tx<'_>,
    permit: &Permit<ResolveQuarantine>,
    reason: &str,
    version: i64,
) -> Result<Recorded<()>> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", "Say why the row is left out."));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(Error::field(
            "reason",
            format!("The reason must be {LONGEST_REASON} characters or fewer."),
        ));
    }
    let id = QuarantineId::new(permit.id());
    let row = quarantined_row(tx.conn(), id)?;
    still(&row, version)?;
    let resolution = canonical::to_string(&json!({ "reason": reason }))?;
    let now = tx.now();
    let count = diesel::update(
        q::table
            .filter(q::id.eq(id))
            .filter(q::version.eq(version))
            .filter(q::state.eq(QuarantineState::Open)),
    )
    .set((
        q::state.eq(QuarantineState::Dismissed),
        q::resolution.eq(&resolution),
        q::resolved_by.eq(permit.actor().id()),
        q::resolved_at.eq(now),
        q::version.eq(version + 1),
    ))
    .execute(tx.conn())?;
    if count == 0 {
        return Err(Error::Conflict("somebody else has decided about this row meanwhile".to_owned()));
    }
    let data = json!({
        "source": row.format,
        "row": row.row_number,
        "resolution_hash": canonical::hex(&canonical::sha256(resolution.as_bytes())),
    });
    let event =
        Event::of(permit, "organisations.quarantine_dismissed", format!("quarantined_row/{id}"), data);
    ledger::append(tx, &event, ())
}
