//! Progress on a line of a plan that is signed: notes, and at the end what shows that it was done.

use diesel::prelude::*;
use serde_json::json;

use super::store;
use crate::access::{OrganisationRole, Permit, ReportProgress};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PieceId, PlanLineId};
use crate::returns::circumstances::PlanHead;
use crate::schema::{plan_line, plan_note};

/// What is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How it goes; may be empty when the line is completed.
    pub note: String,
    /// What shows that the action was done; empty while it is not.
    pub evidence: String,
    /// The piece of the evidence library that shows it, where one does.
    pub piece: Option<PieceId>,
}

/// Reports progress on a line of the permit's plan, by its owner or whoever runs the return.
///
/// # Errors
/// [`Error::Forbidden`] for others, [`Error::Conflict`] when the line was completed already.
pub fn report_progress(
    tx: &mut Tx<'_>,
    permit: &Permit<ReportProgress>,
    head: PlanHead,
    id: PlanLineId,
    progress: &Progress,
) -> Result<Recorded<()>> {
    let whose = permit.organisation()?;
    let line =
        store::lines(tx.conn(), head.id)?.into_iter().find(|line| line.id == id).ok_or(Error::NotFound)?;
    let runs_it = permit
        .actor()
        .roles_in(whose)
        .any(|role| matches!(role, OrganisationRole::IgLead | OrganisationRole::OrganisationAdministrator));
    if !runs_it && (line.owner.is_none() || line.owner != permit.actor().id()) {
        return Err(Error::Forbidden(
            "Progress is reported by the owner of the line or an information governance lead.".to_owned(),
        ));
    }
    let mut evidence = progress.evidence.clone();
    if let Some(piece) = progress.piece {
        let kept = store::pieces(tx.conn(), whose)?.into_iter().find(|(id, _, kept)| *id == piece && *kept);
        let Some((_, title, _)) = kept else {
            return Err(Error::field("piece", "Choose a piece of evidence from the list"));
        };
        if evidence.is_empty() {
            evidence = title;
        }
    }
    if progress.note.is_empty() && evidence.is_empty() {
        return Err(Error::field("note", "Enter how it goes"));
    }
    let now = tx.now();
    let done = !evidence.is_empty();
    if done {
        let completed = diesel::update(
            plan_line::table
                .filter(plan_line::id.eq(id))
                .filter(plan_line::plan_id.eq(head.id))
                .filter(plan_line::done_on.is_null()),
        )
        .set((
            plan_line::done_on.eq(Some(now.london_day().to_string())),
            plan_line::evidence.eq(&evidence),
            plan_line::evidence_piece_id.eq(progress.piece),
            plan_line::version.eq(plan_line::version + 1),
            plan_line::updated_at.eq(now),
            plan_line::updated_by.eq(permit.actor().id()),
        ))
        .execute(tx.conn())?;
        if completed != 1 {
            return Err(Error::Conflict("A colleague has just completed this line.".to_owned()));
        }
    }
    if !progress.note.is_empty() {
        diesel::insert_into(plan_note::table)
            .values((
                plan_note::line_id.eq(id),
                plan_note::organisation_id.eq(whose),
                plan_note::note.eq(&progress.note),
                plan_note::written_by.eq(permit.actor().id()),
                plan_note::written_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    let texts = format!("{}\n{evidence}", progress.note);
    let texts_sha256 = hex(&sha256(texts.as_bytes()));
    let data = json!({"plan": head.id, "done": done, "piece": progress.piece, "texts_sha256": texts_sha256});
    ledger::append(tx, &Event::of(permit, "plan_progress", format!("plan-line/{id}"), data), ())
}
