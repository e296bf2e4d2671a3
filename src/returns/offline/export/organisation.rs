//! What an organisation owns whatever the year: its people with their roles, its evidence library, what it holds.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use super::around::{ExportedHoldings, ExportedPerson};
use super::gather;
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::canonical::hex;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, PieceId};
use crate::returns::library::{Classification, ScanState};
use crate::returns::model::SnapshotOrganisation;
use crate::schema::{evidence, evidence_piece, membership, organisation, person};

/// What the document says it is.
const FORMAT: &str = "organisation-export";
/// The version of its shape.
const VERSION: u64 = 1;

/// The document.
#[derive(Debug, Serialize)]
pub struct OrganisationExport {
    format: &'static str,
    version: u64,
    exported_at: String,
    organisation: SnapshotOrganisation,
    people: Vec<Membership>,
    holdings: ExportedHoldings,
    library: Vec<Piece>,
}

/// One role that somebody has or had.
#[derive(Debug, Serialize)]
struct Membership {
    #[serde(flatten)]
    person: ExportedPerson,
    role: OrganisationRole,
    granted_at: String,
    ended_at: Option<String>,
}

/// One piece of evidence.
#[derive(Debug, Serialize)]
struct Piece {
    title: String,
    description: String,
    tags: Vec<String>,
    classification: Classification,
    owner: Option<ExportedPerson>,
    valid_from: Option<Day>,
    valid_to: Option<Day>,
    created_at: String,
    removed_at: Option<String>,
    versions: Vec<Version>,
}

/// One version of a piece. Its content lies under its hash beside this document, unless the scan has not passed it.
#[derive(Debug, Serialize)]
struct Version {
    number: i64,
    name: String,
    media_type: String,
    size: i64,
    sha256: String,
    link: Option<String>,
    scan: ScanState,
    scan_said: Option<String>,
    uploaded_by: Option<ExportedPerson>,
    uploaded_at: String,
    replaced_at: Option<String>,
}

/// Everything of an organisation that belongs to no year.
///
/// # Errors
/// When the database cannot be asked.
pub fn organisation_export(
    conn: &mut Conn,
    whose: OrganisationId,
    now: Timestamp,
) -> Result<OrganisationExport> {
    let (code, name, sector) = organisation::table
        .filter(organisation::id.eq(whose))
        .select((organisation::code, organisation::name, organisation::sector))
        .first(conn)?;
    Ok(OrganisationExport {
        format: FORMAT,
        version: VERSION,
        exported_at: now.rfc3339(),
        organisation: SnapshotOrganisation { code, name, sector },
        people: people(conn, whose)?,
        holdings: gather::holdings(conn, whose)?,
        library: library(conn, whose)?,
    })
}

fn people(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<Membership>> {
    type Row = (String, String, OrganisationRole, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = membership::table
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(membership::organisation_id.eq(whose))
        .order((person::name, membership::id))
        .select((person::name, person::email, membership::role, membership::granted_at, membership::ended_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(name, email, role, granted_at, ended_at)| Membership {
            person: ExportedPerson { name, email },
            role,
            granted_at: granted_at.rfc3339(),
            ended_at: ended_at.map(Timestamp::rfc3339),
        })
        .collect())
}

type VersionRow = (
    (PieceId, i64, String, String, i64, Vec<u8>),
    (Option<String>, ScanState, Option<String>, Option<PersonId>, Timestamp, Option<Timestamp>),
);

/// Every piece with its versions, the oldest first, in three statements.
fn library(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<Piece>> {
    type Row = (
        (PieceId, String, String, String, Classification),
        (Option<PersonId>, Option<Day>, Option<Day>, Timestamp, Option<Timestamp>),
    );
    let pieces: Vec<Row> = evidence_piece::table
        .filter(evidence_piece::organisation_id.eq(whose))
        .order(evidence_piece::id)
        .select((
            (
                evidence_piece::id,
                evidence_piece::title,
                evidence_piece::description,
                evidence_piece::tags,
                evidence_piece::classification,
            ),
            (
                evidence_piece::owner_id,
                evidence_piece::valid_from,
                evidence_piece::valid_to,
                evidence_piece::created_at,
                evidence_piece::removed_at,
            ),
        ))
        .load(conn)?;
    let rows = version_rows(conn, whose)?;
    let mentioned = pieces.iter().filter_map(|(_, (owner, ..))| *owner);
    let mut ids: Vec<PersonId> = mentioned.chain(rows.iter().filter_map(|(_, rest)| rest.3)).collect();
    ids.sort_unstable();
    ids.dedup();
    let known: BTreeMap<PersonId, ExportedPerson> = identity::addresses_of(conn, &ids)?
        .into_iter()
        .map(|(id, name, email)| (id, ExportedPerson { name, email }))
        .collect();
    let somebody = |id: Option<PersonId>| id.and_then(|id| known.get(&id).cloned());
    let mut versions: BTreeMap<PieceId, Vec<Version>> = BTreeMap::new();
    for ((of, number, name, media_type, size, sha256), rest) in rows {
        let (link, scan, scan_said, uploaded_by, uploaded_at, replaced_at) = rest;
        versions.entry(of).or_default().push(Version {
            number,
            name,
            media_type,
            size,
            sha256: hex(&sha256),
            link,
            scan,
            scan_said,
            uploaded_by: somebody(uploaded_by),
            uploaded_at: uploaded_at.rfc3339(),
            replaced_at: replaced_at.map(Timestamp::rfc3339),
        });
    }
    let piece = |((id, title, description, tags, classification), rest): Row| {
        let (owner, valid_from, valid_to, created_at, removed_at) = rest;
        Piece {
            title,
            description,
            tags: tags.lines().map(str::to_owned).collect(),
            classification,
            owner: somebody(owner),
            valid_from,
            valid_to,
            created_at: created_at.rfc3339(),
            removed_at: removed_at.map(Timestamp::rfc3339),
            versions: versions.remove(&id).unwrap_or_default(),
        }
    };
    Ok(pieces.into_iter().map(piece).collect())
}

fn version_rows(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<VersionRow>> {
    Ok(evidence::table
        .filter(evidence::organisation_id.eq(whose))
        .order((evidence::piece_id, evidence::number))
        .select((
            (
                evidence::piece_id,
                evidence::number,
                evidence::file_name,
                evidence::media_type,
                evidence::size_bytes,
                evidence::sha256,
            ),
            (
                evidence::link,
                evidence::scan,
                evidence::scan_said,
                evidence::uploaded_by,
                evidence::uploaded_at,
                evidence::replaced_at,
            ),
        ))
        .load(conn)?)
}
