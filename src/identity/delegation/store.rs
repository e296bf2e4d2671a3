//! Queries about delegations of signing.

use std::collections::BTreeMap;

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::access::OrganisationRole;
use crate::identity::model::PersonState;
use crate::identity::store::names_of;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{DelegationId, OrganisationId, PersonId};
use crate::schema::{membership, person, sign_delegation};

/// A delegation that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its row.
    pub id: DelegationId,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// The role in which the colleague signs.
    pub role: OrganisationRole,
    /// Who holds the role.
    pub delegator: PersonId,
    /// Their name.
    pub delegator_name: String,
    /// Who signs for them.
    pub delegate: PersonId,
    /// Their name.
    pub delegate_name: String,
    /// Their address.
    pub delegate_email: String,
    /// The last day on which they do, in London.
    pub until: Day,
    /// Why.
    pub reason: String,
    /// When it was given.
    pub given_at: Timestamp,
}

/// Whose delegations are wanted.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// An organisation's.
    Organisation(OrganisationId),
    /// Those in which this person signs for others.
    Delegate(PersonId),
    /// Everybody's, for work of the system.
    Everybodys,
}

type Row = (
    (DelegationId, OrganisationId, OrganisationRole, PersonId, Day, String, Timestamp),
    (PersonId, String, String),
);

/// The delegations in force on a day. One falls by itself after its last day, when whoever gave it no longer holds the
/// role, and when the colleague no longer reads the organisation's return as a whole.
///
/// # Errors
/// When the database cannot be asked.
pub fn delegations_in_force(conn: &mut Conn, whose: Whose, today: Day) -> Result<Vec<Delegation>> {
    let holds = membership::table
        .filter(membership::person_id.eq(sign_delegation::delegator_id))
        .filter(membership::organisation_id.eq(sign_delegation::organisation_id))
        .filter(membership::role.eq(sign_delegation::role))
        .filter(membership::ended_at.is_null());
    let reads = membership::table
        .filter(membership::person_id.eq(sign_delegation::delegate_id))
        .filter(membership::organisation_id.eq(sign_delegation::organisation_id))
        .filter(membership::role.eq_any(OrganisationRole::READERS))
        .filter(membership::ended_at.is_null());
    let query = sign_delegation::table
        .inner_join(person::table.on(person::id.eq(sign_delegation::delegate_id)))
        .filter(sign_delegation::ended_at.is_null())
        .filter(sign_delegation::until.ge(today.to_string()))
        .filter(person::state.eq(PersonState::Active))
        .filter(exists(holds))
        .filter(exists(reads))
        .order(sign_delegation::id)
        .select((
            (
                sign_delegation::id,
                sign_delegation::organisation_id,
                sign_delegation::role,
                sign_delegation::delegator_id,
                sign_delegation::until,
                sign_delegation::reason,
                sign_delegation::given_at,
            ),
            (person::id, person::name, person::email),
        ));
    let rows: Vec<Row> = match whose {
        Whose::Organisation(id) => query.filter(sign_delegation::organisation_id.eq(id)).load(conn)?,
        Whose::Delegate(id) => query.filter(sign_delegation::delegate_id.eq(id)).load(conn)?,
        Whose::Everybodys => query.load(conn)?,
    };
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let delegators: Vec<PersonId> = rows.iter().map(|((_, _, _, delegator, ..), _)| *delegator).collect();
    let names: Vec<(PersonId, String)> = person::table
        .filter(person::id.eq_any(delegators))
        .filter(person::state.eq(PersonState::Active))
        .select((person::id, person::name))
        .load(conn)?;
    let names: BTreeMap<PersonId, String> = names.into_iter().collect();
    let read = |(given, delegate): Row| {
        let (id, organisation, role, delegator, until, reason, given_at) = given;
        let (delegate, delegate_name, delegate_email) = delegate;
        let delegator_name = names.get(&delegator)?.clone();
        Some(Delegation {
            id,
            organisation,
            role,
            delegator,
            delegator_name,
            delegate,
            delegate_name,
            delegate_email,
            until,
            reason,
            given_at,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A delegation as it was given, whether it stands or not.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its row.
    pub id: DelegationId,
    /// The role.
    pub role: OrganisationRole,
    /// Who gave it.
    pub delegator: String,
    /// Who was given it.
    pub delegate: String,
    /// The last day.
    pub until: Day,
    /// Why.
    pub reason: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was ended before its day.
    pub ended_at: Option<Timestamp>,
}

/// Every delegation of an organisation, newest first.
pub fn delegations_of(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<Past>> {
    type Row =
        (DelegationId, OrganisationRole, (PersonId, PersonId), Day, String, (Timestamp, Option<Timestamp>));
    let rows: Vec<Row> = sign_delegation::table
        .filter(sign_delegation::organisation_id.eq(whose))
        .order(sign_delegation::id.desc())
        .select((
            sign_delegation::id,
            sign_delegation::role,
            (sign_delegation::delegator_id, sign_delegation::delegate_id),
            sign_delegation::until,
            sign_delegation::reason,
            (sign_delegation::given_at, sign_delegation::ended_at),
        ))
        .load(conn)?;
    let people: Vec<PersonId> = rows.iter().flat_map(|(_, _, (from, to), ..)| [*from, *to]).collect();
    let names = if people.is_empty() { BTreeMap::new() } else { names_of(conn, &people)? };
    let name = |id: PersonId| names.get(&id).cloned().unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|(id, role, (from, to), until, reason, (given_at, ended_at))| Past {
            id,
            role,
            delegator: name(from),
            delegate: name(to),
            until,
            reason,
            given_at,
            ended_at,
        })
        .collect())
}
