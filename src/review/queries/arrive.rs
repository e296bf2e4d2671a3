//! What every verb about a question begins and ends with: the review reserved with the question as it is now, and a
//! message of the organisation that arrives.

use diesel::prelude::*;
use serde_json::json;

use super::go_on_if_answered;
use super::mail;
use super::model::{QueryState, Standing, TimeState};
use super::store::{self, File, Query};
use crate::access::{OrganisationRole, Permit, ReplyToQuery};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{QueryId, QueryMessageId, ReviewId};
use crate::platform::mail::Mail;
use crate::returns::ScanState;
use crate::review::mail::Links;
use crate::review::model::ReviewState;
use crate::review::store::{Review, address_of, organisation_of, review as review_row};
use crate::schema::{query_time, review, review_query};

/// Who sends answers, and is told of what concerns them.
pub(in crate::review) const ANSWERERS: [OrganisationRole; 2] =
    [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];

/// What is said of an answer to a question that is over.
const OVER: &str = "The review has moved on while you wrote. Nothing is lost: your answer can still be sent, and the \
                    reviewer sees that it arrived after.";

/// Reserves a review, whoever moved it before, and reads it with one of its questions as they are then. On PostgreSQL this
/// also makes others that change the same review wait.
pub(in crate::review) fn held(tx: &mut Tx<'_>, of: ReviewId, query: QueryId) -> Result<(Review, Query)> {
    diesel::update(review::table.filter(review::id.eq(of)))
        .set(review::summary.eq(review::summary))
        .execute(tx.conn())?;
    Ok((review_row(tx.conn(), of)?, store::query_in(tx.conn(), of, query)?))
}

/// When a message that is sent now comes, seen from the question.
pub(in crate::review) fn standing_of(review: &Review, query: &Query, now: Timestamp) -> Standing {
    let under_way = matches!(review.state, ReviewState::Claimed | ReviewState::Query);
    match (query.is_open() && under_way, now > query.due_at) {
        (false, _) => Standing::After,
        (true, true) => Standing::Late,
        (true, false) => Standing::InTime,
    }
}

/// The standing of a message that is sent now, refused where it would come after and nobody agreed to that.
pub(in crate::review) fn agreed_standing(
    review: &Review,
    query: &Query,
    now: Timestamp,
    even_after: bool,
) -> Result<Standing> {
    match standing_of(review, query, now) {
        Standing::After if !even_after => Err(Error::Conflict(OVER.to_owned())),
        standing => Ok(standing),
    }
}

/// A message that has just been marked as sent.
pub(in crate::review) struct Arrived<'a> {
    pub id: QueryMessageId,
    pub text: &'a str,
    pub files: &'a [File],
    pub standing: Standing,
}

/// What follows: the question is answered, the clock runs again with the last one, and the reviewer is told by mail.
pub(in crate::review) fn arrive(
    tx: &mut Tx<'_>,
    permit: &Permit<ReplyToQuery>,
    (review, query): (&Review, &Query),
    message: &Arrived<'_>,
    links: &Links,
) -> Result<Recorded<Standing>> {
    if message.files.iter().any(|file| file.scan == ScanState::Refused) {
        return Err(Error::Refused(
            "The malware scan refused a file of this answer. Take it away before you send the answer."
                .to_owned(),
        ));
    }
    let now = tx.now();
    let mut waiting = 0;
    if message.standing != Standing::After {
        diesel::update(review_query::table.filter(review_query::id.eq(query.id)))
            .set((review_query::state.eq(QueryState::Answered), review_query::replied_at.eq(Some(now))))
            .execute(tx.conn())?;
        overtake(tx, query.id)?;
        (_, waiting) = go_on_if_answered(tx, permit, review)?;
    }
    tell_reviewer(tx, review, &format!("query-message-{}", message.id), |to, name, organisation| {
        let href = links.thread(review.id, query.id);
        mail::answered(&mail::Answered {
            to,
            name,
            organisation,
            waiting,
            standing: message.standing,
            href: &href,
        })
    })?;
    let data = json!({
        "query": query.id,
        "waiting": waiting,
        "standing": message.standing,
        "text_sha256": hex(&sha256(message.text.as_bytes())),
        "evidence": message.files.iter().map(|file| file.id).collect::<Vec<_>>(),
    });
    let event = Event::of(permit, "query_answered", format!("query-message/{}", message.id), data);
    ledger::append(tx, &event, message.standing)
}

/// A request for more time that nobody needs any more.
pub(super) fn overtake(tx: &mut Tx<'_>, query: QueryId) -> Result<()> {
    let now = tx.now();
    diesel::update(
        query_time::table
            .filter(query_time::query_id.eq(query))
            .filter(query_time::state.eq(TimeState::Asked)),
    )
    .set((query_time::state.eq(TimeState::Overtaken), query_time::answered_at.eq(Some(now))))
    .execute(tx.conn())?;
    Ok(())
}

/// Mails the reviewer of a review; `letter` is given their address and name and the organisation's.
pub(super) fn tell_reviewer(
    tx: &mut Tx<'_>,
    review: &Review,
    id: &str,
    letter: impl Fn(&str, &str, &str) -> Mail,
) -> Result<()> {
    let Some(reviewer) = review.reviewer else { return Ok(()) };
    let Some((name, to)) = address_of(tx.conn(), reviewer)? else { return Ok(()) };
    let (_, organisation) = organisation_of(tx.conn(), review.organisation)?;
    crate::review::mail::queue(tx, &letter(&to, &name, &organisation), &format!("{id}-{reviewer}"))
}

/// Mails those who can answer; `letter` is given the address and name of each.
pub(in crate::review) fn tell_leads(
    tx: &mut Tx<'_>,
    review: &Review,
    id: &str,
    letter: impl Fn(&str, &str) -> Mail,
) -> Result<()> {
    for (person, name, to) in identity::holders_of(tx.conn(), review.organisation, &ANSWERERS)? {
        crate::review::mail::queue(tx, &letter(&to, &name), &format!("{id}-{person}"))?;
    }
    Ok(())
}
