//! The witness that a person has no conflict of interest with an organisation. Giving a review to somebody takes one, so
//! that nobody can forget to ask; and it cannot be kept for later.

use std::marker::PhantomData;

use diesel::prelude::*;

use crate::identity;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId};
use crate::schema::person;

/// Proof that a person has no conflict with an organisation, found in this very change. It cannot be sent to another
/// thread, and what comes into a change and goes out of it must be: so it ends with the transaction that made it.
#[derive(Debug)]
pub struct Unconflicted {
    person: PersonId,
    organisation: OrganisationId,
    within: PhantomData<*const ()>,
}

impl Unconflicted {
    /// Asks the rule of conflicts. Whoever declares an interest reserves the same person first, so neither can miss what
    /// the other does.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason when there is a conflict.
    pub fn check(tx: &mut Tx<'_>, who: PersonId, organisation: OrganisationId) -> Result<Self> {
        hold_person(tx, who)?;
        let day = tx.now().london_day();
        match identity::conflict_of(tx.conn(), who, organisation, day)? {
            None => Ok(Self { person: who, organisation, within: PhantomData }),
            Some(conflict) => Err(Error::Refused(format!(
                "{} cannot review this organisation because of {}.",
                name_of(tx, who)?,
                conflict.words
            ))),
        }
    }

    /// Who has no conflict.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// With which organisation.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }
}

/// Reserves a person, so that of giving them a review and their declaring an interest one waits for the other.
pub(in crate::review) fn hold_person(tx: &mut Tx<'_>, who: PersonId) -> Result<()> {
    let held = diesel::update(person::table.filter(person::id.eq(who)))
        .set(person::name.eq(person::name))
        .execute(tx.conn())?;
    if held == 1 { Ok(()) } else { Err(Error::NotFound) }
}

fn name_of(tx: &mut Tx<'_>, who: PersonId) -> Result<String> {
    Ok(person::table.filter(person::id.eq(who)).select(person::name).first(tx.conn())?)
}
