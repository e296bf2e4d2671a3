//! The four editions and their collections: three closed, one open.

use diesel::prelude::*;

use super::super::nation::sector::Sector;
use super::{Seeding, permit, seeding_permit};
use crate::access::ImportEditionBySystem;
use crate::ledger::{self, Event};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EditionId, RequirementId};
use crate::schema::{collection, collection_scope};
use crate::standards::mapping::ComparedWith;
use crate::standards::{begin_use, end_use, import_edition, requirement_ids};

/// A collection as written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub id: CollectionId,
    pub key: String,
    pub label: String,
    pub edition: EditionId,
    pub requirements: std::sync::Arc<Vec<RequirementId>>,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub is_open: bool,
    /// The newest of the closed ones: the one before the last.
    pub is_last_closed: bool,
    /// Past years: the snapshot of the national register that published the grades.
    pub register: Option<String>,
    /// What its returns are compared with; only this year's are.
    pub compared: Option<ComparedWith>,
}

/// Days between the last day for returns and the close of a collection.
const GRACE_DAYS: i64 = 31;

pub(super) fn write(db: &Db, seeding: &std::sync::Arc<Seeding>) -> Result<Vec<Written>> {
    let seeding = std::sync::Arc::clone(seeding);
    db.write_now(Reach::nobodys(), move |tx| {
        let mut all: Vec<Written> = Vec::new();
        for number in 0..seeding.editions.len() {
            let previous = all.last().map(|w| w.id);
            all.push(one(tx, &seeding, number, previous)?);
        }
        let event =
            Event::of(&seeding_permit()?, "demo_collections_made", "demo".to_owned(), serde_json::json!({}));
        ledger::append(tx, &event, all)
    })
}

fn one(tx: &mut Tx<'_>, seeding: &Seeding, number: usize, previous: Option<CollectionId>) -> Result<Written> {
    let missing = || Error::broken("the nation has four years");
    let year = seeding.nation.years.get(number).ok_or_else(missing)?;
    let edition = seeding.editions.get(number).ok_or_else(missing)?;
    let imported = import_edition(tx, &permit::<ImportEditionBySystem>("programme")?, edition)?;
    let edition_id = *imported.value();
    begin_use(tx, edition_id)?;
    let is_open = year.released.is_none();
    if !is_open {
        end_use(tx, edition_id)?;
    }
    let key = year.label.split('/').next().unwrap_or_default().to_owned();
    let opens_at = Day::from(year.opens).start();
    let deadline_at = Day::from(year.deadline).plus_days(1).start();
    let closes_at = Day::from(year.deadline).plus_days(1 + GRACE_DAYS).start();
    let id = diesel::insert_into(collection::table)
        .values((
            collection::edition_id.eq(edition_id),
            collection::previous_id.eq(previous),
            collection::key.eq(&key),
            collection::name.eq(format!("Annual return {}", year.label)),
            collection::year_label.eq(&year.label),
            collection::state.eq(if is_open { "open" } else { "closed" }),
            collection::opens_at.eq(opens_at),
            collection::interim_due_at.eq(Some(Day::from(year.baseline).plus_days(1).start())),
            collection::deadline_at.eq(deadline_at),
            collection::closes_at.eq(closes_at),
            collection::created_at.eq(opens_at.plus_seconds(-30 * 86_400)),
            collection::opened_at.eq(Some(opens_at)),
            collection::closed_at.eq((!is_open).then_some(closes_at)),
        ))
        .returning(collection::id)
        .get_result(tx.conn())?;
    for sector in Sector::ALL {
        let profile = edition
            .profiles()
            .iter()
            .find(|p| p.sectors.iter().any(|s| s.as_str() == sector.key()))
            .map(|p| p.key.as_str().to_owned())
            .unwrap_or_default();
        diesel::insert_into(collection_scope::table)
            .values((
                collection_scope::collection_id.eq(id),
                collection_scope::sector.eq(sector.key()),
                collection_scope::profile.eq(profile),
            ))
            .execute(tx.conn())?;
    }
    let requirements = requirement_ids(tx.conn(), edition_id)?;
    Ok(Written {
        id,
        key,
        label: year.label.clone(),
        edition: edition_id,
        requirements,
        opens_at,
        closes_at,
        is_open,
        is_last_closed: number + 2 == seeding.editions.len(),
        register: year.released.map(|day| format!("register@{}", Day::from(day))),
        compared: None,
    })
}
