//! Taking a plan back to change it: signature and approval are void, because they were under other lines.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use super::model::{PlanState, Step};
use super::store;
use crate::access::{Permit, TakeBackPlan};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::improvement_plan;

/// Takes the permit's plan back to draft. The programme managers are told by mail of one that was approved: they may be
/// following it up.
///
/// # Errors
/// [`crate::platform::error::Error::Refused`] when somebody moved it first.
pub fn take_back_plan(
    tx: &mut Tx<'_>,
    permit: &Permit<TakeBackPlan>,
    (found, head): (&Found, PlanHead),
    public_url: &str,
) -> Result<Recorded<()>> {
    let to = store::next(head, Step::TakeBack)?;
    store::move_on(tx, head, to)?;
    diesel::update(improvement_plan::table.filter(improvement_plan::id.eq(head.id)))
        .set((
            improvement_plan::signed_by.eq(None::<PersonId>),
            improvement_plan::signed_at.eq(None::<Timestamp>),
            improvement_plan::sent_at.eq(None::<Timestamp>),
        ))
        .execute(tx.conn())?;
    if head.state == PlanState::Approved {
        mail::taken_back(tx, found, head, public_url)?;
    }
    let data = json!({"from": head.state});
    ledger::append(tx, &Event::of(permit, "plan_taken_back", format!("plan/{}", head.id), data), ())
}
