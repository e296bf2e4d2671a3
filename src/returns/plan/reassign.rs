//! Giving a line of a signed plan to another colleague: its owner may have left. Nothing else of the line changes, so that
//! what was signed and agreed still stands.

use diesel::prelude::*;
use serde_json::json;

use super::store;
use crate::access::{OrganisationRole, Permit, ReassignLine};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, PlanLineId};
use crate::returns::circumstances::PlanHead;
use crate::schema::plan_line;

/// Makes somebody else the owner of a line of the permit's plan that is not done.
///
/// # Errors
/// [`Error::NotFound`] when there is no such line, [`Error::Invalid`] when the person does not see the plan,
/// [`Error::Conflict`] when the line was completed meanwhile.
pub fn reassign_line(
    tx: &mut Tx<'_>,
    permit: &Permit<ReassignLine>,
    head: PlanHead,
    id: PlanLineId,
    to: PersonId,
) -> Result<Recorded<()>> {
    let whose = permit.organisation()?;
    let line =
        store::lines(tx.conn(), head.id)?.into_iter().find(|line| line.id == id).ok_or(Error::NotFound)?;
    let members = identity::holders_of(tx.conn(), whose, &OrganisationRole::READERS)?;
    if members.iter().all(|(person, ..)| *person != to) {
        return Err(Error::field("owner", "Choose an owner from the list"));
    }
    let now = tx.now();
    let given = diesel::update(
        plan_line::table
            .filter(plan_line::id.eq(id))
            .filter(plan_line::plan_id.eq(head.id))
            .filter(plan_line::done_on.is_null()),
    )
    .set((
        plan_line::owner_id.eq(Some(to)),
        plan_line::version.eq(plan_line::version + 1),
        plan_line::updated_at.eq(now),
        plan_line::updated_by.eq(permit.actor().id()),
    ))
    .execute(tx.conn())?;
    if given != 1 {
        return Err(Error::Conflict("A colleague has just completed this line.".to_owned()));
    }
    let data = json!({"plan": head.id, "from": line.owner, "to": to});
    ledger::append(tx, &Event::of(permit, "plan_line_reassigned", format!("plan-line/{id}"), data), ())
}
