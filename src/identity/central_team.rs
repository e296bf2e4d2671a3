//! Who belongs to the central team, what they declared, and ending a role. The ledger keeps who held
//! which role and when; the row goes, so that the role can be given again.

use diesel::prelude::*;

use crate::access::{CentralRole, EndCentralRole, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::schema::{central_role, declared_interest, organisation, person};

/// One role that one person of the central team holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CentralMember {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The role.
    pub role: CentralRole,
    /// Since when.
    pub since: Timestamp,
}

/// Everybody of the central team, by name.
///
/// # Errors
/// When the database cannot be asked.
pub fn central_team(conn: &mut Conn) -> Result<Vec<CentralMember>> {
    let rows: Vec<(PersonId, String, String, CentralRole, Timestamp)> = central_role::table
        .inner_join(person::table.on(person::id.eq(central_role::person_id)))
        .order((person::name, person::id, central_role::role))
        .select((person::id, person::name, person::email, central_role::role, central_role::granted_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(person, name, email, role, since)| CentralMember { person, name, email, role, since })
        .collect())
}

/// An interest that somebody of the central team declared in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredInterest {
    /// Who.
    pub name: String,
    /// The organisation's code.
    pub code: String,
    /// The organisation's name.
    pub organisation: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
}

/// The interests that hold now, by person.
///
/// # Errors
/// When the database cannot be asked.
pub fn declared_interests(conn: &mut Conn) -> Result<Vec<DeclaredInterest>> {
    let rows: Vec<(String, String, String, String, Timestamp)> = declared_interest::table
        .inner_join(person::table.on(person::id.eq(declared_interest::person_id)))
        .inner_join(organisation::table.on(organisation::id.eq(declared_interest::organisation_id)))
        .filter(declared_interest::ended_at.is_null())
        .order((person::name, declared_interest::id))
        .select((
            person::name,
            organisation::code,
            organisation::name,
            declared_interest::reason,
            declared_interest::declared_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(name, code, organisation, reason, since)| DeclaredInterest {
            name,
            code,
            organisation,
            reason,
            since,
        })
        .collect())
}

/// Ends one role of one person in the central team. The last programme manager stays, so that somebody can always let
/// others in.
///
/// # Errors
/// [`Error::NotFound`] when they do not hold it, [`Error::Refused`] for the last programme manager.
pub fn end_central_role(
    tx: &mut Tx<'_>,
    permit: &Permit<EndCentralRole>,
    whose: PersonId,
    role: CentralRole,
) -> Result<Recorded<()>> {
    let held = || central_role::table.filter(central_role::role.eq(role));
    let others: i64 = held().filter(central_role::person_id.ne(whose)).count().get_result(tx.conn())?;
    if role == CentralRole::ProgrammeManager && others == 0 {
        return Err(Error::Refused(
            "The last programme manager cannot be removed. Invite another one first.".to_owned(),
        ));
    }
    let ended = diesel::delete(held().filter(central_role::person_id.eq(whose))).execute(tx.conn())?;
    if ended == 0 {
        return Err(Error::NotFound);
    }
    let data = serde_json::json!({"role": role});
    ledger::append(tx, &Event::of(permit, "central_role_ended", format!("person/{whose}"), data), ())
}
