//! Signing for somebody who is away: a signer names a colleague until a day, with a reason. THE place that says who may
//! sign in a role on a day, for the extractors, the verbs, the pages and the mails alike.

mod end;
mod give;
mod mail;
mod store;

pub use end::end_delegation;
pub(super) use end::fall_back;
pub(super) use give::REASON_LIMIT;
pub use give::{LONGEST_DELEGATION_DAYS, NewDelegation, delegate_signing};
pub use store::{Delegation, Whose, delegations_in_force};
pub(super) use store::{Past, delegations_of};

use crate::access::OrganisationRole;
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId};

/// The roles that sign and whose signing can be delegated.
pub const SIGNING_ROLES: [OrganisationRole; 3] =
    [OrganisationRole::Siro, OrganisationRole::CaldicottGuardian, OrganisationRole::Dpo];

/// Somebody who may sign in a role: because they hold it, or for somebody who does. Only [`signatories_of`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    person: PersonId,
    name: String,
    email: String,
    role: OrganisationRole,
    delegation: Option<Delegation>,
}

impl Signatory {
    /// Who.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// Their name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Their address.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// In which role they sign.
    #[must_use]
    pub const fn role(&self) -> OrganisationRole {
        self.role
    }

    /// For whom they sign; none where they hold the role themselves.
    #[must_use]
    pub const fn delegation(&self) -> Option<&Delegation> {
        self.delegation.as_ref()
    }

    /// Who signs, and for whom, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.delegation {
            None => self.name.clone(),
            Some(given) => format!("{} for {}", self.name, given.delegator_name),
        }
    }
}

/// Everybody who may sign in a role of an organisation on a day: its holders, then those who stand in for them.
///
/// # Errors
/// When the database cannot be asked.
pub fn signatories_of(
    conn: &mut Conn,
    organisation: OrganisationId,
    role: OrganisationRole,
    today: Day,
) -> Result<Vec<Signatory>> {
    let holders = super::store::holders_of(conn, organisation, &[role])?;
    let mut all: Vec<Signatory> = holders
        .into_iter()
        .map(|(person, name, email)| Signatory { person, name, email, role, delegation: None })
        .collect();
    for given in delegations_in_force(conn, Whose::Organisation(organisation), today)? {
        let known = all.iter().any(|one| one.person == given.delegate);
        if given.role == role && !known {
            all.push(Signatory {
                person: given.delegate,
                name: given.delegate_name.clone(),
                email: given.delegate_email.clone(),
                role,
                delegation: Some(given),
            });
        }
    }
    Ok(all)
}

/// The right of a person to sign in a role on a day; none where they have none.
///
/// # Errors
/// When the database cannot be asked.
pub fn right_to_sign(
    conn: &mut Conn,
    person: PersonId,
    organisation: OrganisationId,
    role: OrganisationRole,
    today: Day,
) -> Result<Option<Signatory>> {
    let all = signatories_of(conn, organisation, role, today)?;
    Ok(all.into_iter().find(|one| one.person == person))
}
