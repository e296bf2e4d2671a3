//! Making a release public: once, for good. Earlier releases of its series stay readable. Whoever publishes, and why now,
//! is for the verbs that call this; the operator's own is here.

use serde_json::json;

use super::document::Document;
use super::guard;
use super::pipeline::date_of_release;
use super::record::Record;
use super::release::{ReleaseState, ReleaseSummary, Source, Step};
use super::store;
use crate::access::{Action, Permit, PublishBySystem, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};

/// What the permit of a publisher is for.
///
/// # Errors
/// When the database cannot be asked.
pub fn release_subject(conn: &mut Conn, key: &str) -> Result<Option<(Subject, ReleaseSummary)>> {
    Ok(store::release_by_key(conn, key)?.map(|found| (subject_of(&found), found)))
}

/// What the access table needs to know of a release.
pub(super) const fn subject_of(found: &ReleaseSummary) -> Subject {
    Subject { kind: "release", id: found.id.get(), organisation: None, state: found.state.as_str() }
}

/// Publishes a draft from the command line, outside the calendar: registers of other years, and demonstrations. A release
/// that is public already is refused and stays as it is.
///
/// # Errors
/// [`Error::Refused`] when it is public, discarded or announced for a date, [`Error::Conflict`] when somebody else changed
/// it first.
pub fn publish_release(
    tx: &mut Tx<'_>,
    permit: &Permit<PublishBySystem>,
    found: &ReleaseSummary,
) -> Result<Recorded<String>> {
    if found.state.is_public() {
        return Err(Error::Refused(format!("The release {} is public already.", found.key)));
    }
    if found.state == ReleaseState::Announced {
        let due = date_of_release(tx.conn(), found.id)?.map(|date| date.due_at.london_words());
        return Err(Error::Refused(format!(
            "The release {} is announced for {}. It is published then.",
            found.key,
            due.unwrap_or_default()
        )));
    }
    make_public(tx, permit, found, None)
}

/// Makes a release public in the caller's change. `due` is its announced time: the moment of publication is never before
/// it, nor before that of an earlier release of the series, whatever the machine's clock says.
pub(super) fn make_public<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    found: &ReleaseSummary,
    due: Option<Timestamp>,
) -> Result<Recorded<String>> {
    if found.state.after(Step::Publish).is_none() {
        return Err(Error::Refused(format!(
            "The release {} cannot be published: it is {}.",
            found.key, found.state
        )));
    }
    if store::rules_changed_since(tx.conn(), found)? {
        return Err(Error::Refused(format!(
            "The rules were corrected after the release {} was prepared. Prepare it again: its grades are of the old \
             rules.",
            found.key
        )));
    }
    let document = Document::read(&store::document_of(tx.conn(), found.id)?)?;
    if let Some(other) = guard::not_reckoned_with(tx.conn(), found, &document)? {
        return Err(Error::Refused(format!(
            "The release {other} became public after the figures of {} were taken. Prepare it again: the difference of the \
             two could tell the answers of a few.",
            found.key
        )));
    }
    let earlier = store::last_published(tx.conn(), &found.series)?;
    let at = [due, earlier].into_iter().flatten().fold(tx.now(), Timestamp::max);
    if !store::mark_published(tx.conn(), found, at)? {
        return Err(Error::Conflict(format!("The release {} was changed meanwhile.", found.key)));
    }
    let superseded = store::settle_series(tx.conn(), &found.series)?;
    if matches!(found.source, Source::Collection(_)) {
        let records: Vec<Record> = store::rows_of(tx.conn(), found.id)?;
        store::insert_statuses(tx.conn(), found.id, &found.key, &found.edition, &records, at)?;
    }
    let event = Event::of(
        permit,
        "release.published",
        format!("release/{}", found.id),
        json!({
            "key": found.key,
            "document": hex(&found.document_hash),
            "supersedes": superseded,
            "announced_for": due,
        }),
    );
    ledger::append(tx, &event, found.key.clone())
}
