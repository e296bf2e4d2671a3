//! Drawing a collection's baselining sample: once, from every organisation in its scope.

use diesel::prelude::*;
use serde_json::json;

use super::frame::Frame;
use super::model::{BaselinePlan, Codes, DrawnStratum};
use super::store;
use super::strata::{allocated, taken};
use crate::access::{DrawBaseline, Permit};
use crate::collections;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId};
use crate::publication::record::Record;
use crate::publication::store::{frame_of, grades_before, region_names};
use crate::schema::{baseline_draw, baseline_member};

/// Rows inserted at once.
const BATCH: usize = 500;

/// What a draw would be made from, without drawing.
pub(super) struct Allotment {
    pub records: Vec<Record>,
    pub strata: Vec<DrawnStratum>,
    pub frame: Codes,
}

/// Every stratum of a collection with its size under a plan.
///
/// # Errors
/// [`Error::Refused`] when the plan does not fit the collection.
pub(super) fn allotment(conn: &mut Conn, id: CollectionId, plan: &BaselinePlan) -> Result<Allotment> {
    let collection = collections::collection(conn, id)?;
    let records = frame_of(conn, &collection)?;
    let before = grades_before(conn, &collection)?;
    let regions = region_names(conn)?;
    let of = Frame {
        records: &records,
        regions: &regions,
        before: before.as_ref(),
        by_region: plan.by_region,
        take_all_up_to: plan.take_all_up_to,
    };
    let (mut strata, frame) = of.strata()?;
    allocated(&mut strata, plan)
        .map_err(|error| Error::Refused(format!("No sample can be drawn: {error}.")))?;
    Ok(Allotment { records, strata, frame })
}

/// Draws the sample of the permit's collection by its plan; gives how many organisations were taken.
///
/// # Errors
/// [`Error::Refused`] without a plan, with one that does not fit, or when the sample has been drawn.
pub fn draw_baseline(tx: &mut Tx<'_>, permit: &Permit<DrawBaseline>) -> Result<Recorded<u64>> {
    let (id, now) = (CollectionId::new(permit.id()), tx.now());
    let Some((plan, seed)) = store::plan(tx.conn(), id)? else {
        return Err(Error::Refused("Plan the sample first.".to_owned()));
    };
    let Allotment { records, strata, frame } = allotment(tx.conn(), id, &plan)?;
    let drawn = taken(&seed, &strata, &frame);
    let count: u64 = drawn.values().map(|codes| codes.len() as u64).sum();
    let (strata_text, frame_text, taken_text) = (to_string(&strata)?, to_string(&frame)?, to_string(&drawn)?);
    let row = (
        baseline_draw::collection_id.eq(id),
        baseline_draw::size.eq(i64::try_from(plan.size).unwrap_or(i64::MAX)),
        baseline_draw::minimum.eq(i64::try_from(plan.minimum).unwrap_or(i64::MAX)),
        baseline_draw::method.eq(plan.method),
        baseline_draw::seed.eq(&seed),
        baseline_draw::strata.eq(&strata_text),
        baseline_draw::frame.eq(&frame_text),
        baseline_draw::taken.eq(&taken_text),
        baseline_draw::drawn_at.eq(now),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(baseline_draw::table)
        .values(&row)
        .on_conflict(baseline_draw::collection_id)
        .do_nothing()
        .execute(c))?;
    if made == 0 {
        return Err(Error::Refused("The sample has been drawn. It is drawn once.".to_owned()));
    }
    insert_members(tx.conn(), id, &records, &drawn)?;
    let data = json!({
        "population": records.len(),
        "frame_sha256": hex(&sha256(frame_text.as_bytes())),
        "strata_sha256": hex(&sha256(strata_text.as_bytes())),
        "taken": count,
        "taken_sha256": hex(&sha256(taken_text.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "baseline_drawn", format!("baseline/{id}"), data), count)
}

fn insert_members(conn: &mut Conn, id: CollectionId, records: &[Record], drawn: &Codes) -> Result<()> {
    let ids: std::collections::HashMap<&str, OrganisationId> =
        records.iter().map(|record| (record.code.as_str(), record.organisation)).collect();
    let members: Vec<(OrganisationId, &str)> = drawn
        .iter()
        .flat_map(|(stratum, codes)| codes.iter().map(move |code| (code, stratum.as_str())))
        .filter_map(|(code, stratum)| ids.get(code.as_str()).map(|organisation| (*organisation, stratum)))
        .collect();
    for some in members.chunks(BATCH) {
        let rows: Vec<_> = some
            .iter()
            .map(|(organisation, stratum)| {
                (
                    baseline_member::collection_id.eq(id),
                    baseline_member::organisation_id.eq(*organisation),
                    baseline_member::stratum.eq(*stratum),
                )
            })
            .collect();
        crate::each!(conn, c => diesel::insert_into(baseline_member::table).values(&rows).execute(c))?;
    }
    Ok(())
}
