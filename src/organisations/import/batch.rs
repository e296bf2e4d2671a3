//! The writing side of an import: a few hundred rows to a statement, on either database.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::known::{Known, Register};
use super::reading::{RelationFact, StatusFact};
use crate::organisations::OdsCode;
use crate::organisations::cells::search_form;
use crate::organisations::corrected;
use crate::organisations::model::{Grade, QuarantineState, RelationKind, Sector};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ImportRunId, OrganisationId};
use crate::schema::{organisation, published_status, quarantined_row, region, relation};

/// How many rows go into one statement: few enough that its parameters stay below either database's limit.
const ROWS: usize = 250;

/// Differences that wait to be written together.
#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) organisations: Vec<OdsCode>,
    pub(crate) statuses: Vec<NewStatus>,
    pub(crate) stale_statuses: Vec<i64>,
    pub(crate) relations: Vec<NewRelation>,
    pub(crate) stale_relations: Vec<i64>,
    /// Corrections that the source ended.
    pub(crate) corrections: Vec<i64>,
}

/// A status to be written.
pub(crate) struct NewStatus {
    pub(crate) code: OdsCode,
    pub(crate) fact: StatusFact,
}

/// A relation to be written.
pub(crate) struct NewRelation {
    pub(crate) code: OdsCode,
    pub(crate) fact: RelationFact,
}

#[derive(Insertable)]
#[diesel(table_name = organisation, treat_none_as_default_value = false)]
struct OrganisationRow<'a> {
    code: &'a str,
    name: &'a str,
    search_name: String,
    sector: Sector,
    region_code: Option<&'a str>,
    icb_code: Option<&'a str>,
    postcode: Option<&'a str>,
    opened_on: Option<Day>,
    closed_on: Option<Day>,
    source: &'a str,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

#[derive(Insertable)]
#[diesel(table_name = published_status, treat_none_as_default_value = false)]
struct StatusRow<'a> {
    organisation_id: OrganisationId,
    edition_label: &'a str,
    label: &'a str,
    grade: Grade,
    published_on: Option<Day>,
    source: &'a str,
    recorded_at: Timestamp,
    sector_label: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = relation, treat_none_as_default_value = false)]
struct RelationRow<'a> {
    organisation_id: OrganisationId,
    kind: RelationKind,
    related_code: &'a str,
    related_name: &'a str,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
    source: &'a str,
}

/// A damaged row to be kept.
#[derive(Insertable)]
#[diesel(table_name = quarantined_row, treat_none_as_default_value = false)]
pub(crate) struct DamagedRow {
    pub(crate) import_run_id: ImportRunId,
    pub(crate) format: String,
    pub(crate) row_hash: Vec<u8>,
    pub(crate) row_number: i64,
    pub(crate) column_name: String,
    pub(crate) reason: String,
    pub(crate) action: String,
    pub(crate) raw: String,
    pub(crate) state: QuarantineState,
}

impl Waiting {
    /// Writes everything: organisations first, whose new numbers the rest needs.
    pub(crate) fn write(self, tx: &mut Tx<'_>, source: &str, register: &mut Register) -> Result<()> {
        write_organisations(tx, &self.organisations, register)?;
        let now = tx.now();
        let conn = tx.conn();
        for ids in self.stale_statuses.chunks(ROWS) {
            diesel::delete(published_status::table.filter(published_status::id.eq_any(ids.to_vec())))
                .execute(conn)?;
        }
        for ids in self.stale_relations.chunks(ROWS) {
            diesel::delete(relation::table.filter(relation::id.eq_any(ids.to_vec()))).execute(conn)?;
        }
        for ids in self.corrections.chunks(ROWS) {
            corrected::end(&mut *conn, ids, source)?;
        }
        for chunk in self.statuses.chunks(ROWS) {
            let rows =
                chunk.iter().map(|new| status_row(new, source, now, register)).collect::<Result<Vec<_>>>()?;
            crate::each!(&mut *conn, c => diesel::insert_into(published_status::table).values(&rows).execute(c))?;
        }
        for chunk in self.relations.chunks(ROWS) {
            let rows =
                chunk.iter().map(|new| relation_row(new, source, register)).collect::<Result<Vec<_>>>()?;
            crate::each!(&mut *conn, c => diesel::insert_into(relation::table).values(&rows).execute(c))?;
        }
        Ok(())
    }
}

fn write_organisations(tx: &mut Tx<'_>, codes: &[OdsCode], register: &mut Register) -> Result<()> {
    let now = tx.now();
    let conn = tx.conn();
    for chunk in codes.chunks(ROWS) {
        let rows: Vec<OrganisationRow<'_>> = chunk
            .iter()
            .filter_map(|code| register.organisations.get(code.as_str()).map(|known| (code, known)))
            .map(|(code, known)| organisation_row(code, known, now))
            .collect();
        crate::each!(&mut *conn, c => diesel::insert_into(organisation::table)
            .values(&rows)
            .on_conflict(organisation::code)
            .do_update()
            .set((
                organisation::name.eq(excluded(organisation::name)),
                organisation::search_name.eq(excluded(organisation::search_name)),
                organisation::sector.eq(excluded(organisation::sector)),
                organisation::region_code.eq(excluded(organisation::region_code)),
                organisation::icb_code.eq(excluded(organisation::icb_code)),
                organisation::postcode.eq(excluded(organisation::postcode)),
                organisation::opened_on.eq(excluded(organisation::opened_on)),
                organisation::closed_on.eq(excluded(organisation::closed_on)),
                organisation::source.eq(excluded(organisation::source)),
                organisation::updated_at.eq(excluded(organisation::updated_at)),
                organisation::version.eq(organisation::version + 1),
            ))
            .execute(c))?;
    }
    let added = organisation::table
        .filter(organisation::id.gt(register.highest))
        .select((organisation::code, organisation::id))
        .load::<(String, OrganisationId)>(conn)?;
    for (code, id) in added {
        register.highest = register.highest.max(id);
        if let Some(known) = register.organisations.get_mut(&code) {
            known.id = Some(id);
        }
    }
    for code in codes {
        if let Some(known) = register.organisations.get_mut(code.as_str()) {
            known.dirty = false;
        }
    }
    Ok(())
}

fn organisation_row<'a>(code: &'a OdsCode, known: &'a Known, now: Timestamp) -> OrganisationRow<'a> {
    OrganisationRow {
        code: code.as_str(),
        name: &known.name,
        search_name: format!("{} {}", search_form(&known.name), search_form(code.as_str())),
        sector: known.sector,
        region_code: known.region.as_deref(),
        icb_code: known.icb.as_deref(),
        postcode: known.postcode.as_deref(),
        opened_on: known.opened,
        closed_on: known.closed,
        source: &known.source,
        created_at: known.created_at,
        updated_at: now,
        version: 1,
    }
}

fn id_of(code: &OdsCode, register: &Register) -> Result<OrganisationId> {
    register
        .organisations
        .get(code.as_str())
        .and_then(|known| known.id)
        .ok_or_else(|| Error::broken(format!("{code} was written but has no number")))
}

fn status_row<'a>(
    new: &'a NewStatus,
    source: &'a str,
    now: Timestamp,
    register: &Register,
) -> Result<StatusRow<'a>> {
    Ok(StatusRow {
        organisation_id: id_of(&new.code, register)?,
        edition_label: &new.fact.edition,
        label: &new.fact.label,
        grade: new.fact.grade,
        published_on: new.fact.published_on,
        source,
        recorded_at: now,
        sector_label: &new.fact.sector_label,
    })
}

fn relation_row<'a>(new: &'a NewRelation, source: &'a str, register: &Register) -> Result<RelationRow<'a>> {
    Ok(RelationRow {
        organisation_id: id_of(&new.code, register)?,
        kind: new.fact.kind,
        related_code: &new.fact.code,
        related_name: &new.fact.name,
        starts_on: new.fact.starts_on,
        ends_on: new.fact.ends_on,
        source,
    })
}

/// Keeps a region under this name.
pub(crate) fn write_region(conn: &mut Conn, code: &str, name: &str) -> Result<()> {
    crate::each!(conn, c => diesel::insert_into(region::table)
        .values((region::code.eq(code), region::name.eq(name)))
        .on_conflict(region::code)
        .do_update()
        .set(region::name.eq(excluded(region::name)))
        .execute(c))?;
    Ok(())
}

/// Keeps damaged rows; ones that are there already stay as they are.
pub(crate) fn write_damage(conn: &mut Conn, rows: &[DamagedRow]) -> Result<()> {
    for chunk in rows.chunks(ROWS) {
        crate::each!(&mut *conn, c => diesel::insert_into(quarantined_row::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}
