//! The organisation's answer to a reviewer's question, and going on without one that is overdue.

use diesel::prelude::*;
use serde_json::json;

use super::claim::{move_to, own_or_stand_in, person};
use super::mail::{self, Links};
use super::model::Step;
use super::store::{self, Query, Review};
use crate::access::{GoOnWithoutReply, Permit, ReplyToQuery};
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
/// [`Error::Conflict`] when somebody else has answered it or the reviewer waits no longer.
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
            .filter(review_query::replied_at.is_null()),
    )
    .set((
        review_query::reply.eq(Some(reply)),
        review_query::replied_by.eq(Some(me)),
        review_query::replied_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if answered == 0 {
        return Err(Error::Conflict("This question has been answered or closed meanwhile.".to_owned()));
    }
    let waiting: i64 = review_query::table
        .filter(review_query::review_id.eq(review.id))
        .filter(review_query::replied_at.is_null())
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

/// Stops waiting for answers that are overdue, so that the review can go on without them.
///
/// # Errors
/// [`Error::Refused`] while a question still has time.
pub fn go_on_without_reply(tx: &mut Tx<'_>, permit: &Permit<GoOnWithoutReply>) -> Result<Recorded<()>> {
    let now = tx.now();
    let review = store::review(tx.conn(), ReviewId::new(permit.id()))?;
    own_or_stand_in(permit, &review)?;
    store::hold(tx, &review)?;
    let open: Vec<Query> = store::queries(tx.conn(), review.id)?.into_iter().filter(Query::is_open).collect();
    if let Some(query) = open.iter().find(|query| query.due_at > now) {
        return Err(Error::Refused(format!(
            "The organisation has until {} to answer.",
            query.due_at.london_words()
        )));
    }
    let ids: Vec<QueryId> = open.iter().map(|query| query.id).collect();
    diesel::update(
        review_query::table.filter(review_query::id.eq_any(&ids)).filter(review_query::replied_at.is_null()),
    )
    .set(review_query::replied_at.eq(Some(now)))
    .execute(tx.conn())?;
    let next = review.state.after(Step::Resume).ok_or_else(store::moved_on)?;
    move_to(tx, &review, next)?;
    returns::mark_under_review(tx, permit, review.return_id)?;
    let data = json!({"queries": ids});
    let event = Event::of(permit, "queries_lapsed", format!("review/{}", review.id), data);
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
