//! Putting a mapping in force: returns that are started from now on follow it, and it never changes any more.

use serde_json::json;

use super::check::faults;
use super::store;
use crate::access::{Permit, PutMappingInForce};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::MappingId;
use crate::standards::store::edition;

/// Puts a draft in force, in the place of the version that was; gives its version. Requirements that nobody decided
/// about count as new and as retired.
///
/// # Errors
/// [`Error::Invalid`] with everything that does not fit; [`Error::Conflict`] when the draft is not at the revision that
/// the person saw.
pub fn put_in_force(
    tx: &mut Tx<'_>,
    permit: &Permit<PutMappingInForce>,
    revision: i64,
) -> Result<Recorded<i64>> {
    let mapping = store::mapping(tx.conn(), MappingId::new(permit.id()))?;
    let (from, to) = (edition(tx.conn(), mapping.from)?, edition(tx.conn(), mapping.to)?);
    let found = faults(&mapping.lines, &from, &to);
    if !found.is_empty() {
        let field =
            |fault: super::check::LineFault| FieldError { field: "lines".to_owned(), message: fault.message };
        return Err(Error::Invalid(found.into_iter().map(field).collect()));
    }
    store::put_in_force(tx, &mapping, revision, permit.actor().id())?;
    let data = json!({
        "from": from.key(),
        "from_hash": from.hash(),
        "to": to.key(),
        "to_hash": to.hash(),
        "version": mapping.version,
        "lines": mapping.lines.len(),
        "lines_sha256": hex(&mapping.lines_hash),
    });
    let event = Event::of(permit, "mapping_in_force", format!("mapping/{}", mapping.id), data);
    ledger::append(tx, &event, mapping.version)
}
