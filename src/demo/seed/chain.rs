//! One chain whose head office answers for its sites in the running year: some answers differ, one site is left out. Its
//! sites have no returns of their own there; the sites of the other chains file like everybody else.

use diesel::prelude::*;
use serde_json::json;

use super::super::nation::Nation;
use super::super::nation::answers::AnswerValue as Said;
use super::super::nation::organisations::{Chain, OrganisationIx};
use super::super::nation::returns::ReturnState as Made;
use super::rows::insert;
use super::years::Written;
use super::{Seeding, seeding_permit};
use crate::access::Actor;
use crate::ledger::{self, Event};
use crate::platform::canonical::to_string;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, RequirementId, ReturnId};
use crate::returns::ExclusionKind;
use crate::schema::{annual_return, site_exception, site_exclusion, site_group};
use crate::standards::AnswerValue;

/// The fewest and most sites that the chain has.
const SITES: std::ops::RangeInclusive<usize> = 5..=60;

/// Sites whose answer differs.
const DIFFERING: usize = 3;

/// What those sites say.
const BECAUSE: &str =
    "The shop has no lockable room yet; the records are taken to the shop next door every evening.";

#[derive(Insertable)]
#[diesel(table_name = site_exception, treat_none_as_default_value = false)]
struct ExceptionRow {
    return_id: ReturnId,
    organisation_id: OrganisationId,
    site_id: OrganisationId,
    requirement_id: RequirementId,
    value: String,
    comment: &'static str,
    version: i64,
    updated_at: Timestamp,
    updated_by: Option<PersonId>,
}

/// The head office of the chain: the first whose return of this year is being written.
pub(super) fn head_office(nation: &Nation, year: usize) -> Option<OrganisationIx> {
    let heads = nation
        .organisations
        .iter()
        .enumerate()
        .filter(|(_, office)| office.chain == Chain::HeadOffice && office.closed.is_none());
    heads
        .map(|(index, _)| OrganisationIx(u32::try_from(index).unwrap_or(u32::MAX)))
        .filter(|head| SITES.contains(&sites_of(nation, *head).len()))
        .find(|head| nation.return_of(*head, year).is_some_and(|record| record.state == Made::Draft))
}

/// The places of the open sites of a chain.
fn sites_of(nation: &Nation, head: OrganisationIx) -> Vec<usize> {
    let sites = nation.organisations.iter().enumerate();
    sites
        .filter(|(_, site)| site.chain == Chain::SiteOf(head) && site.closed.is_none())
        .map(|(index, _)| index)
        .collect()
}

/// Writes what the chain has arranged.
pub(super) fn write(db: &Db, seeding: &Seeding, collection: &Written) -> Result<()> {
    let Some(head) = seeding.chain else { return Ok(()) };
    let Some(whose) = seeding.organisations.get(head.index()).copied() else { return Ok(()) };
    let sites: Vec<OrganisationId> = sites_of(&seeding.nation, head)
        .into_iter()
        .filter_map(|index| seeding.organisations.get(index).copied())
        .collect();
    let year = seeding.editions.len() - 1;
    let differs = seeding.nation.return_of(head, year).and_then(|record| {
        let answer = record.answers.iter().find(|made| matches!(made.value, Said::YesNo(_)))?;
        collection.requirements.get(answer.requirement).copied()
    });
    let (of, opened_at) = (collection.id, collection.opens_at);
    db.write_now(Actor::system_reach(), move |tx| {
        let made = arrange(tx, (of, opened_at), whose, &sites, differs)?;
        let data = json!({"sites": made});
        let event = Event::of(&seeding_permit()?, "demo_chain_made", "demo".to_owned(), data);
        ledger::append(tx, &event, ())
    })
}

fn arrange(
    tx: &mut Tx<'_>,
    (of, opened_at): (CollectionId, Timestamp),
    whose: OrganisationId,
    sites: &[OrganisationId],
    differs: Option<RequirementId>,
) -> Result<usize> {
    let id: Option<ReturnId> = annual_return::table
        .filter(annual_return::organisation_id.eq(whose))
        .filter(annual_return::collection_id.eq(of))
        .select(annual_return::id)
        .first(tx.conn())
        .optional()?;
    // In a large nation small organisations have no returns.
    let Some(id) = id else { return Ok(0) };
    diesel::insert_into(site_group::table)
        .values((
            site_group::return_id.eq(id),
            site_group::organisation_id.eq(whose),
            site_group::collection_id.eq(of),
            site_group::opened_at.eq(opened_at),
        ))
        .execute(tx.conn())?;
    if let Some(sold) = sites.last() {
        diesel::insert_into(site_exclusion::table)
            .values((
                site_exclusion::return_id.eq(id),
                site_exclusion::site_id.eq(*sold),
                site_exclusion::organisation_id.eq(whose),
                site_exclusion::kind.eq(ExclusionKind::Sold),
                site_exclusion::note.eq("The new owner takes over at the end of the month."),
                site_exclusion::excluded_at.eq(opened_at),
            ))
            .execute(tx.conn())?;
    }
    if let Some(requirement_id) = differs {
        let value = to_string(&AnswerValue::YesNo { yes: false, text: Some(BECAUSE.to_owned()) }.to_json())?;
        let exceptions: Vec<ExceptionRow> = sites
            .iter()
            .take(DIFFERING)
            .map(|site| ExceptionRow {
                return_id: id,
                organisation_id: whose,
                site_id: *site,
                requirement_id,
                value: value.clone(),
                comment: "",
                version: 1,
                updated_at: opened_at,
                updated_by: None,
            })
            .collect();
        insert!(tx, site_exception, exceptions);
    }
    Ok(sites.len())
}
