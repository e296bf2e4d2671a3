//! What lies on the desks of the central team in the demo: private notes and flags beside answers, a question that was
//! answered and waits for its reviewer, and filters kept as views.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::seeding_permit;
use super::years::Written;
use crate::access::{Actor, CentralRole, FlagAnswer, OrganisationRole, Permit, WriteNote};
use crate::identity;
use crate::ledger::{self, Event};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, QueryId, ReturnId, ReviewId};
use crate::review::{Flagged, ReviewState, flag_answer, review, write_note};
use crate::schema::{
    annual_return, membership, query_message, queue_view, requirement, review as table, review_decision,
    review_query,
};

/// Reviews with notes and a flag.
const NOTED: i64 = 3;

/// A note about the return as a whole, and one beside an answer.
const NOTES: [(&str, &str); 3] = [
    (
        "Same structure as last year. Read the answers about suppliers first.",
        "Compare with the minutes of May.",
    ),
    (
        "Their new lead started in spring; much is written anew.",
        "The figure is of one site only. Ask if it is not said.",
    ),
    ("Ring before asking in writing: they answer quickly.", "Looks like the text of their head office."),
];

/// What an organisation answers.
const ANSWER: &str =
    "Thank you for asking. The policy was approved in March; the minutes are beside the answer, on page 4.";

/// Names and filters that are kept: the programme manager's, shared with the team, and the reviewer's own.
const VIEWS: [(&str, &str); 2] = [
    ("NHS trusts, highest risk first", "sector=nhs_trust&sort=risk"),
    ("Mine, due first", "whose=mine&sort=due"),
];

/// A review of the running year that somebody has in hand.
type InHand = (ReviewId, PersonId);

/// Writes it.
pub(super) fn write(db: &Db, open: &Written) -> Result<()> {
    let (reach, of) = (Actor::system_reach(), open.id);
    let (in_hand, answered, keepers) = db.read_now(reach, move |conn| {
        let managers = identity::central_holders(conn, &[CentralRole::ProgrammeManager])?;
        let reviewers = identity::central_holders(conn, &[CentralRole::CentralReviewer])?;
        let first = |people: &[(PersonId, String, String)]| people.first().map(|(id, ..)| *id);
        Ok((in_hand(conn, of)?, to_be_answered(conn, of)?, [first(&managers), first(&reviewers)]))
    })?;
    for ((id, reviewer), (whole, beside)) in in_hand.into_iter().zip(NOTES) {
        noted(db, (id, reviewer), whole, beside)?;
    }
    db.write_now(reach, move |tx| {
        if let Some(found) = answered {
            answer(tx, found)?;
        }
        let mut views = 0;
        for ((person, (name, query)), shared) in keepers.into_iter().zip(VIEWS).zip([true, false]) {
            let Some(person) = person else { continue };
            diesel::insert_into(queue_view::table)
                .values((
                    queue_view::person_id.eq(person),
                    queue_view::name.eq(name),
                    queue_view::query.eq(query),
                    queue_view::shared.eq(shared),
                    queue_view::created_at.eq(tx.now()),
                ))
                .execute(tx.conn())?;
            views += 1;
        }
        let data = serde_json::json!({"views": views, "answered": answered.is_some()});
        ledger::append(tx, &Event::of(&seeding_permit()?, "demo_desk_made", "demo".to_owned(), data), ())
    })
}

fn in_hand(conn: &mut Conn, of: CollectionId) -> Result<Vec<InHand>> {
    let rows: Vec<(ReviewId, Option<PersonId>)> = table::table
        .filter(table::collection_id.eq(of))
        .filter(table::state.eq_any([ReviewState::Claimed, ReviewState::Query]))
        .filter(table::reviewer_id.is_not_null())
        .order(table::id)
        .limit(NOTED)
        .select((table::id, table::reviewer_id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, reviewer)| Some((id, reviewer?))).collect())
}

/// The notes of one review and a flag on the last answer that its reviewer looked at, by the reviewer.
fn noted(db: &Db, (id, reviewer): InHand, whole: &'static str, beside: &'static str) -> Result<()> {
    let reach = Actor::system_reach();
    let codes: Vec<String> = db.read_now(reach, move |conn| {
        Ok(review_decision::table
            .inner_join(requirement::table.on(requirement::id.eq(review_decision::requirement_id)))
            .filter(review_decision::review_id.eq(id))
            .order(requirement::id)
            .select(requirement::code)
            .load(conn)?)
    })?;
    let subject = db.read_now(reach, move |conn| Ok(review(conn, id)?.subject()))?;
    let of_note = subject.clone();
    let last = codes.last().cloned();
    let written = db.write_now(reach, move |tx| {
        let actor = identity::actor_of(tx.conn(), reviewer)?;
        let permit = Permit::<WriteNote>::grant(&actor, Some(of_note))?;
        if let Some(code) = &last {
            write_note(tx, &permit, code, beside)?;
        }
        write_note(tx, &permit, "", whole)
    });
    match written {
        Ok(_) => {}
        // A reviewer who has gained an interest in the organisation since they took it.
        Err(Error::Forbidden(_)) => return Ok(()),
        Err(error) => return Err(error),
    }
    let Some(code) = codes.into_iter().next_back() else { return Ok(()) };
    db.write_now(reach, move |tx| {
        let actor = identity::actor_of(tx.conn(), reviewer)?;
        let permit = Permit::<FlagAnswer>::grant(&actor, Some(subject))?;
        flag_answer(tx, &permit, &code, Flagged::On)
    })
}

/// A question that is answered: its number, its review and return, and who answers.
type Answered = (QueryId, ReviewId, ReturnId, OrganisationId, PersonId);

/// The only open question of the second review that has one: the first goes on waiting.
fn to_be_answered(conn: &mut Conn, of: CollectionId) -> Result<Option<Answered>> {
    let reviews: Vec<(ReviewId, ReturnId, OrganisationId)> = table::table
        .filter(table::collection_id.eq(of))
        .filter(table::state.eq(ReviewState::Query))
        .order(table::id)
        .select((table::id, table::return_id, table::organisation_id))
        .load(conn)?;
    for (id, return_id, organisation) in reviews.into_iter().skip(1) {
        let open = || {
            review_query::table.filter(review_query::review_id.eq(id)).filter(review_query::state.eq("open"))
        };
        let count: i64 = open().select(count_star()).first(conn)?;
        let lead: Option<PersonId> = membership::table
            .filter(membership::organisation_id.eq(organisation))
            .filter(membership::role.eq(OrganisationRole::IgLead))
            .filter(membership::ended_at.is_null())
            .order(membership::person_id)
            .select(membership::person_id)
            .first(conn)
            .optional()?;
        if let (1, Some(lead)) = (count, lead) {
            let query: QueryId = open().select(review_query::id).first(conn)?;
            return Ok(Some((query, id, return_id, organisation, lead)));
        }
    }
    Ok(None)
}

/// Writes the answer, with which the review is its reviewer's again.
fn answer(tx: &mut Tx<'_>, (query, id, return_id, organisation, lead): Answered) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(query_message::table)
        .values((
            query_message::query_id.eq(query),
            query_message::organisation_id.eq(organisation),
            query_message::side.eq("organisation"),
            query_message::text.eq(ANSWER),
            query_message::author_id.eq(lead),
            query_message::written_at.eq(now),
            query_message::sent_by.eq(Some(lead)),
            query_message::sent_at.eq(Some(now)),
            query_message::standing.eq("in_time"),
        ))
        .execute(tx.conn())?;
    diesel::update(review_query::table.filter(review_query::id.eq(query)))
        .set((review_query::state.eq("answered"), review_query::replied_at.eq(Some(now))))
        .execute(tx.conn())?;
    diesel::update(table::table.filter(table::id.eq(id)))
        .set((
            table::state.eq(ReviewState::Claimed),
            table::clock_stopped_at.eq(None::<crate::platform::clock::Timestamp>),
        ))
        .execute(tx.conn())?;
    diesel::update(annual_return::table.filter(annual_return::id.eq(return_id)))
        .set(annual_return::state.eq("under_review"))
        .execute(tx.conn())?;
    Ok(())
}
