//! Queries of reminders: who waits for whose return, what was sent, and how far returns have got.

use std::collections::{BTreeMap, HashSet};

use diesel::dsl::{count_star, exists};
use diesel::prelude::*;

use super::due::Stage;
use crate::access::OrganisationRole;
use crate::collections::{COLUMNS, Collection, CollectionRow, CollectionState, collection_of};
use crate::identity::{self, PersonState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReturnId};
use crate::returns::model::{AnswerState, ReturnState};
use crate::returns::questions::{OpenQuestion, open_questions};
use crate::returns::sites;
use crate::schema::{
    annual_return, answer, collection, collection_scope, extension, interim_submission, membership,
    organisation, outbound_mail, person, reminder, review_query,
};

/// One person who is responsible for one return that is not submitted.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub person: PersonId,
    pub person_name: String,
    pub address: String,
    pub role: OrganisationRole,
    pub organisation: OrganisationId,
    pub code: String,
    pub name: String,
    /// Until when the organisation was given more time.
    pub extension: Option<Timestamp>,
    /// Its return, when it was started.
    pub started: Option<(ReturnId, ReturnState)>,
}

/// Collections that take returns.
pub(super) fn open_collections(conn: &mut Conn) -> Result<Vec<Collection>> {
    let rows: Vec<CollectionRow> = collection::table
        .filter(collection::state.eq(CollectionState::Open))
        .order(collection::id)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(collection_of).collect())
}

type Row = (
    (PersonId, String, String, OrganisationRole),
    (OrganisationId, String, String),
    Option<Timestamp>,
    Option<(ReturnId, ReturnState)>,
);

/// The leads and administrators, and where the return waits for signatures whoever signs, of every organisation in scope
/// whose return is not submitted; by person.
pub(super) fn waiting(conn: &mut Conn, of: CollectionId, today: Day) -> Result<Vec<Waiting>> {
    let sent: Vec<ReturnState> = ReturnState::ALL.iter().copied().filter(|state| state.is_sent()).collect();
    let leads = [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];
    let rows: Vec<Row> = organisation::table
        .inner_join(collection_scope::table.on(
            collection_scope::sector.eq(organisation::sector).and(collection_scope::collection_id.eq(of)),
        ))
        .inner_join(membership::table.on(membership::organisation_id.eq(organisation::id)))
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .left_join(
            extension::table
                .on(extension::organisation_id.eq(organisation::id).and(extension::collection_id.eq(of))),
        )
        .left_join(
            annual_return::table.on(annual_return::organisation_id
                .eq(organisation::id)
                .and(annual_return::collection_id.eq(of))),
        )
        .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(today.to_string())))
        .filter(membership::ended_at.is_null())
        .filter(person::state.eq(PersonState::Active))
        .filter(annual_return::state.is_null().or(annual_return::state.ne_all(sent)))
        .filter(membership::role.eq_any(leads).or(
            membership::role.eq_any(identity::SIGNING_ROLES).and(annual_return::state.eq(ReturnState::Ready)),
        ))
        .order((person::id, organisation::name, organisation::id, membership::role))
        .select((
            (person::id, person::name, person::email, membership::role),
            (organisation::id, organisation::code, organisation::name),
            extension::until.nullable(),
            (annual_return::id, annual_return::state).nullable(),
        ))
        .load(conn)?;
    // A site whose head office answers for it has nothing to do, unless it has begun to answer itself.
    let covered = sites::covered_in(conn, of)?;
    Ok(rows
        .into_iter()
        .map(read)
        .filter(|waiting| waiting.started.is_some() || !covered.contains(&waiting.organisation))
        .collect())
}

fn read(
    ((person, person_name, address, role), (organisation, code, name), extension, started): Row,
) -> Waiting {
    Waiting { person, person_name, address, role, organisation, code, name, extension, started }
}

/// The organisations that have sent their interim return in a collection.
pub(super) fn interim_sent(conn: &mut Conn, of: CollectionId) -> Result<HashSet<OrganisationId>> {
    let rows: Vec<OrganisationId> = interim_submission::table
        .filter(interim_submission::collection_id.eq(of))
        .select(interim_submission::organisation_id)
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The reminders of a collection that were sent for due days from this one on.
pub(super) fn sent(
    conn: &mut Conn,
    of: CollectionId,
    from: Day,
) -> Result<HashSet<(PersonId, OrganisationId, Stage, String, i64)>> {
    let rows: Vec<(PersonId, OrganisationId, Stage, String, i64)> = reminder::table
        .filter(reminder::collection_id.eq(of))
        .filter(reminder::due_on.ge(from.to_string()))
        .select((
            reminder::person_id,
            reminder::organisation_id,
            reminder::stage,
            reminder::due_on,
            reminder::days_before,
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Writes a reminder down; false when it was written down before.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    person: PersonId,
    organisation: OrganisationId,
    of: CollectionId,
    (stage, due_on, days_before): (Stage, Day, i64),
) -> Result<bool> {
    let row = (
        reminder::person_id.eq(person),
        reminder::organisation_id.eq(organisation),
        reminder::collection_id.eq(of),
        reminder::due_on.eq(due_on.to_string()),
        reminder::days_before.eq(days_before),
        reminder::stage.eq(stage),
        reminder::sent_at.eq(tx.now()),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(reminder::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}

/// The questions of reviewers that wait, once for everybody who can send the answer; by person.
pub(super) fn asked(conn: &mut Conn) -> Result<Vec<(PersonId, String, String, OpenQuestion)>> {
    let questions = open_questions(conn, None)?;
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let leads = [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];
    let waits = review_query::table
        .filter(review_query::organisation_id.eq(membership::organisation_id))
        .filter(review_query::state.eq("open"));
    let people: Vec<(PersonId, String, String, OrganisationId)> = membership::table
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(membership::ended_at.is_null())
        .filter(membership::role.eq_any(leads))
        .filter(person::state.eq(PersonState::Active))
        .filter(exists(waits))
        .select((person::id, person::name, person::email, membership::organisation_id))
        .distinct()
        .order((person::id, membership::organisation_id))
        .load(conn)?;
    let mut of: BTreeMap<OrganisationId, Vec<OpenQuestion>> = BTreeMap::new();
    for question in questions {
        of.entry(question.organisation).or_default().push(question);
    }
    let mut asked = Vec::new();
    for (person, name, address, organisation) in people {
        for question in of.get(&organisation).into_iter().flatten() {
            asked.push((person, name.clone(), address.clone(), question.clone()));
        }
    }
    Ok(asked)
}

/// The mails whose message id begins so, for finding out what was queued already.
pub(super) fn queued(conn: &mut Conn, beginning: &str) -> Result<HashSet<String>> {
    let rows: Vec<String> = outbound_mail::table
        .filter(outbound_mail::message_id.like(format!("{beginning}%")))
        .select(outbound_mail::message_id)
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// How many answers of each return are in which state.
pub(super) type Counts = BTreeMap<ReturnId, BTreeMap<AnswerState, i64>>;

/// How far the unsubmitted returns of a collection have got.
pub(super) fn answer_counts(conn: &mut Conn, of: CollectionId) -> Result<Counts> {
    let open = [ReturnState::Draft, ReturnState::Ready, ReturnState::Signed];
    let rows: Vec<(ReturnId, AnswerState, i64)> = answer::table
        .inner_join(annual_return::table.on(annual_return::id.eq(answer::return_id)))
        .filter(annual_return::collection_id.eq(of))
        .filter(annual_return::state.eq_any(open))
        .group_by((answer::return_id, answer::state))
        .select((answer::return_id, answer::state, count_star()))
        .load(conn)?;
    let mut counts = Counts::new();
    for (id, state, number) in rows {
        counts.entry(id).or_default().insert(state, number);
    }
    Ok(counts)
}
