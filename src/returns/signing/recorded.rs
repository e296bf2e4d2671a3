//! The signatures that a submission fixed, in words: for its receipt and for whoever reads it later.

use std::collections::BTreeMap;

use serde::Serialize;

use super::standing::signed_by;
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::returns::model::{Snapshot, SnapshotSignOff};

/// One signature as a receipt shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// In which role.
    pub role: String,
    /// Who signed, and for whom.
    pub who: String,
    /// When.
    pub at: i64,
    /// The version of the statement.
    pub statement_version: String,
}

impl Signature {
    /// The signatures that a snapshot fixed, with names as they are now.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn all(conn: &mut Conn, snapshot: &Snapshot) -> Result<Vec<Self>> {
        let delegator = |one: &SnapshotSignOff| one.delegation.as_ref().map(|given| given.delegator);
        let people: Vec<PersonId> = snapshot
            .sign_offs
            .iter()
            .flat_map(|one| std::iter::once(one.person).chain(delegator(one)))
            .collect();
        let names = if people.is_empty() { BTreeMap::new() } else { identity::names_of(conn, &people)? };
        let name = |id: PersonId| names.get(&id).map_or("", String::as_str);
        let one = |one: &SnapshotSignOff| {
            let given = one.delegation.as_ref().map(|given| (name(given.delegator), given.given_at));
            let role = one.role.parse::<OrganisationRole>();
            Self {
                role: role.map_or_else(|_| one.role.clone(), |role| role.words().to_owned()),
                who: signed_by(name(one.person), given),
                at: one.signed_at.micros(),
                statement_version: one.statement_version.clone(),
            }
        };
        Ok(snapshot.sign_offs.iter().map(one).collect())
    }

    /// An example.
    pub fn sample() -> Self {
        Self {
            role: "Senior information risk owner".to_owned(),
            who: "Dee Example for Sia Risk, under a delegation of 3 May 2026".to_owned(),
            at: 1_780_000_000_000_000,
            statement_version: "siro-2026.2".to_owned(),
        }
    }
}
