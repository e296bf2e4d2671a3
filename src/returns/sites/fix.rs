//! Fixing the list of sites at the moment the head office submits: from here nothing that changes in the register or in
//! the return changes what is submitted for them.

use diesel::prelude::*;
use serde_json::json;

use super::arrangement::{Arrangement, Covered};
use super::jobs::{FILE, TELL, payload};
use super::model::{LineAction, LineState, Stand};
use super::store;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, to_string};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{FilingId, OrganisationId, SubmissionId};
use crate::platform::jobs;
use crate::returns::store::Found;
use crate::schema::{return_filer, site_filing, site_filing_line};

/// Sites that one job works on, in one change.
pub(super) const CHUNK: i64 = 50;

/// Rows written with one statement.
const BATCH: usize = 100;

/// One line to be written.
struct NewLine {
    site: OrganisationId,
    action: LineAction,
    code: String,
    name: String,
    sector: String,
    profile: String,
    overrides: String,
}

/// Fixes the list of sites of a submission that has just been made and queues the jobs that submit for each; nothing
/// where the return covers none.
pub(in crate::returns) fn fix_list<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    found: &Found,
    submission: SubmissionId,
    late: bool,
) -> Result<Option<Recorded<usize>>> {
    let now = tx.now();
    let Some(arrangement) = Arrangement::load(tx.conn(), found, now)? else { return Ok(None) };
    let covered = arrangement.covered(found)?;
    let lines = new_lines(tx, found, &arrangement, &covered)?;
    if lines.is_empty() {
        return Ok(None);
    }
    let hash = covered.hash()?;
    let (sites, exceptions) = (count(covered.sites.len())?, count(covered.exceptions())?);
    let id: FilingId = diesel::insert_into(site_filing::table)
        .values((
            site_filing::submission_id.eq(submission),
            site_filing::return_id.eq(found.id),
            site_filing::organisation_id.eq(found.organisation),
            site_filing::collection_id.eq(found.collection.id),
            site_filing::pressed_at.eq(now),
            site_filing::pressed_by.eq(permit.actor().id()),
            site_filing::late.eq(late),
            site_filing::list_hash.eq(&hash[..]),
            site_filing::sites.eq(sites),
            site_filing::exceptions.eq(exceptions),
        ))
        .returning(site_filing::id)
        .get_result(tx.conn())?;
    insert_lines(tx, found, id, &lines)?;
    queue(tx, id, count(lines.len())?)?;
    let data = json!({
        "submission": submission,
        "list_hash": hex(&hash),
        "sites": sites,
        "exceptions": exceptions,
        "given_back": lines.len() - covered.sites.len(),
    });
    let event = Event::of(permit, "sites_fixed", format!("site-filing/{id}"), data);
    ledger::append(tx, &event, covered.sites.len()).map(Some)
}

fn count(many: usize) -> Result<i64> {
    i64::try_from(many).map_err(|e| Error::internal("failed to count the sites", e))
}

/// The sites to be submitted, and after them those that this head office has submitted for before and has left out since.
fn new_lines(
    tx: &mut Tx<'_>,
    found: &Found,
    arrangement: &Arrangement,
    covered: &Covered,
) -> Result<Vec<NewLine>> {
    let mut lines = Vec::with_capacity(covered.sites.len());
    for site in &covered.sites {
        lines.push(NewLine {
            site: site.id,
            action: LineAction::File,
            code: site.code.clone(),
            name: site.name.clone(),
            sector: site.sector.clone(),
            profile: site.profile.clone(),
            overrides: to_string(&site.overrides)?,
        });
    }
    let ours: Vec<OrganisationId> = return_filer::table
        .filter(return_filer::collection_id.eq(found.collection.id))
        .filter(return_filer::head_office_id.eq(found.organisation))
        .select(return_filer::organisation_id)
        .load(tx.conn())?;
    let left_out = arrangement.entries.iter().filter(|entry| matches!(entry.stand, Stand::Excluded(_)));
    for entry in left_out.filter(|entry| ours.contains(&entry.id)) {
        lines.push(NewLine {
            site: entry.id,
            action: LineAction::Release,
            code: entry.code.clone(),
            name: entry.name.clone(),
            sector: entry.sector.clone(),
            profile: entry.profile.clone(),
            overrides: "[]".to_owned(),
        });
    }
    Ok(lines)
}

fn insert_lines(tx: &mut Tx<'_>, found: &Found, id: FilingId, lines: &[NewLine]) -> Result<()> {
    for (batch, some) in lines.chunks(BATCH).enumerate() {
        let mut rows = Vec::with_capacity(some.len());
        for (offset, line) in some.iter().enumerate() {
            rows.push((
                site_filing_line::filing_id.eq(id),
                site_filing_line::position.eq(count(batch * BATCH + offset)?),
                site_filing_line::organisation_id.eq(found.organisation),
                site_filing_line::site_id.eq(line.site),
                site_filing_line::action.eq(line.action),
                site_filing_line::code.eq(&line.code),
                site_filing_line::name.eq(&line.name),
                site_filing_line::sector.eq(&line.sector),
                site_filing_line::profile.eq(&line.profile),
                site_filing_line::overrides.eq(&line.overrides),
                site_filing_line::state.eq(LineState::Queued),
            ));
        }
        crate::each!(tx.conn(), c => diesel::insert_into(site_filing_line::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// One job for each chunk of the list, and one that tells the head office of the end.
fn queue(tx: &mut Tx<'_>, id: FilingId, lines: i64) -> Result<()> {
    let now = tx.now();
    let mut from = 0;
    while from < lines {
        let payload = payload(id, from, 1);
        jobs::enqueue(tx, FILE, &payload, now, Some(&format!("{FILE}/{payload}")))?;
        from += CHUNK;
    }
    jobs::enqueue(tx, TELL, &id.to_string(), now, Some(&format!("{TELL}/{id}/1")))
}

/// Refuses to take a return up again that is not its organisation's to take up, or whose sites are still being submitted.
pub(in crate::returns) fn must_be_reopenable(tx: &mut Tx<'_>, found: &Found) -> Result<()> {
    if let Some((_, code, name)) = store::head_that_filed(tx.conn(), found.id)? {
        return Err(Error::Refused(format!(
            "Your head office {name} ({code}) submitted this return. Ask it to leave you out if you want to submit your own."
        )));
    }
    if let Some(filing) = store::newest_filing(tx.conn(), found.id)?
        && store::progress(tx.conn(), filing.id)?.waiting > 0
    {
        return Err(Error::Refused(
            "The returns of your sites are still being submitted. Try again when that is done.".to_owned(),
        ));
    }
    Ok(())
}

/// Refuses to withdraw a submission that speaks for others too, or that somebody else made. Nothing would stand for all the
/// sites until everybody signs again; reopening changes what is wrong and lets the rest stand.
pub(in crate::returns) fn must_be_withdrawable(
    tx: &mut Tx<'_>,
    found: &Found,
    submission: SubmissionId,
) -> Result<()> {
    if let Some((_, code, name)) = store::head_that_filed(tx.conn(), found.id)? {
        return Err(Error::Refused(format!(
            "Your head office {name} ({code}) submitted this return, so it is not yours to withdraw."
        )));
    }
    match store::filing_of(tx.conn(), submission)? {
        None => Ok(()),
        Some(filing) => Err(Error::Refused(format!(
            "This submission stands for {} too. Reopen the return to change it, and leave out the sites that it is not to \
             speak for: the others stand meanwhile.",
            super::arrangement::counted(usize::try_from(filing.sites).unwrap_or_default(), "site", "sites")
        ))),
    }
}

/// Notes that an organisation files its own return, so that its head office leaves it out.
pub(in crate::returns) fn note_own_return(
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    within: crate::platform::ids::CollectionId,
    id: crate::platform::ids::ReturnId,
) -> Result<()> {
    diesel::insert_into(return_filer::table)
        .values((
            return_filer::collection_id.eq(within),
            return_filer::organisation_id.eq(whose),
            return_filer::return_id.eq(id),
        ))
        .execute(tx.conn())?;
    Ok(())
}
