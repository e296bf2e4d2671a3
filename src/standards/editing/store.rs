//! Drafts of editions as stored: the newest version in one row, and every version beside it.

use diesel::prelude::*;

use super::model::{Content, DraftState};
use crate::access::Subject;
use crate::platform::canonical::sha256;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionDraftId, EditionId, PersonId};
use crate::schema::{edition_draft, edition_draft_version};

/// A draft, if it is still one and at this version.
macro_rules! at_version {
    ($id:expr, $version:expr) => {
        edition_draft::table
            .filter(edition_draft::id.eq($id))
            .filter(edition_draft::version.eq($version))
            .filter(edition_draft::state.eq(DraftState::Draft))
    };
}

/// That somebody says that a version is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposed {
    /// Which version.
    pub version: i64,
    /// Who says so; none where the system did.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHead {
    /// Its row.
    pub id: EditionDraftId,
    /// The key of the edition to be.
    pub key: String,
    /// Its label.
    pub label: String,
    /// The key of its standard.
    pub standard_key: String,
    /// The edition that it is compared with.
    pub base: Option<EditionId>,
    /// How far it has got.
    pub state: DraftState,
    /// Counts its versions, from 1.
    pub version: i64,
    /// Whether its version is said to be done.
    pub proposed: Option<Proposed>,
    /// When it was saved last.
    pub updated_at: Timestamp,
    /// Who saved it last.
    pub updated_by: Option<PersonId>,
    /// The edition that it has become.
    pub edition: Option<EditionId>,
}

/// A draft with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The head.
    pub head: DraftHead,
    /// What it says.
    pub content: Content,
}

impl DraftHead {
    /// What the access table decides on.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        Subject { kind: "edition draft", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }

    /// The proposal, where it is of the newest version.
    #[must_use]
    pub fn standing_proposal(&self) -> Option<Proposed> {
        self.proposed.filter(|proposed| proposed.version == self.version)
    }
}

type Row = (
    (EditionDraftId, String, String, String, Option<EditionId>, DraftState, i64),
    (Option<i64>, Option<PersonId>, Option<Timestamp>),
    (Timestamp, Option<PersonId>, Option<EditionId>),
);

type Columns = (
    (
        edition_draft::id,
        edition_draft::key,
        edition_draft::label,
        edition_draft::standard_key,
        edition_draft::base_edition_id,
        edition_draft::state,
        edition_draft::version,
    ),
    (edition_draft::proposed_version, edition_draft::proposed_by, edition_draft::proposed_at),
    (edition_draft::updated_at, edition_draft::updated_by, edition_draft::edition_id),
);

const COLUMNS: Columns = (
    (
        edition_draft::id,
        edition_draft::key,
        edition_draft::label,
        edition_draft::standard_key,
        edition_draft::base_edition_id,
        edition_draft::state,
        edition_draft::version,
    ),
    (edition_draft::proposed_version, edition_draft::proposed_by, edition_draft::proposed_at),
    (edition_draft::updated_at, edition_draft::updated_by, edition_draft::edition_id),
);

fn head(row: Row) -> DraftHead {
    let ((id, key, label, standard_key, base, state, version), proposed, (updated_at, updated_by, edition)) =
        row;
    let (number, by, at) = proposed;
    let proposed = number.zip(at).map(|(version, at)| Proposed { version, by, at });
    DraftHead {
        id,
        key,
        label,
        standard_key,
        base,
        state,
        version,
        proposed,
        updated_at,
        updated_by,
        edition,
    }
}

fn read(id: EditionDraftId, text: &str) -> Result<Content> {
    Content::from_canonical_json(text).map_err(|problems| {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::internal(format!("failed to read the draft {id} of an edition"), list.join("; "))
    })
}

/// The draft with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn draft(conn: &mut Conn, id: EditionDraftId) -> Result<Draft> {
    let (row, text): (Row, String) = edition_draft::table
        .filter(edition_draft::id.eq(id))
        .select((COLUMNS, edition_draft::content))
        .first(conn)?;
    Ok(Draft { head: head(row), content: read(id, &text)? })
}

/// Every draft that was not discarded, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn drafts(conn: &mut Conn) -> Result<Vec<DraftHead>> {
    let rows: Vec<Row> = edition_draft::table
        .filter(edition_draft::state.ne(DraftState::Discarded))
        .order(edition_draft::id.desc())
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(head).collect())
}

/// The draft that is being edited under this key.
///
/// # Errors
/// When the database cannot be asked.
pub fn draft_by_key(conn: &mut Conn, key: &str) -> Result<Option<DraftHead>> {
    let row: Option<Row> = edition_draft::table
        .filter(edition_draft::key.eq(key))
        .filter(edition_draft::state.eq(DraftState::Draft))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(head))
}

/// What a draft said in one of its versions.
pub(super) fn content_at(conn: &mut Conn, id: EditionDraftId, version: i64) -> Result<Option<Content>> {
    let text: Option<String> = edition_draft_version::table
        .filter(edition_draft_version::draft_id.eq(id))
        .filter(edition_draft_version::version.eq(version))
        .select(edition_draft_version::content)
        .first(conn)
        .optional()?;
    text.map(|text| read(id, &text)).transpose()
}

/// One version in the list: its number, what was done, when and by whom.
pub type VersionRow = (i64, String, Timestamp, Option<PersonId>);

/// The versions of a draft, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn versions(conn: &mut Conn, id: EditionDraftId) -> Result<Vec<VersionRow>> {
    Ok(edition_draft_version::table
        .filter(edition_draft_version::draft_id.eq(id))
        .order(edition_draft_version::version.desc())
        .select((
            edition_draft_version::version,
            edition_draft_version::what,
            edition_draft_version::saved_at,
            edition_draft_version::saved_by,
        ))
        .load(conn)?)
}

/// Writes a new draft with its first version.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    base: Option<EditionId>,
    content: &Content,
    (what, by): (&str, Option<PersonId>),
) -> Result<EditionDraftId> {
    let now = tx.now();
    let text = content.canonical_json();
    let id: EditionDraftId = diesel::insert_into(edition_draft::table)
        .values((
            edition_draft::key.eq(content.parts.key.as_str()),
            edition_draft::label.eq(&content.parts.label),
            edition_draft::standard_key.eq(content.parts.standard_key.as_str()),
            edition_draft::base_edition_id.eq(base),
            edition_draft::state.eq(DraftState::Draft),
            edition_draft::version.eq(1_i64),
            edition_draft::content.eq(&text),
            edition_draft::content_hash.eq(sha256(text.as_bytes()).to_vec()),
            edition_draft::created_at.eq(now),
            edition_draft::created_by.eq(by),
            edition_draft::updated_at.eq(now),
            edition_draft::updated_by.eq(by),
        ))
        .returning(edition_draft::id)
        .get_result(tx.conn())?;
    keep(tx, id, 1, &text, (what, by))?;
    Ok(id)
}

/// Writes the next version of a draft over the one that was read; gives its number and hash.
///
/// # Errors
/// [`Error::Conflict`] when it is at another version, or is no draft any more.
pub(super) fn update(
    tx: &mut Tx<'_>,
    head: &DraftHead,
    content: &Content,
    (what, by): (&str, Option<PersonId>),
) -> Result<(i64, [u8; 32])> {
    let now = tx.now();
    let text = content.canonical_json();
    let hash = sha256(text.as_bytes());
    let changed = diesel::update(at_version!(head.id, head.version))
        .set((
            edition_draft::label.eq(&content.parts.label),
            edition_draft::version.eq(head.version + 1),
            edition_draft::content.eq(&text),
            edition_draft::content_hash.eq(hash.to_vec()),
            edition_draft::updated_at.eq(now),
            edition_draft::updated_by.eq(by),
        ))
        .execute(tx.conn())?;
    must_be_one(changed)?;
    keep(tx, head.id, head.version + 1, &text, (what, by))?;
    Ok((head.version + 1, hash))
}

fn keep(
    tx: &mut Tx<'_>,
    id: EditionDraftId,
    version: i64,
    text: &str,
    (what, by): (&str, Option<PersonId>),
) -> Result<()> {
    diesel::insert_into(edition_draft_version::table)
        .values((
            edition_draft_version::draft_id.eq(id),
            edition_draft_version::version.eq(version),
            edition_draft_version::content.eq(text),
            edition_draft_version::content_hash.eq(sha256(text.as_bytes()).to_vec()),
            edition_draft_version::what.eq(what),
            edition_draft_version::saved_at.eq(tx.now()),
            edition_draft_version::saved_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes down that a version is said to be done.
pub(super) fn propose(tx: &mut Tx<'_>, id: EditionDraftId, version: i64, by: Option<PersonId>) -> Result<()> {
    let now = tx.now();
    let changed = diesel::update(at_version!(id, version))
        .set((
            edition_draft::proposed_version.eq(Some(version)),
            edition_draft::proposed_by.eq(by),
            edition_draft::proposed_at.eq(Some(now)),
        ))
        .execute(tx.conn())?;
    must_be_one(changed)
}

/// Writes down which edition a draft has become.
pub(super) fn freeze(
    tx: &mut Tx<'_>,
    head: &DraftHead,
    edition: EditionId,
    by: Option<PersonId>,
) -> Result<()> {
    let now = tx.now();
    let changed = diesel::update(at_version!(head.id, head.version))
        .set((
            edition_draft::state.eq(DraftState::Frozen),
            edition_draft::edition_id.eq(Some(edition)),
            edition_draft::frozen_at.eq(Some(now)),
            edition_draft::frozen_by.eq(by),
        ))
        .execute(tx.conn())?;
    must_be_one(changed)
}

/// Gives a draft up; its versions stay.
pub(super) fn discard(tx: &mut Tx<'_>, id: EditionDraftId, version: i64) -> Result<()> {
    let changed = diesel::update(at_version!(id, version))
        .set(edition_draft::state.eq(DraftState::Discarded))
        .execute(tx.conn())?;
    must_be_one(changed)
}

fn must_be_one(changed: usize) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("A colleague changed the draft in the meantime.".to_owned()))
    }
}
