//! What the roll is read from: marks that say what may have changed since, the reviews that changed, and the register.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use diesel::sql_types::{BigInt, Text};

use super::columns::number;
use super::register::{Gathering, Register, Words};
use crate::each_row;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Fixed};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReviewId};
use crate::review::model::ReviewState;
use crate::review::risk::{self, Bands};
use crate::schema::{organisation, register_change, review};

/// Numbers of changes. Whatever is committed after this was read bears a number from `reviews` on (of the register, from
/// `register` on) or was found with it; and whatever was committed before bears one below `upto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub reviews: i64,
    pub register: i64,
    pub upto: i64,
}

/// A mark, and the greatest numbers that could be seen with it: where they are below the last mark, nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub mark: Mark,
    pub reviews: i64,
    pub register: i64,
}

/// SQLite commits one change after the other, so the next one's number is greater than every one that can be seen.
const SQLITE: &str = "SELECT r + 1, g + 1, 9223372036854775807, r, g FROM \
     (SELECT (SELECT coalesce(max(changed), 0) FROM review) AS r, \
     (SELECT coalesce(max(changed), 0) FROM register_change) AS g)";

/// On PostgreSQL a change is numbered by its transaction. Every transaction below `xmin` has ended, so what it wrote is
/// seen now or never; none above `xmax` has begun.
const POSTGRES: &str = "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmin(s)::text::bigint, \
     pg_snapshot_xmax(s)::text::bigint, \
     coalesce((SELECT changed FROM review ORDER BY changed DESC LIMIT 1), 0), \
     coalesce((SELECT changed FROM register_change ORDER BY changed DESC LIMIT 1), 0) \
     FROM pg_current_snapshot() AS s";

/// What can be said at this moment in one statement. Most pages need no other.
pub(super) fn look(conn: &mut Conn) -> Result<Look> {
    type Numbers = (BigInt, BigInt, BigInt, BigInt, BigInt);
    let text = match conn {
        Conn::Sqlite(_) => SQLITE,
        Conn::Postgres(_) => POSTGRES,
    };
    let (reviews, register, upto, newest, newest_of_register): (i64, i64, i64, i64, i64) =
        Fixed::<Numbers>::new(text).get_result(conn)?;
    let mark = Mark { reviews, register, upto };
    Ok(Look { mark, reviews: newest, register: newest_of_register })
}

/// One review as it was read, its grade as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its number, by [`number`].
    pub id: u32,
    pub organisation: OrganisationId,
    pub collection: CollectionId,
    pub state: ReviewState,
    pub reviewer: Option<PersonId>,
    pub grade: u8,
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

impl Entry {
    /// A row with its grade numbered among those that are known.
    ///
    /// # Errors
    /// When its number is too great.
    pub fn of(row: &Row, grades: &mut Words) -> Result<Self> {
        let (
            (id, organisation, collection, state, reviewer, grade),
            (queued_at, due_at, decided_at, stopped_at, risk),
        ) = row;
        Ok(Self {
            id: number(*id)?,
            organisation: *organisation,
            collection: *collection,
            state: *state,
            reviewer: *reviewer,
            grade: grades.number(grade),
            queued_at: *queued_at,
            due_at: *due_at,
            decided_at: *decided_at,
            stopped_at: *stopped_at,
            risk: *risk,
        })
    }
}

/// Visits the reviews whose changes are numbered from the first number on and below the second, in one statement and row
/// by row: a nation's reviews are never held as they come from the database.
pub(super) fn each(
    conn: &mut Conn,
    (from, to): (i64, i64),
    mut visit: impl FnMut(&Row) -> Result<()>,
) -> Result<()> {
    if from >= to {
        return Ok(());
    }
    let found = review::table.filter(review::changed.ge(from)).filter(review::changed.lt(to)).select((
        (
            review::id,
            review::organisation_id,
            review::collection_id,
            review::state,
            review::reviewer_id,
            review::claimed_grade,
        ),
        (review::queued_at, review::due_at, review::decided_at, review::clock_stopped_at, review::risk),
    ));
    each_row!(conn, found, Row, row => visit(&row)?);
    Ok(())
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

/// An organisation as it is read: number, code, name to be searched and sorted by, sector and region.
type Place = (OrganisationId, String, String, String, Option<String>);

/// The whole register, by name.
pub(super) fn register(conn: &mut Conn) -> Result<Register> {
    let every = organisation::table.select((
        organisation::id,
        organisation::code,
        organisation::search_name,
        organisation::sector,
        organisation::region_code,
    ));
    let mut gathered = Gathering::default();
    each_row!(conn, every, Place, (id, code, name, sector, region) => {
        gathered.add(id, (&code, &name), &sector, region.as_deref());
    });
    Ok(gathered.finish())
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

/// Collections, regions and the weights of risk, told apart by the first number, in one statement: every page of the queue
/// asks.
const CHOICES: &str = "SELECT kind, number, code, label FROM \
     (SELECT CAST(0 AS bigint) AS kind, c.id AS number, c.key AS code, c.year_label AS label, -c.opens_at AS place \
     FROM collection c WHERE EXISTS (SELECT 1 FROM review r WHERE r.collection_id = c.id) \
     UNION ALL SELECT 1, 0, g.code, g.name, 0 FROM region g \
     UNION ALL SELECT 2, p.version, p.settings, '', 0 FROM risk_profile p \
     WHERE p.version = (SELECT max(w.version) FROM risk_profile w)) AS chosen \
     ORDER BY kind, place, CASE kind WHEN 0 THEN '' ELSE label END, number DESC";

/// What can be chosen now, but for the people: those are whom the roll knows.
pub(super) fn choices(conn: &mut Conn) -> Result<Choices> {
    type Row = (i64, i64, String, String);
    let rows: Vec<Row> = Fixed::<(BigInt, BigInt, Text, Text)>::new(CHOICES).load(conn)?;
    let mut settings = None;
    let mut made = Choices::default();
    for (kind, number, code, label) in rows {
        match kind {
            0 => made.collections.push((CollectionId::new(number), code, label)),
            1 => made.regions.push((code, label)),
            _ => settings = Some(risk::bands_of(number, &code)?),
        }
    }
    made.bands = settings.ok_or_else(|| Error::broken("there are no weights of risk"))?;
    Ok(made)
}

/// A statement about the rows of some numbers as SQLite says it, and as PostgreSQL does. The numbers come in one value: with
/// a value for each (`eq_any`) SQLite has another statement for every count of them, and prepares it anew each time.
macro_rules! about {
    ($before:literal, $after:literal) => {
        (
            concat!($before, " IN (SELECT value FROM json_each('[' || ? || ']'))", $after),
            concat!($before, " = ANY (string_to_array(?, ',')::bigint[])", $after),
        )
    };
}

pub(super) use about;

/// A statement of [`about`] on this database, with its numbers.
pub(super) fn about_these<ST>(
    conn: &Conn,
    (on_sqlite, on_postgres): (&'static str, &'static str),
    numbers: impl Iterator<Item = i64>,
) -> Fixed<ST> {
    let text = match conn {
        Conn::Sqlite(_) => on_sqlite,
        Conn::Postgres(_) => on_postgres,
    };
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    Fixed::new(text).text(numbers.join(","))
}

/// Names of people, in their order.
const NAMES: (&str, &str) = about!("SELECT p.id, p.name FROM person p WHERE p.id", " ORDER BY p.name, p.id");

/// These people by name.
pub(super) fn reviewers(conn: &mut Conn, known: &[PersonId]) -> Result<Vec<(PersonId, String)>> {
    let these = known.iter().copied().map(PersonId::get);
    Ok(about_these::<(BigInt, Text)>(conn, NAMES, these).load(conn)?)
}
