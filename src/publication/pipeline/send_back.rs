//! Sending a release back to whoever composed it, with a reason. What was approved is approved no longer.

use diesel::prelude::*;
use serde_json::json;

use super::{REASON_LIMIT, ask, settled, store};
use crate::access::{Permit, SendBackRelease};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::publication::release::{ReleaseSummary, Step};
use crate::schema::release_course;

/// Sends it back.
///
/// # Errors
/// [`crate::platform::error::Error::Invalid`] without a reason, `Conflict` when somebody else changed it first.
pub fn send_back(
    tx: &mut Tx<'_>,
    permit: &Permit<SendBackRelease>,
    found: &ReleaseSummary,
    reason: &str,
) -> Result<Recorded<()>> {
    let mut problems = Vec::new();
    ask(&mut problems, "statement", reason, "Say what is to be changed", REASON_LIMIT);
    settled(problems)?;
    store::move_on(tx.conn(), found, Step::SendBack)?;
    diesel::update(release_course::table.filter(release_course::release_id.eq(found.id)))
        .set((
            release_course::sent_back.eq(reason),
            release_course::statement.eq(""),
            release_course::approved_at.eq(None::<Timestamp>),
            release_course::approved_by.eq(None::<PersonId>),
        ))
        .execute(tx.conn())?;
    let event = Event::of(
        permit,
        "release.sent_back",
        format!("release/{}", found.id),
        json!({"reason_sha256": hex(&sha256(reason.as_bytes()))}),
    );
    ledger::append(tx, &event, ())
}
