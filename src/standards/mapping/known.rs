//! What was computed from editions and mappings, kept in memory under the hash of all that it follows from: the same on
//! every database, and never out of date.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use super::change::EditionChange;
use super::model::Line;
use super::store;
use super::usual::{USUAL_RULE, usual_lines};
use crate::platform::canonical::sha256;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, MappingId};
use crate::standards::model::Edition;
use crate::standards::store::{StoredEdition, stored_edition};

/// Things kept at most; then all are forgotten, which costs a few statements.
const KEPT: usize = 200;

type Shelf<V> = RwLock<HashMap<Vec<u8>, Arc<V>>>;

static CHANGES: LazyLock<Shelf<EditionChange>> = LazyLock::new(RwLock::default);
static LINES: LazyLock<Shelf<Vec<Line>>> = LazyLock::new(RwLock::default);

fn poisoned() -> Error {
    Error::broken("the mappings in memory are poisoned")
}

fn kept<V>(shelf: &Shelf<V>, hash: &[u8]) -> Result<Option<Arc<V>>> {
    Ok(shelf.read().map_err(|_| poisoned())?.get(hash).cloned())
}

fn keep<V>(shelf: &Shelf<V>, hash: &[u8], value: &Arc<V>) -> Result<()> {
    let mut shelf = shelf.write().map_err(|_| poisoned())?;
    if shelf.len() >= KEPT {
        shelf.clear();
    }
    shelf.insert(hash.to_vec(), Arc::clone(value));
    Ok(())
}

/// What a return was compared with when it was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedWith {
    /// The edition that was asked before.
    pub edition: EditionId,
    /// The mapping that was in force; none where equal codes belong together.
    pub mapping: Option<MappingId>,
    /// The hash of all that the comparison follows from.
    pub hash: Vec<u8>,
}

/// What a return that is started now is compared with: the mapping in force between the editions, or none.
///
/// # Errors
/// When the database cannot be asked.
pub fn compared_with(conn: &mut Conn, from: EditionId, to: &StoredEdition) -> Result<ComparedWith> {
    let before = stored_edition(conn, from)?;
    let found = store::in_force(conn, from, to.id())?;
    let lines_hash = found.as_ref().map(|mapping| mapping.lines_hash.as_slice());
    let hash = change_hash(before.edition(), to.edition(), lines_hash);
    Ok(ComparedWith { edition: from, mapping: found.map(|mapping| mapping.id), hash })
}

fn change_hash(from: &Edition, to: &Edition, lines: Option<&[u8]>) -> Vec<u8> {
    let mut all = b"edition change 1".to_vec();
    all.extend_from_slice(from.hash().as_bytes());
    all.extend_from_slice(to.hash().as_bytes());
    all.extend_from_slice(lines.unwrap_or(USUAL_RULE.as_bytes()));
    sha256(&all).to_vec()
}

/// The changes that a return was started with. No statement at all once they have been seen.
///
/// # Errors
/// When the database cannot be asked, or when an edition or a mapping is not what it was, which is a fault.
pub fn change_of(conn: &mut Conn, with: &ComparedWith, to: &StoredEdition) -> Result<Arc<EditionChange>> {
    if let Some(change) = kept(&CHANGES, &with.hash)? {
        return Ok(change);
    }
    let before = stored_edition(conn, with.edition)?;
    let mapping = with.mapping.map(|id| store::mapping(conn, id)).transpose()?;
    let lines_hash = mapping.as_ref().map(|mapping| mapping.lines_hash.as_slice());
    if change_hash(before.edition(), to.edition(), lines_hash) != with.hash {
        return Err(Error::broken("what a return was compared with is not what it was"));
    }
    let lines = match mapping {
        Some(mapping) => mapping.lines,
        None => usual_lines(before.edition(), to.edition()),
    };
    let change = Arc::new(EditionChange::of(&lines, before.edition(), to.edition()));
    keep(&CHANGES, &with.hash, &change)?;
    Ok(change)
}

/// The lines of a mapping whose hash is known. No statement once they have been seen.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn lines_of(conn: &mut Conn, id: MappingId, hash: &[u8]) -> Result<Arc<Vec<Line>>> {
    if let Some(lines) = kept(&LINES, hash)? {
        return Ok(lines);
    }
    let lines = Arc::new(store::mapping(conn, id)?.lines);
    keep(&LINES, hash, &lines)?;
    Ok(lines)
}
