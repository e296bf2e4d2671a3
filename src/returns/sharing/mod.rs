//! Sharing out the work on a return: who was given which requirement until when, what a contributor may therefore see,
//! and how far each owner has got.

mod form;
mod mail;
pub(super) mod pages;
mod progress;
mod share_out;
mod sight;
mod store;
pub(super) mod web;

pub use share_out::{Share, share_out};
pub use sight::{Sight, must_see, sight};
pub use store::{Beside, Owned, beside, owned};

use crate::access::OrganisationRole;
use crate::platform::clock::{Day, Timestamp};

use super::store::Found;

/// The roles whose holders can be given a requirement: those who may answer it.
pub(super) const OWNERS: [OrganisationRole; 3] =
    [OrganisationRole::Contributor, OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];

/// The last day that a requirement can be given for: the day on which the return is due, or while it is late the last
/// day on which it is taken.
pub(super) fn last_day(found: &Found, now: Timestamp) -> Day {
    let due = found.collection.due_at(found.extension);
    if now <= due { due.london_day() } else { found.collection.taken_until(found.extension).london_day() }
}
