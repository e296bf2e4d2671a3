//! Keeping what was read from an uploaded workbook, so that its preview can be looked at, left and come back to.

use diesel::prelude::*;
use serde_json::json;

use super::archive::Format;
use super::same_edition::is_of_edition;
use super::workbook_in::Uploaded;
use crate::access::{FillInOffline, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, WorkbookId};
use crate::returns::store::Found;
use crate::schema::workbook;

/// How long an upload that was not applied is kept, in seconds: seven days.
const KEPT: i64 = 7 * 24 * 3600;

/// A workbook that was read.
#[derive(Debug)]
pub(super) struct NewWorkbook {
    /// The name it was uploaded under.
    pub file_name: String,
    /// What kind it is.
    pub format: Format,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// What was read.
    pub uploaded: Uploaded,
}

/// Keeps the workbook; nothing of the return is changed.
///
/// # Errors
/// [`Error::Refused`] when the collection takes no returns any more; [`Error::Invalid`] when the workbook is not one of
/// this return.
pub(super) fn take_in(
    tx: &mut Tx<'_>,
    permit: &Permit<FillInOffline>,
    found: &Found,
    new: &NewWorkbook,
) -> Result<Recorded<WorkbookId>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    let same = is_of_edition(tx.conn(), found.edition.id(), &new.uploaded.edition)?;
    if let Some(fault) = new.uploaded.faults(&found.into(), same).into_iter().next() {
        return Err(Error::field("file", fault));
    }
    let by = permit.actor().id().ok_or_else(|| Error::broken("a workbook is uploaded by a person"))?;
    let now = tx.now();
    // The same file from the same person again, after a lost answer or a double press, is the same upload.
    let there: Option<WorkbookId> = workbook::table
        .filter(workbook::return_id.eq(found.id))
        .filter(workbook::uploaded_by.eq(by))
        .filter(workbook::sha256.eq(&new.sha256[..]))
        .filter(workbook::applied_at.is_null())
        .filter(workbook::expires_at.ge(now))
        .select(workbook::id)
        .first(tx.conn())
        .optional()?;
    let id = match there {
        Some(id) => id,
        None => insert(tx, by, found, new)?,
    };
    let data = json!({
        "return": found.id,
        "sha256": hex(&new.sha256),
        "format": new.format.as_str(),
        "rows": new.uploaded.rows.len(),
        "repeated": there.is_some(),
    });
    ledger::append(tx, &Event::of(permit, "workbook_uploaded", format!("workbook/{id}"), data), id)
}

fn insert(tx: &mut Tx<'_>, by: PersonId, found: &Found, new: &NewWorkbook) -> Result<WorkbookId> {
    let content = serde_json::to_string(&new.uploaded)
        .map_err(|e| Error::internal("failed to keep what was read from a workbook", e))?;
    let now = tx.now();
    Ok(diesel::insert_into(workbook::table)
        .values((
            workbook::organisation_id.eq(found.organisation),
            workbook::return_id.eq(found.id),
            workbook::file_name.eq(&new.file_name),
            workbook::format.eq(new.format.as_str()),
            workbook::sha256.eq(&new.sha256[..]),
            workbook::content.eq(content),
            workbook::uploaded_by.eq(by),
            workbook::uploaded_at.eq(now),
            workbook::expires_at.eq(now.plus_seconds(KEPT)),
        ))
        .returning(workbook::id)
        .get_result(tx.conn())?)
}
