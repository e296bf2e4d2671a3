//! Corrections as stored.

use diesel::prelude::*;

use super::model::{CorrectionState, Step};
use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, PersonId, RuleCorrectionId};
use crate::schema::{edition, person, rule_correction};
use crate::standards::correcting::CorrectionDocument;

/// A correction of the rules of an edition.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Its row.
    pub id: RuleCorrectionId,
    /// The edition.
    pub edition: EditionId,
    /// Counts the corrections of the edition.
    pub number: i64,
    /// Where it stands.
    pub state: CorrectionState,
    /// Counts its changes.
    pub version: i64,
    /// The version of the rules that it makes.
    pub rule_set: String,
    /// What was wrong, in words for the public.
    pub reason: String,
    /// Canonical JSON of the [`CorrectionDocument`].
    pub document: String,
    /// SHA-256 of it.
    pub document_hash: Vec<u8>,
    /// The hash of the rules that it is applied to.
    pub base_hash: Vec<u8>,
    /// The hash of the rules that it makes.
    pub rules_hash: Vec<u8>,
    /// Its author.
    pub drafted_by: PersonId,
    /// The author's name.
    pub author: String,
    /// When it was last changed.
    pub drafted_at: Timestamp,
    /// When its preview was finished.
    pub previewed_at: Option<Timestamp>,
    /// What the preview rests on.
    pub preview_hash: Option<Vec<u8>>,
    /// Returns that it is about, and how many of them the running job has done.
    pub progress: (i64, i64),
    /// Who approved it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What the approver states.
    pub statement: String,
    /// Why it was refused last.
    pub refusal: String,
    /// Since when its rules count.
    pub in_force_at: Option<Timestamp>,
    /// SHA-256 over its results.
    pub results_hash: Option<Vec<u8>>,
    /// Returns by sector, old and new grade, as JSON; frozen when it is put in force.
    pub counts: String,
    /// The key of the edition.
    pub edition_key: String,
    /// The label of the edition.
    pub edition_label: String,
}

impl Correction {
    /// What the access table needs to know of it.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        Subject { kind: "rule correction", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }

    /// What it changes.
    ///
    /// # Errors
    /// When the stored text is no correction, which is a fault.
    pub fn parsed(&self) -> Result<CorrectionDocument> {
        serde_json::from_str(&self.document)
            .map_err(|e| Error::internal(format!("failed to read correction {}", self.id), e))
    }
}

type Row = (
    (RuleCorrectionId, EditionId, i64, CorrectionState, i64, String, String),
    (String, Vec<u8>, Vec<u8>, Vec<u8>, PersonId, Timestamp),
    (Option<Timestamp>, Option<Vec<u8>>, i64, i64, Option<PersonId>, Option<Timestamp>),
    (String, String, Option<Timestamp>, Option<Vec<u8>>, String),
    (String, String, String),
);

/// The columns of a [`Correction`].
macro_rules! columns {
    () => {
        (
            (
                rule_correction::id,
                rule_correction::edition_id,
                rule_correction::number,
                rule_correction::state,
                rule_correction::version,
                rule_correction::rule_set,
                rule_correction::reason,
            ),
            (
                rule_correction::document,
                rule_correction::document_hash,
                rule_correction::base_hash,
                rule_correction::rules_hash,
                rule_correction::drafted_by,
                rule_correction::drafted_at,
            ),
            (
                rule_correction::previewed_at,
                rule_correction::preview_hash,
                rule_correction::total,
                rule_correction::done,
                rule_correction::decided_by,
                rule_correction::decided_at,
            ),
            (
                rule_correction::statement,
                rule_correction::refusal,
                rule_correction::in_force_at,
                rule_correction::results_hash,
                rule_correction::counts,
            ),
            (edition::key, edition::label, person::name),
        )
    };
}

fn correction_of(row: Row) -> Correction {
    let (
        (id, edition, number, state, version, rule_set, reason),
        (document, document_hash, base_hash, rules_hash, drafted_by, drafted_at),
        (previewed_at, preview_hash, total, done, decided_by, decided_at),
        (statement, refusal, in_force_at, results_hash, counts),
        (edition_key, edition_label, author),
    ) = row;
    Correction {
        id,
        edition,
        number,
        state,
        version,
        rule_set,
        reason,
        document,
        document_hash,
        base_hash,
        rules_hash,
        drafted_by,
        author,
        drafted_at,
        previewed_at,
        preview_hash,
        progress: (total, done),
        decided_by,
        decided_at,
        statement,
        refusal,
        in_force_at,
        results_hash,
        counts,
        edition_key,
        edition_label,
    }
}

/// The correction with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub(super) fn correction(conn: &mut Conn, id: RuleCorrectionId) -> Result<Correction> {
    let row: Row = rule_correction::table
        .inner_join(edition::table.on(edition::id.eq(rule_correction::edition_id)))
        .inner_join(person::table.on(person::id.eq(rule_correction::drafted_by)))
        .filter(rule_correction::id.eq(id))
        .select(columns!())
        .first(conn)?;
    Ok(correction_of(row))
}

/// Every correction of an edition, the newest first; of every edition where none is named.
pub(super) fn corrections(conn: &mut Conn, of: Option<EditionId>) -> Result<Vec<Correction>> {
    let rows: Vec<Row> = rule_correction::table
        .inner_join(edition::table.on(edition::id.eq(rule_correction::edition_id)))
        .inner_join(person::table.on(person::id.eq(rule_correction::drafted_by)))
        .order(rule_correction::id.desc())
        .select(columns!())
        .load(conn)?;
    let all = rows.into_iter().map(correction_of);
    Ok(all.filter(|one| of.is_none_or(|edition| one.edition == edition)).collect())
}

/// Moves a correction on, as it was read, or a conflict.
///
/// # Errors
/// [`Error::Conflict`] when it has moved on since it was read.
pub(super) fn move_on(tx: &mut Tx<'_>, as_read: &Correction, step: Step) -> Result<CorrectionState> {
    let to = as_read.state.after(step).ok_or_else(moved_on)?;
    let moved = diesel::update(
        rule_correction::table
            .filter(rule_correction::id.eq(as_read.id))
            .filter(rule_correction::version.eq(as_read.version))
            .filter(rule_correction::state.eq(as_read.state)),
    )
    .set((rule_correction::state.eq(to), rule_correction::version.eq(as_read.version + 1)))
    .execute(tx.conn())?;
    if moved == 1 { Ok(to) } else { Err(moved_on()) }
}

/// What is said when a correction has changed under somebody's hands.
pub(super) fn moved_on() -> Error {
    Error::Conflict("The correction has moved on since you loaded it.".to_owned())
}
