//! Drawing the sample of a collection from what has joined the queue since the last draw.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::json;

use super::store::{self, Candidate, Drawn};
use crate::access::{Action, DrawSample, DrawSampleBySystem, Permit};
use crate::collections::{self, CollectionState};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, DrawId, SubmissionId};
use crate::review::consistency::model::{BlindState, Moment, Stratum, drawn};
use crate::review::model::ReviewState;
use crate::schema::{blind_case, sample_draw};

/// Actions that allow a draw: by hand and on time.
pub trait MayDraw: Action {}

impl MayDraw for DrawSample {}
impl MayDraw for DrawSampleBySystem {}

/// Draws from what has joined the queue since the last draw; gives how many submissions were taken.
///
/// # Errors
/// [`Error::Refused`] when there is no plan or nothing new, [`Error::Conflict`] when somebody drew at the same moment.
pub fn draw_sample<A: MayDraw>(tx: &mut Tx<'_>, permit: &Permit<A>) -> Result<Recorded<usize>> {
    let (id, now) = (CollectionId::new(permit.id()), tx.now());
    let Some((plan, seed)) = store::plan(tx.conn(), id)? else {
        return Err(Error::Refused("Say first which share is scored twice.".to_owned()));
    };
    let share = u64::try_from(plan.share).unwrap_or(0);
    let earlier = store::draws(tx.conn(), Some(id))?;
    let candidates = store::candidates(tx.conn(), id)?;
    let taken_before = store::taken(tx.conn(), id)?;
    let strata = strata(&candidates, &seen(&earlier)?, &taken_before, plan.by_sector);
    let population: usize = strata.iter().map(|stratum| stratum.new.len()).sum();
    if population == 0 {
        return Err(Error::Refused("Nothing has joined the queue since the last draw.".to_owned()));
    }
    let taken: BTreeSet<SubmissionId> = strata
        .iter()
        .flat_map(|stratum| drawn(&seed, share, stratum, |text| sha256(text.as_bytes())))
        .collect();
    let number = i64::try_from(earlier.len()).unwrap_or(i64::MAX) + 1;
    let (strata, list) = (to_string(&strata)?, to_string(&taken)?);
    let row = (
        sample_draw::collection_id.eq(id),
        sample_draw::number.eq(number),
        sample_draw::share.eq(plan.share),
        sample_draw::seed.eq(&seed),
        sample_draw::population.eq(&strata),
        sample_draw::taken.eq(&list),
        sample_draw::drawn_at.eq(now),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(sample_draw::table)
        .values(&row)
        .on_conflict((sample_draw::collection_id, sample_draw::number))
        .do_nothing()
        .execute(c))?;
    if made == 0 {
        return Err(Error::Conflict("The sample has been drawn at this very moment.".to_owned()));
    }
    let draw: DrawId = sample_draw::table
        .filter(sample_draw::collection_id.eq(id))
        .filter(sample_draw::number.eq(number))
        .select(sample_draw::id)
        .first(tx.conn())?;
    for one in candidates.iter().filter(|one| taken.contains(&one.submission)) {
        make_case(tx, id, draw, one)?;
    }
    // How many and a hash, not which: nobody learns from the ledger whose reviews are looked at twice.
    let data = json!({
        "share": share,
        "population": population,
        "population_sha256": hex(&sha256(strata.as_bytes())),
        "taken": taken.len(),
        "taken_sha256": hex(&sha256(list.as_bytes())),
    });
    let event = Event::of(permit, "sample_drawn", format!("sample/{id}/{number}"), data);
    ledger::append(tx, &event, taken.len())
}

/// Submissions that were in the population of an earlier draw.
fn seen(earlier: &[Drawn]) -> Result<BTreeSet<SubmissionId>> {
    let mut all = BTreeSet::new();
    for draw in earlier {
        all.extend(draw.strata()?.into_iter().flat_map(|stratum| stratum.new));
    }
    Ok(all)
}

/// The population, stratum by stratum. What was replaced or withdrawn before it could be drawn is left out.
fn strata(
    candidates: &[Candidate],
    seen: &BTreeSet<SubmissionId>,
    taken: &BTreeSet<SubmissionId>,
    by_sector: bool,
) -> Vec<Stratum> {
    let mut strata: BTreeMap<&str, Stratum> = BTreeMap::new();
    for one in candidates {
        let key = if by_sector { one.sector.as_str() } else { "" };
        let stratum = strata.entry(key).or_insert_with(|| Stratum {
            key: key.to_owned(),
            before: 0,
            taken_before: 0,
            new: Vec::new(),
        });
        if seen.contains(&one.submission) {
            stratum.before += 1;
            stratum.taken_before += u64::from(taken.contains(&one.submission));
        } else if !matches!(one.state, ReviewState::Superseded | ReviewState::Withdrawn) {
            stratum.new.push(one.submission);
        }
    }
    strata.into_values().collect()
}

fn make_case(tx: &mut Tx<'_>, of: CollectionId, draw: DrawId, one: &Candidate) -> Result<()> {
    diesel::insert_into(blind_case::table)
        .values((
            blind_case::review_id.eq(one.review),
            blind_case::submission_id.eq(one.submission),
            blind_case::organisation_id.eq(one.organisation),
            blind_case::collection_id.eq(of),
            blind_case::draw_id.eq(draw),
            blind_case::state.eq(BlindState::Waiting),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Collections whose sample is to be drawn tonight.
pub(in crate::review) fn due(conn: &mut Conn) -> Result<Vec<CollectionId>> {
    let mut due = Vec::new();
    for (id, moment) in store::plans(conn)? {
        let state = collections::collection(conn, id)?.state;
        let time = match moment {
            Moment::AtClose => state == CollectionState::Closed,
            Moment::AsTheyCome => state != CollectionState::Planned,
        };
        if time {
            let seen = seen(&store::draws(conn, Some(id))?)?;
            let fresh = |one: &Candidate| {
                !seen.contains(&one.submission)
                    && !matches!(one.state, ReviewState::Superseded | ReviewState::Withdrawn)
            };
            if store::candidates(conn, id)?.iter().any(fresh) {
                due.push(id);
            }
        }
    }
    Ok(due)
}
