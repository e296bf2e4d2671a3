//! Who is reminded to sign: those whose signature a return that is ready still lacks, and whoever stands in for them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::store::Waiting;
use crate::access::OrganisationRole;
use crate::identity::{self, Delegation, Whose};
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::ReturnId;
use crate::returns::signing::sign_offs;
use crate::returns::store::{Which, find};

/// What is known of signatures and delegations while the reminders of a day are put together.
pub(super) struct Signers {
    delegations: Vec<Delegation>,
    wanted: HashMap<ReturnId, Vec<OrganisationRole>>,
}

impl Signers {
    /// The delegations in force on a day; signatures are read as they are asked for.
    pub fn of(conn: &mut Conn, today: Day) -> Result<Self> {
        let delegations = identity::delegations_in_force(conn, Whose::Everybodys, today)?;
        Ok(Self { delegations, wanted: HashMap::new() })
    }

    /// The people to be reminded for one who waits: nobody where their signature is not wanted (any more), and their
    /// delegates besides.
    pub fn people(&mut self, conn: &mut Conn, whom: Waiting) -> Result<Vec<Waiting>> {
        if !identity::SIGNING_ROLES.contains(&whom.role) {
            return Ok(vec![whom]);
        }
        let Some((id, _)) = whom.started else { return Ok(Vec::new()) };
        if !self.wanted(conn, id)?.contains(&whom.role) {
            return Ok(Vec::new());
        }
        let stands_in = |given: &&Delegation| {
            given.organisation == whom.organisation
                && given.role == whom.role
                && given.delegator == whom.person
        };
        let mut people: Vec<Waiting> = self
            .delegations
            .iter()
            .filter(stands_in)
            .map(|given| Waiting {
                person: given.delegate,
                person_name: given.delegate_name.clone(),
                address: given.delegate_email.clone(),
                ..whom.clone()
            })
            .collect();
        people.push(whom);
        Ok(people)
    }

    fn wanted(&mut self, conn: &mut Conn, id: ReturnId) -> Result<&[OrganisationRole]> {
        if let Entry::Vacant(free) = self.wanted.entry(id) {
            let mut roles = Vec::new();
            if let Some(found) = find(conn, Which::Id(id))? {
                let signed = sign_offs(conn, id)?;
                let missing = |role: &OrganisationRole| signed.iter().all(|one| one.role != role.as_str());
                roles = found.signers()?.into_iter().map(|one| one.role).filter(missing).collect();
            }
            free.insert(roles);
        }
        Ok(self.wanted.get(&id).map_or(&[], Vec::as_slice))
    }
}
