//! Every decision about a plan as it was made: kept with the decision, and never written over by the next.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::decide::Verdict;
use super::model::PlanState;
use super::reading::requirement_of;
use super::store;
use crate::platform::canonical::to_string;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, PlanId};
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::plan_decision;

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDecision {
    /// Approved or rejected.
    pub verdict: PlanState,
    /// Why, or a remark.
    pub reason: String,
    /// Reasons against single lines, by the codes of their requirements.
    pub lines: BTreeMap<String, String>,
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Keeps a decision that is being made.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    (found, head): (&Found, PlanHead),
    (to, verdict): (PlanState, &Verdict),
    by: PersonId,
) -> Result<()> {
    let mut reasons: BTreeMap<String, &str> = BTreeMap::new();
    for line in store::lines(tx.conn(), head.id)? {
        if let Some(reason) = verdict.lines.get(&line.id) {
            reasons.insert(requirement_of(found, &line)?.code.to_string(), reason.as_str());
        }
    }
    let now = tx.now();
    diesel::insert_into(plan_decision::table)
        .values((
            plan_decision::plan_id.eq(head.id),
            plan_decision::organisation_id.eq(found.organisation),
            plan_decision::verdict.eq(to),
            plan_decision::reason.eq(&verdict.reason),
            plan_decision::line_reasons.eq(to_string(&reasons)?),
            plan_decision::decided_by.eq(by),
            plan_decision::decided_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The decisions about a plan, the newest first.
pub(in crate::returns) fn decisions(conn: &mut Conn, of: PlanId) -> Result<Vec<PlanDecision>> {
    let rows: Vec<(PlanState, String, String, PersonId, Timestamp)> = plan_decision::table
        .filter(plan_decision::plan_id.eq(of))
        .order(plan_decision::id.desc())
        .select((
            plan_decision::verdict,
            plan_decision::reason,
            plan_decision::line_reasons,
            plan_decision::decided_by,
            plan_decision::decided_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(verdict, reason, lines, by, at)| {
            let lines = serde_json::from_str(&lines)
                .map_err(|e| Error::internal(format!("failed to read a decision about plan {of}"), e))?;
            Ok(PlanDecision { verdict, reason, lines, by, at })
        })
        .collect()
}
