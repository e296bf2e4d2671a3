//! Saying what was done about an alert.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{AcknowledgeDrift, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::AlertId;
use crate::review::claim::person;
use crate::review::consistency::model::AlertState;
use crate::schema::drift_alert;

/// Acknowledges the permit's alert with a note.
///
/// # Errors
/// [`Error::Invalid`] without a note, [`Error::Conflict`] when somebody else was first.
pub fn acknowledge_alert(
    tx: &mut Tx<'_>,
    permit: &Permit<AcknowledgeDrift>,
    note: &str,
) -> Result<Recorded<()>> {
    let (now, me, id) = (tx.now(), person(permit)?, AlertId::new(permit.id()));
    if note.trim().is_empty() {
        return Err(Error::field("note", "Say what you found or did"));
    }
    let done = diesel::update(
        drift_alert::table.filter(drift_alert::id.eq(id)).filter(drift_alert::state.eq(AlertState::Open)),
    )
    .set((
        drift_alert::state.eq(AlertState::Acknowledged),
        drift_alert::note.eq(note),
        drift_alert::acknowledged_by.eq(Some(me)),
        drift_alert::acknowledged_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if done == 0 {
        return Err(Error::Conflict("The alert has been acknowledged already, or is over.".to_owned()));
    }
    let data = json!({"note_sha256": hex(&sha256(note.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "drift_acknowledged", format!("alert/{id}"), data), ())
}
