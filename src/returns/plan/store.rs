//! Queries about improvement plans, their lines and notes.

use diesel::prelude::*;

use super::model::{Funded, PlanState, Step};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId, PieceId, PlanId, PlanLineId, RequirementId, ReturnId};
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::{evidence_piece, improvement_plan, plan_line, plan_note, review};

/// What is known of a plan besides its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its row.
    pub id: PlanId,
    /// The return whose plan it is.
    pub return_id: ReturnId,
    /// Where it stands.
    pub state: PlanState,
    /// Who signed it.
    pub signed_by: Option<PersonId>,
    /// When.
    pub signed_at: Option<Timestamp>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Why it was rejected, or a remark of whoever approved it.
    pub reason: String,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// Its row.
    pub id: PlanLineId,
    /// The gap it closes.
    pub requirement: RequirementId,
    /// What will be done.
    pub action: String,
    /// Who is responsible.
    pub owner: Option<PersonId>,
    /// By when.
    pub due_on: Option<Day>,
    /// What it takes.
    pub resources: String,
    /// Whether the money is there.
    pub funded: Funded,
    /// What shows that it was done.
    pub evidence: String,
    /// The piece of the evidence library that shows it.
    pub piece: Option<PieceId>,
    /// When it was done.
    pub done_on: Option<Day>,
    /// Why the central team rejected it; empty when it did not.
    pub rejected: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: Option<PersonId>,
}

/// A note about the progress of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line.
    pub line: PlanLineId,
    /// What was said.
    pub note: String,
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// Who is said to have written it, where it was brought back from an export.
    pub quoted: Option<String>,
}

/// The plan with this number.
pub(super) fn plan(conn: &mut Conn, id: PlanId) -> Result<Plan> {
    type Row = (
        PlanId,
        ReturnId,
        PlanState,
        Option<PersonId>,
        Option<Timestamp>,
        Option<Timestamp>,
        Option<Timestamp>,
        String,
    );
    let row: Row = improvement_plan::table
        .filter(improvement_plan::id.eq(id))
        .select((
            improvement_plan::id,
            improvement_plan::return_id,
            improvement_plan::state,
            improvement_plan::signed_by,
            improvement_plan::signed_at,
            improvement_plan::sent_at,
            improvement_plan::decided_at,
            improvement_plan::reason,
        ))
        .first(conn)?;
    let (id, return_id, state, signed_by, signed_at, sent_at, decided_at, reason) = row;
    Ok(Plan { id, return_id, state, signed_by, signed_at, sent_at, decided_at, reason })
}

/// The lines of a plan, in the order in which they were made.
pub(super) fn lines(conn: &mut Conn, of: PlanId) -> Result<Vec<PlanLine>> {
    type What = (PlanLineId, RequirementId, String, Option<PersonId>, Option<Day>, String, Funded);
    type How = (String, Option<PieceId>, Option<Day>, String, i64, Timestamp, Option<PersonId>);
    let rows: Vec<(What, How)> = plan_line::table
        .filter(plan_line::plan_id.eq(of))
        .order(plan_line::id)
        .select((
            (
                plan_line::id,
                plan_line::requirement_id,
                plan_line::action,
                plan_line::owner_id,
                plan_line::due_on,
                plan_line::resources,
                plan_line::funded,
            ),
            (
                plan_line::evidence,
                plan_line::evidence_piece_id,
                plan_line::done_on,
                plan_line::rejected,
                plan_line::version,
                plan_line::updated_at,
                plan_line::updated_by,
            ),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(what, how)| {
            let (id, requirement, action, owner, due_on, resources, funded) = what;
            let (evidence, piece, done_on, rejected, version, updated_at, updated_by) = how;
            PlanLine {
                id,
                requirement,
                action,
                owner,
                due_on,
                resources,
                funded,
                evidence,
                piece,
                done_on,
                rejected,
                version,
                updated_at,
                updated_by,
            }
        })
        .collect())
}

/// The notes about a plan's lines, the oldest first.
pub(super) fn notes(conn: &mut Conn, of: PlanId) -> Result<Vec<Note>> {
    let rows: Vec<(PlanLineId, String, Option<PersonId>, Timestamp, Option<String>)> = plan_note::table
        .inner_join(plan_line::table.on(plan_line::id.eq(plan_note::line_id)))
        .filter(plan_line::plan_id.eq(of))
        .order(plan_note::id)
        .select((
            plan_note::line_id,
            plan_note::note,
            plan_note::written_by,
            plan_note::written_at,
            plan_note::quoted,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(line, note, by, at, quoted)| Note { line, note, by, at, quoted }).collect())
}

/// The plan of a return with its lines and their notes, as it is taken out; none while nothing was planned.
pub(in crate::returns) fn whole(
    conn: &mut Conn,
    found: &Found,
) -> Result<Option<(Plan, Vec<PlanLine>, Vec<Note>)>> {
    let Some(head) = found.circumstances.plan else { return Ok(None) };
    Ok(Some((plan(conn, head.id)?, lines(conn, head.id)?, notes(conn, head.id)?)))
}

/// The levels that the review of the newest submission of a return found; none until it is decided. What a reviewer thinks
/// before that is nobody else's.
pub(super) fn assessed_levels(conn: &mut Conn, found: &Found) -> Result<Option<Vec<u8>>> {
    let Some(newest) = found.submission else { return Ok(None) };
    let levels: Option<Option<Vec<u8>>> = review::table
        .filter(review::submission_id.eq(newest))
        .filter(review::state.eq("decided"))
        .select(review::assessed_levels)
        .first(conn)
        .optional()?;
    Ok(levels.flatten())
}

/// The pieces of an organisation's library by title, with whether each still is in it: what can show that a line is done.
pub(super) fn pieces(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<(PieceId, String, bool)>> {
    let rows: Vec<(PieceId, String, Option<Timestamp>)> = evidence_piece::table
        .filter(evidence_piece::organisation_id.eq(whose))
        .order((evidence_piece::title, evidence_piece::id))
        .select((evidence_piece::id, evidence_piece::title, evidence_piece::removed_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, title, removed)| (id, title, removed.is_none())).collect())
}

/// The state after a step, or a refusal.
pub(super) fn next(head: PlanHead, step: Step) -> Result<PlanState> {
    head.state.after(step).ok_or_else(|| {
        let state = head.state.words().to_lowercase();
        Error::Refused(format!("This cannot be done while the improvement plan is {state}."))
    })
}

/// Moves a plan from the state and version it was read in, and from no other.
pub(super) fn move_on(tx: &mut Tx<'_>, from: PlanHead, to: PlanState) -> Result<()> {
    let moved = diesel::update(
        improvement_plan::table
            .filter(improvement_plan::id.eq(from.id))
            .filter(improvement_plan::version.eq(from.version))
            .filter(improvement_plan::state.eq(from.state)),
    )
    .set((improvement_plan::state.eq(to), improvement_plan::version.eq(improvement_plan::version + 1)))
    .execute(tx.conn())?;
    if moved == 1 { Ok(()) } else { Err(moved_on()) }
}

/// Keeps a plan in its state until this change is committed: a line changed now cannot slip behind a signature.
pub(super) fn hold(tx: &mut Tx<'_>, head: PlanHead) -> Result<()> {
    let held = diesel::update(
        improvement_plan::table
            .filter(improvement_plan::id.eq(head.id))
            .filter(improvement_plan::state.eq(head.state)),
    )
    .set(improvement_plan::state.eq(head.state))
    .execute(tx.conn())?;
    if held == 1 { Ok(()) } else { Err(moved_on()) }
}

fn moved_on() -> Error {
    Error::Refused("A colleague has just moved the improvement plan on.".to_owned())
}
