//! Queries about plans, draws and how far the second scoring is.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::plan::SamplePlan;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, DrawId, OrganisationId, ReviewId, SubmissionId};
use crate::review::consistency::model::{BlindState, Moment, Stratum};
use crate::review::model::ReviewState;
use crate::schema::{blind_case, organisation, review, sample_draw, sample_plan};

/// The plan of a collection with its seed, if it has one.
pub(in crate::review) fn plan(conn: &mut Conn, of: CollectionId) -> Result<Option<(SamplePlan, String)>> {
    let row: Option<(i64, bool, Moment, i64, String)> = sample_plan::table
        .filter(sample_plan::collection_id.eq(of))
        .select((
            sample_plan::share,
            sample_plan::by_sector,
            sample_plan::moment,
            sample_plan::version,
            sample_plan::seed,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(share, by_sector, moment, version, seed)| {
        (SamplePlan { share, by_sector, moment, version }, seed)
    }))
}

/// Every plan.
pub(super) fn plans(conn: &mut Conn) -> Result<Vec<(CollectionId, Moment)>> {
    Ok(sample_plan::table
        .order(sample_plan::collection_id)
        .select((sample_plan::collection_id, sample_plan::moment))
        .load(conn)?)
}

/// One draw as it was made.
#[derive(Debug, Clone)]
pub(in crate::review) struct Drawn {
    /// Its row.
    pub id: DrawId,
    /// Of which collection.
    pub collection: CollectionId,
    /// Counts the draws of a collection, from 1.
    pub number: i64,
    /// Percent.
    pub share: u64,
    /// The seed.
    pub seed: String,
    /// What it was made from, as stored.
    pub population: String,
    /// The submissions that were taken, as stored.
    pub taken: String,
    /// When.
    pub drawn_at: Timestamp,
}

impl Drawn {
    /// What it was made from.
    pub fn strata(&self) -> Result<Vec<Stratum>> {
        serde_json::from_str(&self.population)
            .map_err(|e| Error::internal("failed to read what a sample was drawn from", e))
    }
}

type Row = (DrawId, CollectionId, i64, i64, String, String, String, Timestamp);

/// Every draw of a collection, or of all, in order.
pub(in crate::review) fn draws(conn: &mut Conn, of: Option<CollectionId>) -> Result<Vec<Drawn>> {
    let mut query = sample_draw::table
        .order((sample_draw::collection_id, sample_draw::number))
        .select((
            sample_draw::id,
            sample_draw::collection_id,
            sample_draw::number,
            sample_draw::share,
            sample_draw::seed,
            sample_draw::population,
            sample_draw::taken,
            sample_draw::drawn_at,
        ))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(sample_draw::collection_id.eq(of));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, collection, number, share, seed, population, taken, drawn_at)| Drawn {
            id,
            collection,
            number,
            share: u64::try_from(share).unwrap_or(0),
            seed,
            population,
            taken,
            drawn_at,
        })
        .collect())
}

/// One review that a sample can be drawn from.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub review: ReviewId,
    pub submission: SubmissionId,
    pub organisation: OrganisationId,
    pub sector: String,
    pub state: ReviewState,
}

/// Every review of a collection.
pub(super) fn candidates(conn: &mut Conn, of: CollectionId) -> Result<Vec<Candidate>> {
    let rows: Vec<(ReviewId, SubmissionId, OrganisationId, String, ReviewState)> = review::table
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .filter(review::collection_id.eq(of))
        .order(review::submission_id)
        .select((
            review::id,
            review::submission_id,
            review::organisation_id,
            organisation::sector,
            review::state,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(review, submission, organisation, sector, state)| Candidate {
            review,
            submission,
            organisation,
            sector,
            state,
        })
        .collect())
}

/// Submissions of a collection that were taken in any draw.
pub(super) fn taken(conn: &mut Conn, of: CollectionId) -> Result<BTreeSet<SubmissionId>> {
    let ids: Vec<SubmissionId> = blind_case::table
        .filter(blind_case::collection_id.eq(of))
        .select(blind_case::submission_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// How many submissions of the sample are in each state.
pub(in crate::review) type Progress = BTreeMap<BlindState, i64>;

/// How far the second scoring of a collection is.
pub(in crate::review) fn progress(conn: &mut Conn, of: CollectionId) -> Result<Progress> {
    let rows: Vec<(BlindState, i64)> = blind_case::table
        .filter(blind_case::collection_id.eq(of))
        .group_by(blind_case::state)
        .select((blind_case::state, count_star()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
