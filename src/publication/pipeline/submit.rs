//! Submitting a release for approval: every quality check is passed or explained, and the list of them is kept.

use diesel::prelude::*;
use serde_json::json;

use super::checks::are_settled;
use super::gather::checks_of;
use super::store;
use crate::access::{Permit, SubmitRelease};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{self, hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::publication::release::{ReleaseSummary, Step};
use crate::schema::release_course;

/// Submits it.
///
/// # Errors
/// [`Error::Refused`] while a check is neither passed nor explained, [`Error::Conflict`] when somebody else changed the
/// release first.
pub fn submit_release(
    tx: &mut Tx<'_>,
    permit: &Permit<SubmitRelease>,
    found: &ReleaseSummary,
) -> Result<Recorded<()>> {
    let (course, now) = (store::course(tx.conn(), found.id)?, tx.now());
    let checks = checks_of(tx.conn(), found, &course, now)?;
    if !are_settled(&checks) {
        return Err(Error::Refused(
            "Not every quality check is passed or explained. The page of the release lists them.".to_owned(),
        ));
    }
    store::move_on(tx.conn(), found, Step::Submit)?;
    store::ensure_course(tx.conn(), found.id)?;
    let kept = canonical::to_string(&checks)?;
    diesel::update(release_course::table.filter(release_course::release_id.eq(found.id)))
        .set((
            release_course::checks.eq(&kept),
            release_course::checked_at.eq(Some(now)),
            release_course::checked_by.eq(permit.actor().id()),
            release_course::sent_back.eq(""),
        ))
        .execute(tx.conn())?;
    let event = Event::of(
        permit,
        "release.submitted",
        format!("release/{}", found.id),
        json!({
            "document": hex(&found.document_hash),
            "commentary_sha256": hex(&sha256(course.commentary.as_bytes())),
            "checks_sha256": hex(&sha256(kept.as_bytes())),
        }),
    );
    ledger::append(tx, &event, ())
}
