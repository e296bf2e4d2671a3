//! Queries about people, their roles and their sessions.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::conflicts;
use super::delegation::{Whose, delegations_in_force};
use super::model::{EmailAddress, PersonState, Persona};
use crate::access::{Actor, CentralRole, OrganisationRole};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Fixed};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, SessionId};
use crate::schema::{central_role, membership, organisation, person};

/// What signing in needs to know of a person.
#[derive(Debug, Clone)]
pub struct Account {
    /// The person.
    pub id: PersonId,
    /// Whether they may sign in.
    pub state: PersonState,
    /// Their password's hash, when they have set one.
    pub password_hash: Option<String>,
    /// Wrong passwords since the last right one.
    pub failed: i64,
    /// Until when further tries are refused.
    pub locked_until: Option<Timestamp>,
}

/// The account of an address.
///
/// # Errors
/// When the database cannot be asked.
pub fn person_by_email(conn: &mut Conn, email: &EmailAddress) -> Result<Option<Account>> {
    let row: Option<(PersonId, PersonState, Option<String>, i64, Option<Timestamp>)> = person::table
        .filter(person::email.eq(email.as_str()))
        .select((
            person::id,
            person::state,
            person::password_hash,
            person::failed_sign_ins,
            person::locked_until,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, state, password_hash, failed, locked_until)| Account {
        id,
        state,
        password_hash,
        failed,
        locked_until,
    }))
}

/// The actor of a person with the roles they hold themselves; [`actor_on`] knows for whom they sign besides. Without a day
/// every former employer bars, however long ago they left it.
///
/// # Errors
/// When there is no such person or the database cannot be asked.
pub fn actor_of(conn: &mut Conn, id: PersonId) -> Result<Actor> {
    own_actor(conn, id, None)
}

fn own_actor(conn: &mut Conn, id: PersonId, day: Option<Day>) -> Result<Actor> {
    let name: String = person::table
        .filter(person::id.eq(id))
        .filter(person::state.eq(PersonState::Active))
        .select(person::name)
        .first(conn)?;
    let memberships: Vec<(OrganisationId, OrganisationRole)> = membership::table
        .filter(membership::person_id.eq(id))
        .filter(membership::ended_at.is_null())
        .select((membership::organisation_id, membership::role))
        .load(conn)?;
    let (central, bars) = central_of(conn, id, &memberships, day)?;
    Ok(Actor::person(id, name, memberships, central, bars))
}

/// The actor of a person on a day: everything the access table asks about, delegations of signing included.
///
/// # Errors
/// As [`actor_of`].
pub fn actor_on(conn: &mut Conn, id: PersonId, today: Day) -> Result<Actor> {
    let actor = own_actor(conn, id, Some(today))?;
    Ok(actor.standing_in(stands_in(conn, id, today)?))
}

fn stands_in(conn: &mut Conn, id: PersonId, today: Day) -> Result<Vec<(OrganisationId, OrganisationRole)>> {
    let given = delegations_in_force(conn, Whose::Delegate(id), today)?;
    Ok(given.into_iter().map(|given| (given.organisation, given.role)).collect())
}

/// One session as stored, with whoever it belongs to.
pub(super) struct StoredSession {
    pub id: SessionId,
    pub person: PersonId,
    pub csrf: String,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub present: Present,
}

/// What is known of somebody signed in, before it is asked whom they stand in for and whom they must keep away from.
pub(super) struct Present {
    person: PersonId,
    name: String,
    memberships: Vec<(OrganisationId, OrganisationRole)>,
    places: Vec<Place>,
    central: Vec<CentralRole>,
    /// Whether anybody gave them signing to do.
    signs_for_others: bool,
    /// Whether they declared an interest or an employer, which is asked for the central team alone.
    has_declared: bool,
}

type SessionColumns = (
    (BigInt, BigInt, Text, Text, BigInt, BigInt),
    (Nullable<BigInt>, Nullable<Text>, Nullable<Text>, Nullable<Text>),
    (Nullable<Text>, Bool, Bool),
);
type SessionRow = (
    (SessionId, PersonId, String, String, Timestamp, Timestamp),
    (Option<OrganisationId>, Option<OrganisationRole>, Option<String>, Option<String>),
    (Option<CentralRole>, bool, bool),
);

/// A session that was not revoked, of somebody who may be here, with everything that they are: a row for each membership
/// and each central role, and one where there is neither.
const SIGNED_IN: &str = "SELECT s.id, s.person_id, p.name, s.csrf, s.last_seen_at, s.expires_at, \
     m.organisation_id, m.role, o.code, o.name, c.role, \
     EXISTS (SELECT 1 FROM sign_delegation d WHERE d.delegate_id = p.id AND d.organisation_id = m.organisation_id \
     AND d.ended_at IS NULL), \
     c.role IS NOT NULL AND (EXISTS (SELECT 1 FROM declared_interest i WHERE i.person_id = p.id AND i.ended_at IS NULL) \
     OR EXISTS (SELECT 1 FROM former_employer f WHERE f.person_id = p.id AND f.removed_at IS NULL)) \
     FROM session s JOIN person p ON p.id = s.person_id \
     LEFT JOIN membership m ON m.person_id = p.id AND m.ended_at IS NULL \
     LEFT JOIN organisation o ON o.id = m.organisation_id \
     LEFT JOIN central_role c ON c.person_id = p.id \
     WHERE s.token_hash = ? AND s.revoked_at IS NULL AND p.state = 'active'";

/// The session of a token's hash that was not revoked, of somebody who may be here, in one statement.
pub(super) fn signed_in(conn: &mut Conn, hash: &[u8]) -> Result<Option<StoredSession>> {
    let rows: Vec<SessionRow> = Fixed::<SessionColumns>::new(SIGNED_IN).bytes(hash.to_vec()).load(conn)?;
    let mut stored: Option<StoredSession> = None;
    for ((id, person, name, csrf, last_seen_at, expires_at), of_membership, of_centre) in rows {
        let session = stored.get_or_insert_with(|| StoredSession {
            id,
            person,
            csrf,
            last_seen_at,
            expires_at,
            present: Present::named(person, name),
        });
        session.present.add(of_membership, of_centre);
    }
    if let Some(session) = &mut stored {
        session.present.places.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(stored)
}

impl Present {
    const fn named(person: PersonId, name: String) -> Self {
        Self {
            person,
            name,
            memberships: Vec::new(),
            places: Vec::new(),
            central: Vec::new(),
            signs_for_others: false,
            has_declared: false,
        }
    }

    /// Adds what one row says. A membership comes once for each central role, and the other way round.
    fn add(
        &mut self,
        (organisation, role, code, name): (
            Option<OrganisationId>,
            Option<OrganisationRole>,
            Option<String>,
            Option<String>,
        ),
        (central, signs, declared): (Option<CentralRole>, bool, bool),
    ) {
        if let (Some(organisation), Some(role), Some(code), Some(name)) = (organisation, role, code, name) {
            if !self.memberships.contains(&(organisation, role)) {
                self.memberships.push((organisation, role));
            }
            if self.places.iter().all(|known| known.id != organisation) {
                self.places.push(Place { id: organisation, code, name });
            }
        }
        if let Some(central) = central.filter(|central| !self.central.contains(central)) {
            self.central.push(central);
        }
        self.signs_for_others |= signs;
        self.has_declared |= declared;
    }
}

/// An organisation that a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its number.
    pub id: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What every page needs of somebody signed in: the actor, as [`actor_on`] gives it, and their organisations by name.
/// No statement for most people; a few for a member of the central team who must keep away from some organisation, and two for
/// whoever signs for others.
pub(super) fn actor_present(conn: &mut Conn, of: Present, today: Day) -> Result<(Actor, Vec<Place>)> {
    let Present { person, name, memberships, places, central, signs_for_others, has_declared } = of;
    let barred = !central.is_empty() && (has_declared || !memberships.is_empty());
    let bars = if barred {
        let members_of = memberships.iter().map(|(organisation, _)| *organisation);
        conflicts::bars_of(conn, person, members_of, Some(today))?
    } else {
        Vec::new()
    };
    let stands_in = if signs_for_others { stands_in(conn, person, today)? } else { Vec::new() };
    Ok((Actor::person(person, name, memberships, central, bars).standing_in(stands_in), places))
}

/// Roles in the central team, and the organisations to keep away from.
fn central_of(
    conn: &mut Conn,
    id: PersonId,
    memberships: &[(OrganisationId, OrganisationRole)],
    day: Option<Day>,
) -> Result<(Vec<CentralRole>, Vec<OrganisationId>)> {
    let central: Vec<CentralRole> =
        central_role::table.filter(central_role::person_id.eq(id)).select(central_role::role).load(conn)?;
    let bars = if central.is_empty() {
        Vec::new()
    } else {
        let members_of = memberships.iter().map(|(organisation, _)| *organisation);
        conflicts::bars_of(conn, id, members_of, day)?
    };
    Ok((central, bars))
}

/// An organisation as an address names it.
fn organisation_by_code(conn: &mut Conn, code: &str) -> Result<Option<(OrganisationId, String, String)>> {
    Ok(organisation::table
        .filter(organisation::code.eq(code))
        .select((organisation::id, organisation::code, organisation::name))
        .first(conn)
        .optional()?)
}

/// The name of an organisation.
///
/// # Errors
/// When there is none or the database cannot be asked.
pub fn organisation_name(conn: &mut Conn, id: OrganisationId) -> Result<String> {
    Ok(organisation::table.filter(organisation::id.eq(id)).select(organisation::name).first(conn)?)
}

/// The number of the organisation with this code.
///
/// # Errors
/// When the database cannot be asked.
pub fn organisation_named(conn: &mut Conn, code: &str) -> Result<Option<OrganisationId>> {
    Ok(organisation_by_code(conn, code)?.map(|(id, _, _)| id))
}

/// The demo's personas.
///
/// # Errors
/// When the database cannot be asked.
pub fn personas(conn: &mut Conn) -> Result<Vec<Persona>> {
    let rows: Vec<(String, String, Option<String>)> = person::table
        .filter(person::persona.is_not_null())
        .filter(person::state.eq(PersonState::Active))
        .order(person::id)
        .select((person::email, person::name, person::persona))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(email, name, persona)| persona.map(|persona| Persona { email, name, persona }))
        .collect())
}

/// Names and addresses of the people who hold a role in the central team now.
///
/// # Errors
/// When the database cannot be asked.
pub fn central_holders(conn: &mut Conn, roles: &[CentralRole]) -> Result<Vec<(PersonId, String, String)>> {
    // The few who hold a role are looked up, instead of everybody who can sign in being asked for one.
    let holders: Vec<PersonId> = central_role::table
        .filter(central_role::role.eq_any(roles.to_vec()))
        .select(central_role::person_id)
        .distinct()
        .load(conn)?;
    Ok(person::table
        .filter(person::id.eq_any(holders))
        .filter(person::state.eq(PersonState::Active))
        .select((person::id, person::name, person::email))
        .order(person::id)
        .load(conn)?)
}

/// Names of people, for lists that show who did something.
///
/// # Errors
/// When the database cannot be asked.
pub fn names_of(conn: &mut Conn, ids: &[PersonId]) -> Result<std::collections::BTreeMap<PersonId, String>> {
    let names = person::table.select((person::id, person::name));
    let rows: Vec<(PersonId, String)> = match ids {
        // One or two, as mostly: a statement with a list would be prepared anew each time.
        [one] => names.filter(person::id.eq(*one)).load(conn)?,
        [one, other] => names.filter(person::id.eq(*one).or(person::id.eq(*other))).load(conn)?,
        all => names.filter(person::id.eq_any(all)).load(conn)?,
    };
    Ok(rows.into_iter().collect())
}

/// Names and addresses of people, for exports, where a name alone does not tell who it is.
///
/// # Errors
/// When the database cannot be asked.
pub fn addresses_of(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<(PersonId, String, String)>> {
    Ok(person::table
        .filter(person::id.eq_any(ids))
        .select((person::id, person::name, person::email))
        .load(conn)?)
}

/// Names and addresses of the people who hold a role in an organisation now; whom mails about it go to.
///
/// # Errors
/// When the database cannot be asked.
pub fn holders_of(
    conn: &mut Conn,
    organisation: OrganisationId,
    roles: &[OrganisationRole],
) -> Result<Vec<(PersonId, String, String)>> {
    Ok(membership::table
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(membership::organisation_id.eq(organisation))
        .filter(membership::role.eq_any(roles.to_vec()))
        .filter(membership::ended_at.is_null())
        .filter(person::state.eq(PersonState::Active))
        .select((person::id, person::name, person::email))
        .distinct()
        .order(person::id)
        .load(conn)?)
}
