//! Asking the organisation about one answer.

use diesel::prelude::*;
use serde_json::json;

use super::case::Case;
use super::claim::{move_to, own};
use super::mail::{self, Links};
use super::model::{ReviewState, Step};
use super::store;
use crate::access::{AskQuery, OrganisationRole, Permit};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{QueryId, ReviewId};
use crate::returns;
use crate::schema::review_query;

/// The longest question and the longest reply, in characters.
pub const QUESTION_LIMIT: usize = 4000;

/// Who can answer a question, and is told of it.
pub(super) const ANSWERERS: [OrganisationRole; 2] =
    [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];

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

/// Asks the question, and tells the organisation by mail. The same open question asked again is the first one.
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
    let me = own(permit, &case.found.review)?;
    let (requirement, _) = case.requirement(&question.requirement).ok_or(Error::NotFound)?;
    let row = case.found.edition.requirement_id(&question.requirement).ok_or(Error::NotFound)?;
    let next = case.found.review.state.after(Step::Ask).ok_or_else(store::moved_on)?;
    store::hold(tx, &case.found.review)?;
    let mut asked_before = case.queries_about(&question.requirement);
    if asked_before.any(|query| query.reply.is_none() && query.question == question.text) {
        return Err(Error::Refused(
            "This question has been asked already and waits for its answer.".to_owned(),
        ));
    }
    let new: QueryId = diesel::insert_into(review_query::table)
        .values((
            review_query::review_id.eq(id),
            review_query::organisation_id.eq(case.found.review.organisation),
            review_query::requirement_id.eq(row),
            review_query::question.eq(&question.text),
            review_query::asked_by.eq(me),
            review_query::asked_at.eq(tx.now()),
            review_query::due_at.eq(question.due_at),
        ))
        .returning(review_query::id)
        .get_result(tx.conn())?;
    if case.found.review.state != ReviewState::Query {
        move_to(tx, &case.found.review, next)?;
        returns::mark_query(tx, permit, case.found.review.return_id)?;
    }
    let told = identity::holders_of(tx.conn(), case.found.review.organisation, &ANSWERERS)?;
    for (person, name, to) in told {
        let mail = mail::query_asked(&mail::QueryAsked {
            to: &to,
            name: &name,
            organisation: &case.found.name,
            year: &case.found.year_label,
            requirement: &format!("{} {}", requirement.code, requirement.title),
            due: question.due_at,
            href: &links.query(&case.found.code, &case.found.collection_key, new),
        });
        mail::queue(tx, &mail, &format!("query-{new}-asked-{person}"))?;
    }
    let event = Event::of(
        permit,
        "query_asked",
        format!("review/{id}/{}", question.requirement),
        json!({
            "query": new,
            "due_at": question.due_at,
            "question_sha256": hex(&sha256(question.text.as_bytes())),
        }),
    );
    ledger::append(tx, &event, new)
}
