//! What an organisation owns whatever the year: its people with their roles, who was invited, who signs for whom, its
//! evidence library, what it holds, and what it asked to be corrected in the register's list of its sites.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use super::around::{ExportedHoldings, ExportedPerson};
use super::gather::{self, People};
use super::record::ExportedOrganisation;
use crate::access::OrganisationRole;
use crate::organisations::{CorrectionKind, CorrectionState};
use crate::platform::canonical::hex;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, PieceId};
use crate::returns::library::{Classification, ScanState};
use crate::returns::model::SnapshotOrganisation;
use crate::schema::{
    evidence, evidence_piece, invitation, membership, organisation, person, sign_delegation, site_correction,
};

/// What the document says it is.
const FORMAT: &str = "organisation-export";
/// The version of its shape.
const VERSION: u64 = 2;

/// The document.
#[derive(Debug, Serialize)]
pub struct OrganisationExport {
    format: &'static str,
    version: u64,
    exported_at: String,
    organisation: SnapshotOrganisation,
    people: Vec<Membership>,
    invitations: Vec<Invitation>,
    delegations: Vec<Delegation>,
    holdings: ExportedHoldings,
    library: Vec<Piece>,
    site_corrections: Vec<SiteCorrection>,
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

/// Somebody who was asked to join.
#[derive(Debug, Serialize)]
struct Invitation {
    #[serde(flatten)]
    person: ExportedPerson,
    role: String,
    invited_by: Option<ExportedPerson>,
    created_at: String,
    expires_at: String,
    accepted_at: Option<String>,
    revoked_at: Option<String>,
}

/// Who was to sign for whom.
#[derive(Debug, Serialize)]
struct Delegation {
    role: OrganisationRole,
    delegator: ExportedPerson,
    delegate: ExportedPerson,
    until: Day,
    reason: String,
    given_at: String,
    ended_at: Option<String>,
    ended_by: Option<ExportedPerson>,
}

/// A correction of the list of its sites that a head office asked for.
#[derive(Debug, Serialize)]
struct SiteCorrection {
    kind: CorrectionKind,
    site: ExportedOrganisation,
    detail: String,
    note: String,
    state: CorrectionState,
    asked_by: ExportedPerson,
    asked_at: String,
    answer: String,
    answered_at: Option<String>,
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
        invitations: invitations(conn, whose)?,
        delegations: delegations(conn, whose)?,
        holdings: gather::holdings(conn, whose)?,
        library: library(conn, whose)?,
        site_corrections: site_corrections(conn, whose)?,
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

/// Everybody who was invited, the first first.
fn invitations(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<Invitation>> {
    type Who = (String, String, String, Option<PersonId>);
    type When = (Timestamp, Timestamp, Option<Timestamp>, Option<Timestamp>);
    let rows: Vec<(Who, When)> = invitation::table
        .filter(invitation::organisation_id.eq(whose))
        .order(invitation::id)
        .select((
            (invitation::name, invitation::email, invitation::role, invitation::invited_by),
            (invitation::created_at, invitation::expires_at, invitation::accepted_at, invitation::revoked_at),
        ))
        .load(conn)?;
    let people = People::read(conn, rows.iter().filter_map(|(who, _)| who.3))?;
    let invited = |((name, email, role, invited_by), when): (Who, When)| {
        let (created_at, expires_at, accepted_at, revoked_at) = when;
        Invitation {
            person: ExportedPerson { name, email },
            role,
            invited_by: invited_by.map(|by| people.of(by)),
            created_at: created_at.rfc3339(),
            expires_at: expires_at.rfc3339(),
            accepted_at: accepted_at.map(Timestamp::rfc3339),
            revoked_at: revoked_at.map(Timestamp::rfc3339),
        }
    };
    Ok(rows.into_iter().map(invited).collect())
}

/// Every delegation of signing, the first first, whether it stands or not.
fn delegations(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<Delegation>> {
    type Row = (
        (OrganisationRole, PersonId, PersonId, Day, String),
        (Timestamp, Option<Timestamp>, Option<PersonId>),
    );
    let rows: Vec<Row> = sign_delegation::table
        .filter(sign_delegation::organisation_id.eq(whose))
        .order(sign_delegation::id)
        .select((
            (
                sign_delegation::role,
                sign_delegation::delegator_id,
                sign_delegation::delegate_id,
                sign_delegation::until,
                sign_delegation::reason,
            ),
            (sign_delegation::given_at, sign_delegation::ended_at, sign_delegation::ended_by),
        ))
        .load(conn)?;
    let mentioned = rows.iter().flat_map(|(given, ended)| [Some(given.1), Some(given.2), ended.2]);
    let people = People::read(conn, mentioned.flatten())?;
    let given = |((role, from, to, until, reason), (given_at, ended_at, ended_by)): Row| Delegation {
        role,
        delegator: people.of(from),
        delegate: people.of(to),
        until,
        reason,
        given_at: given_at.rfc3339(),
        ended_at: ended_at.map(Timestamp::rfc3339),
        ended_by: ended_by.map(|by| people.of(by)),
    };
    Ok(rows.into_iter().map(given).collect())
}

/// Every correction of the list of its sites that the organisation asked for, the first first.
fn site_corrections(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<SiteCorrection>> {
    type Asked = (CorrectionKind, String, String, PersonId, Timestamp);
    type Answered = (CorrectionState, String, Option<Timestamp>);
    let rows: Vec<(Asked, Answered, (String, String))> = site_correction::table
        .inner_join(organisation::table.on(organisation::id.eq(site_correction::site_id)))
        .filter(site_correction::organisation_id.eq(whose))
        .order(site_correction::id)
        .select((
            (
                site_correction::kind,
                site_correction::detail,
                site_correction::note,
                site_correction::asked_by,
                site_correction::asked_at,
            ),
            (site_correction::state, site_correction::answer, site_correction::answered_at),
            (organisation::code, organisation::name),
        ))
        .load(conn)?;
    let people = People::read(conn, rows.iter().map(|(asked, ..)| asked.3))?;
    let asked = |(asked, answered, (code, name)): (Asked, Answered, (String, String))| {
        let (kind, detail, note, asked_by, asked_at) = asked;
        let (state, answer, answered_at) = answered;
        SiteCorrection {
            kind,
            site: ExportedOrganisation { code, name },
            detail,
            note,
            state,
            asked_by: people.of(asked_by),
            asked_at: asked_at.rfc3339(),
            answer,
            answered_at: answered_at.map(Timestamp::rfc3339),
        }
    };
    Ok(rows.into_iter().map(asked).collect())
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
    let known = People::read(conn, mentioned.chain(rows.iter().filter_map(|(_, rest)| rest.3)))?;
    let somebody = |id: Option<PersonId>| id.map(|id| known.of(id));
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
