//! The daily look for lines of agreed plans that are long overdue.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::access::{Actor, EscalateLine};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReturnId;
use crate::returns::plan::{PlanState, escalate_lines, steps};
use crate::returns::store::{Which, find};
use crate::schema::{improvement_plan, plan_line};

/// Takes overdue lines up a stage where it is time, a plan at a time; gives how many went up. Called again on the same day
/// it finds none.
///
/// # Errors
/// When the database refuses; what went up before stays so.
pub fn escalate_overdue(db: &Db, public_url: &str) -> Result<usize> {
    let today = db.clock().now().london_day();
    let returns = db.read_now(Actor::system_reach(), move |conn| {
        let Some(first) = steps(conn)?.into_values().min() else { return Ok(Vec::new()) };
        overdue_since(conn, today.plus_days(-first).to_string())
    })?;
    let mut count = 0;
    for id in returns {
        let public_url = public_url.to_owned();
        let up = db.write_now(Actor::system_reach(), move |tx| {
            let found = find(tx.conn(), Which::Id(id))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<EscalateLine>(&Actor::system())?;
            escalate_lines(tx, &permit, (&found, head), &public_url)
        });
        match up {
            Ok(lines) => count += lines,
            // Nothing to do for it today, or another worker or its organisation was first.
            Err(Error::Conflict(_) | Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

/// The returns whose agreed plans have a line that was due by a day and is not done.
fn overdue_since(conn: &mut Conn, day: String) -> Result<Vec<ReturnId>> {
    let overdue = plan_line::table
        .filter(plan_line::plan_id.eq(improvement_plan::id))
        .filter(plan_line::done_on.is_null())
        .filter(plan_line::due_on.le(day));
    Ok(improvement_plan::table
        .filter(improvement_plan::state.eq(PlanState::Approved))
        .filter(exists(overdue))
        .order(improvement_plan::id)
        .select(improvement_plan::return_id)
        .load(conn)?)
}
