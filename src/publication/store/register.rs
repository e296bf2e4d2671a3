//! Lines of an imported register's snapshot, as it was published.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use super::boards::successors;
use crate::organisations::{self, Labels, PublishedStatus, Standing};
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::publication::record::{Record, usual_edition};
use crate::publication::release::{edition_year, family, snapshot_day};
use crate::publication::tables::Compared;
use crate::schema::{organisation, published_status, region};
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// What one snapshot says.
pub(in crate::publication) struct RegisterLines {
    /// One line per organisation of the snapshot, by code.
    pub records: Vec<Record>,
    /// The current edition.
    pub edition: String,
    /// Region names by code.
    pub regions: BTreeMap<String, String>,
    /// The latest earlier snapshot of the same register.
    pub earlier: Option<Compared>,
    /// The sector of each organisation in the register's own words; empty where it gives none.
    pub own_sectors: BTreeMap<OrganisationId, String>,
}

/// One joined row.
type Row =
    (OrganisationId, String, String, String, Option<String>, String, String, String, Option<Day>, String);

/// Snapshots that statuses were imported from, newest first, with how many organisations each has.
pub(in crate::publication) fn register_sources(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    let mut found: Vec<(String, i64)> = published_status::table
        .filter(published_status::release_id.is_null())
        .group_by(published_status::source)
        .select((published_status::source, diesel::dsl::count_star()))
        .load(conn)?;
    found.sort_by_key(|(name, _)| std::cmp::Reverse((snapshot_day(name), name.clone())));
    Ok(found)
}

/// Reads a snapshot. `edition` overrides which edition counts as current.
pub(in crate::publication) fn register_lines(
    conn: &mut Conn,
    source: &str,
    edition: Option<&str>,
) -> Result<RegisterLines> {
    let rows: Vec<Row> = published_status::table
        .inner_join(organisation::table.on(organisation::id.eq(published_status::organisation_id)))
        .filter(published_status::source.eq(source))
        .filter(published_status::release_id.is_null())
        .select((
            organisation::id,
            organisation::code,
            organisation::name,
            organisation::sector,
            organisation::region_code,
            published_status::grade,
            published_status::label,
            published_status::edition_label,
            published_status::published_on,
            published_status::sector_label,
        ))
        .load(conn)?;
    if rows.is_empty() {
        return Err(unknown_source(conn, source)?);
    }
    let own_sectors = rows.iter().map(|row| (row.0, row.9.clone())).collect();
    let labels = organisations::labels(conn)?;
    let mut records = latest_of_each(rows, &labels)?;
    let edition = edition.map_or_else(|| usual_edition(&records), str::to_owned);
    inherit(conn, &mut records, &edition)?;
    let earlier = earlier_snapshot(conn, source)?;
    Ok(RegisterLines { records, edition, regions: region_names(conn)?, earlier, own_sectors })
}

/// Names of the regions by code.
pub(in crate::publication) fn region_names(conn: &mut Conn) -> Result<BTreeMap<String, String>> {
    Ok(region::table
        .select((region::code, region::name))
        .load::<(String, String)>(conn)?
        .into_iter()
        .collect())
}

fn unknown_source(conn: &mut Conn, source: &str) -> Result<Error> {
    let known: Vec<String> = register_sources(conn)?.into_iter().map(|(name, _)| name).collect();
    let hint = if known.is_empty() {
        "No register has been imported yet.".to_owned()
    } else {
        format!("Imported registers: {}.", known.join(", "))
    };
    Ok(Error::field("source", format!("There is no imported register \"{source}\". {hint}")))
}

/// A snapshot can name an organisation once for each edition; the latest edition is what it says now.
fn latest_of_each(rows: Vec<Row>, labels: &Labels) -> Result<Vec<Record>> {
    let mut records: Vec<Record> =
        rows.into_iter().map(|row| record_of(row, labels)).collect::<Result<_>>()?;
    records.sort_by(|a, b| a.code.cmp(&b.code).then(edition_year(&b.edition).cmp(&edition_year(&a.edition))));
    records.dedup_by(|later, first| later.organisation == first.organisation);
    Ok(records)
}

/// A line in the sectors of today: those that its own label then stands for, or the organisation's where it had none.
fn record_of(row: Row, labels: &Labels) -> Result<Record> {
    let (organisation, code, name, sector, region, grade, label, edition, published_on, own) = row;
    let grade = grade_of(&grade)?;
    let sector = labels.sector(&own).map_or(sector, |known| known.as_str().to_owned());
    Ok(Record {
        organisation,
        code,
        name,
        sector: sector_of(&sector)?,
        region,
        grade,
        label,
        edition: if grade == GradeKey::NotPublished { String::new() } else { edition },
        published_on,
        late: false,
        provisional: false,
        challengeable: false,
        standing: GradeKey::NotPublished,
        inherited_from: None,
        filed_by: None,
    })
}

pub(super) fn grade_of(text: &str) -> Result<GradeKey> {
    GradeKey::parse(text).ok_or_else(|| Error::broken(format!("\"{text}\" is no grade")))
}

pub(super) fn sector_of(text: &str) -> Result<SectorKey> {
    SectorKey::new(text).map_err(|e| Error::internal("failed to read a sector", e))
}

/// Applies the register's status rule to lines of one source: see [`organisations::standing`].
pub(super) fn inherit(conn: &mut Conn, records: &mut [Record], current: &str) -> Result<()> {
    let successors = successors(conn)?;
    let codes: HashMap<OrganisationId, String> =
        records.iter().map(|record| (record.organisation, record.code.clone())).collect();
    let own: HashMap<OrganisationId, PublishedStatus> = records
        .iter()
        .filter(|record| record.is_published() && !record.is_stale(current))
        .map(|record| Ok((record.organisation, status_of(record)?)))
        .collect::<Result<_>>()?;
    for record in records {
        let standing = organisations::standing(
            record.organisation,
            |id| own.get(&id),
            |id| successors.get(&id).copied(),
        );
        record.standing = grade_of(standing.grade().as_str())?;
        if let Standing::Inherited { from, .. } = standing {
            record.inherited_from = codes.get(&from).cloned();
        }
    }
    Ok(())
}

fn status_of(record: &Record) -> Result<PublishedStatus> {
    Ok(PublishedStatus {
        organisation_id: record.organisation,
        edition_label: String::new(),
        label: String::new(),
        grade: record.grade.as_str().parse().map_err(Error::broken)?,
        published_on: None,
        source: String::new(),
    })
}

/// The latest snapshot of the same register before this one, with its grades.
fn earlier_snapshot(conn: &mut Conn, source: &str) -> Result<Option<Compared>> {
    let own_day = snapshot_day(source);
    let earlier = register_sources(conn)?
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| family(name) == family(source))
        .filter(|name| matches!((snapshot_day(name), own_day), (Some(there), Some(here)) if there < here))
        .max_by_key(|name| snapshot_day(name));
    let Some(key) = earlier else { return Ok(None) };
    let rows: Vec<(OrganisationId, String, String)> = published_status::table
        .filter(published_status::source.eq(&key))
        .filter(published_status::release_id.is_null())
        .select((published_status::organisation_id, published_status::grade, published_status::edition_label))
        .load(conn)?;
    let mut latest: BTreeMap<OrganisationId, (u32, GradeKey)> = BTreeMap::new();
    for (id, grade, edition) in rows {
        let found = (edition_year(&edition), grade_of(&grade)?);
        let kept = latest.entry(id).or_insert(found);
        if found.0 > kept.0 {
            *kept = found;
        }
    }
    let grades = latest.into_iter().map(|(id, (_, grade))| (id, grade)).collect();
    Ok(Some(Compared { name: register_name(&key), key, grades }))
}

/// What a snapshot is called.
pub(in crate::publication) fn register_name(source: &str) -> String {
    let kind = match family(source) {
        "register" => "the national register",
        "register-trusts" => "the register of trusts",
        "register-icbs" => "the register of integrated care boards",
        _ => "the register",
    };
    match snapshot_day(source) {
        Some(day) => format!("{kind} of {}", day.words()),
        None => format!("{kind} {source}"),
    }
}
