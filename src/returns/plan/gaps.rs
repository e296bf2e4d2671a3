//! A line for every gap: the requirements that count and do not meet what is expected, as the answers stand now, or as the
//! review of the newest submission found once it is decided. Its letter asks for a line for each of those.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::model::{Funded, PlanState};
use super::store;
use crate::access::{Permit, PlanGaps};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PlanId, RequirementId};
use crate::returns::circumstances::PlanHead;
use crate::returns::content::{current, snapshot};
use crate::returns::store::Found;
use crate::returns::submission::score_of;
use crate::schema::{improvement_plan, plan_line};
use crate::standards::RequirementCode;
use crate::standards::scoring::{PackedInput, PackedScorer, PlanStanding};

/// Makes a line for every gap that has none, and the plan with the first of them. Gives how many lines it made.
///
/// # Errors
/// [`Error::Refused`] when the plan is signed or beyond, or every gap is planned already.
pub fn plan_gaps(tx: &mut Tx<'_>, permit: &Permit<PlanGaps>, found: &Found) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    let now = tx.now();
    let head = found.circumstances.plan;
    if let Some(head) = head {
        if !head.state.is_written() {
            return Err(Error::Refused(if head.state == PlanState::Closed {
                "The improvement plan is closed: nothing of it can be changed any more.".to_owned()
            } else {
                let state = head.state.words().to_lowercase();
                format!("The improvement plan is {state}: take it back first to change it.")
            }));
        }
        store::hold(tx, head)?;
    }
    let planned: BTreeSet<RequirementId> = match head {
        Some(head) => store::lines(tx.conn(), head.id)?.into_iter().map(|line| line.requirement).collect(),
        None => BTreeSet::new(),
    };
    let wanting: Vec<RequirementId> = gaps_of(tx.conn(), found, now)?
        .iter()
        .filter_map(|code| found.edition.requirement_id(code.as_str()))
        .filter(|id| !planned.contains(id))
        .collect();
    if wanting.is_empty() {
        return Err(Error::Refused("There is no gap that is not planned yet.".to_owned()));
    }
    let plan = match head {
        Some(PlanHead { id, .. }) => id,
        None => begin(tx, found)?,
    };
    for requirement in &wanting {
        diesel::insert_into(plan_line::table)
            .values((
                plan_line::plan_id.eq(plan),
                plan_line::organisation_id.eq(found.organisation),
                plan_line::requirement_id.eq(*requirement),
                plan_line::funded.eq(Funded::Unknown),
                plan_line::updated_at.eq(now),
                plan_line::updated_by.eq(permit.actor().id()),
            ))
            .execute(tx.conn())?;
    }
    let data = json!({"return": found.id, "lines": wanting});
    let event = Event::of(permit, "plan_lines_made", format!("plan/{plan}"), data);
    ledger::append(tx, &event, wanting.len())
}

/// Two who begin at once meet at the uniqueness of the row, which is a conflict.
fn begin(tx: &mut Tx<'_>, found: &Found) -> Result<PlanId> {
    Ok(diesel::insert_into(improvement_plan::table)
        .values((
            improvement_plan::return_id.eq(found.id),
            improvement_plan::organisation_id.eq(found.organisation),
            improvement_plan::state.eq(PlanState::Draft),
        ))
        .returning(improvement_plan::id)
        .get_result(tx.conn())?)
}

/// The gaps of a return, in edition order: what its answers, exemptions included, would be scored short of at this moment,
/// and what a decided review of its newest submission leaves below what is expected.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn gaps_of(conn: &mut Conn, found: &Found, now: Timestamp) -> Result<Vec<RequirementCode>> {
    let edition = found.edition.edition();
    let content = current(conn, found)?;
    let snapshot = snapshot(found, content, &[], None, now)?;
    let score = score_of(&snapshot, edition, now.london_day())?;
    let (claimed, assessed) = (score.gaps(), assessed_gaps(conn, found)?);
    Ok(edition
        .requirements()
        .iter()
        .enumerate()
        .filter(|(place, requirement)| claimed.contains(&&requirement.code) || assessed.contains(place))
        .map(|(_, requirement)| requirement.code.clone())
        .collect())
}

/// Positions of the gaps that a decided review leaves under the rules in force; none where nothing is decided.
fn assessed_gaps(conn: &mut Conn, found: &Found) -> Result<Vec<usize>> {
    let Some(levels) = store::assessed_levels(conn, found)? else { return Ok(Vec::new()) };
    let profile = found.profile_key()?;
    // What stands besides the levels changes the grade and no gap.
    let input = PackedInput {
        sector: found.sector,
        profile: profile.as_ref(),
        levels: &levels,
        plan: PlanStanding::None,
        approached_before: false,
        lifted: false,
    };
    Ok(PackedScorer::new(found.edition.edition()).gaps(&input))
}
