//! Queries about a head office's sites: the register's list, who files which return, what is left out, what differs, and
//! the fixed lists of submissions.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::{count_star, exists};
use diesel::prelude::*;

use super::model::{
    Entry, Exception, Exclusion, ExclusionKind, Filing, FilingLine, LineState, Progress, Stand, is_open,
};
use crate::collections;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{
    CollectionId, ExceptionId, FilingId, OrganisationId, PersonId, RequirementId, ReturnId, SubmissionId,
};
use crate::returns::store::{Attached, Found, PIECE, PieceRow, VERSION, VersionRow};
use crate::schema::{
    evidence, evidence_piece, organisation, return_filer, site_exception, site_exception_evidence,
    site_exclusion, site_filing, site_filing_line, site_group,
};

/// Whether the register knows a site of this organisation.
pub(super) fn has_sites(conn: &mut Conn, whose: OrganisationId) -> Result<bool> {
    let sites =
        organisation::table.filter(organisation::head_office_id.eq(whose)).filter(organisation::id.ne(whose));
    Ok(diesel::select(exists(sites)).get_result(conn)?)
}

/// Whether the return was made to cover the sites of its organisation.
pub(super) fn is_open_for_sites(conn: &mut Conn, of: ReturnId) -> Result<bool> {
    Ok(diesel::select(exists(site_group::table.filter(site_group::return_id.eq(of)))).get_result(conn)?)
}

/// The sites that the register gives an organisation and that the collection asks, by code, with who answers for each.
pub(super) fn entries(conn: &mut Conn, found: &Found, today: Day) -> Result<Vec<Entry>> {
    type Row = (OrganisationId, String, String, String, Option<Day>, Option<Day>);
    let rows: Vec<Row> = organisation::table
        .filter(organisation::head_office_id.eq(found.organisation))
        .filter(organisation::id.ne(found.organisation))
        .select((
            organisation::id,
            organisation::code,
            organisation::name,
            organisation::sector,
            organisation::opened_on,
            organisation::closed_on,
        ))
        .load(conn)?;
    let scope = collections::scope_of(conn, found.collection.id)?;
    let mut excluded = exclusions(conn, found.id)?;
    let filers = filers(conn, found)?;
    let mut entries: Vec<Entry> = rows
        .into_iter()
        .filter_map(|(id, code, name, sector, opened, closed)| {
            let profile = scope.get(&sector)?.clone();
            let stand = match filers.get(&id) {
                Some(None) => Stand::FilesOwn,
                Some(Some(head)) if *head != found.organisation => Stand::FiledByOther,
                _ if !is_open(opened, closed, today) => Stand::NotOpen,
                _ => excluded.remove(&id).map_or(Stand::Included, Stand::Excluded),
            };
            Some(Entry { id, code, name, sector, profile, stand })
        })
        .collect();
    // The databases sort text by different rules, and the list is signed in its order.
    entries.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(entries)
}

fn exclusions(conn: &mut Conn, of: ReturnId) -> Result<HashMap<OrganisationId, Exclusion>> {
    let rows: Vec<(OrganisationId, ExclusionKind, String)> = site_exclusion::table
        .filter(site_exclusion::return_id.eq(of))
        .select((site_exclusion::site_id, site_exclusion::kind, site_exclusion::note))
        .load(conn)?;
    Ok(rows.into_iter().map(|(site, kind, note)| (site, Exclusion { kind, note })).collect())
}

/// Who files for the sites that have a return already: themselves, or a head office.
fn filers(conn: &mut Conn, found: &Found) -> Result<HashMap<OrganisationId, Option<OrganisationId>>> {
    let rows: Vec<(OrganisationId, Option<OrganisationId>)> = return_filer::table
        .inner_join(organisation::table.on(organisation::id.eq(return_filer::organisation_id)))
        .filter(return_filer::collection_id.eq(found.collection.id))
        .filter(organisation::head_office_id.eq(found.organisation))
        .select((return_filer::organisation_id, return_filer::head_office_id))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The head office that has submitted an organisation's return: its number, code and name.
pub(in crate::returns) fn head_that_filed(
    conn: &mut Conn,
    of: ReturnId,
) -> Result<Option<(OrganisationId, String, String)>> {
    Ok(return_filer::table
        .inner_join(organisation::table.on(organisation::id.nullable().eq(return_filer::head_office_id)))
        .filter(return_filer::return_id.eq(of))
        .select((organisation::id, organisation::code, organisation::name))
        .first(conn)
        .optional()?)
}

/// What a head office that answers for its sites says of one of them in a collection: its name, and why it leaves the
/// site out where it does.
pub(super) fn head_that_answers(
    conn: &mut Conn,
    site: OrganisationId,
    within: CollectionId,
) -> Result<Option<(String, Option<ExclusionKind>)>> {
    let head: Option<Option<OrganisationId>> = organisation::table
        .filter(organisation::id.eq(site))
        .select(organisation::head_office_id)
        .first(conn)
        .optional()?;
    let Some(head) = head.flatten().filter(|head| *head != site) else { return Ok(None) };
    let group: Option<(ReturnId, String)> = site_group::table
        .inner_join(organisation::table.on(organisation::id.eq(site_group::organisation_id)))
        .filter(site_group::collection_id.eq(within))
        .filter(site_group::organisation_id.eq(head))
        .select((site_group::return_id, organisation::name))
        .first(conn)
        .optional()?;
    let Some((of, name)) = group else { return Ok(None) };
    let left_out = site_exclusion::table
        .filter(site_exclusion::return_id.eq(of))
        .filter(site_exclusion::site_id.eq(site))
        .select(site_exclusion::kind)
        .first(conn)
        .optional()?;
    Ok(Some((name, left_out)))
}

/// The sites that head offices answer for in a collection, whether they have submitted yet or not.
///
/// # Errors
/// When the database cannot be asked.
pub fn covered_in(conn: &mut Conn, within: CollectionId) -> Result<HashSet<OrganisationId>> {
    let covered: Vec<OrganisationId> = organisation::table
        .inner_join(
            site_group::table.on(site_group::organisation_id.nullable().eq(organisation::head_office_id)),
        )
        .filter(site_group::collection_id.eq(within))
        .select(organisation::id)
        .load(conn)?;
    let left_out: Vec<OrganisationId> = site_exclusion::table
        .inner_join(site_group::table.on(site_group::return_id.eq(site_exclusion::return_id)))
        .filter(site_group::collection_id.eq(within))
        .select(site_exclusion::site_id)
        .load(conn)?;
    let left_out: HashSet<OrganisationId> = left_out.into_iter().collect();
    Ok(covered.into_iter().filter(|site| !left_out.contains(site)).collect())
}

const EXCEPTION: (
    site_exception::id,
    site_exception::site_id,
    site_exception::requirement_id,
    site_exception::value,
    site_exception::comment,
    site_exception::version,
    site_exception::updated_at,
    site_exception::updated_by,
) = (
    site_exception::id,
    site_exception::site_id,
    site_exception::requirement_id,
    site_exception::value,
    site_exception::comment,
    site_exception::version,
    site_exception::updated_at,
    site_exception::updated_by,
);

type ExceptionRow =
    (ExceptionId, OrganisationId, RequirementId, String, String, i64, Timestamp, Option<PersonId>);

fn exception_of(row: ExceptionRow) -> Exception {
    let (id, site, requirement, value, comment, version, updated_at, updated_by) = row;
    Exception { id, site, requirement, value, comment, version, updated_at, updated_by }
}

/// Every answer of a return that differs for a site, whether the site is included or not.
pub(in crate::returns) fn exceptions(conn: &mut Conn, of: ReturnId) -> Result<Vec<Exception>> {
    let rows: Vec<ExceptionRow> = site_exception::table
        .filter(site_exception::return_id.eq(of))
        .order((site_exception::site_id, site_exception::requirement_id))
        .select(EXCEPTION)
        .load(conn)?;
    Ok(rows.into_iter().map(exception_of).collect())
}

/// The one answer that differs for a site.
pub(super) fn exception(
    conn: &mut Conn,
    of: ReturnId,
    site: OrganisationId,
    to: RequirementId,
) -> Result<Option<Exception>> {
    let row: Option<ExceptionRow> = site_exception::table
        .filter(site_exception::return_id.eq(of))
        .filter(site_exception::site_id.eq(site))
        .filter(site_exception::requirement_id.eq(to))
        .select(EXCEPTION)
        .first(conn)
        .optional()?;
    Ok(row.map(exception_of))
}

/// The evidence beside the answers of a return that differ for a site, in the order it was attached.
pub(in crate::returns) fn exception_files(
    conn: &mut Conn,
    of: ReturnId,
) -> Result<HashMap<ExceptionId, Vec<Attached>>> {
    type Row = (ExceptionId, (RequirementId, Timestamp), VersionRow, PieceRow);
    let rows: Vec<Row> = site_exception_evidence::table
        .inner_join(site_exception::table.on(site_exception::id.eq(site_exception_evidence::exception_id)))
        .inner_join(evidence::table.on(evidence::id.eq(site_exception_evidence::evidence_id)))
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .filter(site_exception::return_id.eq(of))
        .order((site_exception_evidence::linked_at, evidence::id))
        .select((
            site_exception::id,
            (site_exception::requirement_id, site_exception_evidence::linked_at),
            VERSION,
            PIECE,
        ))
        .load(conn)?;
    let mut by_exception: HashMap<ExceptionId, Vec<Attached>> = HashMap::new();
    for (exception, at, version, piece) in rows {
        by_exception.entry(exception).or_default().push(Attached::of(at, version, piece));
    }
    Ok(by_exception)
}

const FILING: (
    (
        site_filing::id,
        site_filing::submission_id,
        site_filing::return_id,
        site_filing::organisation_id,
        site_filing::collection_id,
        site_filing::pressed_at,
        site_filing::pressed_by,
    ),
    (
        site_filing::late,
        site_filing::list_hash,
        site_filing::sites,
        site_filing::exceptions,
        site_filing::told_at,
    ),
) = (
    (
        site_filing::id,
        site_filing::submission_id,
        site_filing::return_id,
        site_filing::organisation_id,
        site_filing::collection_id,
        site_filing::pressed_at,
        site_filing::pressed_by,
    ),
    (
        site_filing::late,
        site_filing::list_hash,
        site_filing::sites,
        site_filing::exceptions,
        site_filing::told_at,
    ),
);

type FilingRow = (
    (FilingId, SubmissionId, ReturnId, OrganisationId, CollectionId, Timestamp, Option<PersonId>),
    (bool, Vec<u8>, i64, i64, Option<Timestamp>),
);

fn filing_row(row: FilingRow) -> Filing {
    let (
        (id, submission, return_id, organisation, collection, pressed_at, pressed_by),
        (late, list_hash, sites, exceptions, told_at),
    ) = row;
    Filing {
        id,
        submission,
        return_id,
        organisation,
        collection,
        pressed_at,
        pressed_by,
        late,
        list_hash,
        sites,
        exceptions,
        told_at,
    }
}

/// The fixed list with this number.
pub(super) fn filing(conn: &mut Conn, id: FilingId) -> Result<Filing> {
    Ok(filing_row(site_filing::table.filter(site_filing::id.eq(id)).select(FILING).first(conn)?))
}

/// The fixed list of a head office's submission, where it has one.
///
/// # Errors
/// When the database cannot be asked.
pub fn filing_of(conn: &mut Conn, of: SubmissionId) -> Result<Option<Filing>> {
    let row: Option<FilingRow> =
        site_filing::table.filter(site_filing::submission_id.eq(of)).select(FILING).first(conn).optional()?;
    Ok(row.map(filing_row))
}

/// The newest fixed list of a return.
pub(super) fn newest_filing(conn: &mut Conn, of: ReturnId) -> Result<Option<Filing>> {
    let row: Option<FilingRow> = site_filing::table
        .filter(site_filing::return_id.eq(of))
        .order(site_filing::id.desc())
        .select(FILING)
        .first(conn)
        .optional()?;
    Ok(row.map(filing_row))
}

/// Every fixed list.
pub(super) fn filings(conn: &mut Conn) -> Result<Vec<Filing>> {
    let rows: Vec<FilingRow> = site_filing::table.order(site_filing::id).select(FILING).load(conn)?;
    Ok(rows.into_iter().map(filing_row).collect())
}

/// Lines of a fixed list from a place on, at most so many.
///
/// # Errors
/// When the database cannot be asked.
pub fn filing_lines(conn: &mut Conn, of: FilingId, from: i64, many: i64) -> Result<Vec<FilingLine>> {
    type Head = (i64, OrganisationId, super::model::LineAction, String, String, String, String);
    type Tail = (String, LineState, String, Option<SubmissionId>, Option<i64>, Option<Vec<u8>>);
    let rows: Vec<(Head, Tail)> = site_filing_line::table
        .filter(site_filing_line::filing_id.eq(of))
        .filter(site_filing_line::position.ge(from))
        .order(site_filing_line::position)
        .limit(many)
        .select((
            (
                site_filing_line::position,
                site_filing_line::site_id,
                site_filing_line::action,
                site_filing_line::code,
                site_filing_line::name,
                site_filing_line::sector,
                site_filing_line::profile,
            ),
            (
                site_filing_line::overrides,
                site_filing_line::state,
                site_filing_line::said,
                site_filing_line::submission_id,
                site_filing_line::number,
                site_filing_line::snapshot_hash,
            ),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|((position, site, action, code, name, sector, profile), tail)| {
            let (overrides, state, said, submission, number, hash) = tail;
            FilingLine {
                position,
                site,
                action,
                code,
                name,
                sector,
                profile,
                overrides,
                state,
                said,
                submission,
                number,
                hash,
            }
        })
        .collect())
}

/// How many lines of a fixed list are in which state.
pub(super) fn progress(conn: &mut Conn, of: FilingId) -> Result<Progress> {
    let rows: Vec<(LineState, i64)> = site_filing_line::table
        .filter(site_filing_line::filing_id.eq(of))
        .group_by(site_filing_line::state)
        .select((site_filing_line::state, count_star()))
        .load(conn)?;
    let counts: BTreeMap<LineState, i64> = rows.into_iter().collect();
    let count = |state| counts.get(&state).copied().unwrap_or_default();
    Ok(Progress {
        waiting: count(LineState::Queued),
        filed: count(LineState::Filed),
        stands: count(LineState::Stands),
        released: count(LineState::Released),
        failed: count(LineState::Failed),
    })
}

/// Makes others that work on the same list wait until this change is committed, where changes run side by side.
pub(super) fn hold(tx: &mut Tx<'_>, of: FilingId) -> Result<()> {
    diesel::update(site_filing::table.filter(site_filing::id.eq(of)))
        .set(site_filing::sites.eq(site_filing::sites))
        .execute(tx.conn())?;
    Ok(())
}
