//! Which roles must sign a return, as its edition says, and for which requirements.

use super::statement::{Statement, statement_of, wording};
use crate::access::OrganisationRole;
use crate::platform::error::Result;
use crate::returns::store::Found;
use crate::standards::SignerRole;

/// A role that must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The role.
    pub role: OrganisationRole,
    /// Positions of the requirements that are theirs; empty for the SIRO, whose signature is under the whole return.
    pub items: Vec<usize>,
}

impl Found {
    /// The roles that must sign this return: the SIRO first, then those the edition names, where any of their items
    /// counts for the organisation.
    ///
    /// # Errors
    /// When the stored profile is no key, which is a fault.
    pub fn signers(&self) -> Result<Vec<Wanted>> {
        let mut all = vec![Wanted { role: OrganisationRole::Siro, items: Vec::new() }];
        let edition = self.edition.edition();
        if edition.signers().is_empty() {
            return Ok(all);
        }
        let named = edition.signers_for(self.sector, self.profile_key()?.as_ref());
        all.extend(named.into_iter().map(|(role, items)| Wanted { role: held(role), items }));
        Ok(all)
    }

    /// What a role signs of this return.
    #[must_use]
    pub fn statement(&self, role: OrganisationRole) -> Statement {
        let edition = self.edition.edition();
        let profile = edition.profile(&self.profile).map_or("", |profile| profile.name.as_str());
        statement_of(wording(role, edition), (&self.name, &self.code), self.sector.label(), profile)
    }
}

const fn held(role: SignerRole) -> OrganisationRole {
    match role {
        SignerRole::CaldicottGuardian => OrganisationRole::CaldicottGuardian,
        SignerRole::Dpo => OrganisationRole::Dpo,
    }
}
