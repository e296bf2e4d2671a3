//! Asking further in a question's thread: it waits for the organisation again, by a new day.

use diesel::prelude::*;
use serde_json::json;

use super::arrive::{held, tell_leads};
use super::mail;
use super::model::QueryState;
use super::pause::wait;
use crate::access::{AskQuery, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{QueryId, QueryMessageId, ReviewId};
use crate::review::ask::say;
use crate::review::case::Case;
use crate::review::claim::own;
use crate::review::mail::Links;
use crate::schema::review_query;

/// Asks further; the organisation is told by mail.
///
/// # Errors
/// [`Error::Refused`] for a question that is closed, [`Error::Conflict`] when the review has moved on.
pub fn ask_further(
    tx: &mut Tx<'_>,
    permit: &Permit<AskQuery>,
    query: QueryId,
    (text, due_at): (&str, Timestamp),
    links: &Links,
) -> Result<Recorded<QueryMessageId>> {
    let id = ReviewId::new(permit.id());
    let (review, query) = held(tx, id, query)?;
    let me = own(permit, &review)?;
    if !query.is_open() {
        return Err(Error::Refused(
            "This question is closed. Ask a new one on the requirement's page.".to_owned(),
        ));
    }
    let message = say(tx, (query.id, review.organisation), me, text)?;
    diesel::update(review_query::table.filter(review_query::id.eq(query.id)))
        .set((
            review_query::state.eq(QueryState::Open),
            review_query::due_at.eq(due_at),
            review_query::replied_at.eq(None::<Timestamp>),
        ))
        .execute(tx.conn())?;
    wait(tx, permit, &review)?;
    let case = Case::load(tx.conn(), id)?;
    let about = mail::About::of(&case, &query, links);
    tell_leads(tx, &review, &format!("query-message-{message}"), |to, name| {
        mail::asked_further(&about, (to, name), due_at)
    })?;
    let data = json!({
        "query": query.id,
        "due_at": due_at,
        "text_sha256": hex(&sha256(text.as_bytes())),
    });
    let event = Event::of(permit, "query_asked_further", format!("query-message/{message}"), data);
    ledger::append(tx, &event, message)
}
