//! The organisation's answer to a reviewer's question.

use diesel::prelude::*;
use serde_json::json;

use super::claim::{move_to, person};
use super::mail::{self, Links};
use super::model::Step;
use super::store::{self, Review};
use crate::access::{Permit, ReplyToQuery};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{QueryId, ReviewId};
use crate::returns;
use crate::schema::review_query;

/// Answers the question. With the last open one the review goes back to its reviewer, who is told by mail.
///
/// # Errors
/// [`Error::Conflict`] when somebody else has answered it.
pub fn reply_to_query(
    tx: &mut Tx<'_>,
    permit: &Permit<ReplyToQuery>,
    query: QueryId,
    reply: &str,
    links: &Links,
) -> Result<Recorded<()>> {
    let (now, me) = (tx.now(), person(permit)?);
    let review = store::review(tx.conn(), ReviewId::new(permit.id()))?;
    store::hold(tx, &review)?;
    let answered = diesel::update(
        review_query::table
            .filter(review_query::id.eq(query))
            .filter(review_query::review_id.eq(review.id))
            .filter(review_query::reply.is_null()),
    )
    .set((
        review_query::reply.eq(Some(reply)),
        review_query::replied_by.eq(Some(me)),
        review_query::replied_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if answered == 0 {
        return Err(Error::Conflict("A colleague has answered this question.".to_owned()));
    }
    let waiting: i64 = review_query::table
        .filter(review_query::review_id.eq(review.id))
        .filter(review_query::reply.is_null())
        .count()
        .get_result(tx.conn())?;
    if waiting == 0 {
        let next = review.state.after(Step::Resume).ok_or_else(store::moved_on)?;
        move_to(tx, &review, next)?;
        returns::mark_under_review(tx, permit, review.return_id)?;
    }
    tell_reviewer(tx, &review, query, waiting, links)?;
    let event = Event::of(
        permit,
        "query_answered",
        format!("review/{}", review.id),
        json!({"query": query, "waiting": waiting, "reply_sha256": hex(&sha256(reply.as_bytes()))}),
    );
    ledger::append(tx, &event, ())
}

fn tell_reviewer(
    tx: &mut Tx<'_>,
    review: &Review,
    query: QueryId,
    waiting: i64,
    links: &Links,
) -> Result<()> {
    let Some(reviewer) = review.reviewer else { return Ok(()) };
    let Some((name, to)) = store::address_of(tx.conn(), reviewer)? else { return Ok(()) };
    let (_, organisation) = store::organisation_of(tx.conn(), review.organisation)?;
    let mail = mail::query_answered(&mail::QueryAnswered {
        to: &to,
        name: &name,
        organisation: &organisation,
        waiting,
        href: &links.review(review.id),
    });
    mail::queue(tx, &mail, &format!("query-{query}-answered-{reviewer}"))
}
