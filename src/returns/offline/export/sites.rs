//! What a head office arranged for its sites: whom it left out, which answers differ, and the fixed lists of its
//! submissions.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::gather::People;
use super::record::ExportedOrganisation;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{FilingId, OrganisationId, PersonId, ReturnId};
use crate::returns::sites::{self, ExclusionKind, FilingLine};
use crate::returns::store::{Attached, Found};
use crate::schema::{organisation, site_exception, site_exclusion, site_filing, site_group, submission};

/// Everything about the sites of a return.
#[derive(Debug, Serialize)]
pub struct ExportedSites {
    /// Since when the return covers them.
    pub covered_since: String,
    /// Those that are left out.
    pub left_out: Vec<ExportedExclusion>,
    /// Answers that differ for one site.
    pub exceptions: Vec<ExportedException>,
    /// The lists of sites that were fixed when the head office submitted, the first first.
    pub filings: Vec<ExportedFiling>,
}

/// A site that is left out.
#[derive(Debug, Serialize)]
pub struct ExportedExclusion {
    /// Which.
    pub site: ExportedOrganisation,
    /// The kind of reason.
    pub kind: ExclusionKind,
    /// More about it.
    pub note: String,
    /// When.
    pub excluded_at: String,
}

/// An answer that differs for one site.
#[derive(Debug, Serialize)]
pub struct ExportedException {
    /// For which site.
    pub site: ExportedOrganisation,
    /// The code of the requirement.
    pub requirement: String,
    /// The value.
    pub value: Value,
    /// The comment.
    pub comment: String,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: String,
    /// By whom; empty for nobody.
    pub updated_by: String,
    /// Files attached to it.
    pub evidence: Vec<ExportedExceptionFile>,
}

/// A file beside an answer that differs.
#[derive(Debug, Serialize)]
pub struct ExportedExceptionFile {
    /// The name it was uploaded under.
    pub name: String,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// When it was attached.
    pub attached_at: String,
}

/// The fixed list of sites of one submission.
#[derive(Debug, Serialize)]
pub struct ExportedFiling {
    /// The number of the head office's submission.
    pub submission: i64,
    /// When the head office pressed submit.
    pub pressed_at: String,
    /// Who did; empty for nobody.
    pub pressed_by: String,
    /// Whether that was after its deadline.
    pub late: bool,
    /// SHA-256 of the list, in hexadecimal.
    pub list_sha256: String,
    /// The sites, in the order that was signed.
    pub sites: Vec<ExportedFilingLine>,
}

/// One site of a fixed list, as it was then.
#[derive(Debug, Serialize)]
pub struct ExportedFilingLine {
    /// Which.
    pub site: ExportedOrganisation,
    /// `file`, or `release` where the site has its return back.
    pub action: String,
    /// The key of its sector.
    pub sector: String,
    /// The profile it was held to.
    pub profile: String,
    /// The answers that differed.
    pub overrides: Value,
    /// `queued`, `filed`, `stands`, `released` or `failed`.
    pub state: String,
    /// Why it failed.
    pub said: String,
    /// The number of the submission that was made for it.
    pub number: Option<i64>,
    /// SHA-256 of that submission's snapshot, in hexadecimal.
    pub snapshot_sha256: Option<String>,
}

/// What a return says of sites; none where it covers none.
pub(super) fn sites(conn: &mut Conn, found: &Found) -> Result<Option<ExportedSites>> {
    let since: Option<Timestamp> = site_group::table
        .filter(site_group::return_id.eq(found.id))
        .select(site_group::opened_at)
        .first(conn)
        .optional()?;
    let Some(since) = since else { return Ok(None) };
    Ok(Some(ExportedSites {
        covered_since: since.rfc3339(),
        left_out: left_out(conn, found.id)?,
        exceptions: exceptions(conn, found)?,
        filings: filings(conn, found.id)?,
    }))
}

fn left_out(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedExclusion>> {
    let rows: Vec<(String, String, ExclusionKind, String, Timestamp)> = site_exclusion::table
        .inner_join(organisation::table.on(organisation::id.eq(site_exclusion::site_id)))
        .filter(site_exclusion::return_id.eq(of))
        .order(organisation::id)
        .select((
            organisation::code,
            organisation::name,
            site_exclusion::kind,
            site_exclusion::note,
            site_exclusion::excluded_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, name, kind, note, at)| ExportedExclusion {
            site: ExportedOrganisation { code, name },
            kind,
            note,
            excluded_at: at.rfc3339(),
        })
        .collect())
}

fn exceptions(conn: &mut Conn, found: &Found) -> Result<Vec<ExportedException>> {
    let differing = sites::exceptions(conn, found.id)?;
    let mut files = sites::exception_files(conn, found.id)?;
    let names: Vec<(OrganisationId, String, String)> = organisation::table
        .inner_join(site_exception::table.on(site_exception::site_id.eq(organisation::id)))
        .filter(site_exception::return_id.eq(found.id))
        .select((organisation::id, organisation::code, organisation::name))
        .distinct()
        .load(conn)?;
    let names: HashMap<OrganisationId, (String, String)> =
        names.into_iter().map(|(id, code, name)| (id, (code, name))).collect();
    let people = People::read(conn, differing.iter().filter_map(|one| one.updated_by))?;
    differing
        .into_iter()
        .map(|one| {
            let (code, name) = names.get(&one.site).cloned().unwrap_or_default();
            let position = found.edition.position_of(one.requirement);
            let requirement = position.and_then(|at| found.edition.edition().requirements().get(at));
            Ok(ExportedException {
                site: ExportedOrganisation { code, name },
                requirement: requirement.map(|of| of.code.to_string()).unwrap_or_default(),
                value: read("an answer that differs for a site", &one.value)?,
                comment: one.comment,
                version: one.version,
                updated_at: one.updated_at.rfc3339(),
                updated_by: one.updated_by.map(|by| people.of(by).name).unwrap_or_default(),
                evidence: files.remove(&one.id).unwrap_or_default().iter().map(file).collect(),
            })
        })
        .collect()
}

fn file(file: &Attached) -> ExportedExceptionFile {
    ExportedExceptionFile {
        name: file.file_name.clone(),
        sha256: hex(&file.sha256),
        attached_at: file.linked_at.rfc3339(),
    }
}

fn filings(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedFiling>> {
    let rows: Vec<(FilingId, i64, Timestamp, Option<PersonId>, bool, Vec<u8>)> = site_filing::table
        .inner_join(submission::table.on(submission::id.eq(site_filing::submission_id)))
        .filter(site_filing::return_id.eq(of))
        .order(site_filing::id)
        .select((
            site_filing::id,
            submission::number,
            site_filing::pressed_at,
            site_filing::pressed_by,
            site_filing::late,
            site_filing::list_hash,
        ))
        .load(conn)?;
    let people = People::read(conn, rows.iter().filter_map(|row| row.3))?;
    let mut exported = Vec::with_capacity(rows.len());
    for (id, number, pressed_at, pressed_by, late, list_hash) in rows {
        exported.push(ExportedFiling {
            submission: number,
            pressed_at: pressed_at.rfc3339(),
            pressed_by: pressed_by.map(|by| people.of(by).name).unwrap_or_default(),
            late,
            list_sha256: hex(&list_hash),
            sites: sites::filing_lines(conn, id, 0, i64::MAX)?
                .into_iter()
                .map(line)
                .collect::<Result<_>>()?,
        });
    }
    Ok(exported)
}

fn line(line: FilingLine) -> Result<ExportedFilingLine> {
    Ok(ExportedFilingLine {
        action: line.action.to_string(),
        overrides: read("the answers of a fixed list", &line.overrides)?,
        site: ExportedOrganisation { code: line.code, name: line.name },
        sector: line.sector,
        profile: line.profile,
        state: line.state.to_string(),
        said: line.said,
        number: line.number,
        snapshot_sha256: line.hash.as_deref().map(hex),
    })
}

fn read(what: &str, stored: &str) -> Result<Value> {
    serde_json::from_str(stored).map_err(|e| Error::internal(format!("failed to read {what}"), e))
}
