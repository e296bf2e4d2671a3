//! Editions in the database: one immutable document each, read back from memory once it has been seen.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use diesel::prelude::*;

use super::correcting::{document_under, hash_in_force};
use super::model::Edition;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, RequirementId, StandardId};
use crate::schema::{edition, requirement, standard};

crate::text_enum! {
    /// How far an edition has got.
    EditionState {
        /// May still be corrected by another import.
        Draft = "draft", "Draft";
        /// Frozen by a second person and not in use yet: immutable.
        Frozen = "frozen", "Frozen";
        /// In use by a collection: immutable.
        Open = "open", "In use";
        /// No collection uses it any more; immutable.
        Closed = "closed", "Closed";
    }
}

impl EditionState {
    /// Whether a collection has asked it.
    #[must_use]
    pub const fn is_used(self) -> bool {
        matches!(self, Self::Open | Self::Closed)
    }
}

/// An edition with what the database adds: its number, and the numbers of its requirements.
#[derive(Debug)]
pub struct StoredEdition {
    id: EditionId,
    edition: Arc<Edition>,
    requirements: Arc<Vec<RequirementId>>,
    positions: HashMap<RequirementId, usize>,
}

/// An edition in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionRow {
    /// Its number.
    pub id: EditionId,
    /// Its standard.
    pub standard: StandardId,
    /// The key of its standard.
    pub standard_key: String,
    /// The name of its standard.
    pub standard_name: String,
    /// `levels`, `assertions` or `outcomes`.
    pub scheme: String,
    /// Its key.
    pub key: String,
    /// The label the public sees.
    pub label: String,
    /// The version of its scoring rules.
    pub rule_set: String,
    /// How far it has got.
    pub state: EditionState,
    /// SHA-256 of its canonical JSON, in hexadecimal.
    pub hash: String,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it was first used.
    pub opened_at: Option<Timestamp>,
}

impl StoredEdition {
    /// The edition's row.
    #[must_use]
    pub const fn id(&self) -> EditionId {
        self.id
    }

    /// The document.
    #[must_use]
    pub const fn edition(&self) -> &Arc<Edition> {
        &self.edition
    }

    /// The requirements' rows, in edition order.
    #[must_use]
    pub const fn requirement_ids(&self) -> &Arc<Vec<RequirementId>> {
        &self.requirements
    }

    /// The row of the requirement with this code.
    #[must_use]
    pub fn requirement_id(&self, code: &str) -> Option<RequirementId> {
        self.edition.position(code).and_then(|position| self.requirements.get(position).copied())
    }

    /// The position in the edition of the requirement with this row.
    #[must_use]
    pub fn position_of(&self, id: RequirementId) -> Option<usize> {
        self.positions.get(&id).copied()
    }
}

/// What tells one stored edition from every other, also across databases of one process: the document's hash, its
/// row and the row of its first requirement. Only editions whose requirements have consecutive rows are kept, so the
/// first row fixes all of them.
type Address = (Vec<u8>, EditionId, RequirementId);

#[derive(Default)]
struct Known {
    documents: HashMap<Vec<u8>, Arc<Edition>>,
    stored: HashMap<Address, Arc<StoredEdition>>,
}

/// Editions are immutable and few; a draft that is imported again and again is what the bound is for.
const KEPT: usize = 200;

static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

/// The edition with this number.
///
/// # Errors
/// [`Error::NotFound`], or a fault when the stored document is not what its hash says.
pub fn edition(conn: &mut Conn, id: EditionId) -> Result<Arc<Edition>> {
    Ok(Arc::clone(stored_edition(conn, id)?.edition()))
}

/// The rows of an edition's requirements, in edition order.
///
/// # Errors
/// As [`edition`].
pub fn requirement_ids(conn: &mut Conn, id: EditionId) -> Result<Arc<Vec<RequirementId>>> {
    Ok(Arc::clone(stored_edition(conn, id)?.requirement_ids()))
}

/// The edition with this number under the rules in force, with the rows of its requirements. One statement once the edition has been seen.
///
/// # Errors
/// As [`edition`].
pub fn stored_edition(conn: &mut Conn, id: EditionId) -> Result<Arc<StoredEdition>> {
    let (hash, first) = hash_in_force(conn, id)?;
    known_edition(conn, id, hash, first)
}

/// [`stored_edition`] for a caller that has read the hash of the rules and the row of the first requirement with
/// something else: no statement at all once the edition has been seen. The hash is that of the edition's own document, or
/// of the one that its corrections make of it.
///
/// # Errors
/// As [`edition`].
pub fn known_edition(
    conn: &mut Conn,
    id: EditionId,
    hash: Vec<u8>,
    first: RequirementId,
) -> Result<Arc<StoredEdition>> {
    let address = (hash, id, first);
    let poisoned = || Error::broken("the editions in memory are poisoned");
    let (document, stored) = {
        let known = KNOWN.read().map_err(|_| poisoned())?;
        (known.documents.get(&address.0).cloned(), known.stored.get(&address).cloned())
    };
    if let Some(stored) = stored {
        return Ok(stored);
    }
    let document = match document {
        Some(document) => document,
        None => Arc::new(document_of(conn, id, &address.0)?),
    };
    let stored = Arc::new(with_rows(conn, id, document)?);
    let consecutive = stored.requirements.windows(2).all(|pair| match pair {
        [a, b] => a.get() + 1 == b.get(),
        _ => true,
    });
    let mut known = KNOWN.write().map_err(|_| poisoned())?;
    if known.documents.len() >= KEPT || known.stored.len() >= KEPT {
        *known = Known::default();
    }
    known.documents.insert(address.0.clone(), Arc::clone(&stored.edition));
    if consecutive && stored.requirements.first() == Some(&address.2) {
        known.stored.insert(address, Arc::clone(&stored));
    }
    Ok(stored)
}

fn document_of(conn: &mut Conn, id: EditionId, hash: &[u8]) -> Result<Edition> {
    let (text, own): (String, Vec<u8>) = edition::table
        .filter(edition::id.eq(id))
        .select((edition::definition, edition::definition_hash))
        .first(conn)?;
    let document = Edition::from_canonical_json(&text).map_err(|problems| {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::internal(format!("failed to read the stored edition {id}"), list.join("; "))
    })?;
    if document.hash().as_bytes().as_slice() != own {
        return Err(Error::broken(format!("the stored edition {id} does not have its hash")));
    }
    if own == hash { Ok(document) } else { document_under(conn, id, document, hash) }
}

fn with_rows(conn: &mut Conn, id: EditionId, document: Arc<Edition>) -> Result<StoredEdition> {
    let rows: Vec<RequirementId> = requirement::table
        .filter(requirement::edition_id.eq(id))
        .order(requirement::position)
        .select(requirement::id)
        .load(conn)?;
    if rows.len() != document.requirements().len() {
        return Err(Error::broken(format!("the stored edition {id} lacks rows of requirements")));
    }
    let positions = rows.iter().enumerate().map(|(position, row)| (*row, position)).collect();
    Ok(StoredEdition { id, edition: document, requirements: Arc::new(rows), positions })
}

/// The edition with this key, with its number and state.
///
/// # Errors
/// As [`edition`], but a key that does not exist is `None`.
pub fn edition_by_key(conn: &mut Conn, key: &str) -> Result<Option<(Arc<StoredEdition>, EditionState)>> {
    let found: Option<(EditionId, EditionState)> = edition::table
        .filter(edition::key.eq(key))
        .select((edition::id, edition::state))
        .first(conn)
        .optional()?;
    found.map(|(id, state)| Ok((stored_edition(conn, id)?, state))).transpose()
}

/// Every edition, by standard and then newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn editions(conn: &mut Conn) -> Result<Vec<EditionRow>> {
    type Row = (
        (EditionId, StandardId, String, String, String),
        (String, String, String, EditionState, Vec<u8>, Timestamp, Option<Timestamp>),
    );
    let rows: Vec<Row> = edition::table
        .inner_join(standard::table.on(standard::id.eq(edition::standard_id)))
        .order((standard::name, edition::label.desc(), edition::id.desc()))
        .select((
            (edition::id, standard::id, standard::key, standard::name, standard::scheme),
            (
                edition::key,
                edition::label,
                edition::rule_set,
                edition::state,
                edition::definition_hash,
                edition::created_at,
                edition::opened_at,
            ),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(whose, what)| {
            let (id, standard, standard_key, standard_name, scheme) = whose;
            let (key, label, rule_set, state, hash, created_at, opened_at) = what;
            let hash = hex(&hash);
            EditionRow {
                id,
                standard,
                standard_key,
                standard_name,
                scheme,
                key,
                label,
                rule_set,
                state,
                hash,
                created_at,
                opened_at,
            }
        })
        .collect())
}

/// Freezes an edition that no collection uses yet. Part of a verb that records itself.
///
/// # Errors
/// [`Error::Conflict`] when it is frozen or in use already.
pub(super) fn freeze(tx: &mut Tx<'_>, id: EditionId) -> Result<()> {
    let draft = edition::table.filter(edition::id.eq(id)).filter(edition::state.eq(EditionState::Draft));
    let frozen = diesel::update(draft).set(edition::state.eq(EditionState::Frozen)).execute(tx.conn())?;
    if frozen == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("The edition was frozen or opened at the same moment.".to_owned()))
    }
}

/// Makes an edition immutable because a collection uses it from now on. Part of a verb that records itself.
///
/// # Errors
/// When the row cannot be written.
pub fn begin_use(tx: &mut Tx<'_>, id: EditionId) -> Result<()> {
    let now = tx.now();
    diesel::update(edition::table.filter(edition::id.eq(id)).filter(edition::state.ne(EditionState::Open)))
        .set((edition::state.eq(EditionState::Open), edition::opened_at.eq(Some(now))))
        .execute(tx.conn())?;
    Ok(())
}

/// Marks an edition that no collection uses any more. Part of a verb that records itself.
///
/// # Errors
/// When the row cannot be written.
pub fn end_use(tx: &mut Tx<'_>, id: EditionId) -> Result<()> {
    diesel::update(edition::table.filter(edition::id.eq(id)).filter(edition::state.eq(EditionState::Open)))
        .set(edition::state.eq(EditionState::Closed))
        .execute(tx.conn())?;
    Ok(())
}
