//! Asking the organisation about one answer: the first message of a question's thread.

use diesel::prelude::*;
use serde_json::json;

use super::case::Case;
use super::claim::own;
use super::mail::{self, Links};
use super::queries::{self, QueryState, Side};
use super::store;
use crate::access::{AskQuery, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId, QueryId, QueryMessageId, ReviewId};
use crate::schema::{query_message, review_query};

/// The longest question and the longest reply, in characters.
pub const QUESTION_LIMIT: usize = 4000;

/// A question about one answer.
#[derive(Debug, Clone)]
pub struct Question {
    /// The requirement's code.
    pub requirement: String,
    /// What the reviewer wants to know.
    pub text: String,
    /// When the reply is due.
    pub due_at: Timestamp,
}

/// Asks the question, and tells the organisation by mail. The same open question asked again is the first one. From now on
/// until the answer the reviewer's clock stands still.
///
/// # Errors
/// [`Error::NotFound`] for a requirement that is not put to the organisation, [`Error::Conflict`] when the review or the
/// return has moved on.
pub fn ask_query(
    tx: &mut Tx<'_>,
    permit: &Permit<AskQuery>,
    question: &Question,
    links: &Links,
) -> Result<Recorded<QueryId>> {
    let id = ReviewId::new(permit.id());
    let case = Case::load(tx.conn(), id)?;
    let review = &case.found.review;
    let me = own(permit, review)?;
    let (requirement, _) = case.requirement(&question.requirement).ok_or(Error::NotFound)?;
    let row = case.found.edition.requirement_id(&question.requirement).ok_or(Error::NotFound)?;
    store::hold(tx, review)?;
    let mut asked_before = case.queries_about(&question.requirement);
    if asked_before.any(|query| query.is_waiting() && query.question() == question.text) {
        return Err(Error::Refused(
            "This question has been asked already and waits for its answer.".to_owned(),
        ));
    }
    let new: QueryId = diesel::insert_into(review_query::table)
        .values((
            review_query::review_id.eq(id),
            review_query::organisation_id.eq(review.organisation),
            review_query::requirement_id.eq(row),
            review_query::state.eq(QueryState::Open),
            review_query::asked_by.eq(me),
            review_query::asked_at.eq(tx.now()),
            review_query::due_at.eq(question.due_at),
        ))
        .returning(review_query::id)
        .get_result(tx.conn())?;
    let message = say(tx, (new, review.organisation), me, &question.text)?;
    queries::wait(tx, permit, review)?;
    let about = format!("{} {}", requirement.code, requirement.title);
    let href = links.query(&case.found.code, &case.found.collection_key, new);
    queries::tell_leads(tx, review, &format!("query-message-{message}"), |to, name| {
        mail::query_asked(&mail::QueryAsked {
            to,
            name,
            organisation: &case.found.name,
            year: &case.found.year_label,
            requirement: &about,
            due: question.due_at,
            href: &href,
        })
    })?;
    let event = Event::of(
        permit,
        "query_asked",
        format!("query-message/{message}"),
        json!({
            "query": new,
            "review": id,
            "requirement": question.requirement,
            "due_at": question.due_at,
            "text_sha256": hex(&sha256(question.text.as_bytes())),
        }),
    );
    ledger::append(tx, &event, new)
}

/// Writes a message of the reviewer into a thread.
pub(super) fn say(
    tx: &mut Tx<'_>,
    (query, organisation): (QueryId, OrganisationId),
    me: PersonId,
    text: &str,
) -> Result<QueryMessageId> {
    let now = tx.now();
    Ok(diesel::insert_into(query_message::table)
        .values((
            query_message::query_id.eq(query),
            query_message::organisation_id.eq(organisation),
            query_message::side.eq(Side::Centre),
            query_message::text.eq(text),
            query_message::author_id.eq(me),
            query_message::written_at.eq(now),
            query_message::sent_by.eq(Some(me)),
            query_message::sent_at.eq(Some(now)),
        ))
        .returning(query_message::id)
        .get_result(tx.conn())?)
}
