//! Changing and removing a line of the plan. Who changes a line a colleague changed meanwhile is shown both.

use diesel::prelude::*;
use serde_json::json;

use super::model::{Funded, due_by};
use super::store;
use crate::access::{EditPlan, OrganisationRole, Permit};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::{PersonId, PlanLineId};
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::{plan_escalation, plan_line, plan_line_seen, plan_note, plan_reminder};

/// The most characters of an action, of resources, and of a note.
pub const TEXT_LIMIT: usize = 4000;

/// A line as it should be. It may be unfinished: only signing asks for all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// What will be done.
    pub action: String,
    /// Who is responsible.
    pub owner: Option<PersonId>,
    /// By when.
    pub due_on: Option<Day>,
    /// What it takes.
    pub resources: String,
    /// Whether the money is there.
    pub funded: Funded,
    /// The version that the person saw.
    pub version: i64,
}

/// Saves a line of the permit's plan.
///
/// # Errors
/// [`Error::Invalid`] when the owner is no member or the date is in the past or beyond the rule's limit;
/// [`Error::Conflict`] when a colleague changed the line meanwhile.
pub fn save_line(
    tx: &mut Tx<'_>,
    permit: &Permit<EditPlan>,
    (found, head): (&Found, PlanHead),
    id: PlanLineId,
    change: &LineChange,
) -> Result<Recorded<()>> {
    store::hold(tx, head)?;
    check(tx, found, change)?;
    let now = tx.now();
    let saved = diesel::update(
        plan_line::table
            .filter(plan_line::id.eq(id))
            .filter(plan_line::plan_id.eq(head.id))
            .filter(plan_line::version.eq(change.version)),
    )
    .set((
        plan_line::action.eq(&change.action),
        plan_line::owner_id.eq(change.owner),
        plan_line::due_on.eq(change.due_on.map(|due| due.to_string())),
        plan_line::resources.eq(&change.resources),
        plan_line::funded.eq(change.funded),
        plan_line::version.eq(change.version + 1),
        plan_line::updated_at.eq(now),
        plan_line::updated_by.eq(permit.actor().id()),
    ))
    .execute(tx.conn())?;
    if saved != 1 {
        return Err(Error::Conflict("A colleague changed this line in the meantime.".to_owned()));
    }
    let texts = format!("{}\n{}", change.action, change.resources);
    let data = json!({
        "plan": head.id,
        "owner": change.owner,
        "due_on": change.due_on,
        "funded": change.funded,
        "texts_sha256": hex(&sha256(texts.as_bytes())),
        "version": change.version + 1,
    });
    ledger::append(tx, &Event::of(permit, "plan_line_saved", format!("plan-line/{id}"), data), ())
}

fn check(tx: &mut Tx<'_>, found: &Found, change: &LineChange) -> Result<()> {
    let mut wrong = Vec::new();
    let mut add = |field: &str, message: String| wrong.push(FieldError { field: field.to_owned(), message });
    let today = tx.now().london_day();
    let months = found.edition.edition().plan_rules().due_months;
    let limit = due_by(found.collection.deadline_at.london_day(), months);
    match change.due_on {
        Some(due) if due > limit => {
            add(
                "due",
                format!(
                    "The action must be due within {months} months of the deadline, by {}",
                    limit.words()
                ),
            );
        }
        Some(due) if due < today => add("due", "The due date must not be in the past".to_owned()),
        _ => {}
    }
    if let Some(owner) = change.owner {
        let members = identity::holders_of(tx.conn(), found.organisation, &OrganisationRole::READERS)?;
        if members.iter().all(|(id, ..)| *id != owner) {
            add("owner", "Choose an owner from the list: this person has left your organisation".to_owned());
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Takes a line out of the permit's plan, with its notes and what became of it while the plan was approved before: the gap
/// can be planned again.
///
/// # Errors
/// [`Error::NotFound`] when there is no such line.
pub fn remove_line(
    tx: &mut Tx<'_>,
    permit: &Permit<EditPlan>,
    head: PlanHead,
    id: PlanLineId,
) -> Result<Recorded<()>> {
    store::hold(tx, head)?;
    let line =
        store::lines(tx.conn(), head.id)?.into_iter().find(|line| line.id == id).ok_or(Error::NotFound)?;
    diesel::delete(plan_note::table.filter(plan_note::line_id.eq(id))).execute(tx.conn())?;
    diesel::delete(plan_reminder::table.filter(plan_reminder::line_id.eq(id))).execute(tx.conn())?;
    diesel::delete(plan_escalation::table.filter(plan_escalation::line_id.eq(id))).execute(tx.conn())?;
    diesel::delete(plan_line_seen::table.filter(plan_line_seen::line_id.eq(id))).execute(tx.conn())?;
    diesel::delete(plan_line::table.filter(plan_line::id.eq(id))).execute(tx.conn())?;
    let data = json!({"plan": head.id, "requirement": line.requirement});
    ledger::append(tx, &Event::of(permit, "plan_line_removed", format!("plan-line/{id}"), data), ())
}
