//! Announcing that a requirement will be asked no more, and taking that back.

use serde_json::json;

use super::model::{REASON_LIMIT, Stage, StageRow};
use super::store;
use crate::access::{AnnounceRetirement, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::standards::store::edition_by_key;

/// From which year a requirement will be asked no more, and why; or that it stays.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The key of the edition.
    pub edition: String,
    /// The code of the requirement.
    pub code: String,
    /// The label of the first year in which it is not asked; empty where it stays.
    pub from_label: String,
    /// Why.
    pub reason: String,
}

/// Writes an announcement down.
///
/// # Errors
/// [`Error::Invalid`] beside the field that does not fit.
pub fn announce_retirement(
    tx: &mut Tx<'_>,
    permit: &Permit<AnnounceRetirement>,
    new: &Announcement,
) -> Result<Recorded<()>> {
    let (found, _) = edition_by_key(tx.conn(), &new.edition)?.ok_or(Error::NotFound)?;
    if found.edition().requirement(&new.code).is_none() {
        return Err(Error::field("code", "Select a requirement of the edition"));
    }
    if new.reason.is_empty() || new.reason.chars().count() > REASON_LIMIT {
        return Err(Error::field(
            "reason",
            format!("Enter the reason, in at most {REASON_LIMIT} characters"),
        ));
    }
    if new.from_label.chars().count() > 20 {
        return Err(Error::field("from_label", "Use at most 20 characters"));
    }
    let stage = if new.from_label.is_empty() { Stage::InForce } else { Stage::ToRetire };
    let row = StageRow {
        edition: found.id(),
        code: new.code.clone(),
        stage,
        from_label: new.from_label.clone(),
        reason: new.reason.clone(),
    };
    store::set(tx, permit.actor().id(), &row)?;
    let data = json!({
        "edition": new.edition,
        "code": new.code,
        "stage": stage,
        "from": new.from_label,
        "reason_sha256": hex(&sha256(new.reason.as_bytes())),
    });
    let subject = format!("edition/{}", found.id());
    ledger::append(tx, &Event::of(permit, "requirement_stage_set", subject, data), ())
}
