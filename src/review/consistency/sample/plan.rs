//! Saying which share of a collection's submissions is scored a second time.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Permit, PlanSample};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::review::claim::person;
use crate::review::consistency::model::Moment;
use crate::schema::sample_plan;

/// What a programme manager chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SamplePlan {
    /// Percent of the submissions, 1 to 100.
    pub share: i64,
    /// Whether the share is drawn from each sector by itself.
    pub by_sector: bool,
    /// When it is drawn.
    pub moment: Moment,
    /// The version of the plan that was seen: 0 for none.
    pub version: i64,
}

/// Plans the sample of the permit's collection. The seed is fixed with the first plan and stands in the ledger from then
/// on, before the first draw; later changes keep it.
///
/// # Errors
/// [`Error::Invalid`] for a share outside 1 to 100, [`Error::Conflict`] when the plan has changed meanwhile.
pub fn plan_sample(
    tx: &mut Tx<'_>,
    permit: &Permit<PlanSample>,
    plan: &SamplePlan,
    fresh_seed: &str,
) -> Result<Recorded<()>> {
    let (now, me, id) = (tx.now(), person(permit)?, CollectionId::new(permit.id()));
    if !(1..=100).contains(&plan.share) {
        return Err(Error::field("share", "Enter a whole number from 1 to 100"));
    }
    let saved = if plan.version == 0 {
        let row = (
            sample_plan::collection_id.eq(id),
            sample_plan::share.eq(plan.share),
            sample_plan::by_sector.eq(plan.by_sector),
            sample_plan::moment.eq(plan.moment),
            sample_plan::seed.eq(fresh_seed),
            sample_plan::planned_by.eq(me),
            sample_plan::planned_at.eq(now),
        );
        crate::each!(tx.conn(), c => diesel::insert_into(sample_plan::table)
            .values(&row)
            .on_conflict(sample_plan::collection_id)
            .do_nothing()
            .execute(c))?
    } else {
        diesel::update(
            sample_plan::table
                .filter(sample_plan::collection_id.eq(id))
                .filter(sample_plan::version.eq(plan.version)),
        )
        .set((
            sample_plan::share.eq(plan.share),
            sample_plan::by_sector.eq(plan.by_sector),
            sample_plan::moment.eq(plan.moment),
            sample_plan::planned_by.eq(me),
            sample_plan::planned_at.eq(now),
            sample_plan::version.eq(sample_plan::version + 1),
        ))
        .execute(tx.conn())?
    };
    if saved == 0 {
        return Err(Error::Conflict("The plan has changed since you loaded it.".to_owned()));
    }
    let seed: String = sample_plan::table
        .filter(sample_plan::collection_id.eq(id))
        .select(sample_plan::seed)
        .first(tx.conn())?;
    let data = json!({"share": plan.share, "by_sector": plan.by_sector, "moment": plan.moment, "seed": seed});
    ledger::append(tx, &Event::of(permit, "sample_planned", format!("sample/{id}"), data), ())
}
