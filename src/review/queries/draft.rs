//! Drafts of an answer: written by whoever was given the requirement, sent by a lead. Each person has one draft of a
//! question at most, so that nobody writes over a colleague's.

use diesel::prelude::*;
use serde_json::json;

use super::arrive::{held, tell_leads};
use super::mail;
use super::model::Side;
use super::store::{Message, Query};
use crate::access::{Actor, DraftReply, OrganisationRole, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, QueryId, QueryMessageId, ReviewId};
use crate::returns::{self, Which};
use crate::review::case::Case;
use crate::review::claim::person;
use crate::review::mail::Links;
use crate::review::store::Review;
use crate::schema::{query_evidence, query_message};

/// A draft as typed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The answer so far.
    pub text: String,
    /// The version that its author saw: 0 for none.
    pub version: i64,
}

/// The review of this number with the question, reserved, if the actor sees the requirement.
pub(super) fn held_in_sight(
    tx: &mut Tx<'_>,
    (actor, review): (&Actor, i64),
    query: QueryId,
) -> Result<(Review, Query)> {
    let (review, query) = held(tx, ReviewId::new(review), query)?;
    in_sight(tx.conn(), actor, &review, &query)?;
    Ok((review, query))
}

fn in_sight(conn: &mut Conn, actor: &Actor, review: &Review, query: &Query) -> Result<()> {
    let found = returns::find(conn, Which::Id(review.return_id))?.ok_or(Error::NotFound)?;
    returns::must_see(conn, &found, actor, query.requirement)
}

/// Whether somebody runs the organisation's return, and so may send any answer.
pub(super) fn leads(actor: &Actor, whose: OrganisationId) -> bool {
    actor
        .roles_in(whose)
        .any(|role| matches!(role, OrganisationRole::IgLead | OrganisationRole::OrganisationAdministrator))
}

/// One of the question's drafts that the permit's person may change: their own, or any for a lead.
pub(super) fn draft_of<'a>(
    permit: &Permit<DraftReply>,
    (review, query): (&Review, &'a Query),
    id: QueryMessageId,
) -> Result<&'a Message> {
    let draft = query.drafts().find(|message| message.id == id).ok_or(Error::NotFound)?;
    must_be_open_to(permit.actor(), review.organisation, draft)?;
    Ok(draft)
}

/// That somebody may change a draft and its evidence.
pub(super) fn must_be_open_to(actor: &Actor, whose: OrganisationId, draft: &Message) -> Result<()> {
    if Some(draft.author) == actor.id() || leads(actor, whose) {
        Ok(())
    } else {
        Err(Error::Forbidden(
            "A draft is changed by whoever wrote it or an information governance lead.".to_owned(),
        ))
    }
}

/// Saves the permit's person's draft of an answer. The leads are told by mail of a new one.
///
/// # Errors
/// [`Error::NotFound`] for a contributor who was not given the requirement, [`Error::Conflict`] when the draft was changed
/// or sent since `version`.
pub fn save_draft(
    tx: &mut Tx<'_>,
    permit: &Permit<DraftReply>,
    query: QueryId,
    draft: &Draft,
    links: &Links,
) -> Result<Recorded<QueryMessageId>> {
    let me = person(permit)?;
    let (review, query) = held_in_sight(tx, (permit.actor(), permit.id()), query)?;
    let mine = query.drafts().find(|message| message.author == me);
    if mine.map_or(0, |message| message.version) != draft.version {
        return Err(changed());
    }
    let now = tx.now();
    let id = match mine {
        Some(mine) => {
            let saved = diesel::update(
                query_message::table
                    .filter(query_message::id.eq(mine.id))
                    .filter(query_message::version.eq(draft.version))
                    .filter(query_message::sent_at.is_null()),
            )
            .set((
                query_message::text.eq(&draft.text),
                query_message::written_at.eq(now),
                query_message::version.eq(query_message::version + 1),
            ))
            .execute(tx.conn())?;
            if saved == 0 {
                return Err(changed());
            }
            mine.id
        }
        None => diesel::insert_into(query_message::table)
            .values((
                query_message::query_id.eq(query.id),
                query_message::organisation_id.eq(review.organisation),
                query_message::side.eq(Side::Organisation),
                query_message::text.eq(&draft.text),
                query_message::author_id.eq(me),
                query_message::written_at.eq(now),
            ))
            .returning(query_message::id)
            .get_result(tx.conn())?,
    };
    if mine.is_none() && !leads(permit.actor(), review.organisation) {
        let case = Case::load(tx.conn(), review.id)?;
        let about = mail::About::of(&case, &query, links);
        let author = permit.actor().name().to_owned();
        tell_leads(tx, &review, &format!("query-draft-{id}"), |to, name| {
            mail::drafted(&about, (to, name), &author)
        })?;
    }
    let data = json!({
        "query": query.id,
        "version": draft.version + 1,
        "text_sha256": hex(&sha256(draft.text.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "reply_drafted", format!("query-message/{id}"), data), id)
}

fn changed() -> Error {
    Error::Conflict("Your draft was changed or sent since you loaded the page.".to_owned())
}

/// Throws a draft away. Its files stay in the library.
///
/// # Errors
/// [`Error::NotFound`] when it is none of the question's drafts, [`Error::Forbidden`] for other people's.
pub fn discard_draft(
    tx: &mut Tx<'_>,
    permit: &Permit<DraftReply>,
    query: QueryId,
    draft: QueryMessageId,
) -> Result<Recorded<()>> {
    let (review, query) = held_in_sight(tx, (permit.actor(), permit.id()), query)?;
    draft_of(permit, (&review, &query), draft)?;
    diesel::delete(query_evidence::table.filter(query_evidence::message_id.eq(draft))).execute(tx.conn())?;
    let gone = diesel::delete(
        query_message::table.filter(query_message::id.eq(draft)).filter(query_message::sent_at.is_null()),
    )
    .execute(tx.conn())?;
    if gone == 0 {
        return Err(changed());
    }
    let data = json!({"query": query.id});
    ledger::append(
        tx,
        &Event::of(permit, "reply_draft_discarded", format!("query-message/{draft}"), data),
        (),
    )
}
