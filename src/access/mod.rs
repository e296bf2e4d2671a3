//! Who may do what: the actor, the roles, the one table of actions, and the permit that proves an action was
//! allowed. A verb that changes something takes a `Permit` of its action, and only [`Permit::grant`] makes one. Whose
//! rows somebody's work may see is for [`Actor::reach_in`] and its neighbours to say.

mod actions;
mod actor;
mod permit;
mod reach;
mod roles;

pub use actions::*;
pub use actor::Actor;
pub use permit::{Action, ActionRow, Audience, ConflictRule, Permit, Subject};
pub use roles::{CentralRole, OrganisationRole};
