//! The time for an answer: the organisation asks for more, the reviewer gives it, asked or unasked, or refuses.

use diesel::prelude::*;
use serde_json::json;

use super::arrive::{held, tell_leads, tell_reviewer};
use super::mail;
use super::model::TimeState;
use super::store::Query;
use crate::access::{Action, AskQueryTime, Permit, SetQueryTime};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{QueryId, QueryTimeId, ReviewId};
use crate::review::case::Case;
use crate::review::claim::{own, person};
use crate::review::mail::Links;
use crate::review::store::Review;
use crate::schema::{query_time, review_query};

/// More time, wanted or given.
#[derive(Debug, Clone)]
pub struct MoreTime {
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

/// The question that waits for its answer, and the review, reserved.
fn waiting<A: Action>(tx: &mut Tx<'_>, permit: &Permit<A>, query: QueryId) -> Result<(Review, Query)> {
    let (review, query) = held(tx, ReviewId::new(permit.id()), query)?;
    if query.is_waiting() {
        Ok((review, query))
    } else {
        Err(Error::Refused("This question does not wait for an answer any more.".to_owned()))
    }
}

fn must_be_later(query: &Query, until: Timestamp) -> Result<()> {
    if until > query.due_at {
        Ok(())
    } else {
        let due = query.due_at.london_day().words();
        Err(Error::field("until", format!("The date must be after {due}, when the answer is due now")))
    }
}

/// Asks the reviewer for more time, who is told by mail.
///
/// # Errors
/// [`Error::Invalid`] for a day that is not later, [`Error::Refused`] when one request waits already or the question does
/// not wait any more.
pub fn ask_more_time(
    tx: &mut Tx<'_>,
    permit: &Permit<AskQueryTime>,
    query: QueryId,
    wanted: &MoreTime,
    links: &Links,
) -> Result<Recorded<QueryTimeId>> {
    let me = person(permit)?;
    let (review, query) = waiting(tx, permit, query)?;
    must_be_later(&query, wanted.until)?;
    if query.time_asked().is_some() {
        return Err(Error::Refused("Your request for more time waits for the reviewer already.".to_owned()));
    }
    let now = tx.now();
    let id: QueryTimeId = diesel::insert_into(query_time::table)
        .values((
            query_time::query_id.eq(query.id),
            query_time::organisation_id.eq(review.organisation),
            query_time::state.eq(TimeState::Asked),
            query_time::asked_by.eq(Some(me)),
            query_time::asked_at.eq(Some(now)),
            query_time::asked_until.eq(Some(wanted.until)),
            query_time::asked_reason.eq(&wanted.reason),
        ))
        .returning(query_time::id)
        .get_result(tx.conn())?;
    let href = links.thread(review.id, query.id);
    tell_reviewer(tx, &review, &format!("query-time-{id}-asked"), |to, name, organisation| {
        mail::time_asked((to, name), organisation, wanted.until, &href)
    })?;
    let data = json!({
        "query": query.id,
        "until": wanted.until,
        "reason_sha256": hex(&sha256(wanted.reason.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "query_time_asked", format!("query-time/{id}"), data), id)
}

/// Gives more time: what was asked for, or unasked. The organisation is told by mail.
///
/// # Errors
/// [`Error::Invalid`] for a day that is not later, [`Error::Forbidden`] for other reviewers.
pub fn give_more_time(
    tx: &mut Tx<'_>,
    permit: &Permit<SetQueryTime>,
    query: QueryId,
    given: &MoreTime,
    links: &Links,
) -> Result<Recorded<QueryTimeId>> {
    let (review, query) = waiting(tx, permit, query)?;
    let me = own(permit, &review)?;
    must_be_later(&query, given.until)?;
    let now = tx.now();
    let answer = (
        query_time::state.eq(TimeState::Given),
        query_time::answered_by.eq(Some(me)),
        query_time::answered_at.eq(Some(now)),
        query_time::given_until.eq(Some(given.until)),
        query_time::answer_reason.eq(&given.reason),
    );
    let id: QueryTimeId = match query.time_asked() {
        Some(asked) => {
            diesel::update(query_time::table.filter(query_time::id.eq(asked.id)))
                .set(answer)
                .execute(tx.conn())?;
            asked.id
        }
        None => diesel::insert_into(query_time::table)
            .values((
                query_time::query_id.eq(query.id),
                query_time::organisation_id.eq(review.organisation),
                answer,
            ))
            .returning(query_time::id)
            .get_result(tx.conn())?,
    };
    diesel::update(review_query::table.filter(review_query::id.eq(query.id)))
        .set(review_query::due_at.eq(given.until))
        .execute(tx.conn())?;
    let case = Case::load(tx.conn(), review.id)?;
    let about = mail::About::of(&case, &query, links);
    tell_leads(tx, &review, &format!("query-time-{id}-given"), |to, name| {
        mail::time_given(&about, (to, name), given.until)
    })?;
    let data = json!({
        "query": query.id,
        "from": query.due_at,
        "until": given.until,
        "reason_sha256": hex(&sha256(given.reason.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "query_time_given", format!("query-time/{id}"), data), id)
}

/// Refuses the request for more time that waits. The organisation is told by mail.
///
/// # Errors
/// [`Error::Refused`] when none waits, [`Error::Forbidden`] for other reviewers.
pub fn refuse_more_time(
    tx: &mut Tx<'_>,
    permit: &Permit<SetQueryTime>,
    query: QueryId,
    reason: &str,
    links: &Links,
) -> Result<Recorded<QueryTimeId>> {
    let (review, query) = waiting(tx, permit, query)?;
    let me = own(permit, &review)?;
    let Some(asked) = query.time_asked() else {
        return Err(Error::Refused("No request for more time waits for this question.".to_owned()));
    };
    let (id, now) = (asked.id, tx.now());
    diesel::update(query_time::table.filter(query_time::id.eq(id)))
        .set((
            query_time::state.eq(TimeState::Refused),
            query_time::answered_by.eq(Some(me)),
            query_time::answered_at.eq(Some(now)),
            query_time::answer_reason.eq(reason),
        ))
        .execute(tx.conn())?;
    let case = Case::load(tx.conn(), review.id)?;
    let about = mail::About::of(&case, &query, links);
    tell_leads(tx, &review, &format!("query-time-{id}-refused"), |to, name| {
        mail::time_refused(&about, (to, name), query.due_at)
    })?;
    let data = json!({"query": query.id, "reason_sha256": hex(&sha256(reason.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "query_time_refused", format!("query-time/{id}"), data), id)
}
