//! The register of the nation: regions, organisations, how they hang together, and what was published of them.

use diesel::prelude::*;

use super::super::nation::Nation;
use super::super::nation::organisations::{Chain, OrganisationIx};
use super::super::nation::relations::RelationKind;
use super::super::nation::sector::Sector;
use super::seeding_permit;
use crate::ledger::{self, Event};
use crate::organisations::{search_form, seed_labels};
use crate::platform::clock::Day;
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::schema::{organisation, relation};

/// Writes the register; the numbers that organisations were given, in the nation's order.
pub(super) fn write(db: &Db, nation: Nation) -> Result<(Nation, Vec<OrganisationId>)> {
    db.write_now(move |tx| {
        // The shipped labels bring the seven regions with them.
        seed_labels(tx.conn())?;
        let ids = organisations(tx, &nation)?;
        relations(tx, &nation, &ids)?;
        let data = serde_json::json!({"organisations": ids.len(), "seed": nation.seed.to_string()});
        let event = Event::of(&seeding_permit()?, "demo_register_made", "demo".to_owned(), data);
        ledger::append(tx, &event, (nation, ids))
    })
}

fn organisations(tx: &mut Tx<'_>, nation: &Nation) -> Result<Vec<OrganisationId>> {
    let now = tx.now();
    let mut ids: Vec<OrganisationId> = Vec::with_capacity(nation.organisations.len());
    let boards: Vec<&str> = nation
        .organisations
        .iter()
        .filter(|o| o.sector == Sector::Icb)
        .take(nation.areas.len())
        .map(|o| o.code.as_str())
        .collect();
    for new in &nation.organisations {
        let board = boards.get(new.area).copied();
        let head = match new.chain {
            Chain::SiteOf(head) => ids.get(head.index()).copied(),
            Chain::None | Chain::HeadOffice => None,
        };
        let id = diesel::insert_into(organisation::table)
            .values((
                organisation::code.eq(&new.code),
                organisation::name.eq(&new.name),
                organisation::search_name.eq(search_form(&new.name)),
                organisation::sector.eq(new.sector.key()),
                organisation::region_code.eq(new.region_code()),
                organisation::icb_code.eq(board),
                organisation::postcode.eq(&new.address.postcode),
                organisation::opened_on.eq(Day::from(new.opened).to_string()),
                organisation::closed_on.eq(new.closed.map(|d| Day::from(d).to_string())),
                organisation::head_office_id.eq(head),
                organisation::source.eq("demo"),
                organisation::created_at.eq(now),
                organisation::updated_at.eq(now),
            ))
            .returning(organisation::id)
            .get_result(tx.conn())?;
        ids.push(id);
    }
    Ok(ids)
}

fn relations(tx: &mut Tx<'_>, nation: &Nation, ids: &[OrganisationId]) -> Result<()> {
    for link in &nation.relations {
        let (Some(id), Some(related)) = (ids.get(link.from.index()).copied(), nation.organisation(link.to))
        else {
            continue;
        };
        let row = (
            relation::organisation_id.eq(id),
            relation::kind.eq(link.kind.key()),
            relation::related_code.eq(&related.code),
            relation::related_name.eq(&related.name),
            relation::starts_on.eq(Day::from(link.since).to_string()),
            relation::ends_on.eq(link.until.map(|d| Day::from(d).to_string())),
            relation::source.eq("demo"),
        );
        crate::each!(tx.conn(), c => diesel::insert_into(relation::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(c))?;
        if link.kind == RelationKind::Successor {
            succeed(tx, id, ids, link.to)?;
        }
    }
    Ok(())
}

fn succeed(tx: &mut Tx<'_>, id: OrganisationId, ids: &[OrganisationId], to: OrganisationIx) -> Result<()> {
    diesel::update(organisation::table.filter(organisation::id.eq(id)))
        .set(organisation::successor_id.eq(ids.get(to.index()).copied()))
        .execute(tx.conn())?;
    Ok(())
}
