//! Trying again what could not be submitted for a site.

use std::collections::BTreeSet;

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde_json::json;

use super::fix::CHUNK;
use super::jobs::{FILE, TELL, payload};
use super::model::LineState;
use super::store;
use crate::access::{Permit, RetrySites};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::jobs;
use crate::returns::store::Found;
use crate::schema::{job, site_filing, site_filing_line};

/// Queues the lines that failed once more; gives how many.
///
/// # Errors
/// [`Error::Refused`] when none has failed.
pub fn retry_sites(tx: &mut Tx<'_>, permit: &Permit<RetrySites>, found: &Found) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    let now = tx.now();
    let filing = store::newest_filing(tx.conn(), found.id)?.ok_or(Error::NotFound)?;
    let failed: Vec<i64> = site_filing_line::table
        .filter(site_filing_line::filing_id.eq(filing.id))
        .filter(site_filing_line::state.eq(LineState::Failed))
        .select(site_filing_line::position)
        .load(tx.conn())?;
    if failed.is_empty() {
        return Err(Error::Refused("Nothing has failed, so there is nothing to try again.".to_owned()));
    }
    diesel::update(
        site_filing_line::table
            .filter(site_filing_line::filing_id.eq(filing.id))
            .filter(site_filing_line::state.eq(LineState::Failed)),
    )
    .set((site_filing_line::state.eq(LineState::Queued), site_filing_line::said.eq("")))
    .execute(tx.conn())?;
    diesel::update(site_filing::table.filter(site_filing::id.eq(filing.id)))
        .set(site_filing::told_at.eq(None::<crate::platform::clock::Timestamp>))
        .execute(tx.conn())?;
    // The number of tries so far makes each of these jobs another than the ones before.
    let tries: i64 = job::table
        .filter(job::kind.eq(TELL))
        .filter(job::payload.eq(filing.id.to_string()))
        .select(count_star())
        .first(tx.conn())?;
    let attempt = tries + 1;
    let parts: BTreeSet<i64> = failed.iter().map(|position| position - position % CHUNK).collect();
    for from in parts {
        let payload = payload(filing.id, from, attempt);
        jobs::enqueue(tx, FILE, &payload, now, Some(&format!("{FILE}/{payload}")))?;
    }
    let told = format!("{TELL}/{}/{attempt}", filing.id);
    jobs::enqueue(tx, TELL, &filing.id.to_string(), now, Some(&told))?;
    let data = json!({"filing": filing.id, "sites": failed.len()});
    let event = Event::of(permit, "sites_tried_again", format!("return/{}", found.id), data);
    ledger::append(tx, &event, failed.len())
}
