//! Queries about the evidence library.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::model::{Classification, PieceState, ScanState, Show, Sort, WARN_AHEAD};
use crate::access::{Action, Actor, Permit, Subject};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, PieceId, RequirementId, ReturnId};
use crate::returns::model::ReturnState;
use crate::schema::{
    annual_return, answer_evidence, collection, evidence, evidence_piece, requirement, site_exception,
    site_exception_evidence,
};

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its row.
    pub id: PieceId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What it is called.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// How carefully it is to be kept.
    pub classification: Classification,
    /// Who looks after it.
    pub owner: Option<PersonId>,
    /// Its first day.
    pub valid_from: Option<Day>,
    /// Its last day.
    pub valid_to: Option<Day>,
    /// Counts the changes.
    pub version: i64,
    /// When it came.
    pub created_at: Timestamp,
    /// When it was removed.
    pub removed_at: Option<Timestamp>,
}

impl Piece {
    /// Whether it can be chosen.
    #[must_use]
    pub const fn state(&self) -> PieceState {
        if self.removed_at.is_some() { PieceState::Removed } else { PieceState::Kept }
    }

    /// What the access table decides on.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject {
            kind: "piece of evidence",
            id: self.id.get(),
            organisation: Some(self.organisation),
            state: self.state().as_str(),
        }
    }

    /// The permit of an action on this piece.
    ///
    /// # Errors
    /// As [`Permit::grant`].
    pub fn permit<A: Action>(&self, actor: &Actor) -> Result<Permit<A>> {
        Permit::grant(actor, Some(self.subject()))
    }

    /// Whether an action is offered to somebody; the verb asks again.
    #[must_use]
    pub fn offers<A: Action>(&self, actor: &Actor) -> bool {
        A::ROW.allows(actor, &self.subject()).is_ok()
    }

    /// Refuses a permit for another piece than this one, which is a fault of the caller.
    pub(super) fn must_be_of<A: Action>(&self, permit: &Permit<A>) -> Result<()> {
        if permit.id() == self.id.get() && permit.subject().organisation == Some(self.organisation) {
            Ok(())
        } else {
            Err(Error::broken("the permit is for another piece of evidence"))
        }
    }
}

type PieceRow = (
    PieceId,
    OrganisationId,
    String,
    String,
    String,
    Classification,
    Option<PersonId>,
    Option<Day>,
    Option<Day>,
    i64,
    Timestamp,
    Option<Timestamp>,
);

type PieceColumns = (
    evidence_piece::id,
    evidence_piece::organisation_id,
    evidence_piece::title,
    evidence_piece::description,
    evidence_piece::tags,
    evidence_piece::classification,
    evidence_piece::owner_id,
    evidence_piece::valid_from,
    evidence_piece::valid_to,
    evidence_piece::version,
    evidence_piece::created_at,
    evidence_piece::removed_at,
);

const PIECE: PieceColumns = (
    evidence_piece::id,
    evidence_piece::organisation_id,
    evidence_piece::title,
    evidence_piece::description,
    evidence_piece::tags,
    evidence_piece::classification,
    evidence_piece::owner_id,
    evidence_piece::valid_from,
    evidence_piece::valid_to,
    evidence_piece::version,
    evidence_piece::created_at,
    evidence_piece::removed_at,
);

fn piece_of(row: PieceRow) -> Piece {
    let (id, organisation, title, description, tags, classification, owner, from, to, version, at, removed) =
        row;
    Piece {
        id,
        organisation,
        title,
        description,
        tags: tags.lines().map(str::to_owned).collect(),
        classification,
        owner,
        valid_from: from,
        valid_to: to,
        version,
        created_at: at,
        removed_at: removed,
    }
}

/// One piece of an organisation.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn piece(conn: &mut Conn, whose: OrganisationId, id: PieceId) -> Result<Piece> {
    let row: PieceRow = evidence_piece::table
        .filter(evidence_piece::id.eq(id))
        .filter(evidence_piece::organisation_id.eq(whose))
        .select(PIECE)
        .first(conn)?;
    Ok(piece_of(row))
}

/// How many pieces an organisation has, removed ones included.
pub(super) fn count_pieces(conn: &mut Conn, whose: OrganisationId) -> Result<i64> {
    Ok(evidence_piece::table
        .filter(evidence_piece::organisation_id.eq(whose))
        .select(count_star())
        .first(conn)?)
}

/// What a list is to show.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Words, each of which the title or a tag must have.
    pub words: String,
    /// Which pieces.
    pub show: Show,
    /// In which order.
    pub sort: Sort,
    /// The page, from 1.
    pub page: i64,
    /// Pieces on a page.
    pub size: i64,
    /// The day that decides what is out of date.
    pub today: Day,
}

/// The most words that a search looks at.
const WORDS: usize = 6;

/// A page of an organisation's library and the number of pieces in all.
///
/// # Errors
/// When the database cannot be asked.
pub fn search(conn: &mut Conn, whose: OrganisationId, wanted: &Wanted) -> Result<(Vec<Piece>, i64)> {
    let used: Vec<PieceId> =
        if wanted.show == Show::Unused { super::uses::used_pieces(conn, whose)? } else { Vec::new() };
    let matching = || {
        let mut query = evidence_piece::table.filter(evidence_piece::organisation_id.eq(whose)).into_boxed();
        query = match wanted.show {
            Show::Removed => query.filter(evidence_piece::removed_at.is_not_null()),
            _ => query.filter(evidence_piece::removed_at.is_null()),
        };
        let [first, ..] = WARN_AHEAD;
        // Days compare as they are written.
        let (today, soon) = (wanted.today.to_string(), wanted.today.plus_days(first).to_string());
        query = match wanted.show {
            Show::Current => {
                query.filter(evidence_piece::valid_to.is_null().or(evidence_piece::valid_to.gt(soon)))
            }
            Show::Soon => {
                query.filter(evidence_piece::valid_to.ge(today)).filter(evidence_piece::valid_to.le(soon))
            }
            Show::Stale => query.filter(evidence_piece::valid_to.lt(today)),
            Show::Unused => query.filter(evidence_piece::id.ne_all(used.clone())),
            Show::All | Show::Removed => query,
        };
        for word in wanted.words.to_lowercase().replace('\\', "").split_whitespace().take(WORDS) {
            query = query.filter(evidence_piece::search.like(format!("%{word}%")));
        }
        query
    };
    let total = matching().select(count_star()).first(conn)?;
    let ordered = match wanted.sort {
        Sort::Title => matching().order(evidence_piece::search),
        Sort::Until => matching().order((evidence_piece::valid_to.is_null(), evidence_piece::valid_to)),
        Sort::Added => matching().order(evidence_piece::created_at.desc()),
    };
    let rows: Vec<PieceRow> = ordered
        .then_order_by(evidence_piece::id.desc())
        .limit(wanted.size)
        .offset((wanted.page.clamp(1, 100_000) - 1) * wanted.size)
        .select(PIECE)
        .load(conn)?;
    Ok((rows.into_iter().map(piece_of).collect(), total))
}

/// One version of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its row.
    pub id: EvidenceId,
    /// The piece it is of.
    pub piece: PieceId,
    /// Counts the versions, from 1.
    pub number: i64,
    /// The name it was uploaded under, or the address of a link.
    pub file_name: String,
    /// The kind told by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// The address of a link; none for a file.
    pub link: Option<String>,
    /// What is known of its content.
    pub scan: ScanState,
    /// What the scanner found.
    pub scan_said: Option<String>,
    /// Who added it.
    pub uploaded_by: Option<PersonId>,
    /// When.
    pub uploaded_at: Timestamp,
    /// When a newer one took its place.
    pub replaced_at: Option<Timestamp>,
}

type VersionRow = (
    (EvidenceId, PieceId, i64, String, String, i64),
    (Option<String>, ScanState, Option<String>, Option<PersonId>, Timestamp, Option<Timestamp>),
);

type VersionColumns = (
    (
        evidence::id,
        evidence::piece_id,
        evidence::number,
        evidence::file_name,
        evidence::media_type,
        evidence::size_bytes,
    ),
    (
        evidence::link,
        evidence::scan,
        evidence::scan_said,
        evidence::uploaded_by,
        evidence::uploaded_at,
        evidence::replaced_at,
    ),
);

const VERSION: VersionColumns = (
    (
        evidence::id,
        evidence::piece_id,
        evidence::number,
        evidence::file_name,
        evidence::media_type,
        evidence::size_bytes,
    ),
    (
        evidence::link,
        evidence::scan,
        evidence::scan_said,
        evidence::uploaded_by,
        evidence::uploaded_at,
        evidence::replaced_at,
    ),
);

fn version_of(row: VersionRow) -> Version {
    let ((id, piece, number, file_name, media_type, size), rest) = row;
    let (link, scan, scan_said, uploaded_by, uploaded_at, replaced_at) = rest;
    Version {
        id,
        piece,
        number,
        file_name,
        media_type,
        size,
        link,
        scan,
        scan_said,
        uploaded_by,
        uploaded_at,
        replaced_at,
    }
}

/// Every version of a piece, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn versions(conn: &mut Conn, of: PieceId) -> Result<Vec<Version>> {
    let rows: Vec<VersionRow> = evidence::table
        .filter(evidence::piece_id.eq(of))
        .order(evidence::number.desc())
        .select(VERSION)
        .load(conn)?;
    Ok(rows.into_iter().map(version_of).collect())
}

/// The newest version of each of these pieces.
///
/// # Errors
/// When the database cannot be asked.
pub fn newest(conn: &mut Conn, of: &[PieceId]) -> Result<BTreeMap<PieceId, Version>> {
    let rows: Vec<VersionRow> = evidence::table
        .filter(evidence::piece_id.eq_any(of.to_vec()))
        .filter(evidence::replaced_at.is_null())
        .select(VERSION)
        .load(conn)?;
    Ok(rows.into_iter().map(version_of).map(|version| (version.piece, version)).collect())
}

/// The version of a piece with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn version(conn: &mut Conn, whose: OrganisationId, of: PieceId, number: i64) -> Result<EvidenceId> {
    Ok(evidence::table
        .filter(evidence::piece_id.eq(of))
        .filter(evidence::organisation_id.eq(whose))
        .filter(evidence::number.eq(number))
        .select(evidence::id)
        .first(conn)?)
}

/// One answer that a piece stands beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The return.
    pub of: ReturnId,
    /// The key of its collection.
    pub year: String,
    /// The name of its collection.
    pub collection: String,
    /// Where the return stands.
    pub state: ReturnState,
    /// The requirement.
    pub requirement: RequirementId,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Which version of the piece stands there.
    pub number: i64,
}

/// The answers that a piece stands beside, the newest year first.
///
/// # Errors
/// When the database cannot be asked.
pub fn uses(conn: &mut Conn, of: PieceId) -> Result<Vec<Use>> {
    type UseRow = (ReturnId, String, String, ReturnState, RequirementId, String, String, i64);
    let mut rows: Vec<UseRow> = answer_evidence::table
        .inner_join(evidence::table.on(evidence::id.eq(answer_evidence::evidence_id)))
        .inner_join(annual_return::table.on(annual_return::id.eq(answer_evidence::return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(requirement::table.on(requirement::id.eq(answer_evidence::requirement_id)))
        .filter(evidence::piece_id.eq(of))
        .order((annual_return::id.desc(), requirement::position))
        .select((
            annual_return::id,
            collection::key,
            collection::name,
            annual_return::state,
            requirement::id,
            requirement::code,
            requirement::title,
            evidence::number,
        ))
        .load(conn)?;
    // Beside answers that differ for sites too; one line says it for all sites.
    let of_sites: Vec<UseRow> = site_exception_evidence::table
        .inner_join(site_exception::table.on(site_exception::id.eq(site_exception_evidence::exception_id)))
        .inner_join(evidence::table.on(evidence::id.eq(site_exception_evidence::evidence_id)))
        .inner_join(annual_return::table.on(annual_return::id.eq(site_exception::return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(requirement::table.on(requirement::id.eq(site_exception::requirement_id)))
        .filter(evidence::piece_id.eq(of))
        .select((
            annual_return::id,
            collection::key,
            collection::name,
            annual_return::state,
            requirement::id,
            requirement::code,
            requirement::title,
            evidence::number,
        ))
        .distinct()
        .load(conn)?;
    rows.extend(of_sites);
    let found = |(of, year, collection, state, requirement, code, title, number)| Use {
        of,
        year,
        collection,
        state,
        requirement,
        code,
        title,
        number,
    };
    Ok(rows.into_iter().map(found).collect())
}

/// The pieces that an organisation keeps, by title, with the titles; for choosing one of them.
///
/// # Errors
/// When the database cannot be asked.
pub fn kept_pieces(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<(PieceId, String)>> {
    Ok(evidence_piece::table
        .filter(evidence_piece::organisation_id.eq(whose))
        .filter(evidence_piece::removed_at.is_null())
        .order((evidence_piece::title, evidence_piece::id))
        .limit(KEPT_LISTED)
        .select((evidence_piece::id, evidence_piece::title))
        .load(conn)?)
}

/// The most pieces that one choice offers.
const KEPT_LISTED: i64 = 500;
