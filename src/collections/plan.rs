//! Planning a collection: which edition, when, and which sectors under which profile.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::model::{CollectionKey, CollectionState, Windows};
use super::store;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EditionId};
use crate::schema::{collection, collection_scope};
use crate::standards::{self, SectorKey};

/// A collection to be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The edition that is asked.
    pub edition: EditionId,
    /// As addresses will name it.
    pub key: CollectionKey,
    /// As people will name it.
    pub name: String,
    /// The label of its year.
    pub year_label: String,
    /// Its times.
    pub windows: Windows,
    /// The sectors in scope, each with the key of its profile; an empty key where the edition has none.
    pub scope: BTreeMap<SectorKey, String>,
}

/// Plans a collection. The latest collection of the same standard that is due before it becomes its predecessor, or
/// where there is none, the latest of a standard whose edition a mapping leads on to this one.
///
/// # Errors
/// [`Error::Invalid`] when the key is taken, the scope is empty or names a profile that the edition does not have.
pub fn plan_collection<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    plan: &Plan,
) -> Result<Recorded<CollectionId>> {
    check(tx, plan)?;
    let now = tx.now();
    let previous = store::previous(tx.conn(), plan.edition, plan.windows.opens_at())?;
    let id: CollectionId = diesel::insert_into(collection::table)
        .values((
            collection::edition_id.eq(plan.edition),
            collection::previous_id.eq(previous),
            collection::key.eq(plan.key.as_str()),
            collection::name.eq(&plan.name),
            collection::year_label.eq(&plan.year_label),
            collection::state.eq(CollectionState::Planned),
            collection::opens_at.eq(plan.windows.opens_at()),
            collection::interim_due_at.eq(plan.windows.interim_due_at()),
            collection::deadline_at.eq(plan.windows.deadline_at()),
            collection::closes_at.eq(plan.windows.closes_at()),
            collection::created_at.eq(now),
        ))
        .returning(collection::id)
        .get_result(tx.conn())?;
    for (sector, profile) in &plan.scope {
        diesel::insert_into(collection_scope::table)
            .values((
                collection_scope::collection_id.eq(id),
                collection_scope::sector.eq(sector.as_str()),
                collection_scope::profile.eq(profile),
            ))
            .execute(tx.conn())?;
    }
    let data = json!({
        "key": plan.key.as_str(),
        "edition": plan.edition,
        "previous": previous,
        "opens_at": plan.windows.opens_at(),
        "interim_due_at": plan.windows.interim_due_at(),
        "deadline_at": plan.windows.deadline_at(),
        "closes_at": plan.windows.closes_at(),
        "scope": plan.scope.iter().map(|(s, p)| (s.as_str(), p.as_str())).collect::<BTreeMap<_, _>>(),
    });
    ledger::append(tx, &Event::of(permit, "collection_planned", format!("collection/{id}"), data), id)
}

fn check(tx: &mut Tx<'_>, plan: &Plan) -> Result<()> {
    if store::collection_by_key(tx.conn(), plan.key.as_str())?.is_some() {
        return Err(Error::field("key", "There is a collection with this key already: choose another"));
    }
    if plan.scope.is_empty() {
        return Err(Error::field("scope", "Choose at least one kind of organisation"));
    }
    let edition = standards::edition(tx.conn(), plan.edition)?;
    for (sector, profile) in &plan.scope {
        let known = if profile.is_empty() {
            edition.profiles().is_empty()
        } else {
            edition.profile(profile).is_some()
        };
        if !known {
            return Err(Error::field(
                format!("scope-{sector}"),
                format!("Choose one of the edition's profiles for: {}", sector.label()),
            ));
        }
    }
    Ok(())
}
