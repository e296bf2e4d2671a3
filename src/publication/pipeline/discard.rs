//! Giving up a release that was never public. Its record stays.

use serde_json::json;

use super::store;
use crate::access::{DiscardRelease, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::publication::release::{ReleaseSummary, Step};

/// Discards it.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when somebody else changed it first.
pub fn discard_release(
    tx: &mut Tx<'_>,
    permit: &Permit<DiscardRelease>,
    found: &ReleaseSummary,
) -> Result<Recorded<()>> {
    store::move_on(tx.conn(), found, Step::Discard)?;
    let event = Event::of(
        permit,
        "release.discarded",
        format!("release/{}", found.id),
        json!({"document": hex(&found.document_hash)}),
    );
    ledger::append(tx, &event, ())
}
