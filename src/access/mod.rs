//! Who may do what: the actor, the roles, the one table of actions, and the permit that proves an action was
//! allowed. A verb that changes something takes a `Permit` of its action, and only [`Permit::grant`] makes one.

mod actions;
mod actor;
mod permit;
mod roles;

pub use actions::*;
pub use actor::Actor;
pub use permit::{Action, ActionRow, Audience, ConflictRule, Permit, Subject};
pub use roles::{CentralRole, OrganisationRole};
