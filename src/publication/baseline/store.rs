//! Queries about plans, draws and who was drawn.

use diesel::prelude::*;

use super::model::{AllocationMethod, BaselinePlan, Codes, DrawnStratum};
use super::strata::read;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::CollectionId;
use crate::schema::{annual_return, baseline_draw, baseline_member, baseline_plan, organisation, submission};

/// The plan of a collection with its seed, if it has one.
pub(super) fn plan(conn: &mut Conn, of: CollectionId) -> Result<Option<(BaselinePlan, String)>> {
    type Row = (i64, i64, i64, bool, AllocationMethod, i64, String);
    let row: Option<Row> = baseline_plan::table
        .filter(baseline_plan::collection_id.eq(of))
        .select((
            baseline_plan::size,
            baseline_plan::minimum,
            baseline_plan::take_all_up_to,
            baseline_plan::by_region,
            baseline_plan::method,
            baseline_plan::version,
            baseline_plan::seed,
        ))
        .first(conn)
        .optional()?;
    let wide = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(row.map(|(size, minimum, up_to, by_region, method, version, seed)| {
        let plan = BaselinePlan {
            size: wide(size),
            minimum: wide(minimum),
            take_all_up_to: wide(up_to),
            by_region,
            method,
            version,
        };
        (plan, seed)
    }))
}

/// A draw as it was made.
#[derive(Debug, Clone)]
pub(in crate::publication) struct Drawn {
    /// Of which collection.
    pub collection: CollectionId,
    /// The size that was wanted.
    pub size: u64,
    /// At least so many of each stratum.
    pub minimum: u64,
    /// How the size was given out.
    pub method: AllocationMethod,
    /// The seed.
    pub seed: String,
    /// The strata, as stored.
    pub strata: String,
    /// The list it was drawn from, as stored.
    pub frame: String,
    /// Who was taken, as stored.
    pub taken: String,
    /// When.
    pub drawn_at: Timestamp,
}

impl Drawn {
    /// The strata.
    pub fn strata(&self) -> Result<Vec<DrawnStratum>> {
        read(&self.strata)
    }

    /// Who was taken.
    pub fn taken(&self) -> Result<Codes> {
        read(&self.taken)
    }
}

type DrawnRow = (CollectionId, i64, i64, AllocationMethod, String, (String, String, String), Timestamp);

/// The draw of a collection.
pub(in crate::publication) fn drawn(conn: &mut Conn, of: CollectionId) -> Result<Option<Drawn>> {
    Ok(draws(conn, Some(of))?.into_iter().next())
}

/// Every draw, or that of one collection.
pub(super) fn draws(conn: &mut Conn, of: Option<CollectionId>) -> Result<Vec<Drawn>> {
    let mut query = baseline_draw::table
        .order(baseline_draw::collection_id)
        .select((
            baseline_draw::collection_id,
            baseline_draw::size,
            baseline_draw::minimum,
            baseline_draw::method,
            baseline_draw::seed,
            (baseline_draw::strata, baseline_draw::frame, baseline_draw::taken),
            baseline_draw::drawn_at,
        ))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(baseline_draw::collection_id.eq(of));
    }
    let rows: Vec<DrawnRow> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(collection, size, minimum, method, seed, (strata, frame, taken), drawn_at)| Drawn {
            collection,
            size: u64::try_from(size).unwrap_or(0),
            minimum: u64::try_from(minimum).unwrap_or(0),
            method,
            seed,
            strata,
            frame,
            taken,
            drawn_at,
        })
        .collect())
}

/// Collections with a plan, and whether it was drawn.
pub(super) fn planned(conn: &mut Conn) -> Result<Vec<(CollectionId, bool)>> {
    Ok(baseline_plan::table
        .left_join(baseline_draw::table.on(baseline_draw::collection_id.eq(baseline_plan::collection_id)))
        .select((baseline_plan::collection_id, baseline_draw::collection_id.nullable().is_not_null()))
        .load(conn)?)
}

/// The codes by stratum of everybody whose membership is stored, by which a draw is verified.
pub(super) fn member_codes(conn: &mut Conn, of: CollectionId) -> Result<Codes> {
    let rows: Vec<(String, String)> = baseline_member::table
        .inner_join(organisation::table.on(organisation::id.eq(baseline_member::organisation_id)))
        .filter(baseline_member::collection_id.eq(of))
        .select((baseline_member::stratum, organisation::code))
        .load(conn)?;
    let mut found = Codes::new();
    for (stratum, code) in rows {
        found.entry(stratum).or_default().push(code);
    }
    // Databases order texts each in its own way.
    found.values_mut().for_each(|codes| codes.sort_unstable());
    Ok(found)
}

/// One organisation of a sample.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub code: String,
    pub name: String,
    pub stratum: String,
    pub submitted_at: Option<Timestamp>,
    pub late: bool,
}

/// The members of a sample by code, with what they submitted last: `skip` of them left out, at most `most`.
pub(super) fn members(conn: &mut Conn, of: CollectionId, skip: i64, most: i64) -> Result<Vec<Member>> {
    type Row = (String, String, String, Option<Timestamp>, Option<bool>);
    let rows: Vec<Row> = baseline_member::table
        .inner_join(organisation::table.on(organisation::id.eq(baseline_member::organisation_id)))
        .left_join(
            annual_return::table.on(annual_return::organisation_id
                .eq(baseline_member::organisation_id)
                .and(annual_return::collection_id.eq(baseline_member::collection_id))),
        )
        .left_join(submission::table.on(annual_return::submission_id.eq(submission::id.nullable())))
        .filter(baseline_member::collection_id.eq(of))
        .order(organisation::code)
        .select((
            organisation::code,
            organisation::name,
            baseline_member::stratum,
            submission::submitted_at.nullable(),
            submission::late.nullable(),
        ))
        .offset(skip)
        .limit(most)
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, name, stratum, submitted_at, late)| Member {
            code,
            name,
            stratum,
            submitted_at,
            late: late.unwrap_or(false),
        })
        .collect())
}
