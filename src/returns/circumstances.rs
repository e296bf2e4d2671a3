//! What a return rests on besides its answers: certificates that exempt, and the improvement plan that covers gaps. Read
//! with the return, judged for a day each time, and never stored before a submission fixes it.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::basis::results_in_force;
use super::exemption::{self, Exempted};
use super::model::{Snapshot, SnapshotCircumstances, SnapshotExemption};
use super::plan::PlanState;
use super::store::Found;
use super::submission::score_of;
use crate::certificates::{self, Holdings};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PlanId, RequirementId};
use crate::schema::{annual_return, corrected_result, plan_line, submission};
use crate::standards::scoring::{Certificate, GradeKey};
use crate::standards::{Asked, Requirement, Scheme};

/// The plan of a return, as its row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanHead {
    /// Its row.
    pub id: PlanId,
    /// Where it stands.
    pub state: PlanState,
    /// Counts its moves.
    pub version: i64,
}

/// What was read with the return.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Certificates and services; empty where the edition asks for none and no correction of its rules could.
    pub holdings: Holdings,
    /// The improvement plan.
    pub plan: Option<PlanHead>,
    /// The requirements that it has a line for.
    pub planned: BTreeSet<RequirementId>,
    /// Whether the organisation was graded as approaching the standards in another collection; asked only of a return with
    /// a plan.
    pub approached_before: bool,
}

/// Why a requirement needs no answer of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Excuse {
    /// A certificate exempts from it.
    Exempt(Exempted),
    /// A signed improvement plan covers it.
    Planned,
}

/// Reads what a return rests on besides its answers: nothing where the organisation is not `certified` or the edition asks
/// for no certificates, and there is no plan, so most returns cost nothing here. Where items give the grade, everything is
/// read that a correction of the rules could make count: what a submission does not fix can never be asked again.
pub(super) fn load(
    conn: &mut Conn,
    found: &Found,
    plan: Option<PlanHead>,
    certified: bool,
) -> Result<Circumstances> {
    let edition = found.edition.edition();
    let of_items = matches!(edition.scheme(), Scheme::Assertions(_));
    let holdings = if certified && (of_items || edition.asks_for_certificates()) {
        certificates::holdings(conn, found.organisation)?
    } else {
        Holdings::default()
    };
    let Some(head) = plan else { return Ok(Circumstances { holdings, ..Circumstances::default() }) };
    let planned: Vec<RequirementId> = plan_line::table
        .filter(plan_line::plan_id.eq(head.id))
        .select(plan_line::requirement_id)
        .load(conn)?;
    Ok(Circumstances {
        holdings,
        plan,
        planned: planned.into_iter().collect(),
        approached_before: of_items && approached_before(conn, found.organisation, found.collection.id)?,
    })
}

/// The grade after review counts where there is one, otherwise what the answers give under the rules in force.
pub(super) fn approached_before(conn: &mut Conn, whose: OrganisationId, but: CollectionId) -> Result<bool> {
    type Row = (Option<String>, String, Option<String>);
    let years: Vec<Row> = results_in_force!(
        annual_return::table
            .inner_join(submission::table.on(submission::id.nullable().eq(annual_return::submission_id)))
    )
    .filter(annual_return::organisation_id.eq(whose))
    .filter(annual_return::collection_id.ne(but))
    .select((annual_return::final_grade, submission::claimed_grade, corrected_result::new_claimed.nullable()))
    .load(conn)?;
    let counts = |(after_review, claimed, corrected): Row| after_review.or(corrected).unwrap_or(claimed);
    Ok(years.into_iter().any(|year| counts(year) == GradeKey::ApproachingStandards.as_str()))
}

impl Found {
    /// Why a requirement needs no answer on this day; `None` when it needs one.
    #[must_use]
    pub fn excuse(&self, requirement: &Requirement, asked: Asked, on: Day) -> Option<Excuse> {
        if asked != Asked::Mandatory {
            return None;
        }
        let edition = self.edition.edition();
        let verdict = exemption::judge(edition, &self.circumstances.holdings, requirement.code.as_str(), on);
        if let Some(exempted) = verdict.exempted {
            return Some(Excuse::Exempt(exempted));
        }
        self.plan_covers(requirement.code.as_str()).then_some(Excuse::Planned)
    }

    /// Why certificates that are held do not exempt from a requirement on this day, as sentences.
    #[must_use]
    pub fn missed_exemptions(&self, requirement: &Requirement, on: Day) -> Vec<String> {
        let edition = self.edition.edition();
        exemption::judge(edition, &self.circumstances.holdings, requirement.code.as_str(), on).misses
    }

    /// Whether a plan that the SIRO has signed has a line for the requirement, where the edition lets that count.
    fn plan_covers(&self, code: &str) -> bool {
        let signed = self.circumstances.plan.is_some_and(|plan| plan.state.is_signed());
        signed
            && self.edition.edition().plan_rules().covers_gaps
            && self.edition.requirement_id(code).is_some_and(|id| self.circumstances.planned.contains(&id))
    }

    /// The circumstances of this moment as a snapshot fixes them; `None` where there are none, as in every snapshot from
    /// before certificates and plans. `bare` is the snapshot without them: its gaps are what a plan must cover.
    pub(super) fn fixed(&self, bare: &Snapshot, now: Timestamp) -> Result<Option<SnapshotCircumstances>> {
        let (held, edition, day) = (&self.circumstances, self.edition.edition(), now.london_day());
        let certificates: Vec<Certificate> = held
            .holdings
            .certificates
            .iter()
            .map(|certificate| certificate.for_scoring(day, &held.holdings.services))
            .collect();
        let mut exemptions = Vec::new();
        for requirement in edition.requirements() {
            if self.asks(requirement)? != Asked::Mandatory {
                continue;
            }
            let code = requirement.code.as_str();
            if let Some(exempted) = exemption::judge(edition, &held.holdings, code, day).exempted {
                exemptions.push(SnapshotExemption {
                    requirement: code.to_owned(),
                    rule: exempted.rule,
                    certificate: exempted.certificate.get(),
                    until: exempted.until,
                });
            }
        }
        let mut fixed =
            SnapshotCircumstances { certificates, exemptions, ..SnapshotCircumstances::default() };
        if let Some(plan) = held.plan.filter(|plan| plan.state.is_signed()) {
            fixed.approached_before = held.approached_before;
            fixed.planned = held
                .planned
                .iter()
                .filter_map(|id| edition.requirements().get(self.edition.position_of(*id)?))
                .map(|requirement| requirement.code.to_string())
                .collect();
            let with = Snapshot { circumstances: Some(fixed.clone()), ..bare.clone() };
            let score = score_of(&with, edition, day)?;
            if score.gaps().iter().all(|gap| fixed.planned.iter().any(|planned| planned == gap.as_str())) {
                fixed.plan = plan.state.standing();
            }
        }
        Ok((fixed != SnapshotCircumstances::default()).then_some(fixed))
    }
}
