//! What the malware scanner said of a version.

use diesel::prelude::*;
use serde_json::json;

use super::mail::{self, Place};
use super::model::ScanState;
use super::store;
use crate::access::{Actor, Permit, RecordScan, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::files::Verdict;
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, PieceId};
use crate::schema::{evidence, organisation};

/// A version that waits for the scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub id: EvidenceId,
    pub organisation: OrganisationId,
    pub piece: PieceId,
    pub sha256: Vec<u8>,
    /// Microseconds since the epoch.
    pub since: i64,
    uploader: Option<PersonId>,
}

impl Waiting {
    /// The permit to say what the scanner found.
    pub fn permit(&self) -> Result<Permit<RecordScan>> {
        let subject = Subject {
            kind: "version of evidence",
            id: self.id.get(),
            organisation: Some(self.organisation),
            state: ScanState::Pending.as_str(),
        };
        Permit::grant(&Actor::system(), Some(subject))
    }
}

/// The version with this number, if it still waits.
pub(super) fn waiting(conn: &mut Conn, id: EvidenceId) -> Result<Option<Waiting>> {
    type Row = (OrganisationId, PieceId, Vec<u8>, crate::platform::clock::Timestamp, Option<PersonId>);
    let row: Option<Row> = evidence::table
        .filter(evidence::id.eq(id))
        .filter(evidence::scan.eq(ScanState::Pending))
        .select((
            evidence::organisation_id,
            evidence::piece_id,
            evidence::sha256,
            evidence::uploaded_at,
            evidence::uploaded_by,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(organisation, piece, sha256, at, uploader)| Waiting {
        id,
        organisation,
        piece,
        sha256,
        since: at.micros(),
        uploader,
    }))
}

/// The most characters of a signature's name that are kept.
const NAME_LIMIT: usize = 200;

/// Records what the scanner said. What it refuses is refused wherever the organisation has the same content, and whoever
/// uploaded this version is told.
///
/// # Errors
/// [`Error::Conflict`] when somebody else recorded it first.
pub(super) fn record_scan(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordScan>,
    of: &Waiting,
    verdict: &Verdict,
    public_url: &str,
) -> Result<Recorded<()>> {
    let (scan, found) = match verdict {
        Verdict::Clean => (ScanState::Clean, None),
        Verdict::Infected(name) => {
            (ScanState::Refused, Some(name.chars().take(NAME_LIMIT).collect::<String>()))
        }
    };
    let now = tx.now();
    let set = (
        evidence::scan.eq(scan),
        evidence::scan_said.eq(found.as_deref()),
        evidence::scanned_at.eq(Some(now)),
    );
    let this = evidence::table.filter(evidence::id.eq(of.id)).filter(evidence::scan.eq(ScanState::Pending));
    if diesel::update(this).set(set).execute(tx.conn())? != 1 {
        return Err(Error::Conflict("The scan was recorded by another worker.".to_owned()));
    }
    if let Some(found) = &found {
        let same = evidence::table
            .filter(evidence::organisation_id.eq(of.organisation))
            .filter(evidence::sha256.eq(&of.sha256[..]))
            .filter(evidence::link.is_null())
            .filter(evidence::scan.ne(ScanState::Refused));
        diesel::update(same).set(set).execute(tx.conn())?;
        let (code, name): (String, String) = organisation::table
            .filter(organisation::id.eq(of.organisation))
            .select((organisation::code, organisation::name))
            .first(tx.conn())?;
        let piece = store::piece(tx.conn(), of.organisation, of.piece)?;
        let place = Place { code: &code, name: &name, public_url };
        mail::tell_refused(tx, &place, &piece, (of.id, of.uploader, found))?;
    }
    let data = json!({"result": scan, "sha256": hex(&of.sha256), "found": found});
    ledger::append(tx, &Event::of(permit, "evidence_scanned", format!("evidence/{}", of.id), data), ())
}
