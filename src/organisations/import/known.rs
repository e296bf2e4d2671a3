//! What the database holds already, loaded once into a compact map so that rows are compared without a query each.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::layout::Source;
use crate::organisations::corrected::{self, Stands};
use crate::organisations::model::{Grade, Organisation, QuarantineState, RelationKind, Sector};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::schema::{organisation, published_status, quarantined_row, region, relation};

/// What of an organisation an import may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// None while it is waiting to be inserted.
    pub(crate) id: Option<OrganisationId>,
    pub(crate) name: String,
    pub(crate) sector: Sector,
    pub(crate) region: Option<String>,
    pub(crate) icb: Option<String>,
    pub(crate) postcode: Option<String>,
    pub(crate) opened: Option<Day>,
    pub(crate) closed: Option<Day>,
    pub(crate) source: String,
    pub(crate) created_at: Timestamp,
    /// Waits to be written with the next batch.
    pub(crate) dirty: bool,
    /// The row of this file that was about it, if one was.
    pub(crate) row: Option<i64>,
    /// Whether any row of this file has spoken of it.
    pub(crate) told: bool,
}

/// A status of this source as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownStatus {
    pub(crate) id: i64,
    pub(crate) edition: String,
    pub(crate) label: String,
    pub(crate) grade: Grade,
    pub(crate) published_on: Option<Day>,
    pub(crate) sector_label: String,
}

/// A relation of this source as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownRelation {
    pub(crate) id: i64,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) starts_on: Option<Day>,
    pub(crate) ends_on: Option<Day>,
}

/// Key of a quarantined row within one source: the row's hash and the column.
pub(crate) type DamageKey = (Vec<u8>, String);

/// Everything rows are compared with.
#[derive(Debug)]
pub(crate) struct Register {
    pub(crate) organisations: HashMap<String, Known>,
    pub(crate) regions: HashMap<String, String>,
    /// Regions that this file has named.
    pub(crate) regions_told: HashSet<String>,
    pub(crate) statuses: HashMap<OrganisationId, KnownStatus>,
    pub(crate) relations: HashMap<(OrganisationId, RelationKind), KnownRelation>,
    /// Organisations with a status in a newer register than this source: their sector is newer too.
    pub(crate) newer: HashSet<OrganisationId>,
    /// Accepted corrections that stand.
    pub(crate) corrections: HashMap<OrganisationId, Vec<Stands>>,
    pub(crate) damage: HashMap<DamageKey, QuarantineState>,
    /// The highest organisation number so far; the new ones lie above it.
    pub(crate) highest: OrganisationId,
}

impl Register {
    /// Loads what a source's rows are compared with: all of it, or the organisations of a few codes.
    pub(crate) fn load(conn: &mut Conn, source: Source, codes: Option<&[String]>) -> Result<Self> {
        let highest = highest(conn)?;
        let organisations = organisations(conn, codes)?;
        let regions = region::table.select((region::code, region::name)).load::<(String, String)>(conn)?;
        let only: Option<Vec<OrganisationId>> =
            codes.map(|_| organisations.values().filter_map(|known| known.id).collect());
        Ok(Self {
            organisations,
            regions: regions.into_iter().collect(),
            regions_told: HashSet::new(),
            statuses: statuses(conn, source, only.as_deref())?,
            relations: relations(conn, source, only.as_deref())?,
            newer: with_newer_status(conn, source)?,
            corrections: corrected::all(conn)?,
            damage: damage(conn, source)?,
            highest,
        })
    }
}

/// The highest organisation number.
pub(crate) fn highest(conn: &mut Conn) -> Result<OrganisationId> {
    let id = organisation::table.select(diesel::dsl::max(organisation::id)).first::<Option<i64>>(conn)?;
    Ok(OrganisationId::new(id.unwrap_or(0)))
}

fn organisations(conn: &mut Conn, codes: Option<&[String]>) -> Result<HashMap<String, Known>> {
    let mut query =
        organisation::table.select((Organisation::as_select(), organisation::created_at)).into_boxed();
    if let Some(codes) = codes {
        query = query.filter(organisation::code.eq_any(codes.to_vec()));
    }
    let rows = query.load::<(Organisation, Timestamp)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(o, created_at)| {
            let known = Known {
                id: Some(o.id),
                name: o.name,
                sector: o.sector,
                region: o.region_code,
                icb: o.icb_code,
                postcode: o.postcode,
                opened: o.opened_on,
                closed: o.closed_on,
                source: o.source,
                created_at,
                dirty: false,
                row: None,
                told: false,
            };
            (o.code.as_str().to_owned(), known)
        })
        .collect())
}

type StatusRow = (OrganisationId, i64, String, String, Grade, Option<Day>, String);

fn statuses(
    conn: &mut Conn,
    source: Source,
    only: Option<&[OrganisationId]>,
) -> Result<HashMap<OrganisationId, KnownStatus>> {
    use published_status as s;
    let mut query = s::table
        .filter(s::source.eq(source.to_string()))
        .select((
            s::organisation_id,
            s::id,
            s::edition_label,
            s::label,
            s::grade,
            s::published_on,
            s::sector_label,
        ))
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(s::organisation_id.eq_any(only.to_vec()));
    }
    let rows = query.load::<StatusRow>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(organisation, id, edition, label, grade, published_on, sector_label)| {
            (organisation, KnownStatus { id, edition, label, grade, published_on, sector_label })
        })
        .collect())
}

type RelationRow = (OrganisationId, RelationKind, i64, String, String, Option<Day>, Option<Day>);

fn relations(
    conn: &mut Conn,
    source: Source,
    only: Option<&[OrganisationId]>,
) -> Result<HashMap<(OrganisationId, RelationKind), KnownRelation>> {
    use relation as r;
    let mut query = r::table
        .filter(r::source.eq(source.to_string()))
        .select((
            r::organisation_id,
            r::kind,
            r::id,
            r::related_code,
            r::related_name,
            r::starts_on,
            r::ends_on,
        ))
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(r::organisation_id.eq_any(only.to_vec()));
    }
    let rows = query.load::<RelationRow>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(organisation, kind, id, code, name, starts_on, ends_on)| {
            ((organisation, kind), KnownRelation { id, code, name, starts_on, ends_on })
        })
        .collect())
}

fn with_newer_status(conn: &mut Conn, source: Source) -> Result<HashSet<OrganisationId>> {
    use published_status as s;
    let stored: Vec<String> = s::table.select(s::source).distinct().load(conn)?;
    let newer: Vec<String> = stored
        .into_iter()
        .filter(|other| {
            Source::parse(other).is_some_and(|o| o.format.is_register()) && !source.is_as_new_as(other)
        })
        .collect();
    if newer.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<OrganisationId> =
        s::table.filter(s::source.eq_any(newer)).select(s::organisation_id).load(conn)?;
    Ok(ids.into_iter().collect())
}

fn damage(conn: &mut Conn, source: Source) -> Result<HashMap<DamageKey, QuarantineState>> {
    use quarantined_row as q;
    let rows = q::table
        .filter(q::format.eq(source.to_string()))
        .select((q::row_hash, q::column_name, q::state))
        .load::<(Vec<u8>, String, QuarantineState)>(conn)?;
    Ok(rows.into_iter().map(|(hash, column, state)| ((hash, column), state)).collect())
}
