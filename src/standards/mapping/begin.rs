//! Beginning a mapping between two editions, or a new version of one: as a draft that says what is in force now, or
//! what equal codes and texts suggest.

use serde_json::json;

use super::store;
use super::usual::usual_lines;
use crate::access::{BeginMapping, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::MappingId;
use crate::standards::store::{StoredEdition, edition_by_key};

/// Begins a mapping between the editions with these keys.
///
/// # Errors
/// [`Error::Invalid`] when the editions cannot be mapped; [`Error::Conflict`] when there is a draft already.
pub fn begin_mapping(
    tx: &mut Tx<'_>,
    permit: &Permit<BeginMapping>,
    from: &str,
    to: &str,
) -> Result<Recorded<MappingId>> {
    let (from, to) = ends(tx.conn(), from, to)?;
    let lines = match store::in_force(tx.conn(), from.id(), to.id())? {
        Some(mapping) => mapping.lines,
        None => usual_lines(from.edition(), to.edition()),
    };
    let id = store::insert(tx, (from.id(), to.id()), &lines, permit.actor().id())?;
    let data = json!({
        "from": from.edition().key(),
        "to": to.edition().key(),
        "lines": lines.len(),
    });
    ledger::append(tx, &Event::of(permit, "mapping_begun", format!("mapping/{id}"), data), id)
}

type End = std::sync::Arc<StoredEdition>;

/// The two editions, if a mapping may lead from the one to the other. Within one standard it leads onwards in time, so
/// none leads back; between two standards evidence may serve both ways.
pub(super) fn ends(conn: &mut Conn, from: &str, to: &str) -> Result<(End, End)> {
    let missing = |field: &'static str| move || Error::field(field, "Select an edition");
    let (before, _) = edition_by_key(conn, from)?.ok_or_else(missing("from"))?;
    let (now, _) = edition_by_key(conn, to)?.ok_or_else(missing("to"))?;
    if before.id() == now.id() {
        return Err(Error::field("to", "Select another edition than the one it leads from"));
    }
    let one_standard = before.edition().standard_key() == now.edition().standard_key();
    if one_standard && !store::versions(conn, now.id(), before.id())?.is_empty() {
        return Err(Error::field(
            "to",
            "There is a mapping the other way round already: within one standard they lead from older to newer",
        ));
    }
    Ok((before, now))
}
