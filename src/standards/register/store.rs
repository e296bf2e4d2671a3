//! Stages and proposals as stored.

use diesel::prelude::*;

use super::model::{ProposalKind, ProposalState, Stage, StageRow};
use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionDraftId, EditionId, PersonId, ProposalId};
use crate::schema::{change_proposal, requirement_stage};
use crate::standards::mapping::{Line, LineKind};
use crate::standards::store::edition;

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its row.
    pub id: ProposalId,
    /// The edition that it is about.
    pub edition: EditionId,
    /// What it would do.
    pub kind: ProposalKind,
    /// The code of the requirement, or of the one to be.
    pub code: String,
    /// The question as proposed; empty where it would go.
    pub text: String,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub state: ProposalState,
    /// Why it was declined.
    pub answer: String,
    /// When it was made.
    pub proposed_at: Timestamp,
    /// Who made it.
    pub proposed_by: Option<PersonId>,
}

impl Proposal {
    /// What the access table decides on.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        Subject { kind: "proposal", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }
}

type Row = (
    (ProposalId, EditionId, ProposalKind, String, String),
    (String, ProposalState, String, Timestamp, Option<PersonId>),
);

type Columns = (
    (
        change_proposal::id,
        change_proposal::edition_id,
        change_proposal::kind,
        change_proposal::code,
        change_proposal::text,
    ),
    (
        change_proposal::reason,
        change_proposal::state,
        change_proposal::answer,
        change_proposal::proposed_at,
        change_proposal::proposed_by,
    ),
);

const COLUMNS: Columns = (
    (
        change_proposal::id,
        change_proposal::edition_id,
        change_proposal::kind,
        change_proposal::code,
        change_proposal::text,
    ),
    (
        change_proposal::reason,
        change_proposal::state,
        change_proposal::answer,
        change_proposal::proposed_at,
        change_proposal::proposed_by,
    ),
);

fn read(row: Row) -> Proposal {
    let ((id, edition, kind, code, text), (reason, state, answer, proposed_at, proposed_by)) = row;
    Proposal { id, edition, kind, code, text, reason, state, answer, proposed_at, proposed_by }
}

/// The proposal with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn proposal(conn: &mut Conn, id: ProposalId) -> Result<Proposal> {
    Ok(read(change_proposal::table.filter(change_proposal::id.eq(id)).select(COLUMNS).first(conn)?))
}

/// Every proposal, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn proposals(conn: &mut Conn) -> Result<Vec<Proposal>> {
    let rows: Vec<Row> =
        change_proposal::table.order(change_proposal::id.desc()).select(COLUMNS).load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many proposals about an edition wait.
///
/// # Errors
/// When the database cannot be asked.
pub fn open_proposals(conn: &mut Conn, of: EditionId) -> Result<usize> {
    let count: i64 = change_proposal::table
        .filter(change_proposal::edition_id.eq(of))
        .filter(change_proposal::state.eq(ProposalState::Open))
        .select(diesel::dsl::count_star())
        .first(conn)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Writes a proposal.
pub(super) fn insert(tx: &mut Tx<'_>, new: &Proposal) -> Result<ProposalId> {
    let now = tx.now();
    Ok(diesel::insert_into(change_proposal::table)
        .values((
            change_proposal::edition_id.eq(new.edition),
            change_proposal::kind.eq(new.kind),
            change_proposal::code.eq(&new.code),
            change_proposal::text.eq(&new.text),
            change_proposal::reason.eq(&new.reason),
            change_proposal::state.eq(ProposalState::Open),
            change_proposal::proposed_at.eq(now),
            change_proposal::proposed_by.eq(new.proposed_by),
        ))
        .returning(change_proposal::id)
        .get_result(tx.conn())?)
}

/// Writes down what was decided about an open proposal.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    id: ProposalId,
    (state, answer): (ProposalState, &str),
    (draft, by): (Option<EditionDraftId>, Option<PersonId>),
) -> Result<()> {
    let now = tx.now();
    let open = change_proposal::table
        .filter(change_proposal::id.eq(id))
        .filter(change_proposal::state.eq(ProposalState::Open));
    let changed = diesel::update(open)
        .set((
            change_proposal::state.eq(state),
            change_proposal::answer.eq(answer),
            change_proposal::draft_id.eq(draft),
            change_proposal::decided_at.eq(Some(now)),
            change_proposal::decided_by.eq(by),
        ))
        .execute(tx.conn())?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("A colleague decided about the proposal in the meantime.".to_owned()))
    }
}

/// The stages that were written down for requirements of these editions, the oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn stages(conn: &mut Conn, of: &[EditionId]) -> Result<Vec<StageRow>> {
    let rows: Vec<(EditionId, String, Stage, String, String)> = requirement_stage::table
        .filter(requirement_stage::edition_id.eq_any(of.to_vec()))
        .order(requirement_stage::id)
        .select((
            requirement_stage::edition_id,
            requirement_stage::code,
            requirement_stage::stage,
            requirement_stage::from_label,
            requirement_stage::reason,
        ))
        .load(conn)?;
    let row =
        |(edition, code, stage, from_label, reason)| StageRow { edition, code, stage, from_label, reason };
    Ok(rows.into_iter().map(row).collect())
}

/// That a requirement of an edition will be asked no more, where that was said last. One narrow statement.
///
/// # Errors
/// When the database cannot be asked.
pub fn announced_end(conn: &mut Conn, of: EditionId, code: &str) -> Result<Option<StageRow>> {
    let last: Option<(Stage, String, String)> = requirement_stage::table
        .filter(requirement_stage::edition_id.eq(of))
        .filter(requirement_stage::code.eq(code))
        .order(requirement_stage::id.desc())
        .select((requirement_stage::stage, requirement_stage::from_label, requirement_stage::reason))
        .first(conn)
        .optional()?;
    let row = |(stage, from_label, reason)| StageRow {
        edition: of,
        code: code.to_owned(),
        stage,
        from_label,
        reason,
    };
    // What a frozen edition leaves out is still asked in the returns of the one before.
    Ok(last.map(row).filter(|row| matches!(row.stage, Stage::ToRetire | Stage::Retired)))
}

/// Writes a stage down.
pub(super) fn set(tx: &mut Tx<'_>, by: Option<PersonId>, row: &StageRow) -> Result<()> {
    diesel::insert_into(requirement_stage::table)
        .values((
            requirement_stage::edition_id.eq(row.edition),
            requirement_stage::code.eq(&row.code),
            requirement_stage::stage.eq(row.stage),
            requirement_stage::from_label.eq(&row.from_label),
            requirement_stage::reason.eq(&row.reason),
            requirement_stage::set_at.eq(tx.now()),
            requirement_stage::set_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes down what a new edition begins and ends. Part of a verb that records itself: the freeze.
///
/// # Errors
/// When the rows cannot be written.
pub fn write_down(
    tx: &mut Tx<'_>,
    by: Option<PersonId>,
    (from, to): (EditionId, EditionId),
    lines: &[Line],
) -> Result<()> {
    let label = edition(tx.conn(), to)?.label().to_owned();
    let announced = stages(tx.conn(), &[from])?;
    for line in lines {
        let (edition, code, stage) = match (line.kind, &line.from, &line.to) {
            (LineKind::New, _, Some(code)) => (to, code, Stage::InForce),
            (LineKind::Retired, Some(code), _) => (from, code, Stage::Retired),
            _ => continue,
        };
        let why = announced.iter().rev().find(|row| row.code == code.as_str() && stage == Stage::Retired);
        let reason = match (stage, why.filter(|row| row.stage == Stage::ToRetire)) {
            (_, Some(row)) => row.reason.clone(),
            (Stage::Retired, None) => format!("It is left out of {label}."),
            _ => format!("It is new in {label}."),
        };
        let row = StageRow { edition, code: code.to_string(), stage, from_label: label.clone(), reason };
        set(tx, by, &row)?;
    }
    Ok(())
}
