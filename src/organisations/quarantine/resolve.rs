//! Taking a held-back row in with corrected cells.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{quarantined_row, still};
use crate::access::{Permit, ResolveQuarantine};
use crate::ledger::{self, Event, Recorded};
use crate::organisations::import::apply_corrected;
use crate::organisations::model::QuarantineState;
use crate::platform::canonical;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::QuarantineId;
use crate::schema::quarantined_row as q;

/// Corrected text of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The column's header as kept in the row.
    pub column: String,
    /// What should have stood there.
    pub text: String,
}

/// Takes the permit's row in with the corrections, as part of the source it came from, and says whether that added
/// or changed an organisation (`added`, `changed` or `unchanged`). `version` is the row's version the decision was
/// made on.
///
/// # Errors
/// [`Error::Invalid`] naming the columns that are still wrong, [`Error::Conflict`] when somebody else decided first.
pub fn resolve(
    tx: &mut Tx<'_>,
    permit: &Permit<ResolveQuarantine>,
    corrections: &[Correction],
    version: i64,
) -> Result<Recorded<&'static str>> {
    let id = QuarantineId::new(permit.id());
    let row = quarantined_row(tx.conn(), id)?;
    still(&row, version)?;
    let pairs: Vec<(String, String)> =
        corrections.iter().map(|c| (c.column.clone(), c.text.clone())).collect();
    let outcome = apply_corrected(tx, &row.format, row.row_number, &row.raw, &pairs)?;
    let resolution = canonical::to_string(&json!({ "corrections": corrections, "outcome": outcome }))?;
    let now = tx.now();
    let count = diesel::update(
        q::table
            .filter(q::id.eq(id))
            .filter(q::version.eq(version))
            .filter(q::state.eq(QuarantineState::Open)),
    )
    .set((
        q::state.eq(QuarantineState::Resolved),
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
        "outcome": outcome,
        "resolution_hash": canonical::hex(&canonical::sha256(resolution.as_bytes())),
    });
    let event = Event::of(permit, "organisations.quarantine_resolved", format!("quarantined_row/{id}"), data);
    ledger::append(tx, &event, outcome)
}
