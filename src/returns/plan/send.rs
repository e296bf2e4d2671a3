//! Sending the signed plan for central approval.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use super::model::Step;
use super::reading::read;
use super::sign::lines_hash;
use super::store;
use crate::access::{Permit, SendPlan};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::improvement_plan;

/// Sends the permit's plan; the programme managers are told by mail.
///
/// # Errors
/// [`crate::platform::error::Error::Refused`] when a line has become incomplete since it was signed: an owner may have
/// left, or an answer changed.
pub fn send_plan(
    tx: &mut Tx<'_>,
    permit: &Permit<SendPlan>,
    (found, head): (&Found, PlanHead),
    public_url: &str,
) -> Result<Recorded<()>> {
    let to = store::next(head, Step::Send)?;
    store::move_on(tx, head, to)?;
    let now = tx.now();
    let reading = read(tx.conn(), found, now)?;
    reading.must_be_complete(found)?;
    diesel::update(improvement_plan::table.filter(improvement_plan::id.eq(head.id)))
        .set(improvement_plan::sent_at.eq(Some(now)))
        .execute(tx.conn())?;
    mail::sent(tx, found, head, public_url)?;
    let data = json!({"lines": reading.lines.len(), "lines_sha256": lines_hash(&reading)?});
    ledger::append(tx, &Event::of(permit, "plan_sent", format!("plan/{}", head.id), data), ())
}
