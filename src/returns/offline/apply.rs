//! Applying a workbook: every change of its preview through the same verb as the website's own saves, all or nothing, and
//! once whatever is pressed twice.

use serde_json::json;

use super::preview::{self, Change, Plan};
use super::store::{self, Workbook};
use super::workbook_in::Uploaded;
use crate::access::{FillInOffline, Permit, SaveAnswer};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::WorkbookId;
use crate::returns::model::StoredAnswer;
use crate::returns::readiness::{lines, return_href};
use crate::returns::save_answer::save_answer;
use crate::returns::store::{Found, Held, answers};

/// What a person chose on the preview.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// The plan that they saw, see [`Plan::fingerprint`].
    pub fingerprint: String,
    /// The conflicts, by requirement code, in which the workbook's answer is to stand.
    pub conflicts: Vec<String>,
}

/// What was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Applied {
    /// Answers changed.
    pub answers: usize,
}

/// The plan of a workbook as things are now.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub(super) fn present_plan(
    conn: &mut Conn,
    found: &Found,
    uploaded: &Uploaded,
    now: Timestamp,
) -> Result<Plan> {
    let stored: Vec<StoredAnswer> = answers(conn, found.id)?;
    let lines = lines(found, &stored, &[] as &[Held], now)?;
    let earlier = store::earlier(conn, &preview::versions_needed(uploaded, &lines))?;
    preview::plan(uploaded, &lines, &earlier)
}

/// Applies the changes that were shown, and the conflicts that were chosen.
///
/// # Errors
/// [`Error::Repeated`] when it was applied before; [`Error::Conflict`] when the answers are not those that the preview
/// was about; [`Error::Invalid`] when nothing was chosen; [`Error::Refused`] when the collection takes no returns any
/// more, or the upload has expired.
pub(super) fn apply_workbook(
    tx: &mut Tx<'_>,
    permit: &Permit<FillInOffline>,
    found: &Found,
    id: WorkbookId,
    chosen: &Chosen,
) -> Result<Recorded<Applied>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    let workbook = store::find(tx.conn(), found.id, id)?.ok_or(Error::NotFound)?;
    // Marked first: whoever presses twice waits here for the first press, and then finds it done.
    if workbook.applied.is_some() || !store::mark_applied(tx, id, permit.actor().id())? {
        return Err(Error::Repeated(return_href(&found.code, &found.collection.key)));
    }
    let (changes, conflicts) = changes(tx, found, &workbook, chosen)?;
    let may_save = found.permit::<SaveAnswer>(permit.actor())?;
    for change in &changes {
        save_answer(tx, &may_save, found, &change.new)?;
    }
    let applied = Applied { answers: changes.len() };
    let count = i64::try_from(changes.len()).map_err(|e| Error::internal("failed to count answers", e))?;
    store::close(tx, id, count)?;
    let data = json!({"return": found.id, "answers": count, "conflicts": conflicts});
    ledger::append(tx, &Event::of(permit, "workbook_applied", format!("workbook/{id}"), data), applied)
}

/// The answers to save, and how many of them are conflicts.
fn changes(
    tx: &mut Tx<'_>,
    found: &Found,
    workbook: &Workbook,
    chosen: &Chosen,
) -> Result<(Vec<Change>, usize)> {
    let uploaded = workbook.uploaded(tx.now())?;
    let now = tx.now();
    let plan = present_plan(tx.conn(), found, &uploaded, now)?;
    if plan.fingerprint()? != chosen.fingerprint {
        return Err(Error::Conflict("An answer was changed after this preview was shown.".to_owned()));
    }
    let wanted: Vec<Change> =
        plan.conflicts.into_iter().filter(|conflict| chosen.conflicts.contains(&conflict.code)).collect();
    let conflicts = wanted.len();
    let mut changes = plan.changes;
    changes.extend(wanted);
    if changes.is_empty() {
        return Err(Error::field("take", "Choose at least one answer to take from the workbook"));
    }
    Ok((changes, conflicts))
}
