//! Mappings as stored: one row for each version, its lines as canonical JSON beside their hash.

use std::sync::Arc;

use diesel::prelude::*;

use super::known;
use super::model::{Line, LineKind, MappingState};
use crate::access::Subject;
use crate::platform::canonical::{sha256, to_string};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, MappingId, PersonId};
use crate::schema::edition_mapping;
use crate::standards::keys::RequirementCode;
use crate::standards::model::Edition;
use crate::standards::store::edition;

/// One version of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Its row.
    pub id: MappingId,
    /// The older edition.
    pub from: EditionId,
    /// The newer edition.
    pub to: EditionId,
    /// Counts the versions of this pair, from 1.
    pub version: i64,
    /// How far it has got.
    pub state: MappingState,
    /// Counts the changes of a draft.
    pub revision: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it came into force.
    pub in_force_at: Option<Timestamp>,
    /// What it says, sorted.
    pub lines: Vec<Line>,
    /// SHA-256 of its lines.
    pub lines_hash: Vec<u8>,
}

impl Mapping {
    /// What the access table decides on.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        Subject { kind: "mapping", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }
}

type Head = (MappingId, EditionId, EditionId, i64, MappingState, i64);
type Rest = (Timestamp, Option<Timestamp>, String, Vec<u8>);

type Columns = (
    (
        edition_mapping::id,
        edition_mapping::from_edition_id,
        edition_mapping::to_edition_id,
        edition_mapping::version,
        edition_mapping::state,
        edition_mapping::revision,
    ),
    (
        edition_mapping::created_at,
        edition_mapping::in_force_at,
        edition_mapping::lines,
        edition_mapping::lines_hash,
    ),
);

const COLUMNS: Columns = (
    (
        edition_mapping::id,
        edition_mapping::from_edition_id,
        edition_mapping::to_edition_id,
        edition_mapping::version,
        edition_mapping::state,
        edition_mapping::revision,
    ),
    (
        edition_mapping::created_at,
        edition_mapping::in_force_at,
        edition_mapping::lines,
        edition_mapping::lines_hash,
    ),
);

fn mapping_of(row: (Head, Rest)) -> Result<Mapping> {
    let ((id, from, to, version, state, revision), (created_at, in_force_at, text, lines_hash)) = row;
    let lines = serde_json::from_str(&text)
        .map_err(|e| Error::internal(format!("failed to read the lines of mapping {id}"), e))?;
    Ok(Mapping { id, from, to, version, state, revision, created_at, in_force_at, lines, lines_hash })
}

/// The mapping with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn mapping(conn: &mut Conn, id: MappingId) -> Result<Mapping> {
    mapping_of(edition_mapping::table.filter(edition_mapping::id.eq(id)).select(COLUMNS).first(conn)?)
}

/// Every version of every mapping, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn mappings(conn: &mut Conn) -> Result<Vec<Mapping>> {
    let rows: Vec<(Head, Rest)> =
        edition_mapping::table.order(edition_mapping::id.desc()).select(COLUMNS).load(conn)?;
    rows.into_iter().map(mapping_of).collect()
}

/// Both editions of a mapping.
#[derive(Debug, Clone)]
pub struct Ends {
    /// The older edition.
    pub from: Arc<Edition>,
    /// The newer edition.
    pub to: Arc<Edition>,
}

impl Ends {
    /// The editions of a mapping.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn of(conn: &mut Conn, mapping: &Mapping) -> Result<Self> {
        Ok(Self { from: edition(conn, mapping.from)?, to: edition(conn, mapping.to)? })
    }
}

/// Number, version and state.
pub type VersionRow = (MappingId, i64, MappingState);

/// The versions of the mapping between two editions, the newest first: number, version and state.
///
/// # Errors
/// When the database cannot be asked.
pub fn versions(conn: &mut Conn, from: EditionId, to: EditionId) -> Result<Vec<VersionRow>> {
    Ok(edition_mapping::table
        .filter(edition_mapping::from_edition_id.eq(from))
        .filter(edition_mapping::to_edition_id.eq(to))
        .order(edition_mapping::version.desc())
        .select((edition_mapping::id, edition_mapping::version, edition_mapping::state))
        .load(conn)?)
}

/// The mapping that is in force between two editions.
///
/// # Errors
/// When the database cannot be asked.
pub fn in_force(conn: &mut Conn, from: EditionId, to: EditionId) -> Result<Option<Mapping>> {
    let row: Option<(Head, Rest)> = edition_mapping::table
        .filter(edition_mapping::from_edition_id.eq(from))
        .filter(edition_mapping::to_edition_id.eq(to))
        .filter(edition_mapping::state.eq(MappingState::InForce))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(mapping_of).transpose()
}

/// The editions from which a mapping in force leads to this one.
///
/// # Errors
/// When the database cannot be asked.
pub fn mapped_into(conn: &mut Conn, to: EditionId) -> Result<Vec<EditionId>> {
    Ok(edition_mapping::table
        .filter(edition_mapping::to_edition_id.eq(to))
        .filter(edition_mapping::state.eq(MappingState::InForce))
        .select(edition_mapping::from_edition_id)
        .load(conn)?)
}

/// Requirements of one older edition.
pub type Serving = (EditionId, Vec<RequirementCode>);

/// The requirements of other editions whose evidence serves this requirement of an edition, by edition. One statement
/// once the mappings have been seen.
///
/// # Errors
/// When the database cannot be asked.
pub fn serving(conn: &mut Conn, to: EditionId, code: &RequirementCode) -> Result<Vec<Serving>> {
    let heads: Vec<(MappingId, EditionId, Vec<u8>)> = edition_mapping::table
        .filter(edition_mapping::to_edition_id.eq(to))
        .filter(edition_mapping::state.eq(MappingState::InForce))
        .order(edition_mapping::id.desc())
        .select((edition_mapping::id, edition_mapping::from_edition_id, edition_mapping::lines_hash))
        .load(conn)?;
    let mut found = Vec::new();
    for (id, from, hash) in heads {
        let lines = known::lines_of(conn, id, &hash)?;
        let codes: Vec<RequirementCode> = lines
            .iter()
            .filter(|line| line.kind == LineKind::Serves && line.to.as_ref() == Some(code))
            .filter_map(|line| line.from.clone())
            .collect();
        if !codes.is_empty() {
            found.push((from, codes));
        }
    }
    Ok(found)
}

/// Lines as they are stored: sorted, as canonical JSON, with their hash.
pub(super) fn written(lines: &[Line]) -> Result<(String, [u8; 32])> {
    let mut sorted = lines.to_vec();
    sorted.sort();
    let text = to_string(&sorted)?;
    let hash = sha256(text.as_bytes());
    Ok((text, hash))
}

/// Writes a new draft: the next version of the mapping between two editions.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    (from, to): (EditionId, EditionId),
    lines: &[Line],
    by: Option<PersonId>,
) -> Result<MappingId> {
    let now = tx.now();
    let newest: Option<i64> = versions(tx.conn(), from, to)?.first().map(|(_, version, _)| *version);
    let (text, hash) = written(lines)?;
    Ok(diesel::insert_into(edition_mapping::table)
        .values((
            edition_mapping::from_edition_id.eq(from),
            edition_mapping::to_edition_id.eq(to),
            edition_mapping::version.eq(newest.unwrap_or_default() + 1),
            edition_mapping::state.eq(MappingState::Draft),
            edition_mapping::lines.eq(text),
            edition_mapping::lines_hash.eq(hash.to_vec()),
            edition_mapping::created_at.eq(now),
            edition_mapping::created_by.eq(by),
        ))
        .returning(edition_mapping::id)
        .get_result(tx.conn())?)
}

/// Writes the lines of a draft over those of the revision that the person saw; gives the new revision.
///
/// # Errors
/// [`Error::Conflict`] when it is at another revision, or is no draft any more.
pub(super) fn update_lines(
    tx: &mut Tx<'_>,
    id: MappingId,
    revision: i64,
    lines: &[Line],
) -> Result<(i64, [u8; 32])> {
    let (text, hash) = written(lines)?;
    let changed = diesel::update(
        edition_mapping::table
            .filter(edition_mapping::id.eq(id))
            .filter(edition_mapping::revision.eq(revision))
            .filter(edition_mapping::state.eq(MappingState::Draft)),
    )
    .set((
        edition_mapping::lines.eq(text),
        edition_mapping::lines_hash.eq(hash.to_vec()),
        edition_mapping::revision.eq(revision + 1),
    ))
    .execute(tx.conn())?;
    if changed == 1 { Ok((revision + 1, hash)) } else { Err(changed_meanwhile()) }
}

/// Puts a draft in force in the place of the version that was.
///
/// # Errors
/// As [`update_lines`].
pub(super) fn put_in_force(
    tx: &mut Tx<'_>,
    mapping: &Mapping,
    revision: i64,
    by: Option<PersonId>,
) -> Result<()> {
    let now = tx.now();
    diesel::update(
        edition_mapping::table
            .filter(edition_mapping::from_edition_id.eq(mapping.from))
            .filter(edition_mapping::to_edition_id.eq(mapping.to))
            .filter(edition_mapping::state.eq(MappingState::InForce)),
    )
    .set(edition_mapping::state.eq(MappingState::Replaced))
    .execute(tx.conn())?;
    let changed = diesel::update(
        edition_mapping::table
            .filter(edition_mapping::id.eq(mapping.id))
            .filter(edition_mapping::revision.eq(revision))
            .filter(edition_mapping::state.eq(MappingState::Draft)),
    )
    .set((
        edition_mapping::state.eq(MappingState::InForce),
        edition_mapping::in_force_at.eq(Some(now)),
        edition_mapping::in_force_by.eq(by),
    ))
    .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(changed_meanwhile()) }
}

/// Removes a draft.
///
/// # Errors
/// As [`update_lines`].
pub(super) fn remove_draft(tx: &mut Tx<'_>, id: MappingId, revision: i64) -> Result<()> {
    let draft = edition_mapping::table
        .filter(edition_mapping::id.eq(id))
        .filter(edition_mapping::revision.eq(revision))
        .filter(edition_mapping::state.eq(MappingState::Draft));
    if diesel::delete(draft).execute(tx.conn())? == 1 { Ok(()) } else { Err(changed_meanwhile()) }
}

fn changed_meanwhile() -> Error {
    Error::Conflict("A colleague changed the mapping in the meantime.".to_owned())
}
