//! Releases, their lines, and the statuses that a published release adds to every organisation's history.

use std::collections::HashMap;

use diesel::prelude::*;

use super::register::{grade_of, sector_of};
use crate::corrections;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EditionId, OrganisationId, ReleaseId};
use crate::publication::pipeline;
use crate::publication::prepare_release::Draft;
use crate::publication::record::Record;
use crate::publication::release::{ReleaseState, ReleaseSummary, Source, snapshot_day};
use crate::schema::{annual_return, collection, published_status, release, release_organisation};
use crate::standards::correcting;
use crate::standards::scoring::GradeKey;

/// Rows written by one statement; far below the limits on bound values of both databases.
const BATCH: usize = 1000;

type Row = (
    (ReleaseId, String, String, Option<CollectionId>, String, String, String, ReleaseState),
    (Timestamp, Option<Timestamp>, String, Vec<u8>, Vec<u8>, i64),
);

type Columns = (
    (
        release::id,
        release::key,
        release::title,
        release::collection_id,
        release::source,
        release::series,
        release::edition_label,
        release::state,
    ),
    (
        release::as_at,
        release::published_at,
        release::lead_statistician,
        release::document_hash,
        release::content_hash,
        release::version,
    ),
);

const COLUMNS: Columns = (
    (
        release::id,
        release::key,
        release::title,
        release::collection_id,
        release::source,
        release::series,
        release::edition_label,
        release::state,
    ),
    (
        release::as_at,
        release::published_at,
        release::lead_statistician,
        release::document_hash,
        release::content_hash,
        release::version,
    ),
);

fn summary(row: Row) -> Result<ReleaseSummary> {
    let ((id, key, title, collection, source, series, edition, state), rest) = row;
    let (as_at, published_at, lead_statistician, document_hash, content_hash, version) = rest;
    Ok(ReleaseSummary {
        id,
        key,
        title,
        collection,
        source: Source::parse(&source)?,
        series,
        edition,
        state,
        as_at,
        published_at,
        lead_statistician,
        document_hash,
        content_hash,
        version,
    })
}

/// Every release, newest figures first.
pub(in crate::publication) fn all_releases(conn: &mut Conn) -> Result<Vec<ReleaseSummary>> {
    let rows: Vec<Row> =
        release::table.order((release::as_at.desc(), release::id.desc())).select(COLUMNS).load(conn)?;
    rows.into_iter().map(summary).collect()
}

/// The release of this key.
pub(in crate::publication) fn release_by_key(conn: &mut Conn, key: &str) -> Result<Option<ReleaseSummary>> {
    let row: Option<Row> =
        release::table.filter(release::key.eq(key)).select(COLUMNS).first(conn).optional()?;
    row.map(summary).transpose()
}

/// The release with this number.
pub(in crate::publication) fn release_by_id(
    conn: &mut Conn,
    id: ReleaseId,
) -> Result<Option<ReleaseSummary>> {
    let row: Option<Row> =
        release::table.filter(release::id.eq(id)).select(COLUMNS).first(conn).optional()?;
    row.map(summary).transpose()
}

/// The stored document of a release.
pub(in crate::publication) fn document_of(conn: &mut Conn, id: ReleaseId) -> Result<String> {
    Ok(release::table.filter(release::id.eq(id)).select(release::document).first(conn)?)
}

/// The statistician's report of a release.
pub(in crate::publication) fn report_of(conn: &mut Conn, id: ReleaseId) -> Result<String> {
    Ok(release::table.filter(release::id.eq(id)).select(release::report).first(conn)?)
}

/// What the public pages are made from, as one number that changes with it.
pub(in crate::publication) fn site_mark(conn: &mut Conn) -> Result<(i64, i64)> {
    let public: Vec<(ReleaseId, i64)> = release::table
        .filter(release::published_at.is_not_null())
        .select((release::id, release::version))
        .load(conn)?;
    // A correction of rules adds a notice and marks what is public as revised; the calendar is public too.
    let notices = corrections::notices_mark(conn)?;
    let dates = pipeline::dates_mark(conn)?;
    Ok((
        public.len() as i64 + notices * 1_000_000 + dates * 1_000_000_000_000,
        public.iter().map(|(id, version)| id.get() * 1000 + version).sum(),
    ))
}

/// Whether the rules of a release's edition were corrected after its figures were taken.
pub(in crate::publication) fn rules_changed_since(conn: &mut Conn, found: &ReleaseSummary) -> Result<bool> {
    let Some(id) = found.collection else { return Ok(false) };
    let edition: EditionId =
        collection::table.filter(collection::id.eq(id)).select(collection::edition_id).first(conn)?;
    Ok(correcting::rules_in_force(conn, edition)?.is_some_and(|rules| rules.since > found.as_at))
}

/// A free key for a release of this source.
pub(in crate::publication) fn next_key(conn: &mut Conn, source: &Source) -> Result<String> {
    let stem = source.key_stem();
    let taken: Vec<String> =
        release::table.filter(release::source.eq(source.as_text())).select(release::key).load(conn)?;
    let free = (1_u32..).map(|n| if n == 1 { stem.clone() } else { format!("{stem}-r{n}") });
    free.into_iter()
        .find(|key| !taken.contains(key))
        .ok_or_else(|| Error::broken("no key is left for a release"))
}

/// Stores a draft with its document.
pub(in crate::publication) fn insert_release(conn: &mut Conn, draft: &Draft) -> Result<ReleaseId> {
    let document = &draft.document;
    Ok(diesel::insert_into(release::table)
        .values((
            release::key.eq(&document.key),
            release::title.eq(&document.title),
            release::collection_id.eq(draft.collection),
            release::series.eq(draft.source.series()),
            release::source.eq(draft.source.as_text()),
            release::edition_label.eq(&document.edition),
            release::state.eq(ReleaseState::Draft),
            release::as_at.eq(document.as_at),
            release::lead_statistician.eq(&document.lead_statistician),
            release::document.eq(&draft.text),
            release::document_hash.eq(&draft.hash[..]),
            release::content_hash.eq(&draft.content_hash[..]),
            release::report.eq(&draft.report),
        ))
        .returning(release::id)
        .get_result(conn)?)
}

/// Stores the lines of a release.
pub(in crate::publication) fn insert_rows(conn: &mut Conn, id: ReleaseId, records: &[Record]) -> Result<()> {
    for some in records.chunks(BATCH) {
        let rows: Vec<_> = some
            .iter()
            .map(|record| {
                (
                    release_organisation::release_id.eq(id),
                    release_organisation::organisation_id.eq(record.organisation),
                    release_organisation::code.eq(&record.code),
                    release_organisation::name.eq(&record.name),
                    release_organisation::sector.eq(record.sector.as_str()),
                    release_organisation::region_code.eq(record.region.as_deref()),
                    release_organisation::grade.eq(record.grade.as_str()),
                    release_organisation::standing.eq(record.standing.as_str()),
                    release_organisation::label.eq(&record.label),
                    release_organisation::edition_label.eq(&record.edition),
                    release_organisation::published_on.eq(record.published_on),
                    release_organisation::late.eq(record.late),
                    release_organisation::provisional.eq(record.provisional),
                    release_organisation::challengeable.eq(record.challengeable),
                    release_organisation::inherited_from.eq(record.inherited_from.as_deref()),
                    release_organisation::filed_by.eq(record.filed_by.as_deref()),
                )
            })
            .collect();
        crate::each!(conn, c => diesel::insert_into(release_organisation::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// One line as it is stored.
type StoredLine = (
    (OrganisationId, String, String, String, Option<String>, String, String),
    (String, String, Option<Day>, bool, bool, bool, Option<String>, Option<String>),
);

/// What is read of a line.
macro_rules! line {
    () => {
        (
            (
                release_organisation::organisation_id,
                release_organisation::code,
                release_organisation::name,
                release_organisation::sector,
                release_organisation::region_code,
                release_organisation::grade,
                release_organisation::standing,
            ),
            (
                release_organisation::label,
                release_organisation::edition_label,
                release_organisation::published_on,
                release_organisation::late,
                release_organisation::provisional,
                release_organisation::challengeable,
                release_organisation::inherited_from,
                release_organisation::filed_by,
            ),
        )
    };
}

fn record_of(line: StoredLine) -> Result<Record> {
    let ((organisation, code, name, sector, region, grade, standing), rest) = line;
    let (label, edition, published_on, late, provisional, challengeable, inherited_from, filed_by) = rest;
    Ok(Record {
        organisation,
        code,
        name,
        sector: sector_of(&sector)?,
        region,
        grade: grade_of(&grade)?,
        label,
        edition,
        published_on,
        late,
        provisional,
        challengeable,
        standing: grade_of(&standing)?,
        inherited_from,
        filed_by,
    })
}

/// The lines of a release, by code.
pub(in crate::publication) fn rows_of(conn: &mut Conn, id: ReleaseId) -> Result<Vec<Record>> {
    let rows: Vec<StoredLine> = release_organisation::table
        .filter(release_organisation::release_id.eq(id))
        .select(line!())
        .load(conn)?;
    let mut records: Vec<Record> = rows.into_iter().map(record_of).collect::<Result<_>>()?;
    // The databases sort text by different rules; files must not depend on which one is used.
    records.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(records)
}

/// Some lines of a release in the order of the organisations' numbers, from after the given one on.
pub(in crate::publication) fn rows_after(
    conn: &mut Conn,
    id: ReleaseId,
    after: OrganisationId,
    many: i64,
) -> Result<Vec<Record>> {
    let rows: Vec<StoredLine> = release_organisation::table
        .filter(release_organisation::release_id.eq(id))
        .filter(release_organisation::organisation_id.gt(after))
        .order(release_organisation::organisation_id)
        .limit(many)
        .select(line!())
        .load(conn)?;
    rows.into_iter().map(record_of).collect()
}

/// Lines of a release of some sectors, by name.
pub(in crate::publication) fn rows_of_sectors(
    conn: &mut Conn,
    id: ReleaseId,
    sectors: &[&str],
) -> Result<Vec<Record>> {
    let rows: Vec<StoredLine> = release_organisation::table
        .filter(release_organisation::release_id.eq(id))
        .filter(release_organisation::sector.eq_any(sectors.iter().copied()))
        .order((release_organisation::name, release_organisation::code))
        .select(line!())
        .load(conn)?;
    rows.into_iter().map(record_of).collect()
}

/// Adds a collection's results to every organisation's history.
pub(in crate::publication) fn insert_statuses(
    conn: &mut Conn,
    id: ReleaseId,
    key: &str,
    edition: &str,
    records: &[Record],
    at: Timestamp,
) -> Result<()> {
    let source = format!("release:{key}");
    for some in records.chunks(BATCH) {
        let rows: Vec<_> = some
            .iter()
            .map(|record| {
                (
                    published_status::organisation_id.eq(record.organisation),
                    published_status::edition_label.eq(edition),
                    published_status::label.eq(&record.label),
                    published_status::grade.eq(record.grade.as_str()),
                    published_status::published_on.eq(record.published_on),
                    published_status::source.eq(&source),
                    published_status::release_id.eq(Some(id)),
                    published_status::recorded_at.eq(at),
                )
            })
            .collect();
        crate::each!(conn, c => diesel::insert_into(published_status::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Makes a release public, and the decided returns of its collection published; false when somebody else was faster.
pub(in crate::publication) fn mark_published(
    conn: &mut Conn,
    found: &ReleaseSummary,
    at: Timestamp,
) -> Result<bool> {
    let changed = diesel::update(
        release::table
            .filter(release::id.eq(found.id))
            .filter(release::state.eq(found.state))
            .filter(release::version.eq(found.version)),
    )
    .set((
        release::state.eq(ReleaseState::Published),
        release::published_at.eq(Some(at)),
        release::version.eq(found.version + 1),
    ))
    .execute(conn)?;
    if changed == 1
        && let Some(collection) = found.collection
    {
        diesel::update(
            annual_return::table
                .filter(annual_return::collection_id.eq(collection))
                .filter(annual_return::state.eq("decided")),
        )
        .set((annual_return::state.eq("published"), annual_return::version.eq(annual_return::version + 1)))
        .execute(conn)?;
    }
    Ok(changed == 1)
}

/// When the newest release of a series became public.
pub(in crate::publication) fn last_published(conn: &mut Conn, series: &str) -> Result<Option<Timestamp>> {
    Ok(release::table
        .filter(release::series.eq(series))
        .select(diesel::dsl::max(release::published_at))
        .first::<Option<Timestamp>>(conn)?)
}

/// Leaves only the newest release of a series current; gives the keys that were superseded just now.
pub(in crate::publication) fn settle_series(conn: &mut Conn, series: &str) -> Result<Vec<String>> {
    let public: Vec<(ReleaseId, String, ReleaseState, i64)> = release::table
        .filter(release::series.eq(series))
        .filter(release::published_at.is_not_null())
        .order((release::as_at.desc(), release::id.desc()))
        .select((release::id, release::key, release::state, release::version))
        .load(conn)?;
    let mut superseded = Vec::new();
    for (id, key, state, version) in public.into_iter().skip(1) {
        if state == ReleaseState::Published {
            diesel::update(release::table.filter(release::id.eq(id)))
                .set((release::state.eq(ReleaseState::Superseded), release::version.eq(version + 1)))
                .execute(conn)?;
            superseded.push(key);
        }
    }
    Ok(superseded)
}

/// One line of an organisation's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::publication) struct HistoryLine {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The edition.
    pub edition: String,
    /// The words used then.
    pub label: String,
    /// What they mean.
    pub grade: GradeKey,
    /// The day it was published or submitted.
    pub published_on: Option<Day>,
    /// The publication it stood in: a register's snapshot or `release:KEY`.
    pub source: String,
    /// What the release said of how it came about; none of a register.
    pub marks: Option<Marks>,
}

/// What a release says of how a grade came about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::publication) struct Marks {
    /// Submitted after its deadline.
    pub late: bool,
    /// The organisation's own claim, not reviewed yet.
    pub provisional: bool,
    /// Decided in review, and open to challenge.
    pub challengeable: bool,
}

/// Everything published about some organisations, from one number to another, up to a moment.
pub(in crate::publication) fn history(
    conn: &mut Conn,
    (first, last): (OrganisationId, OrganisationId),
    until: Timestamp,
) -> Result<Vec<HistoryLine>> {
    type Line = (OrganisationId, String, String, String, Option<Day>, String, Option<ReleaseId>);
    let rows: Vec<Line> = published_status::table
        .filter(published_status::organisation_id.ge(first))
        .filter(published_status::organisation_id.le(last))
        .order(published_status::id)
        .select((
            published_status::organisation_id,
            published_status::edition_label,
            published_status::label,
            published_status::grade,
            published_status::published_on,
            published_status::source,
            published_status::release_id,
        ))
        .load(conn)?;
    let mut releases: Vec<ReleaseId> = rows.iter().filter_map(|row| row.6).collect();
    releases.sort_unstable();
    releases.dedup();
    let marks = marks_of(conn, (first, last), &releases)?;
    let until = until.london_day();
    rows.into_iter()
        .filter(|(.., source, release)| {
            release.is_some() || snapshot_day(source).is_none_or(|day| day <= until)
        })
        .map(|(organisation, edition, label, grade, published_on, source, release)| {
            let grade = grade_of(&grade)?;
            let marks = release.and_then(|id| marks.get(&(id, organisation)).copied());
            Ok(HistoryLine { organisation, edition, label, grade, published_on, source, marks })
        })
        .collect()
}

/// What some releases said of how the grades of some organisations came about.
fn marks_of(
    conn: &mut Conn,
    (first, last): (OrganisationId, OrganisationId),
    releases: &[ReleaseId],
) -> Result<HashMap<(ReleaseId, OrganisationId), Marks>> {
    type Line = (ReleaseId, OrganisationId, bool, bool, bool);
    if releases.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Line> = release_organisation::table
        .filter(release_organisation::release_id.eq_any(releases.iter().copied()))
        .filter(release_organisation::organisation_id.ge(first))
        .filter(release_organisation::organisation_id.le(last))
        .select((
            release_organisation::release_id,
            release_organisation::organisation_id,
            release_organisation::late,
            release_organisation::provisional,
            release_organisation::challengeable,
        ))
        .load(conn)?;
    let marked = |(release, organisation, late, provisional, challengeable): Line| {
        ((release, organisation), Marks { late, provisional, challengeable })
    };
    Ok(rows.into_iter().map(marked).collect())
}
