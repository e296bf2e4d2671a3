//! Who is asking: a person with their roles, as read from the session at the start of a request.

use super::roles::{CentralRole, OrganisationRole};
use crate::platform::ids::{OrganisationId, PersonId};

/// A signed-in person, or the system itself for scheduled work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    person: Option<PersonId>,
    name: String,
    memberships: Vec<(OrganisationId, OrganisationRole)>,
    central: Vec<CentralRole>,
    bars: Vec<OrganisationId>,
    stands_in: Vec<(OrganisationId, OrganisationRole)>,
}

impl Actor {
    /// A person with the roles that the identity store read for them. `bars` are organisations that they must keep away
    /// from, as the rule of conflicts found: by membership, declared interest or former employer, and what belongs with
    /// those.
    #[must_use]
    pub fn person(
        person: PersonId,
        name: String,
        memberships: Vec<(OrganisationId, OrganisationRole)>,
        central: Vec<CentralRole>,
        bars: Vec<OrganisationId>,
    ) -> Self {
        Self { person: Some(person), name, memberships, central, bars, stands_in: Vec::new() }
    }

    /// The same person, who signs for colleagues in these roles. Standing in for somebody is no role: it lets sign, and
    /// nothing else.
    #[must_use]
    pub fn standing_in(mut self, roles: Vec<(OrganisationId, OrganisationRole)>) -> Self {
        self.stands_in = roles;
        self
    }

    /// The scheduler and the command line: allowed what the table gives to the system, and nothing of a person's.
    #[must_use]
    pub fn system() -> Self {
        Self {
            person: None,
            name: "The system".to_owned(),
            memberships: Vec::new(),
            central: Vec::new(),
            bars: Vec::new(),
            stands_in: Vec::new(),
        }
    }

    /// The person, or none for the system.
    #[must_use]
    pub const fn id(&self) -> Option<PersonId> {
        self.person
    }

    /// The name shown to others.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this is the system itself.
    #[must_use]
    pub const fn is_system(&self) -> bool {
        self.person.is_none()
    }

    /// Roles held in one organisation.
    pub fn roles_in(&self, organisation: OrganisationId) -> impl Iterator<Item = OrganisationRole> + '_ {
        self.memberships.iter().filter(move |(o, _)| *o == organisation).map(|(_, r)| *r)
    }

    /// Roles in which the person may sign in one organisation: their own, and those they stand in for.
    pub fn signs_in(&self, organisation: OrganisationId) -> impl Iterator<Item = OrganisationRole> + '_ {
        let for_others = self.stands_in.iter().filter(move |(o, _)| *o == organisation).map(|(_, r)| *r);
        self.roles_in(organisation).chain(for_others)
    }

    /// Whether the person holds any role in the organisation.
    #[must_use]
    pub fn is_member_of(&self, organisation: OrganisationId) -> bool {
        self.roles_in(organisation).next().is_some()
    }

    /// Every organisation the person is a member of, with their roles.
    #[must_use]
    pub fn memberships(&self) -> &[(OrganisationId, OrganisationRole)] {
        &self.memberships
    }

    /// Central roles held.
    #[must_use]
    pub fn central(&self) -> &[CentralRole] {
        &self.central
    }

    /// Whether the person holds any central role.
    #[must_use]
    pub fn is_central(&self) -> bool {
        !self.central.is_empty()
    }

    /// Whether the person must keep away from reviewing the organisation: membership, or whatever else
    /// the rule of conflicts found.
    #[must_use]
    pub fn is_conflicted(&self, organisation: OrganisationId) -> bool {
        self.is_member_of(organisation) || self.bars.contains(&organisation)
    }

    /// Every organisation of which [`Actor::is_conflicted`] is true, in order: for lists that leave them out before they
    /// count.
    #[must_use]
    pub fn conflicts(&self) -> Vec<OrganisationId> {
        let members = self.memberships.iter().map(|(organisation, _)| *organisation);
        let mut all: Vec<OrganisationId> = members.chain(self.bars.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
