//! Saying how a collection's baselining sample is drawn.

use diesel::prelude::*;
use serde_json::json;

use super::model::BaselinePlan;
use super::store;
use crate::access::{Permit, PlanBaseline};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::schema::baseline_plan;
use crate::statistics::sampling::LARGEST_POPULATION;

/// Plans the sample of the permit's collection. The seed is fixed with the first plan and stands in the ledger from then on,
/// before the draw; later changes keep it.
///
/// # Errors
/// [`Error::Invalid`] for a size or minimum of nothing, [`Error::Refused`] once it is drawn, [`Error::Conflict`] when the plan
/// has changed meanwhile.
pub fn plan_baseline(
    tx: &mut Tx<'_>,
    permit: &Permit<PlanBaseline>,
    plan: &BaselinePlan,
    fresh_seed: &str,
) -> Result<Recorded<()>> {
    let (now, id) = (tx.now(), CollectionId::new(permit.id()));
    let me = permit.actor().id().ok_or_else(|| Error::broken("a sample is planned by people"))?;
    let size = counted("size", plan.size, 1)?;
    let minimum = counted("minimum", plan.minimum, 1)?;
    let take_all_up_to = counted("take_all_up_to", plan.take_all_up_to, 0)?;
    if store::drawn(tx.conn(), id)?.is_some() {
        return Err(Error::Refused("The sample has been drawn: its plan stands.".to_owned()));
    }
    let saved = if plan.version == 0 {
        let row = (
            baseline_plan::collection_id.eq(id),
            baseline_plan::size.eq(size),
            baseline_plan::minimum.eq(minimum),
            baseline_plan::take_all_up_to.eq(take_all_up_to),
            baseline_plan::by_region.eq(plan.by_region),
            baseline_plan::method.eq(plan.method),
            baseline_plan::seed.eq(fresh_seed),
            baseline_plan::planned_by.eq(me),
            baseline_plan::planned_at.eq(now),
        );
        crate::each!(tx.conn(), c => diesel::insert_into(baseline_plan::table)
            .values(&row)
            .on_conflict(baseline_plan::collection_id)
            .do_nothing()
            .execute(c))?
    } else {
        diesel::update(
            baseline_plan::table
                .filter(baseline_plan::collection_id.eq(id))
                .filter(baseline_plan::version.eq(plan.version)),
        )
        .set((
            baseline_plan::size.eq(size),
            baseline_plan::minimum.eq(minimum),
            baseline_plan::take_all_up_to.eq(take_all_up_to),
            baseline_plan::by_region.eq(plan.by_region),
            baseline_plan::method.eq(plan.method),
            baseline_plan::planned_by.eq(me),
            baseline_plan::planned_at.eq(now),
            baseline_plan::version.eq(baseline_plan::version + 1),
        ))
        .execute(tx.conn())?
    };
    if saved == 0 {
        return Err(Error::Conflict("The plan has changed since you loaded it.".to_owned()));
    }
    let seed: String = baseline_plan::table
        .filter(baseline_plan::collection_id.eq(id))
        .select(baseline_plan::seed)
        .first(tx.conn())?;
    let data = json!({
        "size": size,
        "minimum": minimum,
        "take_all_up_to": take_all_up_to,
        "by_region": plan.by_region,
        "method": plan.method,
        "seed": seed,
    });
    ledger::append(tx, &Event::of(permit, "baseline_planned", format!("baseline/{id}"), data), ())
}

fn counted(field: &str, count: u64, least: u64) -> Result<i64> {
    if !(least..=LARGEST_POPULATION).contains(&count) {
        return Err(Error::field(
            field,
            format!("Enter a whole number from {least} to {LARGEST_POPULATION}"),
        ));
    }
    i64::try_from(count).map_err(|e| Error::internal("a count is larger than the database holds", e))
}
