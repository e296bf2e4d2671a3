//! The SIRO's signature under the plan: over every line as it stands.

use diesel::prelude::*;
use serde_json::json;

use super::model::Step;
use super::reading::{Reading, read};
use super::store;
use crate::access::{Permit, SignPlan};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::improvement_plan;

/// Signs the permit's plan. `seen` is the hash of the lines that the signer was shown.
///
/// # Errors
/// [`Error::Refused`] while a line lacks its action, owner or date, a gap has no line, or the lines are not those that the
/// signer was shown.
pub fn sign_plan(
    tx: &mut Tx<'_>,
    permit: &Permit<SignPlan>,
    (found, head): (&Found, PlanHead),
    seen: &str,
) -> Result<Recorded<()>> {
    let to = store::next(head, Step::Sign)?;
    store::move_on(tx, head, to)?;
    // Read after the plan moved, so that no line changes beside the signature.
    let now = tx.now();
    let reading = read(tx.conn(), found, now)?;
    reading.must_be_complete(found)?;
    let hash = lines_hash(&reading)?;
    if hash != seen {
        return Err(Error::Refused(
            "The plan has changed since you opened this page: read it again before you sign.".to_owned(),
        ));
    }
    let signer = permit.actor().id().ok_or_else(|| Error::broken("a plan is signed by a person"))?;
    diesel::update(improvement_plan::table.filter(improvement_plan::id.eq(head.id)))
        .set((improvement_plan::signed_by.eq(Some(signer)), improvement_plan::signed_at.eq(Some(now))))
        .execute(tx.conn())?;
    let data = json!({"lines": reading.lines.len(), "lines_sha256": hash});
    ledger::append(tx, &Event::of(permit, "plan_signed", format!("plan/{}", head.id), data), ())
}

/// SHA-256 of the canonical JSON of what the signature is under.
pub(super) fn lines_hash(reading: &Reading) -> Result<String> {
    let lines: Vec<_> = reading
        .lines
        .iter()
        .map(|line| {
            json!({
                "requirement": line.requirement,
                "action": line.action,
                "owner": line.owner,
                "due_on": line.due_on,
                "resources": line.resources,
                "funded": line.funded,
            })
        })
        .collect();
    Ok(hex(&sha256(to_string(&lines)?.as_bytes())))
}
