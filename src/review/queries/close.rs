//! How a question ends: the reviewer says what came of it, goes on without answers that are overdue, or the submission is
//! taken from under it.

use diesel::prelude::*;
use serde_json::json;

use super::arrive::{held, overtake, tell_leads};
use super::mail;
use super::model::{QueryOutcome, QueryState};
use super::pause::go_on_if_answered;
use super::store::{self, Query};
use crate::access::{CloseQuery, GoOnWithoutReply, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, QueryId, ReviewId};
use crate::review::case::Case;
use crate::review::claim::{own, own_or_stand_in, person};
use crate::review::mail::Links;
use crate::review::store::hold;
use crate::schema::review_query;

/// What a reviewer says of a question's end.
#[derive(Debug, Clone)]
pub struct Closing {
    /// The outcome.
    pub outcome: QueryOutcome,
    /// Why; the organisation reads it.
    pub note: String,
    /// The newest message that the reviewer saw: what came since must be read first.
    pub seen: i64,
}

/// Closes a question. With the last open one the clock runs again; an organisation that still owed an answer is told by mail
/// that none is needed.
///
/// # Errors
/// [`Error::Conflict`] when an answer has come since the page was shown, [`Error::Invalid`] for an outcome that judges an
/// answer where there is none, [`Error::Refused`] for "not answered" while there is time, or when it is closed.
pub fn close_query(
    tx: &mut Tx<'_>,
    permit: &Permit<CloseQuery>,
    query: QueryId,
    closing: &Closing,
    links: &Links,
) -> Result<Recorded<()>> {
    let (review, query) = held(tx, ReviewId::new(permit.id()), query)?;
    let me = own(permit, &review)?;
    if !query.is_open() {
        return Err(Error::Refused("This question is closed already.".to_owned()));
    }
    if query.newest() != closing.seen {
        return Err(Error::Conflict(
            "An answer has come since you loaded the page. Read it before you close the question.".to_owned(),
        ));
    }
    must_fit(&query, closing.outcome, tx.now())?;
    let was_waiting = query.is_waiting();
    end(tx, &[query.id], (closing.outcome, &closing.note), Some(me))?;
    go_on_if_answered(tx, permit, &review)?;
    if was_waiting {
        let case = Case::load(tx.conn(), review.id)?;
        let about = mail::About::of(&case, &query, links);
        tell_leads(tx, &review, &format!("query-{}-closed", query.id), |to, name| {
            mail::closed(&about, (to, name))
        })?;
    }
    let data = json!({
        "query": query.id,
        "outcome": closing.outcome,
        "note_sha256": hex(&sha256(closing.note.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "query_closed", format!("review/{}", review.id), data), ())
}

fn must_fit(query: &Query, outcome: QueryOutcome, now: Timestamp) -> Result<()> {
    if outcome.judges_an_answer() && query.reply().is_none() {
        return Err(Error::field("outcome", "There is no answer to judge yet"));
    }
    if outcome == QueryOutcome::NotAnswered && query.is_waiting() && query.due_at > now {
        return Err(Error::Refused(still_time(query)));
    }
    Ok(())
}

fn still_time(query: &Query) -> String {
    format!("The organisation has until {} to answer.", query.due_at.london_words())
}

/// Marks questions that are not closed as such.
fn end(
    tx: &mut Tx<'_>,
    of: &[QueryId],
    (outcome, note): (QueryOutcome, &str),
    by: Option<PersonId>,
) -> Result<()> {
    let now = tx.now();
    diesel::update(
        review_query::table
            .filter(review_query::id.eq_any(of.to_vec()))
            .filter(review_query::state.ne(QueryState::Closed)),
    )
    .set((
        review_query::state.eq(QueryState::Closed),
        review_query::outcome.eq(Some(outcome)),
        review_query::closing_note.eq(Some(note)),
        review_query::closed_by.eq(by),
        review_query::closed_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    for query in of {
        overtake(tx, *query)?;
    }
    Ok(())
}

/// Stops waiting for answers that are overdue, so that the review can go on without them: those questions are closed as not
/// answered.
///
/// # Errors
/// [`Error::Refused`] while a question still has time.
pub fn go_on_without_reply(tx: &mut Tx<'_>, permit: &Permit<GoOnWithoutReply>) -> Result<Recorded<()>> {
    let now = tx.now();
    let review = crate::review::store::review(tx.conn(), ReviewId::new(permit.id()))?;
    own_or_stand_in(permit, &review)?;
    hold(tx, &review)?;
    let open: Vec<Query> =
        store::queries(tx.conn(), review.id)?.into_iter().filter(Query::is_waiting).collect();
    if let Some(query) = open.iter().find(|query| query.due_at > now) {
        return Err(Error::Refused(still_time(query)));
    }
    let ids: Vec<QueryId> = open.iter().map(|query| query.id).collect();
    end(tx, &ids, (QueryOutcome::NotAnswered, ""), Some(person(permit)?))?;
    go_on_if_answered(tx, permit, &review)?;
    let data = json!({"queries": ids});
    let event = Event::of(permit, "queries_lapsed", format!("review/{}", review.id), data);
    ledger::append(tx, &event, ())
}

/// Ends what was still asked about a submission that was taken back or sent again; part of the verbs that do that.
pub(in crate::review) fn end_with_review(tx: &mut Tx<'_>, of: ReviewId) -> Result<()> {
    let open: Vec<QueryId> = review_query::table
        .filter(review_query::review_id.eq(of))
        .filter(review_query::state.ne(QueryState::Closed))
        .select(review_query::id)
        .load(tx.conn())?;
    if open.is_empty() {
        return Ok(());
    }
    end(tx, &open, (QueryOutcome::Ended, ""), None)?;
    // Nobody waits any more, so no clock stands still.
    diesel::update(crate::schema::review::table.filter(crate::schema::review::id.eq(of)))
        .set(crate::schema::review::clock_stopped_at.eq(None::<Timestamp>))
        .execute(tx.conn())?;
    Ok(())
}

/// A review is finished when its questions are.
///
/// # Errors
/// [`Error::Refused`] with the first requirement whose question is open.
pub(in crate::review) fn must_be_closed(case: &Case) -> Result<()> {
    let open: Vec<&Query> = case.queries.iter().filter(|query| query.is_open()).collect();
    let Some(first) = open.first() else { return Ok(()) };
    let code = case
        .found
        .edition
        .position_of(first.requirement)
        .and_then(|position| case.edition().requirements().get(position))
        .map(|requirement| requirement.code.to_string())
        .unwrap_or_default();
    Err(Error::Refused(match open.len() {
        1 => format!("The question about {code} is not closed yet. Say what came of it first."),
        many => format!("{many} questions are not closed yet, the first of them about {code}."),
    }))
}
