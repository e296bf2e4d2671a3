//! Admitting people: the row of a person, membership of an organisation, a central role. Used by accepted
//! invitations, the command line and the demo, each with its own permit.

use diesel::prelude::*;

use super::conflicts::CONFLICT_GAINED;
use super::model::{EmailAddress, PersonState};
use crate::access::{Action, CentralRole, OrganisationRole, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId};
use crate::platform::jobs;
use crate::schema::{central_role, membership, person};

/// A person to be.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Full name.
    pub name: String,
    /// Address.
    pub email: EmailAddress,
    /// Hash of their password, when they have set one.
    pub password_hash: Option<String>,
    /// Who they are in the demo.
    pub persona: Option<String>,
}

/// Adds a person, active when they have a password.
///
/// # Errors
/// A conflict when the address is taken.
pub fn admit<A: Action>(tx: &mut Tx<'_>, permit: &Permit<A>, new: &NewPerson) -> Result<Recorded<PersonId>> {
    let state = if new.password_hash.is_some() { PersonState::Active } else { PersonState::Invited };
    let now = tx.now();
    let id: PersonId = diesel::insert_into(person::table)
        .values((
            person::name.eq(&new.name),
            person::email.eq(new.email.as_str()),
            person::password_hash.eq(&new.password_hash),
            person::state.eq(state),
            person::persona.eq(&new.persona),
            person::created_at.eq(now),
        ))
        .returning(person::id)
        .get_result(tx.conn())?;
    let event =
        Event::of(permit, "person_admitted", format!("person/{id}"), serde_json::json!({"state": state}));
    ledger::append(tx, &event, id)
}

/// Makes a person a member of an organisation in a role; holding it already is no error.
///
/// # Errors
/// When the row cannot be written.
pub fn grant_membership<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    person: PersonId,
    organisation: OrganisationId,
    role: OrganisationRole,
) -> Result<Recorded<()>> {
    let row = (
        membership::person_id.eq(person),
        membership::organisation_id.eq(organisation),
        membership::role.eq(role),
        membership::granted_at.eq(tx.now()),
    );
    crate::each!(tx.conn(), c => diesel::insert_into(membership::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    let central: i64 =
        central_role::table.filter(central_role::person_id.eq(person)).count().get_result(tx.conn())?;
    if central > 0 {
        // Whoever reviews the organisation must not from now on; the review's own job gives back what is in hand.
        let now = tx.now();
        jobs::enqueue(tx, CONFLICT_GAINED, &person.to_string(), now, None)?;
    }
    let event = Event::of(
        permit,
        "membership_granted",
        format!("person/{person}"),
        serde_json::json!({"role": role}),
    )
    .in_organisation(organisation);
    ledger::append(tx, &event, ())
}

/// Gives a person a central role; holding it already is no error.
///
/// # Errors
/// When the row cannot be written.
pub fn grant_central_role<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    person: PersonId,
    role: CentralRole,
) -> Result<Recorded<()>> {
    let row = (
        central_role::person_id.eq(person),
        central_role::role.eq(role),
        central_role::granted_at.eq(tx.now()),
    );
    crate::each!(tx.conn(), c => diesel::insert_into(central_role::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    let event = Event::of(
        permit,
        "central_role_granted",
        format!("person/{person}"),
        serde_json::json!({"role": role}),
    );
    ledger::append(tx, &event, ())
}
