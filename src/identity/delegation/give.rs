//! Delegating signing in a role that one holds oneself.

use diesel::prelude::*;
use serde_json::json;

use super::{SIGNING_ROLES, mail};
use crate::access::{DelegateSigning, OrganisationRole, Permit};
use crate::identity::store::{holders_of, organisation_name};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{DelegationId, PersonId};
use crate::platform::mail as outbox;
use crate::schema::sign_delegation;

/// The most characters of a reason.
pub const REASON_LIMIT: usize = 1000;

/// How many days ahead a delegation may end at the latest: whoever is away for longer should hand the role over.
pub const LONGEST_DELEGATION_DAYS: i64 = 184;

/// A delegation to be.
#[derive(Debug, Clone)]
pub struct NewDelegation {
    /// The role that one holds.
    pub role: OrganisationRole,
    /// Who signs.
    pub to: PersonId,
    /// The last day, in London.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// Lets a colleague of the permit's organisation sign in a role of the person's own, until a day. The colleague is told
/// by mail. Only who holds the role can: whoever stands in for somebody hands nothing on.
///
/// # Errors
/// [`Error::Invalid`] when the colleague cannot sign or the day does not fit; [`Error::Forbidden`] when the person does not
/// hold the role; [`Error::Refused`] while an earlier delegation of the role stands.
pub fn delegate_signing(
    tx: &mut Tx<'_>,
    permit: &Permit<DelegateSigning>,
    new: &NewDelegation,
    site: &str,
) -> Result<Recorded<DelegationId>> {
    let whose = permit.organisation()?;
    let by = permit.actor().id().ok_or_else(|| Error::broken("signing is delegated by a person"))?;
    if !SIGNING_ROLES.contains(&new.role) || !permit.actor().roles_in(whose).any(|held| held == new.role) {
        return Err(Error::Forbidden("You can only delegate signing in a role that you hold.".to_owned()));
    }
    let now = tx.now();
    let today = now.london_day();
    let readers = holders_of(tx.conn(), whose, &OrganisationRole::READERS)?;
    let colleague = readers.into_iter().find(|(id, ..)| *id == new.to && *id != by);
    let Some((_, name, address)) = colleague else {
        return Err(Error::field("to", "Choose a colleague from the list"));
    };
    if holders_of(tx.conn(), whose, &[new.role])?.iter().any(|(id, ..)| *id == new.to) {
        return Err(Error::field("to", format!("{name} holds this role too and can sign already")));
    }
    if new.until < today || new.until > today.plus_days(LONGEST_DELEGATION_DAYS) {
        let last = today.plus_days(LONGEST_DELEGATION_DAYS).words();
        return Err(Error::field("until", format!("Enter a date from today to {last}")));
    }
    // What is past its day has ended; saying so makes room for a new one.
    let own = || {
        sign_delegation::table
            .filter(sign_delegation::organisation_id.eq(whose))
            .filter(sign_delegation::role.eq(new.role))
            .filter(sign_delegation::delegator_id.eq(by))
            .filter(sign_delegation::ended_at.is_null())
    };
    diesel::update(own().filter(sign_delegation::until.lt(today.to_string())))
        .set(sign_delegation::ended_at.eq(Some(now)))
        .execute(tx.conn())?;
    let standing: i64 = own().count().get_result(tx.conn())?;
    if standing > 0 {
        return Err(Error::Refused(
            "A colleague signs for you in this role already. End that first.".to_owned(),
        ));
    }
    let id: DelegationId = diesel::insert_into(sign_delegation::table)
        .values((
            sign_delegation::organisation_id.eq(whose),
            sign_delegation::role.eq(new.role),
            sign_delegation::delegator_id.eq(by),
            sign_delegation::delegate_id.eq(new.to),
            sign_delegation::until.eq(new.until.to_string()),
            sign_delegation::reason.eq(&new.reason),
            sign_delegation::given_at.eq(now),
        ))
        .returning(sign_delegation::id)
        .get_result(tx.conn())?;
    let place = organisation_name(tx.conn(), whose)?;
    let about = mail::About { organisation: &place, role: new.role, delegator: permit.actor().name(), site };
    outbox::queue(tx, &mail::given(&about, (&name, &address), new.until), &format!("delegated-{id}"))?;
    let data = json!({
        "role": new.role,
        "to": new.to,
        "until": new.until,
        "reason_sha256": hex(&sha256(new.reason.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "signing_delegated", format!("delegation/{id}"), data), id)
}
