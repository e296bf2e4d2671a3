//! Evidence for an answer to a question: a file or a piece of the library beside a draft. It belongs to the message and is
//! fixed with it when that is sent; what was submitted stays as it is.

use diesel::prelude::*;
use serde_json::json;

use super::draft::{draft_of, held_in_sight};
use super::store::Message;
use crate::access::{Action as _, DraftReply, OrganisationRole, Permit, ReadLibrary, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PieceId, QueryId, QueryMessageId};
use crate::platform::pages::words;
use crate::returns::{self, FILES_LIMIT, KeptContent, ScanState};
use crate::review::claim::person;
use crate::schema::{query_evidence, query_message};

/// A file whose content has been stored, to be attached.
#[derive(Debug, Clone)]
pub struct MessageFile {
    /// Its name, kind and place.
    pub content: KeptContent,
}

/// Attaches a file to a draft. It becomes a piece of the library, unless the library has it already.
///
/// # Errors
/// [`Error::Invalid`] when there are too many files or the scanner refused this one before, [`Error::NotFound`] when it is
/// none of the question's drafts.
pub fn attach_file(
    tx: &mut Tx<'_>,
    permit: &Permit<DraftReply>,
    (query, draft): (QueryId, QueryMessageId),
    file: &MessageFile,
) -> Result<Recorded<EvidenceId>> {
    let me = person(permit)?;
    let (review, query) = held_in_sight(tx, (permit.actor(), permit.id()), query)?;
    let message = draft_of(permit, (&review, &query), draft)?;
    must_have_room(message, "file")?;
    let mut roles = permit.actor().roles_in(review.organisation);
    let reads_all = roles.any(|role| OrganisationRole::READERS.contains(&role));
    let id = returns::keep_content(tx, review.organisation, (me, reads_all), &file.content)?;
    link(tx, permit, message, (id, review.organisation))?;
    let data = json!({
        "query": query.id,
        "evidence": id,
        "sha256": hex(&file.content.stored.sha256),
        "size": file.content.stored.size,
        "name_sha256": hex(&sha256(file.content.name.as_bytes())),
    });
    ledger::append(
        tx,
        &Event::of(permit, "reply_evidence_attached", format!("query-message/{draft}"), data),
        id,
    )
}

/// Attaches the newest version of a piece of the library to a draft; for those who read the library.
///
/// # Errors
/// [`Error::Invalid`] when it is not in the library, refused by the scanner or one too many.
pub fn attach_piece(
    tx: &mut Tx<'_>,
    permit: &Permit<DraftReply>,
    (query, draft): (QueryId, QueryMessageId),
    piece: PieceId,
) -> Result<Recorded<EvidenceId>> {
    let (review, query) = held_in_sight(tx, (permit.actor(), permit.id()), query)?;
    ReadLibrary::ROW.allows(permit.actor(), &Subject::organisation(review.organisation))?;
    let message = draft_of(permit, (&review, &query), draft)?;
    must_have_room(message, "piece")?;
    let Some((id, scan)) = returns::newest_in_library(tx, review.organisation, piece)? else {
        return Err(Error::field("piece", "Choose a piece of evidence from the list"));
    };
    if scan == ScanState::Refused {
        return Err(Error::field("piece", "A file that the malware scan refused cannot be attached"));
    }
    link(tx, permit, message, (id, review.organisation))?;
    let data = json!({"query": query.id, "evidence": id, "piece": piece});
    ledger::append(
        tx,
        &Event::of(permit, "reply_evidence_attached", format!("query-message/{draft}"), data),
        id,
    )
}

/// Takes a piece of evidence away from a draft.
///
/// # Errors
/// [`Error::NotFound`] when it is not there.
pub fn detach(
    tx: &mut Tx<'_>,
    permit: &Permit<DraftReply>,
    (query, draft): (QueryId, QueryMessageId),
    file: EvidenceId,
) -> Result<Recorded<()>> {
    let (review, query) = held_in_sight(tx, (permit.actor(), permit.id()), query)?;
    draft_of(permit, (&review, &query), draft)?;
    changed(tx, draft)?;
    let gone = diesel::delete(
        query_evidence::table
            .filter(query_evidence::message_id.eq(draft))
            .filter(query_evidence::evidence_id.eq(file)),
    )
    .execute(tx.conn())?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({"query": query.id, "evidence": file});
    ledger::append(
        tx,
        &Event::of(permit, "reply_evidence_detached", format!("query-message/{draft}"), data),
        (),
    )
}

fn must_have_room(message: &Message, field: &str) -> Result<()> {
    let there = i64::try_from(message.files.len()).unwrap_or(i64::MAX);
    if there < FILES_LIMIT {
        return Ok(());
    }
    let limit = words::number(FILES_LIMIT.into());
    Err(Error::field(
        field,
        format!("You can attach at most {limit} files to one answer: take one away first"),
    ))
}

/// Puts a version beside a draft; one that is there already stays once.
fn link(
    tx: &mut Tx<'_>,
    permit: &Permit<DraftReply>,
    message: &Message,
    (id, whose): (EvidenceId, OrganisationId),
) -> Result<()> {
    changed(tx, message.id)?;
    if message.files.iter().any(|file| file.id == id) {
        return Ok(());
    }
    let (now, me) = (tx.now(), person(permit)?);
    diesel::insert_into(query_evidence::table)
        .values((
            query_evidence::message_id.eq(message.id),
            query_evidence::evidence_id.eq(id),
            query_evidence::organisation_id.eq(whose),
            query_evidence::linked_by.eq(me),
            query_evidence::linked_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A draft whose evidence changes is another draft to whoever read it before; what was sent changes no more.
fn changed(tx: &mut Tx<'_>, draft: QueryMessageId) -> Result<()> {
    let counted = diesel::update(
        query_message::table.filter(query_message::id.eq(draft)).filter(query_message::sent_at.is_null()),
    )
    .set(query_message::version.eq(query_message::version + 1))
    .execute(tx.conn())?;
    if counted == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("A colleague has just sent this draft.".to_owned()))
    }
}
