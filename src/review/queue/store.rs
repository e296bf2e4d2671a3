//! What the roll is read from: marks that say what may have changed since, the reviews that changed, and the register.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use diesel::sql_types::BigInt;

use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReviewId};
use crate::review::model::ReviewState;
use crate::review::risk::{self, Bands};
use crate::schema::{collection, organisation, person, region, register_change, review};

/// Numbers of changes. Whatever is committed after this was read bears a number from `reviews` on (of the register, from
/// `register` on) or was found with it; and whatever was committed before bears one below `upto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub(super) struct Mark {
    #[diesel(sql_type = BigInt)]
    pub reviews: i64,
    #[diesel(sql_type = BigInt)]
    pub register: i64,
    #[diesel(sql_type = BigInt)]
    pub upto: i64,
}

/// SQLite commits one change after the other, so the next one's number is greater than every one that can be seen.
const SQLITE: &str = "SELECT (SELECT coalesce(max(changed), 0) + 1 FROM review) AS reviews, \
     (SELECT coalesce(max(changed), 0) + 1 FROM register_change) AS register, 9223372036854775807 AS upto";

/// On PostgreSQL a change is numbered by its transaction. Every transaction below `xmin` has ended, so what it wrote is
/// seen now or never; none above `xmax` has begun.
const POSTGRES: &str = "SELECT pg_snapshot_xmin(s)::text::bigint AS reviews, pg_snapshot_xmin(s)::text::bigint AS register, \
     pg_snapshot_xmax(s)::text::bigint AS upto FROM pg_current_snapshot() AS s";

/// The mark of this moment.
pub(super) fn mark(conn: &mut Conn) -> Result<Mark> {
    let sql = match conn {
        Conn::Sqlite(_) => SQLITE,
        Conn::Postgres(_) => POSTGRES,
    };
    Ok(diesel::sql_query(sql).get_result(conn)?)
}

/// One review as the roll keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub id: ReviewId,
    pub organisation: OrganisationId,
    pub collection: CollectionId,
    pub state: ReviewState,
    pub reviewer: Option<PersonId>,
    pub grade: &'a str,
    pub queued_at: Timestamp,
    pub due_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    pub risk: i64,
}

/// A row of the covering index.
pub(super) type Row = (
    (ReviewId, OrganisationId, CollectionId, ReviewState, Option<PersonId>, String),
    (Timestamp, Timestamp, Option<Timestamp>, Option<Timestamp>, i64),
);

pub(super) fn entry(row: &Row) -> Entry<'_> {
    let (
        (id, organisation, collection, state, reviewer, grade),
        (queued_at, due_at, decided_at, stopped_at, risk),
    ) = row;
    Entry {
        id: *id,
        organisation: *organisation,
        collection: *collection,
        state: *state,
        reviewer: *reviewer,
        grade,
        queued_at: *queued_at,
        due_at: *due_at,
        decided_at: *decided_at,
        stopped_at: *stopped_at,
        risk: *risk,
    }
}

/// The reviews that changed since a mark; all of them without one.
pub(super) fn changed(conn: &mut Conn, since: Option<Mark>, upto: i64) -> Result<Vec<Row>> {
    let (from, to) = since.map_or((i64::MIN, i64::MAX), |mark| (mark.reviews, upto));
    if from >= to {
        return Ok(Vec::new());
    }
    Ok(review::table
        .filter(review::changed.ge(from))
        .filter(review::changed.lt(to))
        .select((
            (
                review::id,
                review::organisation_id,
                review::collection_id,
                review::state,
                review::reviewer_id,
                review::claimed_grade,
            ),
            (review::queued_at, review::due_at, review::decided_at, review::clock_stopped_at, review::risk),
        ))
        .load(conn)?)
}

/// Whether the register changed since a mark.
pub(super) fn register_changed(conn: &mut Conn, since: Mark, upto: i64) -> Result<bool> {
    Ok(select(exists(
        register_change::table
            .filter(register_change::changed.ge(since.register))
            .filter(register_change::changed.lt(upto)),
    ))
    .get_result(conn)?)
}

/// An organisation as the roll keeps it: number, code, name to be searched and sorted by, sector and region.
pub(super) type Place = (OrganisationId, String, String, String, Option<String>);

/// The whole register, by name.
pub(super) fn register(conn: &mut Conn) -> Result<Vec<Place>> {
    let mut places: Vec<Place> = organisation::table
        .select((
            organisation::id,
            organisation::code,
            organisation::search_name,
            organisation::sector,
            organisation::region_code,
        ))
        .load(conn)?;
    // Here and not in the database: servers sort texts after their own rules.
    places.sort_unstable_by(|a, b| (&a.2, &a.1, a.0).cmp(&(&b.2, &b.1, b.0)));
    Ok(places)
}

/// What a filter can be chosen from: collections that have reviews (number, key, label of the year; newest first),
/// regions (code and name) and the people who have reviews in hand or had.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Choices {
    pub collections: Vec<(CollectionId, String, String)>,
    pub regions: Vec<(String, String)>,
    pub reviewers: Vec<(PersonId, String)>,
    /// Where the bands of risk begin.
    pub bands: Bands,
}

/// What can be chosen now; `reviewers` are the people whom the roll knows.
pub(super) fn choices(conn: &mut Conn, reviewers: &[PersonId]) -> Result<Choices> {
    let collections = collection::table
        .filter(exists(review::table.filter(review::collection_id.eq(collection::id))))
        .order((collection::opens_at.desc(), collection::id.desc()))
        .select((collection::id, collection::key, collection::year_label))
        .load(conn)?;
    let regions = region::table.order(region::name).select((region::code, region::name)).load(conn)?;
    let reviewers = person::table
        .filter(person::id.eq_any(reviewers.to_vec()))
        .order((person::name, person::id))
        .select((person::id, person::name))
        .load(conn)?;
    Ok(Choices { collections, regions, reviewers, bands: risk::bands(conn)? })
}
