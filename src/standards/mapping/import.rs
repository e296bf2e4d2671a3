//! Importing a mapping without a person: from the command line, and for the demonstration.

use serde_json::json;

use super::begin::ends;
use super::check::faults;
use super::model::{Line, MappingState};
use super::store;
use crate::access::{ImportMappingBySystem, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::MappingId;

/// Imports lines as the next version of the mapping between the editions with these keys, as a draft or in force.
///
/// # Errors
/// [`Error::Invalid`] with everything that does not fit; [`Error::Refused`] when somebody works on a draft.
pub fn import_mapping(
    tx: &mut Tx<'_>,
    permit: &Permit<ImportMappingBySystem>,
    (from, to): (&str, &str),
    lines: &[Line],
    in_force: bool,
) -> Result<Recorded<MappingId>> {
    let (from, to) = ends(tx.conn(), from, to)?;
    let found = faults(lines, from.edition(), to.edition());
    if !found.is_empty() {
        let field = |fault: super::check::LineFault| FieldError {
            field: format!("line {}", fault.line + 1),
            message: fault.message,
        };
        return Err(Error::Invalid(found.into_iter().map(field).collect()));
    }
    let versions = store::versions(tx.conn(), from.id(), to.id())?;
    if versions.iter().any(|(_, _, state)| *state == MappingState::Draft) {
        return Err(Error::Refused(
            "A draft of this mapping is being worked on: put it in force or discard it first.".to_owned(),
        ));
    }
    let id = store::insert(tx, (from.id(), to.id()), lines, None)?;
    let mapping = store::mapping(tx.conn(), id)?;
    if in_force {
        store::put_in_force(tx, &mapping, mapping.revision, None)?;
    }
    let data = json!({
        "from": from.edition().key(),
        "to": to.edition().key(),
        "version": mapping.version,
        "lines": lines.len(),
        "lines_sha256": hex(&mapping.lines_hash),
        "in_force": in_force,
    });
    ledger::append(tx, &Event::of(permit, "mapping_imported", format!("mapping/{id}"), data), id)
}
