//! Evidence beside an answer. A file that is uploaded there becomes a piece of the library; its content is stored
//! before the transaction, and here it is linked. Taking a piece away removes the link and never the content, which an
//! earlier submission may rest on.

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde_json::json;

use super::library::{Content, Details, ScanState, hold_newest, insert_piece};
use super::model::ReturnState;
use super::sharing;
use super::store::{self, Found};
use crate::access::{AttachEvidence, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::files::Stored;
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, PieceId, RequirementId, ReturnId};
use crate::schema::{answer_evidence, evidence, evidence_piece};

/// The most files beside one answer.
pub const FILES_LIMIT: i64 = 20;

/// A file whose content has been stored, to be attached.
#[derive(Debug, Clone)]
pub struct NewEvidence {
    /// The requirement whose answer it supports.
    pub requirement: RequirementId,
    /// The name it was uploaded under, made safe by [`bare_name`](crate::platform::files::bare_name).
    pub file_name: String,
    /// Where and what its content is.
    pub stored: Stored,
    /// Whether it has to wait for the malware scanner.
    pub wait: bool,
}

/// Whether another file fits beside the answer; asked before the content is taken, and again when it is linked.
///
/// # Errors
/// [`Error::Invalid`] when it does not.
pub fn must_have_room(conn: &mut Conn, of: ReturnId, to: RequirementId) -> Result<()> {
    must_have_room_for(conn, of, to, 1, "file")
}

/// Whether so many more fit beside the answer; what is wrong is said at `field`.
pub(super) fn must_have_room_for(
    conn: &mut Conn,
    of: ReturnId,
    to: RequirementId,
    more: usize,
    field: &str,
) -> Result<()> {
    let attached: i64 = answer_evidence::table
        .filter(answer_evidence::return_id.eq(of))
        .filter(answer_evidence::requirement_id.eq(to))
        .select(count_star())
        .first(conn)?;
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    if attached.saturating_add(more) <= FILES_LIMIT {
        Ok(())
    } else {
        let message =
            format!("You can attach at most {FILES_LIMIT} files to one answer: take one away first");
        Err(Error::field(field, message))
    }
}

/// Attaches a file. The same content at the same answer again is the same file, and content that the library has as
/// the newest version of a piece is that piece.
///
/// # Errors
/// [`Error::Invalid`] when there are too many files, [`Error::NotFound`] when a contributor was not given the
/// requirement, [`Error::Refused`] when nothing can be changed now.
pub fn attach_evidence(
    tx: &mut Tx<'_>,
    permit: &Permit<AttachEvidence>,
    found: &Found,
    new: &NewEvidence,
) -> Result<Recorded<EvidenceId>> {
    found.must_be_of(permit)?;
    sharing::must_see(tx.conn(), found, permit.actor(), new.requirement)?;
    must_be_draft(tx, found)?;
    let there: Option<EvidenceId> = evidence::table
        .inner_join(answer_evidence::table.on(answer_evidence::evidence_id.eq(evidence::id)))
        .filter(answer_evidence::return_id.eq(found.id))
        .filter(answer_evidence::requirement_id.eq(new.requirement))
        .filter(evidence::sha256.eq(&new.stored.sha256[..]))
        .select(evidence::id)
        .first(tx.conn())
        .optional()?;
    let id = match there {
        Some(id) => id,
        None => {
            must_have_room(tx.conn(), found.id, new.requirement)?;
            let by = permit.actor().id().ok_or_else(|| Error::broken("evidence is attached by a person"))?;
            let content =
                KeptContent { name: new.file_name.clone(), stored: new.stored.clone(), wait: new.wait };
            let id = keep_content(tx, found.organisation, (by, found.is_whole_to(permit.actor())), &content)?;
            insert_link(tx, found, permit.actor().id(), new.requirement, id)?;
            id
        }
    };
    let data = json!({
        "return": found.id,
        "requirement": new.requirement,
        "sha256": hex(&new.stored.sha256),
        "size": new.stored.size,
        "media_type": new.stored.media_type,
        "name_sha256": hex(&sha256(new.file_name.as_bytes())),
        "repeated": there.is_some(),
    });
    ledger::append(tx, &Event::of(permit, "evidence_attached", format!("evidence/{id}"), data), id)
}

/// A file whose content has been stored.
#[derive(Debug, Clone)]
pub struct KeptContent {
    /// The name it was uploaded under, made safe by [`bare_name`](crate::platform::files::bare_name).
    pub name: String,
    /// Where and what its content is.
    pub stored: Stored,
    /// Whether it has to wait for the malware scanner.
    pub wait: bool,
}

/// The newest version of a piece of an organisation's library that has this content, or of a new piece, for the verbs that
/// put a file beside something. Somebody who does not read the whole library is linked to a piece that they brought
/// themselves only: the title of another would tell them what it holds.
///
/// # Errors
/// [`Error::Invalid`] when the scanner refused it before, or the library is full.
pub fn keep_content(
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    (by, reads_all): (PersonId, bool),
    new: &KeptContent,
) -> Result<EvidenceId> {
    let mut with_content = evidence::table
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .filter(evidence::organisation_id.eq(whose))
        .filter(evidence::sha256.eq(new.stored.sha256.to_vec()))
        .filter(evidence::link.is_null())
        .filter(evidence::replaced_at.is_null())
        .filter(evidence_piece::removed_at.is_null())
        .order(evidence::id)
        .select(evidence_piece::id)
        .into_boxed();
    if !reads_all {
        with_content = with_content.filter(evidence_piece::created_by.eq(Some(by)));
    }
    let known: Option<PieceId> = with_content.first(tx.conn()).optional()?;
    if let Some(piece) = known
        && let Some((id, scan)) = hold_newest(tx, whose, piece)?
    {
        return if scan == ScanState::Refused {
            Err(Error::field("file", "The malware scan has refused this file before"))
        } else {
            Ok(id)
        };
    }
    let details = Details::named(&new.name);
    let content = Content::File { name: new.name.clone(), stored: new.stored.clone(), wait: new.wait };
    Ok(insert_piece(tx, whose, Some(by), (&details, &content))?.1)
}

/// Puts a version beside an answer.
pub(super) fn insert_link(
    tx: &mut Tx<'_>,
    found: &Found,
    by: Option<PersonId>,
    requirement: RequirementId,
    id: EvidenceId,
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(answer_evidence::table)
        .values((
            answer_evidence::return_id.eq(found.id),
            answer_evidence::requirement_id.eq(requirement),
            answer_evidence::evidence_id.eq(id),
            answer_evidence::organisation_id.eq(found.organisation),
            answer_evidence::linked_at.eq(now),
            answer_evidence::linked_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a piece away from an answer.
///
/// # Errors
/// [`Error::NotFound`] when it is not attached there, [`Error::Refused`] when nothing can be changed now.
pub fn detach_evidence(
    tx: &mut Tx<'_>,
    permit: &Permit<AttachEvidence>,
    found: &Found,
    requirement: RequirementId,
    id: EvidenceId,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    sharing::must_see(tx.conn(), found, permit.actor(), requirement)?;
    must_be_draft(tx, found)?;
    let taken = diesel::delete(
        answer_evidence::table
            .filter(answer_evidence::return_id.eq(found.id))
            .filter(answer_evidence::requirement_id.eq(requirement))
            .filter(answer_evidence::evidence_id.eq(id)),
    )
    .execute(tx.conn())?;
    if taken == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({"return": found.id, "requirement": requirement});
    ledger::append(tx, &Event::of(permit, "evidence_detached", format!("evidence/{id}"), data), ())
}

/// Refuses a change of what stands beside the answers when it comes too late.
pub(super) fn must_be_draft(tx: &mut Tx<'_>, found: &Found) -> Result<()> {
    found.must_be_taken(tx.now())?;
    if store::hold_state(tx, found.id)?.is_some_and(|state| state != ReturnState::Draft) {
        return Err(Error::Refused("A colleague has just marked the return ready.".to_owned()));
    }
    Ok(())
}

/// A version as a download needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// The name it was uploaded under.
    pub file_name: String,
    /// The kind told by its content.
    pub media_type: String,
    /// SHA-256 of the content, which is its address.
    pub sha256: Vec<u8>,
    /// Bytes.
    pub size: i64,
    /// The address of a link; none for a file.
    pub link: Option<String>,
    /// What is known of its content.
    pub scan: ScanState,
    /// What the scanner found.
    pub scan_said: Option<String>,
    /// When it came.
    pub uploaded_at: Timestamp,
}

/// The version with this number, whoever's it is: the caller looks at whose.
///
/// # Errors
/// When the database cannot be asked.
pub fn evidence_file(conn: &mut Conn, id: EvidenceId) -> Result<Option<EvidenceFile>> {
    type Row = (
        (OrganisationId, String, String, Vec<u8>, i64),
        (Option<String>, ScanState, Option<String>, Timestamp),
    );
    let row: Option<Row> = evidence::table
        .filter(evidence::id.eq(id))
        .select((
            (
                evidence::organisation_id,
                evidence::file_name,
                evidence::media_type,
                evidence::sha256,
                evidence::size_bytes,
            ),
            (evidence::link, evidence::scan, evidence::scan_said, evidence::uploaded_at),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|((organisation, file_name, media_type, sha256, size), rest)| {
        let (link, scan, scan_said, uploaded_at) = rest;
        EvidenceFile { organisation, file_name, media_type, sha256, size, link, scan, scan_said, uploaded_at }
    }))
}
