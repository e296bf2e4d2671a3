//! The register of the nation: regions, organisations, how they hang together, and what was published of them.

use std::collections::HashSet;

use diesel::prelude::*;

use super::super::nation::Nation;
use super::super::nation::organisations::{Chain, OrganisationIx};
use super::super::nation::relations::RelationKind;
use super::super::nation::sector::Sector;
use super::rows::insert;
use super::seeding_permit;
use crate::ledger::{self, Event};
use crate::organisations::{search_form, seed_labels};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::schema::{organisation, relation};

/// Writes the register; the numbers that organisations were given, in the nation's order.
pub(super) fn write(db: &Db, nation: Nation) -> Result<(Nation, Vec<OrganisationId>)> {
    db.write_now(Reach::nobodys(), move |tx| {
        // The shipped labels bring the seven regions with them.
        seed_labels(tx.conn())?;
        let ids = organisations(tx, &nation)?;
        relations(tx, &nation, &ids)?;
        let data = serde_json::json!({"organisations": ids.len(), "seed": nation.seed.to_string()});
        let event = Event::of(&seeding_permit()?, "demo_register_made", "demo".to_owned(), data);
        ledger::append(tx, &event, (nation, ids))
    })
}

#[derive(Insertable)]
#[diesel(table_name = organisation, treat_none_as_default_value = false)]
struct OrganisationRow<'a> {
    id: OrganisationId,
    code: &'a str,
    name: &'a str,
    search_name: String,
    sector: &'static str,
    region_code: &'a str,
    icb_code: Option<&'a str>,
    postcode: &'a str,
    opened_on: Day,
    closed_on: Option<Day>,
    head_office_id: Option<OrganisationId>,
    source: &'static str,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = relation, treat_none_as_default_value = false)]
struct RelationRow<'a> {
    organisation_id: OrganisationId,
    kind: &'static str,
    related_code: &'a str,
    related_name: &'a str,
    starts_on: Day,
    ends_on: Option<Day>,
    source: &'static str,
}

/// The number that the organisation at a position gets.
fn id_at(at: OrganisationIx) -> OrganisationId {
    OrganisationId::new(i64::from(at.0) + 1)
}

fn organisations(tx: &mut Tx<'_>, nation: &Nation) -> Result<Vec<OrganisationId>> {
    let now = tx.now();
    let boards: Vec<&str> = nation
        .organisations
        .iter()
        .filter(|o| o.sector == Sector::Icb)
        .take(nation.areas.len())
        .map(|o| o.code.as_str())
        .collect();
    let rows: Vec<OrganisationRow<'_>> = (0..)
        .zip(&nation.organisations)
        .map(|(position, new)| OrganisationRow {
            id: id_at(OrganisationIx(position)),
            code: &new.code,
            name: &new.name,
            search_name: search_form(&new.name),
            sector: new.sector.key(),
            region_code: new.region_code(),
            icb_code: boards.get(new.area).copied(),
            postcode: &new.address.postcode,
            opened_on: Day::from(new.opened),
            closed_on: new.closed.map(Day::from),
            // A head office stands before its sites.
            head_office_id: match new.chain {
                Chain::SiteOf(head) => Some(id_at(head)),
                Chain::None | Chain::HeadOffice => None,
            },
            source: "demo",
            created_at: now,
            updated_at: now,
        })
        .collect();
    insert!(tx, organisation, rows);
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn relations(tx: &mut Tx<'_>, nation: &Nation, ids: &[OrganisationId]) -> Result<()> {
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(nation.relations.len());
    for link in &nation.relations {
        let (Some(id), Some(related)) = (ids.get(link.from.index()).copied(), nation.organisation(link.to))
        else {
            continue;
        };
        if link.kind == RelationKind::Successor {
            succeed(tx, id, ids, link.to)?;
        }
        if seen.insert((id, link.kind.key(), related.code.as_str())) {
            rows.push(RelationRow {
                organisation_id: id,
                kind: link.kind.key(),
                related_code: &related.code,
                related_name: &related.name,
                starts_on: Day::from(link.since),
                ends_on: link.until.map(Day::from),
                source: "demo",
            });
        }
    }
    insert!(tx, relation, rows);
    Ok(())
}

fn succeed(tx: &mut Tx<'_>, id: OrganisationId, ids: &[OrganisationId], to: OrganisationIx) -> Result<()> {
    diesel::update(organisation::table.filter(organisation::id.eq(id)))
        .set(organisation::successor_id.eq(ids.get(to.index()).copied()))
        .execute(tx.conn())?;
    Ok(())
}
