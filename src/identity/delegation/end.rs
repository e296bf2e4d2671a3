//! Ending a delegation before its day: by whoever gave it, whoever was given it, or an administrator; and by itself when
//! one of the two leaves.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use crate::access::{EndDelegation, OrganisationRole, Permit};
use crate::identity::store::organisation_name;
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{DelegationId, OrganisationId, PersonId};
use crate::platform::mail as outbox;
use crate::schema::{membership, person, sign_delegation};

/// Ends a delegation of the permit's organisation now. Both are told by mail, but for the one who ended it. What was
/// signed under it stays signed.
///
/// # Errors
/// [`Error::NotFound`] when there is none, [`Error::Forbidden`] for somebody it does not concern, [`Error::Conflict`] when
/// it has ended.
pub fn end_delegation(
    tx: &mut Tx<'_>,
    permit: &Permit<EndDelegation>,
    id: DelegationId,
    site: &str,
) -> Result<Recorded<()>> {
    let whose = permit.organisation()?;
    let by = permit.actor().id().ok_or_else(|| Error::broken("a delegation is ended by a person"))?;
    let (role, delegator, delegate, until): (OrganisationRole, PersonId, PersonId, Day) =
        sign_delegation::table
            .filter(sign_delegation::id.eq(id))
            .filter(sign_delegation::organisation_id.eq(whose))
            .select((
                sign_delegation::role,
                sign_delegation::delegator_id,
                sign_delegation::delegate_id,
                sign_delegation::until,
            ))
            .first(tx.conn())?;
    let runs = permit.actor().roles_in(whose).any(|held| held == OrganisationRole::OrganisationAdministrator);
    if !runs && by != delegator && by != delegate {
        return Err(Error::Forbidden(
            "A delegation is ended by whoever gave it, whoever was given it, or an administrator.".to_owned(),
        ));
    }
    let now = tx.now();
    let ended = diesel::update(
        sign_delegation::table
            .filter(sign_delegation::id.eq(id))
            .filter(sign_delegation::ended_at.is_null())
            .filter(sign_delegation::until.ge(now.london_day().to_string())),
    )
    .set((sign_delegation::ended_at.eq(Some(now)), sign_delegation::ended_by.eq(Some(by))))
    .execute(tx.conn())?;
    if ended != 1 {
        return Err(Error::Conflict("This delegation has ended already.".to_owned()));
    }
    let place = organisation_name(tx.conn(), whose)?;
    let both: Vec<(PersonId, String, String)> = person::table
        .filter(person::id.eq_any([delegator, delegate]))
        .order(person::id)
        .select((person::id, person::name, person::email))
        .load(tx.conn())?;
    let delegator_name =
        both.iter().find(|(id, ..)| *id == delegator).map_or_else(String::new, |(_, name, _)| name.clone());
    let about = mail::About { organisation: &place, role, delegator: &delegator_name, site };
    for (person, name, address) in both.iter().filter(|(person, ..)| *person != by) {
        let mail = mail::ended(&about, (name, address), (*person == delegate, until));
        outbox::queue(tx, &mail, &format!("delegation-ended-{id}-{person}"))?;
    }
    let data = json!({"role": role});
    ledger::append(tx, &Event::of(permit, "delegation_ended", format!("delegation/{id}"), data), ())
}

/// Ends what stands on a role that somebody has just lost: what they gave in it, and what they were given where they no
/// longer read the organisation's return as a whole. Coming back revives nothing.
pub(in crate::identity) fn fall_back(
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    who: PersonId,
    role: OrganisationRole,
) -> Result<()> {
    let now = tx.now();
    let standing = || {
        sign_delegation::table
            .filter(sign_delegation::organisation_id.eq(whose))
            .filter(sign_delegation::ended_at.is_null())
    };
    diesel::update(
        standing().filter(sign_delegation::delegator_id.eq(who)).filter(sign_delegation::role.eq(role)),
    )
    .set(sign_delegation::ended_at.eq(Some(now)))
    .execute(tx.conn())?;
    let reads: i64 = membership::table
        .filter(membership::organisation_id.eq(whose))
        .filter(membership::person_id.eq(who))
        .filter(membership::role.eq_any(OrganisationRole::READERS))
        .filter(membership::ended_at.is_null())
        .count()
        .get_result(tx.conn())?;
    if reads == 0 {
        diesel::update(standing().filter(sign_delegation::delegate_id.eq(who)))
            .set(sign_delegation::ended_at.eq(Some(now)))
            .execute(tx.conn())?;
    }
    Ok(())
}
