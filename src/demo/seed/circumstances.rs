//! What returns rest on besides their answers: certificates and improvement plans. Those of the running year are there in
//! every state, with the services that scopes are held against; those of past years stand in what was sent alone.

use super::super::inputs;
use super::super::nation::returns::{ImprovementPlan, ReturnState as Made};
use super::returns::{Case, Maker, number, unknown};
use super::rows::{CertificateRow, PlanLineRow, PlanRow, Rows, ServiceRow};
use crate::platform::canonical::to_string;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CertificateId, PlanId, PlanLineId, ServiceId};
use crate::returns::{PlanState, Snapshot, SnapshotCircumstances, SnapshotExemption, score_of};
use crate::standards::scoring::{Certificate, Coverage, Status};

/// The services of an organisation that holds a certificate.
const SERVICES: [&str; 5] = ["Urgent care", "Outpatients", "Diagnostics", "Pharmacy", "Community services"];
/// How many of them a certificate covers that does not cover everything.
const COVERED: usize = 3;
/// Bodies that issue certificates; made up.
const BODIES: [&str; 3] = ["Harbour Assurance", "Northgate Certification", "Plain Sight Assessors"];
/// Certificates that one organisation has at most.
const MOST: usize = 4;

/// The certificates as the nation has them.
fn plain(case: &Case<'_>) -> Result<Vec<Certificate>> {
    inputs::certificates(case.record)
        .map_err(|e| Error::internal("failed to read the kind of a demo certificate", e))
}

impl Maker<'_> {
    /// The rows of a return's certificates, and the certificates as scoring takes them.
    pub(super) fn certificates(&self, rows: &mut Rows, case: &Case<'_>) -> Result<Vec<Certificate>> {
        let place = self.number(case.record.organisation);
        let held = &case.record.certificates;
        let service = |n: usize| ServiceId::new(number(place * SERVICES.len() + n));
        if !held.is_empty() {
            rows.services.extend(SERVICES.iter().enumerate().map(|(n, name)| ServiceRow {
                id: service(n),
                organisation_id: case.organisation,
                position: number(n + 1),
                name,
            }));
        }
        let mut scored = Vec::new();
        for (turn, (made, certificate)) in held.iter().zip(plain(case)?).take(MOST).enumerate() {
            let id = CertificateId::new(number(place * MOST + turn));
            let covered: Vec<ServiceId> =
                if made.whole_scope { Vec::new() } else { (0..COVERED).map(service).collect() };
            let services = u32::try_from(SERVICES.len()).unwrap_or(u32::MAX);
            let inside = if made.whole_scope { SERVICES.len() } else { COVERED };
            rows.certificates.push(CertificateRow {
                id,
                organisation_id: case.organisation,
                kind: made.kind.key(),
                edition: if made.kind.key() == "iso_27001" { "2022" } else { "" },
                body: BODIES.get(place % BODIES.len()).copied().unwrap_or_default(),
                accreditation: "Fictional Accreditation Service 0001",
                number: format!("FC-{place:05}-{}", turn + 1),
                whole: made.whole_scope,
                covered: to_string(&covered)?,
                issued_on: Day::from(made.valid_from),
                valid_from: Day::from(made.valid_from),
                valid_to: Day::from(made.valid_to),
                version: 1,
                updated_at: self.collection.opens_at,
            });
            let coverage = Coverage { covered: u32::try_from(inside).unwrap_or(u32::MAX), services };
            scored.push(Certificate { id: Some(id.get()), coverage: Some(coverage), ..certificate });
        }
        Ok(scored)
    }

    /// The certificates that a return of a past year was sent with. They count from the deadline's day; what was sent before
    /// it rested on them as well.
    pub(super) fn certificates_then(case: &Case<'_>) -> Result<Vec<Certificate>> {
        let mut held = plain(case)?;
        if let Some(sent) = &case.record.submission {
            let day = Timestamp::from(sent.at).london_day().date();
            for one in &mut held {
                one.valid_from = one.valid_from.min(day);
            }
        }
        Ok(held)
    }

    /// The rows of a return's improvement plan.
    pub(super) fn plan(&self, rows: &mut Rows, case: &Case<'_>, plan: &ImprovementPlan) -> Result<()> {
        let place = self.number(case.record.organisation);
        let id = PlanId::new(case.id.get());
        let state = self.plan_state(case, plan);
        let sent = case.record.submission.as_ref().map(|sent| Timestamp::from(sent.at));
        let signed_at = Timestamp::from(plan.signed_at);
        let agreed = plan.agreed.map(|(by, at)| (self.person(by), Timestamp::from(at)));
        rows.plans.push(PlanRow {
            id,
            return_id: case.id,
            organisation_id: case.organisation,
            state: state.as_str(),
            version: 1,
            signed_by: self.person(plan.signed_by),
            signed_at: Some(signed_at),
            sent_at: if state == PlanState::Signed { None } else { sent.or(Some(signed_at)) },
            decided_by: agreed.and_then(|(by, _)| by),
            decided_at: agreed.map(|(_, at)| at),
            reason: if state == PlanState::Rejected {
                "Two of the dates leave no time for a test."
            } else {
                ""
            },
        });
        let width = self.collection.requirements.len();
        for gap in &plan.gaps {
            rows.plan_lines.push(PlanLineRow {
                id: PlanLineId::new(number((place - 1) * width + gap.requirement + 1)),
                plan_id: id,
                organisation_id: case.organisation,
                requirement_id: self.requirement(gap.requirement)?,
                action: gap.action.clone(),
                owner_id: self.person(gap.owner),
                due_on: Day::from(gap.due),
                resources: "",
                funded: ["yes", "unknown", "no"]
                    .get((place + gap.requirement) % 3)
                    .copied()
                    .unwrap_or("unknown"),
                version: 1,
                updated_at: signed_at,
                updated_by: self.person(gap.owner),
            });
        }
        Ok(())
    }

    /// Plans of the running year stand everywhere on their way.
    fn plan_state(&self, case: &Case<'_>, plan: &ImprovementPlan) -> PlanState {
        if plan.agreed.is_some() {
            return PlanState::Approved;
        }
        let turn = case.record.organisation.index() % 3;
        match (case.record.state, turn) {
            (Made::PlanRequired, 0) => PlanState::Rejected,
            (Made::Draft | Made::Ready | Made::Signed | Made::NotPublishedAtClose, _) => PlanState::Signed,
            _ => PlanState::Sent,
        }
    }

    /// The plan as the submission fixes it: in the running year the one that the return left with, whose approval is still
    /// to come; in past years as it stood in the end, so that grades of the past follow from what was sent.
    fn fixed_plan<'a>(&self, case: &'a Case<'_>) -> Option<(PlanState, &'a ImprovementPlan)> {
        let plan = case.record.plan.as_ref()?;
        let approved = !self.collection.is_open && plan.agreed.is_some();
        let state = if approved { PlanState::Approved } else { PlanState::Sent };
        (!self.collection.is_open || case.record.gaps_admitted).then_some((state, plan))
    }

    /// The snapshot with what it rested on when it was sent: its certificates, and its plan.
    pub(super) fn fixed(
        &self,
        case: &Case<'_>,
        snapshot: Snapshot,
        certificates: Vec<Certificate>,
    ) -> Result<Snapshot> {
        let edition = self.edition()?;
        let sent = case.record.submission.as_ref().ok_or_else(unknown)?;
        let on = Timestamp::from(sent.at).london_day();
        let mut fixed = SnapshotCircumstances { certificates, ..SnapshotCircumstances::default() };
        if let Some((state, plan)) = self.fixed_plan(case) {
            fixed.plan = state.standing();
            fixed.planned = plan
                .gaps
                .iter()
                .filter_map(|gap| edition.requirements().get(gap.requirement))
                .map(|requirement| requirement.code.to_string())
                .collect();
            fixed.approached_before =
                self.seeding.nation.approached_before(case.record.organisation, case.record.year);
        }
        if fixed == SnapshotCircumstances::default() {
            return Ok(snapshot);
        }
        let with = Snapshot { circumstances: Some(fixed.clone()), ..snapshot };
        for item in score_of(&with, edition, on)?.requirements {
            if !matches!(item.status, Status::Exempt | Status::Excused) {
                continue;
            }
            let rule = edition.exemptions().iter().find(|rule| {
                let told = item.explanation.first().and_then(|reason| reason.inputs.get("exemption"));
                told.and_then(serde_json::Value::as_str) == Some(rule.code.as_str())
            });
            let held = rule.and_then(|rule| {
                let certificate = fixed.certificates.iter().find(|held| held.kind == rule.certificate)?;
                Some((rule, certificate, certificate.id?))
            });
            let Some((rule, certificate, id)) = held else { continue };
            fixed.exemptions.push(SnapshotExemption {
                requirement: item.code.to_string(),
                rule: rule.code.clone(),
                certificate: id,
                until: Day::from(
                    rule.until.map_or(certificate.valid_to, |until| until.min(certificate.valid_to)),
                ),
            });
        }
        Ok(Snapshot { circumstances: Some(fixed), ..with })
    }
}
