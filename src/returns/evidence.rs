//! Evidence: files attached to an answer. The content is stored before the transaction; here it is linked. Taking a
//! file away removes the link and never the content, which an earlier submission may rest on.

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde_json::json;

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
use crate::platform::ids::{EvidenceId, OrganisationId, RequirementId, ReturnId};
use crate::schema::{answer_evidence, evidence};

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
}

/// Whether another file fits beside the answer; asked before the content is taken, and again when it is linked.
///
/// # Errors
/// [`Error::Invalid`] when it does not.
pub fn must_have_room(conn: &mut Conn, of: ReturnId, to: RequirementId) -> Result<()> {
    let attached: i64 = answer_evidence::table
        .filter(answer_evidence::return_id.eq(of))
        .filter(answer_evidence::requirement_id.eq(to))
        .select(count_star())
        .first(conn)?;
    if attached < FILES_LIMIT {
        Ok(())
    } else {
        let message =
            format!("You can attach at most {FILES_LIMIT} files to one answer: take one away first");
        Err(Error::field("file", message))
    }
}

/// Attaches a file. The same content at the same answer again is the same file.
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
    must_be_draft(tx, permit, found, new.requirement)?;
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
            link(tx, permit, found, new)?
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

fn link(
    tx: &mut Tx<'_>,
    permit: &Permit<AttachEvidence>,
    found: &Found,
    new: &NewEvidence,
) -> Result<EvidenceId> {
    let now = tx.now();
    let size = i64::try_from(new.stored.size).map_err(|e| Error::internal("failed to size a file", e))?;
    let id: EvidenceId = diesel::insert_into(evidence::table)
        .values((
            evidence::organisation_id.eq(found.organisation),
            evidence::file_name.eq(&new.file_name),
            evidence::media_type.eq(new.stored.media_type),
            evidence::size_bytes.eq(size),
            evidence::sha256.eq(&new.stored.sha256[..]),
            evidence::uploaded_by.eq(permit.actor().id()),
            evidence::uploaded_at.eq(now),
        ))
        .returning(evidence::id)
        .get_result(tx.conn())?;
    diesel::insert_into(answer_evidence::table)
        .values((
            answer_evidence::return_id.eq(found.id),
            answer_evidence::requirement_id.eq(new.requirement),
            answer_evidence::evidence_id.eq(id),
            answer_evidence::organisation_id.eq(found.organisation),
            answer_evidence::linked_at.eq(now),
            answer_evidence::linked_by.eq(permit.actor().id()),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Takes a file away from an answer.
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
    must_be_draft(tx, permit, found, requirement)?;
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

fn must_be_draft(
    tx: &mut Tx<'_>,
    permit: &Permit<AttachEvidence>,
    found: &Found,
    requirement: RequirementId,
) -> Result<()> {
    found.must_be_of(permit)?;
    sharing::must_see(tx.conn(), found, permit.actor(), requirement)?;
    found.must_be_taken(tx.now())?;
    if store::hold_state(tx, found.id)?.is_some_and(|state| state != ReturnState::Draft) {
        return Err(Error::Refused("A colleague has just marked the return ready.".to_owned()));
    }
    Ok(())
}

/// A file as a download needs it.
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
    /// When it came.
    pub uploaded_at: Timestamp,
}

/// The file with this number, whoever's it is: the caller looks at whose.
///
/// # Errors
/// When the database cannot be asked.
pub fn evidence_file(conn: &mut Conn, id: EvidenceId) -> Result<Option<EvidenceFile>> {
    type Row = (OrganisationId, String, String, Vec<u8>, i64, Timestamp);
    let row: Option<Row> = evidence::table
        .filter(evidence::id.eq(id))
        .select((
            evidence::organisation_id,
            evidence::file_name,
            evidence::media_type,
            evidence::sha256,
            evidence::size_bytes,
            evidence::uploaded_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(organisation, file_name, media_type, sha256, size, uploaded_at)| EvidenceFile {
        organisation,
        file_name,
        media_type,
        sha256,
        size,
        uploaded_at,
    }))
}
