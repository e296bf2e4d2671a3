//! Taking all lines of a draft from an uploaded file: they were all right, or nothing is changed.

use super::check::faults;
use super::decide::save;
use super::model::Line;
use super::store;
use crate::access::{EditMapping, Permit};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::MappingId;
use crate::standards::store::edition;

/// Replaces the lines of a draft; gives the new revision.
///
/// # Errors
/// [`Error::Refused`] when a line does not fit the editions, which the file's reader has told of before;
/// [`Error::Conflict`] when the draft is not at the revision that the person saw.
pub fn take_lines(
    tx: &mut Tx<'_>,
    permit: &Permit<EditMapping>,
    revision: i64,
    lines: &[Line],
) -> Result<Recorded<i64>> {
    let mapping = store::mapping(tx.conn(), MappingId::new(permit.id()))?;
    let (from, to) = (edition(tx.conn(), mapping.from)?, edition(tx.conn(), mapping.to)?);
    if let Some(fault) = faults(lines, &from, &to).into_iter().next() {
        return Err(Error::Refused(fault.message));
    }
    save(tx, permit, &mapping, revision, lines)
}
