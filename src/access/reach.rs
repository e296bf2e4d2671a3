//! THE place that says whose rows somebody's work may see. `Reach::of` and `Reach::every` are called here and nowhere
//! else, which the architecture test holds; so is the list of the files that may ask for the system's own reach.

use super::actor::Actor;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;

impl Actor {
    /// One organisation's rows: for its members, the central team and the system.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else, who learns nothing of whether there is such an organisation.
    pub fn reach_in(&self, organisation: OrganisationId) -> Result<Reach> {
        if self.is_member_of(organisation) || self.is_central() || self.is_system() {
            Ok(Reach::of(organisation))
        } else {
            Err(Error::NotFound)
        }
    }

    /// Every organisation's rows: for the central team, whatever the person's role there.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else.
    pub fn central_reach(&self) -> Result<Reach> {
        if self.is_central() { Ok(Reach::every()) } else { Err(Error::NotFound) }
    }

    /// Every organisation's rows, for work that nobody asked for in a request: jobs, the schedule, the command line.
    #[must_use]
    pub const fn system_reach() -> Reach {
        Reach::every()
    }
}
