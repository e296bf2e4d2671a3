//! Accepting an invitation: once, by whoever holds its link; a new person sets a password, a known one only joins.

use diesel::prelude::*;

use super::admit::{NewPerson, admit, grant_central_role, grant_membership};
use super::invite::{InvitedRole, OpenInvitation, open_invitation};
use super::model::PersonState;
use super::store;
use crate::access::{AcceptInvitation, Actor, Permit, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{InvitationId, PersonId};
use crate::schema::{invitation, person};

/// Accepts an invitation. `password_hash` is needed for people who have none yet.
///
/// # Errors
/// [`Error::NotFound`] when the invitation is no longer open, a field error when a password is missing.
pub fn accept(
    tx: &mut Tx<'_>,
    id: InvitationId,
    password_hash: Option<String>,
) -> Result<Recorded<PersonId>> {
    let now = tx.now();
    let open = open_invitation(tx.conn(), id, now)?;
    let subject = open.as_ref().map(|_| Subject {
        kind: "invitation",
        id: id.get(),
        organisation: None,
        state: "open",
    });
    let permit = Permit::<AcceptInvitation>::grant(&Actor::system(), subject)?;
    let open = open.ok_or(Error::NotFound)?;
    let taken = diesel::update(
        invitation::table
            .filter(invitation::id.eq(id))
            .filter(invitation::accepted_at.is_null())
            .filter(invitation::revoked_at.is_null()),
    )
    .set(invitation::accepted_at.eq(Some(now)))
    .execute(tx.conn())?;
    if taken != 1 {
        return Err(Error::Conflict("This invitation has just been accepted or taken back.".to_owned()));
    }
    let joined = join(tx, &permit, &open, password_hash)?;
    let person = *joined.value();
    match open.role {
        InvitedRole::Member(organisation, role) => grant_membership(tx, &permit, person, organisation, role)?,
        InvitedRole::Central(role) => grant_central_role(tx, &permit, person, role)?,
    };
    Ok(joined)
}

/// The person who accepts: known already, or new with a password.
fn join(
    tx: &mut Tx<'_>,
    permit: &Permit<AcceptInvitation>,
    open: &OpenInvitation,
    password_hash: Option<String>,
) -> Result<Recorded<PersonId>> {
    let known = store::person_by_email(tx.conn(), &open.email)?;
    let needed = || Error::field("password", "Enter a password");
    let person = match known {
        Some(account) if account.state == PersonState::Active => account.id,
        Some(account) if account.state == PersonState::Invited => {
            let hash = password_hash.ok_or_else(needed)?;
            diesel::update(person::table.filter(person::id.eq(account.id)))
                .set((person::password_hash.eq(Some(hash)), person::state.eq(PersonState::Active)))
                .execute(tx.conn())?;
            account.id
        }
        Some(_) => {
            return Err(Error::Refused("This account has been closed. Ask the programme team.".to_owned()));
        }
        None => {
            let new = NewPerson {
                name: open.name.clone(),
                email: open.email.clone(),
                password_hash: Some(password_hash.ok_or_else(needed)?),
                persona: None,
            };
            *admit(tx, permit, &new)?.value()
        }
    };
    let event = Event::about_self(person, "invitation_accepted", serde_json::json!({"invitation": open.id}));
    ledger::append(tx, &event, person)
}
