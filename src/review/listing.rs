//! The queue as a list: filtered, sorted and cut into pages by the database. Three statements whatever its length:
//! counts by state, the numbers of one page's reviews, and what is shown of those.

use std::collections::BTreeMap;

use diesel::dsl::{count_star, exists};
use diesel::prelude::*;

use super::model::ReviewState;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, PersonId, ReviewId};
use crate::schema::{collection, organisation, person, region, review};

/// Reviews on one page.
pub(super) const PAGE_SIZE: i64 = 100;

/// Whose reviews are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Whose {
    /// Everybody's.
    #[default]
    All,
    /// One reviewer's.
    Of(PersonId),
    /// Nobody's yet.
    Unclaimed,
}

/// What the list is sorted by, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sort {
    /// When it is due.
    #[default]
    Due,
    /// The organisation's name.
    Organisation,
    /// When it joined the queue.
    Queued,
}

/// What is listed.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// In one collection only.
    pub collection: Option<CollectionId>,
    /// In these states only.
    pub states: Vec<ReviewState>,
    /// Of one sector only.
    pub sector: Option<String>,
    /// Of one region only.
    pub region: Option<String>,
    /// Claiming one grade only.
    pub grade: Option<String>,
    /// Whose.
    pub whose: Whose,
    /// In this order.
    pub sort: Sort,
    /// The page, from 1.
    pub page: i64,
}

/// One review in the list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub id: ReviewId,
    pub state: ReviewState,
    pub code: String,
    pub organisation: String,
    pub sector: String,
    pub region: Option<String>,
    pub collection: String,
    pub claimed_grade: String,
    pub reviewer: Option<String>,
    pub queued_at: Timestamp,
    pub due_at: Timestamp,
}

/// One page of the list.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    /// Reviews under the filter, its states left aside.
    pub counts: BTreeMap<ReviewState, i64>,
    /// Reviews under the whole filter.
    pub total: i64,
    /// The page's reviews.
    pub rows: Vec<Listed>,
}

/// Everything of the filter but its states, on a query over `review`.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if let Some(collection) = filter.collection {
            query = query.filter(review::collection_id.eq(collection));
        }
        if let Some(grade) = &filter.grade {
            query = query.filter(review::claimed_grade.eq(grade));
        }
        match filter.whose {
            Whose::All => {}
            Whose::Of(person) => query = query.filter(review::reviewer_id.eq(person)),
            Whose::Unclaimed => query = query.filter(review::reviewer_id.is_null()),
        }
        if let Some(sector) = &filter.sector {
            let those = organisation::table.filter(organisation::sector.eq(sector)).select(organisation::id);
            query = query.filter(review::organisation_id.eq_any(those));
        }
        if let Some(region) = &filter.region {
            let those =
                organisation::table.filter(organisation::region_code.eq(region)).select(organisation::id);
            query = query.filter(review::organisation_id.eq_any(those));
        }
        query
    }};
}

/// One page of the queue.
pub(super) fn list(conn: &mut Conn, filter: &Filter) -> Result<Listing> {
    let counting = review::table.group_by(review::state).select((review::state, count_star())).into_boxed();
    let counts: Vec<(ReviewState, i64)> = narrowed!(counting, filter).load(conn)?;
    let counts: BTreeMap<ReviewState, i64> = counts.into_iter().collect();
    let total = filter.states.iter().filter_map(|state| counts.get(state)).sum();
    let ids = ids_of_page(conn, filter)?;
    Ok(Listing { counts, total, rows: rows_of(conn, &ids)? })
}

fn ids_of_page(conn: &mut Conn, filter: &Filter) -> Result<Vec<ReviewId>> {
    let skipped = (filter.page.max(1) - 1).saturating_mul(PAGE_SIZE);
    let states = filter.states.clone();
    let query = review::table
        .filter(review::state.eq_any(states))
        .select(review::id)
        .limit(PAGE_SIZE)
        .offset(skipped)
        .into_boxed();
    let query = match filter.sort {
        Sort::Due => query.order((review::due_at.asc(), review::id.asc())),
        Sort::Queued => query.order((review::queued_at.asc(), review::id.asc())),
        Sort::Organisation => {
            let name = organisation::table
                .filter(organisation::id.eq(review::organisation_id))
                .select(organisation::search_name)
                .single_value();
            query.order((name.asc(), review::id.asc()))
        }
    };
    Ok(narrowed!(query, filter).load(conn)?)
}

type Row = (
    (ReviewId, ReviewState, String, Timestamp, Timestamp),
    (String, String, String),
    Option<String>,
    String,
    Option<String>,
);

/// The reviews of these numbers, in their order.
fn rows_of(conn: &mut Conn, ids: &[ReviewId]) -> Result<Vec<Listed>> {
    let rows: Vec<Row> = review::table
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .left_join(region::table.on(region::code.nullable().eq(organisation::region_code)))
        .left_join(person::table.on(person::id.nullable().eq(review::reviewer_id)))
        .filter(review::id.eq_any(ids))
        .select((
            (review::id, review::state, review::claimed_grade, review::queued_at, review::due_at),
            (organisation::code, organisation::name, organisation::sector),
            region::name.nullable(),
            collection::year_label,
            person::name.nullable(),
        ))
        .load(conn)?;
    let mut found: BTreeMap<i64, Listed> = rows
        .into_iter()
        .map(|(of_review, (code, organisation, sector), region, collection, reviewer)| {
            let (id, state, claimed_grade, queued_at, due_at) = of_review;
            let listed = Listed {
                id,
                state,
                code,
                organisation,
                sector,
                region,
                collection,
                claimed_grade,
                reviewer,
                queued_at,
                due_at,
            };
            (id.get(), listed)
        })
        .collect();
    Ok(ids.iter().filter_map(|id| found.remove(&id.get())).collect())
}

/// What a filter can be chosen from: collections that have reviews (number, key, label of the year; newest first) and
/// regions (code and name).
#[derive(Debug, Clone, Default)]
pub(super) struct Choices {
    pub collections: Vec<(CollectionId, String, String)>,
    pub regions: Vec<(String, String)>,
}

/// What can be chosen now.
pub(super) fn choices(conn: &mut Conn) -> Result<Choices> {
    let collections = collection::table
        .filter(exists(review::table.filter(review::collection_id.eq(collection::id))))
        .order((collection::opens_at.desc(), collection::id.desc()))
        .select((collection::id, collection::key, collection::year_label))
        .load(conn)?;
    let regions = region::table.order(region::name).select((region::code, region::name)).load(conn)?;
    Ok(Choices { collections, regions })
}
