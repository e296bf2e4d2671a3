//! A plan as its pages and verbs read it: the lines with their requirements, and what each still lacks.

use std::collections::BTreeMap;

use super::decisions::{PlanDecision, decisions};
use super::gaps::gaps_of;
use super::model::{LineGap, due_by};
use super::store::{self, Note, Plan, PlanLine};
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, PieceId};
use crate::returns::store::Found;
use crate::standards::{Requirement, RequirementCode};

/// Everything about one plan.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The plan; none while nothing was planned.
    pub plan: Option<Plan>,
    /// Its lines.
    pub lines: Vec<PlanLine>,
    /// Notes about them.
    pub notes: Vec<Note>,
    /// What was decided about it, the newest first.
    pub decisions: Vec<PlanDecision>,
    /// Who belongs to the organisation now, by name: whoever may own a line.
    pub members: Vec<(PersonId, String)>,
    /// Pieces of the evidence library, with whether each still is in it; read where lines can be done.
    pub pieces: Vec<(PieceId, String, bool)>,
    /// Names of everybody who is mentioned.
    pub names: BTreeMap<PersonId, String>,
    /// Gaps of the return as its answers stand now, and those that its decided review leaves.
    pub gaps: Vec<RequirementCode>,
    /// The last day by which a line may be due.
    pub due_by: Day,
}

/// Reads the plan of a return.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn read(conn: &mut Conn, found: &Found, now: Timestamp) -> Result<Reading> {
    let head = found.circumstances.plan;
    let plan = head.map(|head| store::plan(conn, head.id)).transpose()?;
    let (lines, notes, decisions) = match head {
        Some(head) => (store::lines(conn, head.id)?, store::notes(conn, head.id)?, decisions(conn, head.id)?),
        None => (Vec::new(), Vec::new(), Vec::new()),
    };
    let pieces = if head.is_some_and(|head| head.state.is_signed()) {
        store::pieces(conn, found.organisation)?
    } else {
        Vec::new()
    };
    let mut members: Vec<(PersonId, String)> =
        identity::holders_of(conn, found.organisation, &OrganisationRole::READERS)?
            .into_iter()
            .map(|(id, name, _)| (id, name))
            .collect();
    members.sort_by(|a, b| a.1.cmp(&b.1));
    let mentioned: Vec<PersonId> = lines
        .iter()
        .flat_map(|line| [line.owner, line.updated_by])
        .chain(notes.iter().map(|note| note.by))
        .chain(plan.iter().map(|plan| plan.signed_by))
        .chain(decisions.iter().map(|decision| Some(decision.by)))
        .flatten()
        .collect();
    let names = if mentioned.is_empty() { BTreeMap::new() } else { identity::names_of(conn, &mentioned)? };
    let months = found.edition.edition().plan_rules().due_months;
    Ok(Reading {
        plan,
        lines,
        notes,
        decisions,
        members,
        pieces,
        names,
        gaps: gaps_of(conn, found, now)?,
        due_by: due_by(found.collection.deadline_at.london_day(), months),
    })
}

impl Reading {
    /// What a line still lacks before it can be signed and sent.
    #[must_use]
    pub fn lacks(&self, line: &PlanLine) -> Option<LineGap> {
        if line.action.is_empty() {
            return Some(LineGap::NoAction);
        }
        match line.owner {
            None => return Some(LineGap::NoOwner),
            Some(owner) if self.members.iter().all(|(id, _)| *id != owner) => {
                return Some(LineGap::OwnerLeft);
            }
            Some(_) => {}
        }
        match line.due_on {
            None => Some(LineGap::NoDate),
            Some(due) if due > self.due_by => Some(LineGap::TooLate(self.due_by)),
            Some(_) => None,
        }
    }

    /// Whether whoever is responsible for a line that is not done has left the organisation.
    #[must_use]
    pub fn owner_left(&self, line: &PlanLine) -> bool {
        let gone = |owner| self.members.iter().all(|(id, _)| *id != owner);
        line.done_on.is_none() && line.owner.is_some_and(gone)
    }

    /// Gaps that no line is made for.
    #[must_use]
    pub fn unplanned(&self, found: &Found) -> Vec<&RequirementCode> {
        self.gaps
            .iter()
            .filter(|code| {
                let id = found.edition.requirement_id(code.as_str());
                self.lines.iter().all(|line| Some(line.requirement) != id)
            })
            .collect()
    }

    /// The name of a person; empty for nobody.
    #[must_use]
    pub fn name(&self, of: Option<PersonId>) -> &str {
        of.and_then(|id| self.names.get(&id)).map_or("", String::as_str)
    }

    /// Refuses a plan that is not complete.
    ///
    /// # Errors
    /// [`Error::Refused`] with how much is missing; the plan's page lists it with links.
    pub(super) fn must_be_complete(&self, found: &Found) -> Result<()> {
        if self.lines.is_empty() {
            return Err(Error::Refused("The improvement plan has no lines yet.".to_owned()));
        }
        let lacking = self.lines.iter().filter(|line| self.lacks(line).is_some()).count();
        let unplanned = self.unplanned(found).len();
        if lacking + unplanned == 0 {
            return Ok(());
        }
        let count = |n: usize, one: &str, many: &str| match n {
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        let mut parts = Vec::new();
        if lacking > 0 {
            parts.push(count(lacking, "line lacks something", "lines lack something"));
        }
        if unplanned > 0 {
            parts.push(count(unplanned, "gap has no line", "gaps have no line"));
        }
        Err(Error::Refused(format!("The improvement plan is not complete: {}.", parts.join(" and "))))
    }
}

/// The requirement that a line is about.
pub(super) fn requirement_of<'a>(found: &'a Found, line: &PlanLine) -> Result<&'a Requirement> {
    found
        .edition
        .position_of(line.requirement)
        .and_then(|position| found.edition.edition().requirements().get(position))
        .ok_or_else(|| Error::broken(format!("line {} plans what is not asked", line.id)))
}
