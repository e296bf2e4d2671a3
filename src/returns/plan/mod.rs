//! The improvement plan of a return: a line for every gap with its action, owner and due date; signed by the SIRO, sent to
//! the centre, approved or rejected with reasons; then worked off, each line with notes and evidence of completion.

mod ask;
mod close;
mod decide;
mod decisions;
mod escalate;
mod follow;
mod gaps;
mod mail;
mod model;
mod pages;
mod progress;
mod reading;
mod reassign;
mod save_line;
mod send;
mod sign;
mod store;
mod take_back;
mod web;

pub use ask::ask_for_plan_signature;
pub use close::{close_plan, see_completion};
pub use decide::{Verdict, decide_plan};
pub(super) use decisions::decisions;
pub(super) use escalate::reached;
pub use escalate::{DAYS_LIMIT, escalate_lines, set_escalation, steps};
pub use gaps::{gaps_of, plan_gaps};
pub use model::{Funded, LineGap, PlanState, Stage, Step, due_by};
pub(super) use pages::PlanNote;
pub use pages::page_checks;
pub use progress::{Progress, report_progress};
pub use reading::{Reading, read};
pub use reassign::reassign_line;
pub use save_line::{LineChange, remove_line, save_line};
pub use send::send_plan;
pub use sign::sign_plan;
pub(super) use store::whole;
pub use store::{Plan, PlanLine};
pub use take_back::take_back_plan;
pub use web::routes;

use crate::access::{Action, Actor, Permit, Subject};
use crate::platform::error::{Error, Result};

use super::circumstances::PlanHead;
use super::store::Found;

/// The address of the plan of a return.
#[must_use]
pub fn plan_href(code: &str, year: &str) -> String {
    format!("{}/plan", super::return_href(code, year))
}

impl Found {
    /// The plan, for the access table.
    fn plan_subject(&self) -> Option<(PlanHead, Subject)> {
        let head = self.circumstances.plan?;
        let state = head.state.as_str();
        let organisation = Some(self.organisation);
        Some((head, Subject { kind: "plan", id: head.id.get(), organisation, state }))
    }

    /// The permit of an action on the plan of this return; where there is no plan, there is nothing.
    ///
    /// # Errors
    /// As [`Permit::grant`].
    pub fn plan_permit<A: Action>(&self, actor: &Actor) -> Result<(PlanHead, Permit<A>)> {
        let (head, subject) = self.plan_subject().ok_or(Error::NotFound)?;
        Ok((head, Permit::grant(actor, Some(subject))?))
    }

    /// Whether an action on the plan is offered to somebody; the verb asks again.
    #[must_use]
    pub fn offers_on_plan<A: Action>(&self, actor: &Actor) -> bool {
        self.plan_subject().is_some_and(|(_, subject)| A::ROW.allows(actor, &subject).is_ok())
    }
}
