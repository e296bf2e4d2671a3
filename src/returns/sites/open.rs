//! Making a head office's return cover its sites, and no longer.

use diesel::prelude::*;
use serde_json::json;

use super::store;
use crate::access::{CoverSites, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::returns::evidence::must_be_draft;
use crate::returns::store::Found;
use crate::schema::site_group;

/// Makes the return cover every site that the register gives its organisation and that the collection asks.
///
/// # Errors
/// [`Error::Refused`] where the register knows no site, or nothing can be changed now; [`Error::Conflict`] when a
/// colleague was first.
pub fn cover_sites(tx: &mut Tx<'_>, permit: &Permit<CoverSites>, found: &Found) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    if !store::has_sites(tx.conn(), found.organisation)? {
        return Err(Error::Refused(
            "The register knows no site of your organisation. Ask the programme to correct the list first."
                .to_owned(),
        ));
    }
    let now = tx.now();
    diesel::insert_into(site_group::table)
        .values((
            site_group::return_id.eq(found.id),
            site_group::organisation_id.eq(found.organisation),
            site_group::collection_id.eq(found.collection.id),
            site_group::opened_at.eq(now),
        ))
        .execute(tx.conn())?;
    let data = json!({"collection": found.collection.key});
    ledger::append(tx, &Event::of(permit, "sites_covered", format!("return/{}", found.id), data), ())
}

/// Makes the return speak for its own organisation alone again. What was arranged for sites is kept, should it cover them
/// once more.
///
/// # Errors
/// [`Error::Refused`] after a submission for the sites: then single sites can be left out.
pub fn leave_sites(tx: &mut Tx<'_>, permit: &Permit<CoverSites>, found: &Found) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    if store::newest_filing(tx.conn(), found.id)?.is_some() {
        return Err(Error::Refused(
            "You have submitted for your sites already. Leave single sites out, with a reason.".to_owned(),
        ));
    }
    let gone =
        diesel::delete(site_group::table.filter(site_group::return_id.eq(found.id))).execute(tx.conn())?;
    if gone == 0 {
        return Err(Error::Conflict("The return does not cover its sites any more.".to_owned()));
    }
    let data = json!({"collection": found.collection.key});
    ledger::append(tx, &Event::of(permit, "sites_left", format!("return/{}", found.id), data), ())
}
