//! Writing into the discussion of a requirement. Colleagues who are named get a mail that leads there and quotes nothing.

use diesel::prelude::*;
use serde_json::json;

use super::{mail, store};
use crate::access::{Discuss, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CommentId, OrganisationId, PersonId, RequirementId};
use crate::returns::sharing::must_see;
use crate::returns::store::Found;
use crate::schema::{discussion_comment, discussion_mention};

/// The most characters a comment may have.
pub const TEXT_LIMIT: usize = 4000;

/// A comment to be written.
#[derive(Debug, Clone)]
pub struct NewComment {
    /// What it is about.
    pub requirement: RequirementId,
    /// Plain text.
    pub text: String,
    /// Colleagues who are told by mail.
    pub mentioned: Vec<PersonId>,
}

/// Writes a comment.
///
/// # Errors
/// [`Error::Invalid`] for a text that is empty, too long or no text, and for somebody named who does not see the
/// requirement; [`Error::NotFound`] when the writer does not.
pub fn comment(
    tx: &mut Tx<'_>,
    permit: &Permit<Discuss>,
    found: &Found,
    new: &NewComment,
    public_url: &str,
) -> Result<Recorded<CommentId>> {
    found.must_be_of(permit)?;
    must_see(tx.conn(), found, permit.actor(), new.requirement)?;
    must_be_text(&new.text)?;
    let author = permit.actor().id().ok_or_else(|| Error::broken("a comment is written by a person"))?;
    let readers = store::readers(tx.conn(), found, new.requirement)?;
    let mut named = Vec::new();
    for wanted in &new.mentioned {
        let reader =
            readers.iter().find(|(person, ..)| person == wanted && *person != author).ok_or_else(|| {
                Error::field(
                    "mention",
                    "Choose colleagues of the list: one of those named does not see this requirement",
                )
            })?;
        if named.iter().all(|(person, ..): &&(PersonId, String, String)| person != wanted) {
            named.push(reader);
        }
    }
    let now = tx.now();
    let id: CommentId = diesel::insert_into(discussion_comment::table)
        .values((
            discussion_comment::organisation_id.eq(found.organisation),
            discussion_comment::return_id.eq(found.id),
            discussion_comment::requirement_id.eq(new.requirement),
            discussion_comment::author_id.eq(author),
            discussion_comment::text.eq(&new.text),
            discussion_comment::written_at.eq(now),
        ))
        .returning(discussion_comment::id)
        .get_result(tx.conn())?;
    let people: Vec<PersonId> = named.iter().map(|(person, ..)| *person).collect();
    mention(tx, found.organisation, id, &people)?;
    for (person, name, address) in named {
        let letter =
            mail::mentioned(found, new.requirement, (name, address), permit.actor().name(), public_url)?;
        crate::platform::mail::queue(tx, &letter, &format!("mention-{id}-{person}"))?;
    }
    let data = json!({
        "requirement": new.requirement,
        "comment": id,
        "mentioned": people,
        "text_sha256": hex(&sha256(new.text.as_bytes())),
    });
    let event = Event::of(permit, "requirement_discussed", format!("return/{}", found.id), data);
    ledger::append(tx, &event, id)
}

fn must_be_text(text: &str) -> Result<()> {
    if text.trim().is_empty() {
        Err(Error::field("text", "Enter your comment"))
    } else if text.chars().count() > TEXT_LIMIT {
        Err(Error::field("text", "The comment must be 4,000 characters or fewer"))
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        Err(Error::field("text", "The comment holds characters that are no text. Type them again"))
    } else {
        Ok(())
    }
}

fn mention(tx: &mut Tx<'_>, whose: OrganisationId, of: CommentId, people: &[PersonId]) -> Result<()> {
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            (
                discussion_mention::comment_id.eq(of),
                discussion_mention::person_id.eq(*person),
                discussion_mention::organisation_id.eq(whose),
            )
        })
        .collect();
    if !rows.is_empty() {
        crate::each!(tx.conn(), c => diesel::insert_into(discussion_mention::table).values(rows).execute(c))?;
    }
    Ok(())
}
