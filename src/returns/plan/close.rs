//! Following an agreed plan up: noting that evidence of completion was looked at, and closing the plan when all of it is
//! done and shown.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use super::model::Step;
use super::store;
use crate::access::{ClosePlan, Permit, SeeCompletion};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PlanLineId;
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::{plan_closing, plan_line_seen};

/// Notes that the evidence of completion of a line of the permit's plan was looked at.
///
/// # Errors
/// [`Error::NotFound`] for a line of another plan, [`Error::Refused`] for one that is not done, or noted already.
pub fn see_completion(
    tx: &mut Tx<'_>,
    permit: &Permit<SeeCompletion>,
    head: PlanHead,
    id: PlanLineId,
) -> Result<Recorded<()>> {
    let line =
        store::lines(tx.conn(), head.id)?.into_iter().find(|line| line.id == id).ok_or(Error::NotFound)?;
    if line.done_on.is_none() {
        return Err(Error::Refused("This line is not done yet, so there is nothing to look at.".to_owned()));
    }
    let by = permit.actor().id().ok_or_else(|| Error::broken("evidence is looked at by a person"))?;
    let row = (
        plan_line_seen::line_id.eq(id),
        plan_line_seen::organisation_id.eq(permit.organisation()?),
        plan_line_seen::plan_id.eq(head.id),
        plan_line_seen::seen_by.eq(by),
        plan_line_seen::seen_at.eq(tx.now()),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(plan_line_seen::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if made == 0 {
        return Err(Error::Refused("A colleague has noted that already.".to_owned()));
    }
    let data = json!({"plan": head.id});
    ledger::append(tx, &Event::of(permit, "plan_completion_seen", format!("plan-line/{id}"), data), ())
}

/// Closes the permit's plan with a note; the organisation is told by mail. It counts for the grade as before.
///
/// # Errors
/// [`Error::Refused`] while a line is not done or nothing shows that it is, or when somebody moved the plan first.
pub fn close_plan(
    tx: &mut Tx<'_>,
    permit: &Permit<ClosePlan>,
    (found, head): (&Found, PlanHead),
    note: &str,
    public_url: &str,
) -> Result<Recorded<()>> {
    let to = store::next(head, Step::Close)?;
    store::move_on(tx, head, to)?;
    // Read after the plan moved, so that no line changes beside the closing.
    let lines = store::lines(tx.conn(), head.id)?;
    let lacking = lines.iter().filter(|line| line.done_on.is_none() || line.evidence.is_empty()).count();
    if lacking > 0 || lines.is_empty() {
        return Err(Error::Refused(match lacking {
            1 => "1 line of the plan is not done with evidence yet.".to_owned(),
            many => format!("{many} lines of the plan are not done with evidence yet."),
        }));
    }
    let by = permit.actor().id().ok_or_else(|| Error::broken("a plan is closed by a person"))?;
    let now = tx.now();
    diesel::insert_into(plan_closing::table)
        .values((
            plan_closing::plan_id.eq(head.id),
            plan_closing::organisation_id.eq(permit.organisation()?),
            plan_closing::note.eq(note),
            plan_closing::closed_by.eq(by),
            plan_closing::closed_at.eq(now),
        ))
        .execute(tx.conn())?;
    mail::closed(tx, found, head, public_url)?;
    let data = json!({"lines": lines.len(), "note_sha256": hex(&sha256(note.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "plan_closed", format!("plan/{}", head.id), data), ())
}
