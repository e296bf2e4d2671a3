//! Brings together what the quality checks look at.

use diesel::prelude::*;

use super::checks::{self, Check, Inputs};
use super::store::{self, Course};
use crate::corrections;
use crate::platform::canonical::sha256;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EditionId;
use crate::publication::document::Document;
use crate::publication::guard;
use crate::publication::release::ReleaseSummary;
use crate::publication::store as releases;
use crate::schema::{collection, import_run};

/// What the checks say of a release now.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::publication) fn checks_of(
    conn: &mut Conn,
    found: &ReleaseSummary,
    course: &Course,
    now: Timestamp,
) -> Result<Vec<Check>> {
    let text = releases::document_of(conn, found.id)?;
    let document = Document::read(&text)?;
    let last = last_public(conn, found)?;
    let explanations = store::explanations(conn, found.id)?;
    let not_reckoned_with = guard::not_reckoned_with(conn, found, &document)?;
    let inputs = Inputs {
        document: &document,
        intact: sha256(text.as_bytes())[..] == found.document_hash[..],
        last: last.as_ref(),
        commentary: &course.commentary,
        contact: &course.contact,
        is_revision: is_revision(conn, found)?,
        reason: &course.reason,
        not_reckoned_with: not_reckoned_with.as_deref(),
        rescoring: is_rescored(conn, found)?,
        register: register_at(conn)?,
        today: now.london_day(),
    };
    Ok(checks::run(&inputs, &explanations))
}

/// Reads checks as they were kept.
///
/// # Errors
/// When the stored text is no list of checks, which is a fault.
pub(in crate::publication) fn kept(course: &Course) -> Result<Vec<Check>> {
    serde_json::from_str(&course.checks)
        .map_err(|e| Error::internal("failed to read the quality checks of a release", e))
}

/// The document of the last public release of the same series.
fn last_public(conn: &mut Conn, found: &ReleaseSummary) -> Result<Option<Document>> {
    let all = releases::all_releases(conn)?;
    let last = all.into_iter().find(|one| {
        one.state.is_public() && one.series == found.series && one.id != found.id && one.as_at <= found.as_at
    });
    match last {
        Some(last) => Ok(Some(Document::read(&releases::document_of(conn, last.id)?)?)),
        None => Ok(None),
    }
}

/// Whether figures of the same source are public already.
pub(in crate::publication) fn is_revision(conn: &mut Conn, found: &ReleaseSummary) -> Result<bool> {
    let all = releases::all_releases(conn)?;
    Ok(all.iter().any(|one| one.state.is_public() && one.source == found.source && one.id != found.id))
}

/// Whether the rules behind the figures are being corrected, or were since they were taken.
pub(in crate::publication) fn is_rescored(conn: &mut Conn, found: &ReleaseSummary) -> Result<bool> {
    if releases::rules_changed_since(conn, found)? {
        return Ok(true);
    }
    let Some(id) = found.collection else { return Ok(false) };
    let edition: EditionId =
        collection::table.filter(collection::id.eq(id)).select(collection::edition_id).first(conn)?;
    corrections::is_rescoring(conn, edition)
}

/// When an import last brought the register of organisations up to date.
fn register_at(conn: &mut Conn) -> Result<Option<Timestamp>> {
    Ok(import_run::table
        .filter(import_run::refusal.is_null())
        .select(diesel::dsl::max(import_run::finished_at))
        .first::<Option<Timestamp>>(conn)?)
}
