//! Leaving sites out with a reason, and taking them in again; one or many at once.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::arrangement::Arrangement;
use super::model::{Entry, Exclusion, Stand};
use crate::access::{CoverSites, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::returns::evidence::must_be_draft;
use crate::returns::store::Found;
use crate::schema::site_exclusion;

/// The most characters of a note on an exclusion.
pub const NOTE_LIMIT: usize = 500;

/// Rows written or deleted with one statement.
const BATCH: usize = 500;

/// Unknown codes that a message names.
const NAMED: usize = 5;

/// Leaves these sites out; gives how many. Who was left out before has the new reason.
///
/// # Errors
/// [`Error::Invalid`] at `codes` when a code is no site of this head office, or none is named.
pub fn exclude_sites(
    tx: &mut Tx<'_>,
    permit: &Permit<CoverSites>,
    found: &Found,
    codes: &[String],
    why: &Exclusion,
) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    let arrangement = arranged(tx, found)?;
    let sites = named(&arrangement, codes)?;
    take_out(tx, found, &sites)?;
    let now = tx.now();
    for some in sites.chunks(BATCH) {
        let rows: Vec<_> = some
            .iter()
            .map(|site| {
                (
                    site_exclusion::return_id.eq(found.id),
                    site_exclusion::site_id.eq(*site),
                    site_exclusion::organisation_id.eq(found.organisation),
                    site_exclusion::kind.eq(why.kind),
                    site_exclusion::note.eq(&why.note),
                    site_exclusion::excluded_at.eq(now),
                )
            })
            .collect();
        crate::each!(tx.conn(), c => diesel::insert_into(site_exclusion::table).values(&rows).execute(c))?;
    }
    let data = json!({
        "sites": sites,
        "kind": why.kind,
        "note_sha256": hex(&sha256(why.note.as_bytes())),
    });
    let event = Event::of(permit, "sites_excluded", format!("return/{}", found.id), data);
    ledger::append(tx, &event, sites.len())
}

/// Takes these sites in again; gives how many.
///
/// # Errors
/// As [`exclude_sites`]; [`Error::Refused`] where a site cannot be taken in because it files its own return.
pub fn include_sites(
    tx: &mut Tx<'_>,
    permit: &Permit<CoverSites>,
    found: &Found,
    codes: &[String],
) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    let arrangement = arranged(tx, found)?;
    let sites = named(&arrangement, codes)?;
    let own = arrangement.entries.iter().find(|entry| {
        sites.contains(&entry.id) && matches!(entry.stand, Stand::FilesOwn | Stand::FiledByOther)
    });
    if let Some(own) = own {
        let why = own.stand.words().to_lowercase();
        return Err(Error::field("codes", format!("{} cannot be taken in: {why}", own.code)));
    }
    take_out(tx, found, &sites)?;
    let data = json!({"sites": sites});
    let event = Event::of(permit, "sites_included", format!("return/{}", found.id), data);
    ledger::append(tx, &event, sites.len())
}

/// The arrangement of a return that covers its sites.
pub(super) fn arranged(tx: &mut Tx<'_>, found: &Found) -> Result<Arrangement> {
    let now = tx.now();
    Arrangement::load(tx.conn(), found, now)?
        .ok_or_else(|| Error::Refused("The return does not cover the sites of your organisation.".to_owned()))
}

/// The sites of these codes, each once.
pub(super) fn entries_named<'a>(arrangement: &'a Arrangement, codes: &[String]) -> Result<Vec<&'a Entry>> {
    let wanted: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
    if wanted.is_empty() {
        return Err(Error::field("codes", "Tick at least one site, or enter its code"));
    }
    let unknown: Vec<&str> =
        wanted.iter().copied().filter(|code| arrangement.entry(code).is_none()).collect();
    if unknown.is_empty() {
        return Ok(arrangement.entries.iter().filter(|entry| wanted.contains(entry.code.as_str())).collect());
    }
    let shown: Vec<&str> = unknown.iter().copied().take(NAMED).collect();
    let more = if unknown.len() > NAMED { " and others" } else { "" };
    let message = format!("Not in your list of sites: {}{more}", shown.join(", "));
    Err(Error::field("codes", message))
}

fn named(arrangement: &Arrangement, codes: &[String]) -> Result<Vec<OrganisationId>> {
    Ok(entries_named(arrangement, codes)?.into_iter().map(|entry| entry.id).collect())
}

fn take_out(tx: &mut Tx<'_>, found: &Found, sites: &[OrganisationId]) -> Result<()> {
    for some in sites.chunks(BATCH) {
        diesel::delete(
            site_exclusion::table
                .filter(site_exclusion::return_id.eq(found.id))
                .filter(site_exclusion::site_id.eq_any(some.to_vec())),
        )
        .execute(tx.conn())?;
    }
    Ok(())
}
