//! Queries about returns, their answers and evidence. A page asks for a [`Found`] in one statement and for what it
//! shows in one more each.

use std::sync::Arc;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::circumstances::{self, Circumstances, PlanHead};
use super::editions::{Before, BeforeRow};
use super::library::ScanState;
use super::model::{AnswerState, ReturnState, StoredAnswer};
use super::plan::PlanState;
use crate::collections::{self, Collection, CollectionRow};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    AnswerId, CollectionId, EvidenceId, OrganisationId, PersonId, PieceId, PlanId, RequirementId, ReturnId,
    SubmissionId,
};
use crate::schema::{
    annual_return, answer, answer_evidence, answer_version, certificate, collection, edition, evidence,
    evidence_piece, extension, improvement_plan, organisation, requirement, rule_correction, submission,
};
use crate::standards::{self, SectorKey, StoredEdition};

/// A return with everything that every page and verb about it needs.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its row.
    pub id: ReturnId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Code of the organisation.
    pub code: String,
    /// Name of the organisation.
    pub name: String,
    /// Sector of the organisation.
    pub sector: SectorKey,
    /// The profile it is held to; empty where the edition has none.
    pub profile: String,
    /// Where it stands.
    pub state: ReturnState,
    /// Counts its moves.
    pub version: i64,
    /// When it was started.
    pub opened_at: Timestamp,
    /// The newest submission.
    pub submission: Option<SubmissionId>,
    /// The grade after review.
    pub final_grade: Option<String>,
    /// Why a submitted return was taken up again.
    pub reopened_reason: Option<String>,
    /// Its collection.
    pub collection: Collection,
    /// Until when its organisation was given more time.
    pub extension: Option<Timestamp>,
    /// What is asked, under the rules in force.
    pub edition: Arc<StoredEdition>,
    /// Whether the rules in force are corrected ones.
    pub corrected: bool,
    /// What it rests on besides its answers.
    pub circumstances: Circumstances,
    /// What it was compared with when it was started; none where its collection has no predecessor.
    pub before: Option<Before>,
}

type ReturnRow = (
    ReturnId,
    OrganisationId,
    String,
    ReturnState,
    i64,
    Timestamp,
    Option<SubmissionId>,
    Option<String>,
    Option<String>,
);
type OrganisationRow = (String, String, String);
type PlanRow = (PlanId, PlanState, i64);
type Row = (
    ReturnRow,
    OrganisationRow,
    CollectionRow,
    Option<Timestamp>,
    (Vec<u8>, Option<Vec<u8>>, RequirementId),
    Option<PlanRow>,
    BeforeRow,
    bool,
);

/// An organisation's return with all its answers and files, as most pages about the whole of it need them.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn whole(
    conn: &mut Conn,
    whose: OrganisationId,
    year: &str,
) -> Result<(Found, Vec<StoredAnswer>, Vec<Attached>)> {
    let found = find(conn, Which::Of(whose, year))?.ok_or(Error::NotFound)?;
    let answers = answers(conn, found.id)?;
    let files = attached(conn, found.id, None)?;
    Ok((found, answers, files))
}

/// Which return is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// An organisation's in the collection of this key.
    Of(OrganisationId, &'a str),
    /// The one with this number.
    Id(ReturnId),
}

/// The return, in one statement (once its edition has been seen), and what it rests on, in one to four more where its
/// organisation has certificates that its edition asks for, or it has a plan.
///
/// # Errors
/// When the database cannot be asked.
pub fn find(conn: &mut Conn, which: Which<'_>) -> Result<Option<Found>> {
    let query = annual_return::table
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
        .inner_join(edition::table.on(edition::id.eq(annual_return::edition_id)))
        .inner_join(
            requirement::table.on(requirement::edition_id.eq(edition::id).and(requirement::position.eq(0))),
        )
        .left_join(
            rule_correction::table
                .on(rule_correction::edition_id.eq(edition::id).and(rule_correction::state.eq("in_force"))),
        )
        .left_join(
            extension::table.on(extension::collection_id
                .eq(annual_return::collection_id)
                .and(extension::organisation_id.eq(annual_return::organisation_id))),
        )
        .left_join(improvement_plan::table.on(improvement_plan::return_id.eq(annual_return::id)))
        .select((
            (
                annual_return::id,
                annual_return::organisation_id,
                annual_return::profile,
                annual_return::state,
                annual_return::version,
                annual_return::opened_at,
                annual_return::submission_id,
                annual_return::final_grade,
                annual_return::reopened_reason,
            ),
            (organisation::code, organisation::name, organisation::sector),
            collections::COLUMNS,
            extension::until.nullable(),
            (edition::definition_hash, rule_correction::rules_hash.nullable(), requirement::id),
            (improvement_plan::id, improvement_plan::state, improvement_plan::version).nullable(),
            (
                annual_return::before_edition_id,
                annual_return::before_submission_id,
                annual_return::mapping_id,
                annual_return::change_hash,
            ),
            exists(
                certificate::table.filter(certificate::organisation_id.eq(annual_return::organisation_id)),
            ),
        ));
    // Two statements rather than one that is put together: that would be written out anew for every page.
    let row: Option<Row> = match which {
        Which::Id(id) => query.filter(annual_return::id.eq(id)).first(conn).optional()?,
        Which::Of(organisation, key) => query
            .filter(annual_return::organisation_id.eq(organisation))
            .filter(collection::key.eq(key))
            .first(conn)
            .optional()?,
    };
    row.map(|row| found(conn, row)).transpose()
}

fn found(conn: &mut Conn, row: Row) -> Result<Found> {
    let (
        of_return,
        (code, name, sector),
        collection,
        extension,
        (own, rules, first),
        plan,
        before,
        certified,
    ) = row;
    let (id, organisation, profile, state, version, opened_at, submission, final_grade, reopened_reason) =
        of_return;
    let collection = collections::collection_of(collection);
    let corrected = rules.is_some();
    let edition = standards::known_edition(conn, collection.edition_id, rules.unwrap_or(own), first)?;
    let sector = sector
        .parse()
        .map_err(|e| Error::internal(format!("failed to read the sector of organisation {code}"), e))?;
    let mut found = Found {
        id,
        organisation,
        code,
        name,
        sector,
        profile,
        state,
        version,
        opened_at,
        submission,
        final_grade,
        reopened_reason,
        collection,
        extension,
        edition,
        corrected,
        circumstances: Circumstances::default(),
        before: Before::of_row(before),
    };
    let plan = plan.map(|(id, state, version)| PlanHead { id, state, version });
    found.circumstances = circumstances::load(conn, &found, plan, certified)?;
    Ok(found)
}

/// The answers of a return, in no particular order.
///
/// # Errors
/// When the database cannot be asked.
pub fn answers(conn: &mut Conn, of: ReturnId) -> Result<Vec<StoredAnswer>> {
    let rows: Vec<AnswerRow> =
        answer::table.filter(answer::return_id.eq(of)).select(ANSWER_COLUMNS).load(conn)?;
    Ok(rows.into_iter().map(answer_of).collect())
}

/// The answers of a return to these requirements, in no particular order.
///
/// # Errors
/// When the database cannot be asked.
pub fn answers_to(conn: &mut Conn, of: ReturnId, to: &[RequirementId]) -> Result<Vec<StoredAnswer>> {
    let rows: Vec<AnswerRow> = answer::table
        .filter(answer::return_id.eq(of))
        .filter(answer::requirement_id.eq_any(to))
        .select(ANSWER_COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(answer_of).collect())
}

/// One answer of a return.
///
/// # Errors
/// When the database cannot be asked.
pub fn answer_to(conn: &mut Conn, of: ReturnId, to: RequirementId) -> Result<Option<StoredAnswer>> {
    let row: Option<AnswerRow> = answer::table
        .filter(answer::return_id.eq(of))
        .filter(answer::requirement_id.eq(to))
        .select(ANSWER_COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(answer_of))
}

const ANSWER_COLUMNS: (
    answer::id,
    answer::requirement_id,
    answer::value,
    answer::comment,
    answer::state,
    answer::version,
    answer::carried_from_submission_id,
    answer::updated_at,
    answer::updated_by,
) = (
    answer::id,
    answer::requirement_id,
    answer::value,
    answer::comment,
    answer::state,
    answer::version,
    answer::carried_from_submission_id,
    answer::updated_at,
    answer::updated_by,
);

type AnswerRow = (
    AnswerId,
    RequirementId,
    String,
    String,
    AnswerState,
    i64,
    Option<SubmissionId>,
    Timestamp,
    Option<PersonId>,
);

fn answer_of(row: AnswerRow) -> StoredAnswer {
    let (id, requirement, value, comment, state, version, carried_from, updated_at, updated_by) = row;
    StoredAnswer { id, requirement, value, comment, state, version, carried_from, updated_at, updated_by }
}

/// A version of a piece of evidence, attached to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its row.
    pub id: EvidenceId,
    /// The piece it is a version of.
    pub piece: PieceId,
    /// The requirement it is attached to.
    pub requirement: RequirementId,
    /// What the library calls it.
    pub title: String,
    /// The last day on which it holds.
    pub valid_to: Option<Day>,
    /// Whether the piece was taken out of the library.
    pub removed: bool,
    /// The address of a link; none for a file.
    pub link: Option<String>,
    /// What is known of its content.
    pub scan: ScanState,
    /// The name it was uploaded under, or the address of a link.
    pub file_name: String,
    /// The kind told by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
    /// When it was attached.
    pub linked_at: Timestamp,
}

/// The columns of a version that an [`Attached`] is made of.
pub(super) const VERSION: (
    evidence::id,
    evidence::file_name,
    evidence::media_type,
    evidence::size_bytes,
    evidence::sha256,
    evidence::link,
    evidence::scan,
) = (
    evidence::id,
    evidence::file_name,
    evidence::media_type,
    evidence::size_bytes,
    evidence::sha256,
    evidence::link,
    evidence::scan,
);

/// The columns of its piece.
pub(super) const PIECE: (
    evidence_piece::id,
    evidence_piece::title,
    evidence_piece::valid_to,
    evidence_piece::removed_at,
) = (evidence_piece::id, evidence_piece::title, evidence_piece::valid_to, evidence_piece::removed_at);

/// [`VERSION`] as read.
pub(super) type VersionRow = (EvidenceId, String, String, i64, Vec<u8>, Option<String>, ScanState);

/// [`PIECE`] as read.
pub(super) type PieceRow = (PieceId, String, Option<Day>, Option<Timestamp>);

impl Attached {
    /// From what was read: where and since when it is attached, the version, and its piece.
    pub(super) fn of(
        (requirement, linked_at): (RequirementId, Timestamp),
        (id, file_name, media_type, size, sha256, link, scan): VersionRow,
        (piece, title, valid_to, removed_at): PieceRow,
    ) -> Self {
        Self {
            id,
            piece,
            requirement,
            title,
            valid_to,
            removed: removed_at.is_some(),
            link,
            scan,
            file_name,
            media_type,
            size,
            sha256,
            linked_at,
        }
    }
}

/// Of an attached version, as much as says whether the answer beside it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The requirement it is attached to.
    pub requirement: RequirementId,
    /// What is known of its content.
    pub scan: ScanState,
    /// The last day on which it holds.
    pub valid_to: Option<Day>,
    /// Whether the piece was taken out of the library.
    pub removed: bool,
}

/// What a list of all requirements has to know of the evidence attached to a return's answers: a third of the cost of
/// [`attached`].
///
/// # Errors
/// When the database cannot be asked.
pub fn held(conn: &mut Conn, of: ReturnId) -> Result<Vec<Held>> {
    let rows: Vec<(RequirementId, ScanState, Option<Day>, Option<Timestamp>)> = answer_evidence::table
        .inner_join(evidence::table.on(evidence::id.eq(answer_evidence::evidence_id)))
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .filter(answer_evidence::return_id.eq(of))
        .select((
            answer_evidence::requirement_id,
            evidence::scan,
            evidence_piece::valid_to,
            evidence_piece::removed_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(requirement, scan, valid_to, removed_at)| {
            let removed = removed_at.is_some();
            Held { requirement, scan, valid_to, removed }
        })
        .collect())
}

/// The evidence attached to a return's answers, by requirement and then in the order it was attached.
///
/// # Errors
/// When the database cannot be asked.
pub fn attached(conn: &mut Conn, of: ReturnId, to: Option<RequirementId>) -> Result<Vec<Attached>> {
    let query = answer_evidence::table
        .inner_join(evidence::table.on(evidence::id.eq(answer_evidence::evidence_id)))
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .filter(answer_evidence::return_id.eq(of))
        .order((answer_evidence::requirement_id, answer_evidence::linked_at, evidence::id))
        .select(((answer_evidence::requirement_id, answer_evidence::linked_at), VERSION, PIECE));
    let rows: Vec<((RequirementId, Timestamp), VersionRow, PieceRow)> = match to {
        Some(requirement) => query.filter(answer_evidence::requirement_id.eq(requirement)).load(conn)?,
        None => query.load(conn)?,
    };
    Ok(rows.into_iter().map(|(at, version, piece)| Attached::of(at, version, piece)).collect())
}

/// One earlier state of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierAnswer {
    /// Counts the changes, from 1.
    pub version: i64,
    /// The value's JSON.
    pub value: String,
    /// The comment.
    pub comment: String,
    /// How far it had got.
    pub state: AnswerState,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// By whom.
    pub saved_by: Option<PersonId>,
}

/// Every state that an answer has had, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn history(conn: &mut Conn, of: AnswerId) -> Result<Vec<EarlierAnswer>> {
    type HistoryRow = (i64, String, String, AnswerState, Timestamp, Option<PersonId>);
    let rows: Vec<HistoryRow> = answer_version::table
        .filter(answer_version::answer_id.eq(of))
        .order(answer_version::version.desc())
        .select((
            answer_version::version,
            answer_version::value,
            answer_version::comment,
            answer_version::state,
            answer_version::saved_at,
            answer_version::saved_by,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(version, value, comment, state, saved_at, saved_by)| EarlierAnswer {
            version,
            value,
            comment,
            state,
            saved_at,
            saved_by,
        })
        .collect())
}

/// Everybody who has written any answer of a return.
///
/// # Errors
/// When the database cannot be asked.
pub fn authors(conn: &mut Conn, of: ReturnId) -> Result<Vec<PersonId>> {
    let rows: Vec<Option<PersonId>> = answer_version::table
        .inner_join(answer::table.on(answer::id.eq(answer_version::answer_id)))
        .filter(answer::return_id.eq(of))
        .filter(answer_version::saved_by.is_not_null())
        .select(answer_version::saved_by)
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Which of an organisation's collections have a return, and in which state.
///
/// # Errors
/// When the database cannot be asked.
pub fn returns_of(
    conn: &mut Conn,
    whose: OrganisationId,
) -> Result<Vec<(CollectionId, ReturnId, ReturnState, Option<SubmissionId>)>> {
    Ok(annual_return::table
        .filter(annual_return::organisation_id.eq(whose))
        .select((
            annual_return::collection_id,
            annual_return::id,
            annual_return::state,
            annual_return::submission_id,
        ))
        .load(conn)?)
}

/// The return of an organisation in a collection.
///
/// # Errors
/// When the database cannot be asked.
pub fn return_of(conn: &mut Conn, whose: OrganisationId, of: CollectionId) -> Result<Option<ReturnId>> {
    Ok(annual_return::table
        .filter(annual_return::organisation_id.eq(whose))
        .filter(annual_return::collection_id.eq(of))
        .select(annual_return::id)
        .first(conn)
        .optional()?)
}

/// The sector of an organisation.
pub(super) fn sector_of(conn: &mut Conn, whose: OrganisationId) -> Result<String> {
    Ok(organisation::table.filter(organisation::id.eq(whose)).select(organisation::sector).first(conn)?)
}

/// The newest submission of an organisation in a collection.
///
/// # Errors
/// When the database cannot be asked.
pub fn newest_submission(
    conn: &mut Conn,
    whose: OrganisationId,
    of: CollectionId,
) -> Result<Option<SubmissionId>> {
    Ok(submission::table
        .filter(submission::collection_id.eq(of))
        .filter(submission::organisation_id.eq(whose))
        .order(submission::number.desc())
        .select(submission::id)
        .first(conn)
        .optional()?)
}

/// Moves a return from the state and version it was read in, and from no other.
///
/// # Errors
/// [`Error::Conflict`] when somebody else moved it first.
pub(super) fn move_on(tx: &mut Tx<'_>, from: &Found, to: ReturnState) -> Result<()> {
    let moved = diesel::update(
        annual_return::table
            .filter(annual_return::id.eq(from.id))
            .filter(annual_return::version.eq(from.version))
            .filter(annual_return::state.eq(from.state)),
    )
    .set((annual_return::state.eq(to), annual_return::version.eq(annual_return::version + 1)))
    .execute(tx.conn())?;
    if moved == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("The return has been moved on by somebody else.".to_owned()))
    }
}

/// Keeps a return in its state until this change is committed, on the database where changes run side by side:
/// answers saved now cannot slip behind a colleague's "ready".
pub(super) fn hold_state(tx: &mut Tx<'_>, of: ReturnId) -> Result<Option<ReturnState>> {
    match tx.conn() {
        Conn::Sqlite(_) => Ok(None),
        Conn::Postgres(conn) => Ok(annual_return::table
            .filter(annual_return::id.eq(of))
            .select(annual_return::state)
            .for_share()
            .first(conn)
            .optional()?),
    }
}
