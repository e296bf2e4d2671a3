//! The permit: proof that an actor may do one action to one record, made only after looking the record up.

use std::marker::PhantomData;

use super::actor::Actor;
use super::roles::{CentralRole, OrganisationRole};
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;

/// Who may do an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Members of the record's organisation with one of these roles.
    Members(&'static [OrganisationRole]),
    /// Members who hold one of these roles, or sign for somebody who does.
    Signers(&'static [OrganisationRole]),
    /// The central team's members with one of these roles, unless conflicted with the record's organisation where
    /// the flag says so.
    Central(&'static [CentralRole], ConflictRule),
    /// The scheduler and the command line.
    System,
}

/// Whether a conflict of interest bars an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictRule {
    /// A membership of, declared interest in or former work for the organisation bars, and for what belongs with it.
    Bars,
    /// It does not matter.
    Ignored,
}

/// What an action is done to, reduced to what the decision needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The kind of record, such as `return`.
    pub kind: &'static str,
    /// The record's number.
    pub id: i64,
    /// The organisation it belongs to; none for programme-wide records.
    pub organisation: Option<OrganisationId>,
    /// Its state, as stored.
    pub state: &'static str,
}

impl Subject {
    /// The programme as a whole, for what is done to no record in particular.
    #[must_use]
    pub const fn programme() -> Self {
        Self { kind: "programme", id: 0, organisation: None, state: "" }
    }

    /// An organisation itself, for what is done to none of its records in particular.
    #[must_use]
    pub const fn organisation(id: OrganisationId) -> Self {
        Self { kind: "organisation", id: id.get(), organisation: Some(id), state: "" }
    }
}

/// One row of the table: an action with who may do it and in which states.
pub trait Action: 'static {
    /// The row.
    const ROW: ActionRow;
}

/// The data of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionRow {
    /// The action's name as people say it.
    pub name: &'static str,
    /// The kind of record it is done to.
    pub on: &'static str,
    /// Who may do it.
    pub audience: Audience,
    /// The record's states in which it may be done; empty means any.
    pub states: &'static [&'static str],
}

/// Proof that `A` was allowed to this actor on this record.
#[derive(Debug)]
pub struct Permit<A: Action> {
    actor: Actor,
    subject: Subject,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> Permit<A> {
    /// Grants the permit, or says why not: nothing visible is not found, a missing role is forbidden, a wrong state
    /// is refused.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] or [`Error::Refused`].
    pub fn grant(actor: &Actor, subject: Option<Subject>) -> Result<Self> {
        let subject = subject.ok_or(Error::NotFound)?;
        debug_assert_eq!(subject.kind, A::ROW.on, "{} is done to a {}", A::ROW.name, A::ROW.on);
        A::ROW.allows(actor, &subject)?;
        Ok(Self { actor: actor.clone(), subject, action: PhantomData })
    }

    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The number of the record this permit is for; a verb acts on this one and no other.
    #[must_use]
    pub const fn id(&self) -> i64 {
        self.subject.id
    }

    /// The record this permit is for.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The organisation this permit is for.
    ///
    /// # Errors
    /// When the record belongs to no organisation, which is a fault of the caller.
    pub fn organisation(&self) -> Result<OrganisationId> {
        self.subject
            .organisation
            .ok_or_else(|| Error::broken(format!("{} needs an organisation", A::ROW.name)))
    }
}

impl ActionRow {
    /// Whether the actor may do this to the subject now.
    ///
    /// # Errors
    /// As [`Permit::grant`].
    pub fn allows(&self, actor: &Actor, subject: &Subject) -> Result<()> {
        if !visible(actor, subject) {
            return Err(Error::NotFound);
        }
        self.audience.admits(actor, subject, self.name)?;
        if self.states.is_empty() || self.states.contains(&subject.state) {
            Ok(())
        } else {
            Err(Error::Refused(format!(
                "You cannot {} now: the {} is {}.",
                self.name,
                subject.kind,
                subject.state.replace('_', " ")
            )))
        }
    }
}

/// Members see their organisation's records, the central team and the system see all, nobody else sees any.
fn visible(actor: &Actor, subject: &Subject) -> bool {
    actor.is_system()
        || actor.is_central()
        || subject.organisation.is_some_and(|organisation| actor.is_member_of(organisation))
}

impl Audience {
    fn admits(&self, actor: &Actor, subject: &Subject, name: &str) -> Result<()> {
        match self {
            Self::Members(roles) => {
                let holds =
                    subject.organisation.is_some_and(|o| actor.roles_in(o).any(|held| roles.contains(&held)));
                if holds { Ok(()) } else { Err(forbidden(name, roles.iter().map(|r| r.words()))) }
            }
            Self::Signers(roles) => {
                let signs = subject
                    .organisation
                    .is_some_and(|o| actor.signs_in(o).any(|as_role| roles.contains(&as_role)));
                if signs { Ok(()) } else { Err(forbidden(name, roles.iter().map(|r| r.words()))) }
            }
            Self::Central(roles, conflicts) => {
                if !actor.central().iter().any(|held| roles.contains(held)) {
                    return Err(forbidden(name, roles.iter().map(|r| r.words())));
                }
                let conflicted = subject.organisation.is_some_and(|o| actor.is_conflicted(o));
                if *conflicts == ConflictRule::Bars && conflicted {
                    return Err(Error::Forbidden(format!(
                        "You cannot {name}: you are a member of this organisation or have declared an interest in it, have \
                         worked for it lately, or that is so of an organisation that belongs with it. Leave it to a colleague who has no interest in it."
                    )));
                }
                Ok(())
            }
            Self::System if actor.is_system() => Ok(()),
            Self::System => Err(Error::Forbidden(format!("Only the system itself may {name}."))),
        }
    }
}

fn forbidden<'a>(name: &str, roles: impl Iterator<Item = &'a str>) -> Error {
    let list: Vec<&str> = roles.collect();
    Error::Forbidden(format!(
        "You cannot {name}. It is for: {}. Ask somebody who holds the role.",
        list.join(", ")
    ))
}
