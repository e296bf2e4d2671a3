//! The central team's decision about a plan: approved, or rejected with a reason for the whole or for lines of it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::decisions;
use super::mail;
use super::model::{PlanState, Step};
use super::store;
use crate::access::{DecidePlan, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PlanLineId;
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::{improvement_plan, plan_line};

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the plan is agreed.
    pub approved: bool,
    /// Why, or a remark.
    pub reason: String,
    /// Reasons for single lines.
    pub lines: BTreeMap<PlanLineId, String>,
}

/// Decides the permit's plan; the organisation is told by mail. The plan carries what was decided last, and every decision is
/// kept beside it.
///
/// # Errors
/// [`Error::Invalid`] for a rejection without any reason, or an approval with reasons against lines.
pub fn decide_plan(
    tx: &mut Tx<'_>,
    permit: &Permit<DecidePlan>,
    (found, head): (&Found, PlanHead),
    verdict: &Verdict,
    public_url: &str,
) -> Result<Recorded<PlanState>> {
    if !verdict.approved && verdict.reason.is_empty() && verdict.lines.is_empty() {
        return Err(Error::field("reason", "Enter why the plan is rejected, here or at a line"));
    }
    if verdict.approved && !verdict.lines.is_empty() {
        return Err(Error::field("verdict", "Reject the plan, or take back the reasons against its lines"));
    }
    let to = store::next(head, if verdict.approved { Step::Approve } else { Step::Reject })?;
    store::move_on(tx, head, to)?;
    let by = permit.actor().id().ok_or_else(|| Error::broken("a plan is decided by a person"))?;
    decisions::keep(tx, (found, head), (to, verdict), by)?;
    let now = tx.now();
    diesel::update(improvement_plan::table.filter(improvement_plan::id.eq(head.id)))
        .set((
            improvement_plan::decided_by.eq(Some(by)),
            improvement_plan::decided_at.eq(Some(now)),
            improvement_plan::reason.eq(&verdict.reason),
        ))
        .execute(tx.conn())?;
    diesel::update(plan_line::table.filter(plan_line::plan_id.eq(head.id)))
        .set(plan_line::rejected.eq(""))
        .execute(tx.conn())?;
    for (line, reason) in &verdict.lines {
        diesel::update(
            plan_line::table.filter(plan_line::id.eq(line)).filter(plan_line::plan_id.eq(head.id)),
        )
        .set(plan_line::rejected.eq(reason))
        .execute(tx.conn())?;
    }
    mail::decided(tx, found, head, verdict.approved, public_url)?;
    let texts: Vec<&str> = verdict.lines.values().map(String::as_str).collect();
    let data = json!({
        "to": to,
        "reason_sha256": hex(&sha256(verdict.reason.as_bytes())),
        "lines": verdict.lines.keys().collect::<Vec<_>>(),
        "line_reasons_sha256": hex(&sha256(texts.join("\n").as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "plan_decided", format!("plan/{}", head.id), data), to)
}
