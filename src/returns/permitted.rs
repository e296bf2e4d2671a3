//! The permit of an action on a return, and the check that its collection still takes it.

use super::store::Found;
use crate::access::{Action, Actor, Permit, Subject};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};

impl Found {
    /// What the access table decides on.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject {
            kind: "return",
            id: self.id.get(),
            organisation: Some(self.organisation),
            state: self.state.as_str(),
        }
    }

    /// The permit of an action on this return.
    ///
    /// # Errors
    /// As [`Permit::grant`].
    pub fn permit<A: Action>(&self, actor: &Actor) -> Result<Permit<A>> {
        Permit::grant(actor, Some(self.subject()))
    }

    /// Whether an action is offered to somebody; the verb asks again.
    #[must_use]
    pub fn offers<A: Action>(&self, actor: &Actor) -> bool {
        A::ROW.allows(actor, &self.subject()).is_ok()
    }

    /// Refuses what comes when the collection does not take returns, or no longer.
    ///
    /// # Errors
    /// [`Error::Refused`] with the time it closed.
    pub fn must_be_taken(&self, now: Timestamp) -> Result<()> {
        if self.collection.takes_returns(now, self.extension) {
            return Ok(());
        }
        let until = self.collection.taken_until(self.extension).london_words();
        Err(Error::Refused(format!("The collection took returns until {until}. Nothing can be changed now.")))
    }

    /// Refuses a permit for another return than this one, which is a fault of the caller.
    pub(super) fn must_be_of<A: Action>(&self, permit: &Permit<A>) -> Result<()> {
        if permit.id() == self.id.get() && permit.subject().organisation == Some(self.organisation) {
            Ok(())
        } else {
            Err(Error::broken("the permit is for another return"))
        }
    }
}
