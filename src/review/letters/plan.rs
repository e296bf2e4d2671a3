//! Whether a decision asks for an improvement plan, and by when its actions must be done. The number of months is the
//! edition's own rule; what the plan has come to is the return's.

use super::texts::{Texts, Words};
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::returns::{self, PlanState, Which};
use crate::review::case::Case;

/// What is known of the plan of a return.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct PlanFacts {
    /// Where the plan stands; none where there is none.
    pub state: Option<PlanState>,
    /// The last day by which an action may be due.
    pub due_by: Day,
}

/// The plan of the return that a case is about.
pub(in crate::review) fn plan_facts(conn: &mut Conn, case: &Case) -> Result<PlanFacts> {
    let found = returns::find(conn, Which::Id(case.found.review.return_id))?.ok_or(Error::NotFound)?;
    let months = case.edition().plan_rules().due_months;
    Ok(PlanFacts {
        state: found.circumstances.plan.map(|head| head.state),
        due_by: returns::plan::due_by(found.collection.deadline_at.london_day(), months),
    })
}

impl PlanFacts {
    /// What is said of the plan where the decision leaves so many gaps.
    pub(super) fn words(&self, texts: &Texts, gaps: usize) -> String {
        if gaps == 0 {
            return texts.plan.none.clone();
        }
        let due = self.due_by.words();
        let state = self.state.map(|state| state.words().to_lowercase()).unwrap_or_default();
        let words = Words(vec![("due", due.as_str()), ("state", state.as_str())]);
        words.fill(match self.state {
            None | Some(PlanState::Draft | PlanState::Rejected) => &texts.plan.wanted,
            Some(PlanState::Signed | PlanState::Sent) => &texts.plan.begun,
            Some(PlanState::Approved | PlanState::Closed) => &texts.plan.approved,
        })
    }
}
