//! What the pages of risk read, each in one go and after its permit.

use std::collections::BTreeMap;

use super::score::{Settings, WHOLE};
use super::store::{self, Profile, Run};
use crate::access::{Actor, Permit, ReadRiskWeights, Subject};
use crate::identity;
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, PersonId, ReviewId};
use crate::review::consistency::may_read;
use crate::review::store as reviews;
use crate::schema::review;

use diesel::prelude::*;

/// Cases that a preview compares.
const COMPARED: usize = 50;

/// Why a case stands where it stands.
pub(in crate::review) struct Why {
    pub id: ReviewId,
    pub organisation: String,
    pub risk: i64,
    pub submission: i64,
    pub seed: String,
    /// None while nothing was computed yet.
    pub found: Option<(Profile, super::score::Inputs, Day)>,
}

/// The case of a review, if the actor may read it.
pub(super) fn why(conn: &mut Conn, actor: &Actor, id: ReviewId) -> Result<Why> {
    let of = reviews::find(conn, id)?;
    may_read(conn, actor, &of)?;
    let (risk, collection): (i64, CollectionId) =
        review::table.filter(review::id.eq(id)).select((review::risk, review::collection_id)).first(conn)?;
    let found = match store::stored(conn, id)? {
        Some(stored) => {
            let profile = store::profile(conn, stored.profile_version)?;
            Some((profile, stored.inputs, stored.computed_on))
        }
        None => None,
    };
    let seed = store::seed_of(conn, collection)?.unwrap_or_default();
    Ok(Why { id, organisation: of.name, risk, submission: of.review.submission.get(), seed, found })
}

/// One case of the top, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Moved {
    pub id: ReviewId,
    pub code: String,
    pub name: String,
    /// Places from 1; the second under other weights.
    pub places: (usize, usize),
    /// Scores, of 1,000.
    pub risks: (i64, i64),
}

/// The weights with their history, how far the last computation is, and what other weights would change.
pub(in crate::review) struct Weights {
    pub profiles: Vec<Profile>,
    pub names: BTreeMap<PersonId, String>,
    pub run: Option<Run>,
    pub moved: Vec<Moved>,
}

impl Weights {
    /// The version in force.
    pub fn in_force(&self) -> Result<&Profile> {
        self.profiles.first().ok_or_else(|| Error::broken("there are no weights"))
    }
}

/// The weights, for whoever may read them; with the top of the queue under others where some are tried.
pub(super) fn weights(conn: &mut Conn, actor: &Actor, tried: Option<&Settings>) -> Result<Weights> {
    Permit::<ReadRiskWeights>::grant(actor, Some(Subject::programme()))?;
    let profiles = store::profiles(conn)?;
    let people: Vec<PersonId> = profiles.iter().filter_map(|profile| profile.made_by).collect();
    let names = identity::names_of(conn, &people)?;
    let run = store::newest_run(conn)?;
    let moved = match tried {
        Some(tried) => compared(store::queued(conn)?, tried),
        None => Vec::new(),
    };
    Ok(Weights { profiles, names, run, moved })
}

/// The first cases under the tried weights, and those that were among the first and no longer are.
fn compared(queued: Vec<store::Queued>, tried: &Settings) -> Vec<Moved> {
    let mut all: Vec<Moved> = queued
        .into_iter()
        .enumerate()
        .map(|(at, case)| Moved {
            risks: (case.risk, case.inputs.risk(tried).clamp(0, WHOLE)),
            id: case.id,
            code: case.code,
            name: case.name,
            places: (at + 1, 0),
        })
        .collect();
    // Ties keep the order they have now: by the day on which they are due.
    all.sort_by_key(|case| (-case.risks.1, case.places.0));
    for (at, case) in all.iter_mut().enumerate() {
        case.places.1 = at + 1;
    }
    all.retain(|case| case.places.0 <= COMPARED || case.places.1 <= COMPARED);
    all
}
