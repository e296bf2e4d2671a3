//! Who belongs to an organisation, and ending a colleague's role. Ending keeps the row: who could do what, and when,
//! stays answerable.

use diesel::prelude::*;

use super::delegation::fall_back;
use crate::access::{EndMembership, OrganisationRole, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId};
use crate::schema::{membership, person};

/// One role that one person holds.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Colleague {
    /// The membership's row.
    pub membership: i64,
    /// The person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The role in words.
    pub role: &'static str,
    /// Since when, in microseconds.
    pub since: Timestamp,
}

/// Everybody who belongs to the organisation now, by name.
///
/// # Errors
/// When the database cannot be asked.
pub fn colleagues(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Colleague>> {
    let rows: Vec<(i64, String, String, OrganisationRole, Timestamp)> = membership::table
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(membership::organisation_id.eq(organisation))
        .filter(membership::ended_at.is_null())
        .order((person::name, membership::id))
        .select((membership::id, person::name, person::email, membership::role, membership::granted_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(membership, name, email, role, since)| Colleague {
            membership,
            name,
            email,
            role: role.words(),
            since,
        })
        .collect())
}

/// Ends one role of one person in the permit's organisation. The last administrator stays, so that somebody can
/// always let others in.
///
/// # Errors
/// [`Error::NotFound`] when it is no role of this organisation, [`Error::Refused`] for the last administrator.
pub fn end_membership(tx: &mut Tx<'_>, permit: &Permit<EndMembership>, id: i64) -> Result<Recorded<()>> {
    let organisation = permit.organisation()?;
    let now = tx.now();
    let active = || membership::organisation_id.eq(organisation).and(membership::ended_at.is_null());
    let (person, role): (PersonId, OrganisationRole) = membership::table
        .filter(membership::id.eq(id))
        .filter(active())
        .select((membership::person_id, membership::role))
        .first(tx.conn())?;
    if role == OrganisationRole::OrganisationAdministrator {
        let administrators: i64 = membership::table
            .filter(active())
            .filter(membership::role.eq(OrganisationRole::OrganisationAdministrator))
            .count()
            .get_result(tx.conn())?;
        if administrators < 2 {
            return Err(Error::Refused(
                "The last administrator cannot be removed. Invite another one first.".to_owned(),
            ));
        }
    }
    let ended = diesel::update(
        membership::table.filter(membership::id.eq(id)).filter(membership::ended_at.is_null()),
    )
    .set(membership::ended_at.eq(Some(now)))
    .execute(tx.conn())?;
    if ended != 1 {
        return Err(Error::Conflict("Somebody has just ended this role.".to_owned()));
    }
    fall_back(tx, organisation, person, role)?;
    let event =
        Event::of(permit, "membership_ended", format!("person/{person}"), serde_json::json!({"role": role}));
    ledger::append(tx, &event, ())
}
