//! The organisation's answer to a reviewer's question: written and sent by a lead at once, or a colleague's draft that a
//! lead sends.

use diesel::prelude::*;

use super::claim::person;
use super::mail::Links;
use super::queries::{Arrived, Side, Standing, agreed_standing, arrive, held};
use crate::access::{Permit, ReplyToQuery};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{QueryId, QueryMessageId, ReviewId};
use crate::schema::query_message;

/// Sends an answer. With the last open question answered the review goes back to its reviewer, who is told by mail. Two who
/// answer at once have both said something: both texts stand in the thread.
///
/// # Errors
/// [`Error::Conflict`] when the question is over and nobody agreed to an answer that comes after.
pub fn reply_to_query(
    tx: &mut Tx<'_>,
    permit: &Permit<ReplyToQuery>,
    query: QueryId,
    (text, even_after): (&str, bool),
    links: &Links,
) -> Result<Recorded<Standing>> {
    let (now, me) = (tx.now(), person(permit)?);
    let (review, query) = held(tx, ReviewId::new(permit.id()), query)?;
    let standing = agreed_standing(&review, &query, now, even_after)?;
    let id: QueryMessageId = diesel::insert_into(query_message::table)
        .values((
            query_message::query_id.eq(query.id),
            query_message::organisation_id.eq(review.organisation),
            query_message::side.eq(Side::Organisation),
            query_message::text.eq(text),
            query_message::author_id.eq(me),
            query_message::written_at.eq(now),
            query_message::sent_by.eq(Some(me)),
            query_message::sent_at.eq(Some(now)),
            query_message::standing.eq(standing),
        ))
        .returning(query_message::id)
        .get_result(tx.conn())?;
    arrive(tx, permit, (&review, &query), &Arrived { id, text, files: &[], standing }, links)
}

/// Sends a draft as its page showed it, with its evidence, which nobody can change from then on.
///
/// # Errors
/// As [`reply_to_query`]; [`Error::NotFound`] when it is none of the question's drafts, [`Error::Conflict`] when it was
/// changed since `version`, [`Error::Refused`] when it says nothing or the scanner refused a file of it.
pub fn send_draft(
    tx: &mut Tx<'_>,
    permit: &Permit<ReplyToQuery>,
    (query, draft): (QueryId, QueryMessageId),
    (version, even_after): (i64, bool),
    links: &Links,
) -> Result<Recorded<Standing>> {
    let (now, me) = (tx.now(), person(permit)?);
    let (review, query) = held(tx, ReviewId::new(permit.id()), query)?;
    let message = query.drafts().find(|message| message.id == draft).ok_or(Error::NotFound)?;
    if message.text.is_empty() {
        return Err(Error::Refused("The draft says nothing yet. Write the answer first.".to_owned()));
    }
    let standing = agreed_standing(&review, &query, now, even_after)?;
    let sent = diesel::update(
        query_message::table
            .filter(query_message::id.eq(draft))
            .filter(query_message::version.eq(version))
            .filter(query_message::sent_at.is_null()),
    )
    .set((
        query_message::sent_by.eq(Some(me)),
        query_message::sent_at.eq(Some(now)),
        query_message::standing.eq(standing),
    ))
    .execute(tx.conn())?;
    if sent == 0 {
        return Err(Error::Conflict(
            "The draft was changed after the page was shown. Read it again before you send it.".to_owned(),
        ));
    }
    let arrived = Arrived { id: draft, text: &message.text, files: &message.files, standing };
    arrive(tx, permit, (&review, &query), &arrived, links)
}
