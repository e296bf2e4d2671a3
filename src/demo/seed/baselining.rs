//! A baselining sample of last year's collection, planned and drawn by the portal's own verbs, so that its pages and the
//! release show estimates.

use super::years::Written;
use crate::access::{Actor, CentralRole, DrawBaseline, Permit, PlanBaseline, Subject};
use crate::identity;
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::publication::{AllocationMethod, BaselinePlan, draw_baseline, plan_baseline};

/// The plan: a sample that is small beside the demo's register and still has everybody's sector in it.
const PLAN: BaselinePlan = BaselinePlan {
    size: 60,
    minimum: 3,
    take_all_up_to: 4,
    by_region: false,
    method: AllocationMethod::Neyman,
    version: 0,
};

/// Writes it, where there is anybody to do it and enough to draw from.
pub(super) fn write(db: &Db, of: &Written) -> Result<()> {
    let reach = Actor::system_reach();
    let publishers = db.read_now(reach, |conn| identity::central_holders(conn, &[CentralRole::Publisher]))?;
    let Some((publisher, ..)) = publishers.first().cloned() else { return Ok(()) };
    let id = of.id;
    let subject =
        move || Some(Subject { kind: "collection", id: id.get(), organisation: None, state: "closed" });
    db.write_now(reach, move |tx| {
        let actor = identity::actor_of(tx.conn(), publisher)?;
        let seed = hex(&sha256(b"the baselining sample of the demo"));
        plan_baseline(tx, &Permit::<PlanBaseline>::grant(&actor, subject())?, &PLAN, &seed)
    })?;
    let drawn = db.write_now(reach, move |tx| {
        let actor = identity::actor_of(tx.conn(), publisher)?;
        draw_baseline(tx, &Permit::<DrawBaseline>::grant(&actor, subject())?)
    });
    match drawn {
        // A register that is smaller than the sample has none: its plan says why.
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
