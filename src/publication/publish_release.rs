//! Publishing a prepared release: once, for good. Earlier releases of its series stay readable.

use serde_json::json;

use super::record::Record;
use super::release::{ReleaseState, ReleaseSummary, Source};
use super::store;
use crate::access::{Action, Permit, PublishBySystem, PublishRelease, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};

/// Proof that a release may be published: a publisher's permit or the command line's.
pub trait MayPublish: Action {}
impl MayPublish for PublishRelease {}
impl MayPublish for PublishBySystem {}

/// What the permit of a publisher is for.
///
/// # Errors
/// When the database cannot be asked.
pub fn release_subject(conn: &mut Conn, key: &str) -> Result<Option<(Subject, ReleaseSummary)>> {
    Ok(store::release_by_key(conn, key)?.map(|found| {
        let subject =
            Subject { kind: "release", id: found.id.get(), organisation: None, state: found.state.as_str() };
        (subject, found)
    }))
}

/// Publishes a draft. A release that is public already is refused and stays as it is.
///
/// # Errors
/// [`Error::Refused`] when it is not a draft, [`Error::Conflict`] when somebody else changed it first.
pub fn publish_release<A: MayPublish>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    found: &ReleaseSummary,
) -> Result<Recorded<String>> {
    if found.state != ReleaseState::Draft {
        return Err(Error::Refused(format!("The release {} is public already.", found.key)));
    }
    if store::rules_changed_since(tx.conn(), found)? {
        return Err(Error::Refused(format!(
            "The rules were corrected after the release {} was prepared. Prepare it again: its grades are of the old \
             rules.",
            found.key
        )));
    }
    let now = tx.now();
    if !store::mark_published(tx.conn(), found, now)? {
        return Err(Error::Conflict(format!("The release {} was changed meanwhile.", found.key)));
    }
    let superseded = store::settle_series(tx.conn(), &found.series)?;
    if matches!(found.source, Source::Collection(_)) {
        let records: Vec<Record> = store::rows_of(tx.conn(), found.id)?;
        store::insert_statuses(tx.conn(), found.id, &found.key, &found.edition, &records, now)?;
    }
    let event = Event::of(
        permit,
        "release.published",
        format!("release/{}", found.id),
        json!({"key": found.key, "document": hex(&found.document_hash), "supersedes": superseded}),
    );
    ledger::append(tx, &event, found.key.clone())
}
