//! The document's parts about what stands around the answers: owners, discussions, the improvement plan, what the
//! organisation holds, requests for more time, and interim returns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::certificates::{Certificate, HeldBefore};
use crate::collections::RequestState;
use crate::platform::clock::Day;
use crate::returns::model::Snapshot;
use crate::returns::plan::{Funded, PlanState, Stage};
pub use crate::returns::quoted::ExportedPerson;

/// Whose a requirement is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedOwner {
    /// Who.
    pub person: ExportedPerson,
    /// Until when it is to be completed.
    pub due_on: Day,
    /// When it was given to them.
    #[serde(default)]
    pub given_at: String,
}

/// One comment of a discussion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedComment {
    /// Who wrote it.
    pub author: ExportedPerson,
    /// When.
    pub written_at: String,
    /// Empty when it was withdrawn.
    pub text: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<String>,
    /// Whom it names.
    pub mentioned: Vec<ExportedPerson>,
}

/// The improvement plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedPlan {
    /// Where it stands.
    pub state: PlanState,
    /// Who signed it; empty for nobody.
    pub signed_by: String,
    /// When.
    pub signed_at: Option<String>,
    /// When it was sent to the central team.
    pub sent_at: Option<String>,
    /// When the central team decided.
    pub decided_at: Option<String>,
    /// What the central team said.
    pub reason: String,
    /// Every decision of the central team, the newest first; none where an export of an earlier version is read.
    #[serde(default)]
    pub decisions: Vec<ExportedPlanDecision>,
    /// How the central team closed it, once it did.
    #[serde(default)]
    pub closed: Option<ExportedClosing>,
    /// One for each gap that was planned, in the order in which they were made.
    pub lines: Vec<ExportedPlanLine>,
}

/// One decision about the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedPlanDecision {
    /// `approved` or `rejected`.
    pub verdict: PlanState,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub decided_at: String,
    /// What was said about the whole.
    pub reason: String,
    /// What was said against single lines, by the codes of their requirements.
    pub lines: BTreeMap<String, String>,
}

/// The closing of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedClosing {
    /// What was said to it.
    pub note: String,
    /// By whom.
    pub closed_by: String,
    /// When.
    pub closed_at: String,
}

/// One action of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedPlanLine {
    /// The code of the requirement whose gap it closes.
    pub requirement: String,
    /// What will be done.
    pub action: String,
    /// Who is responsible.
    pub owner: Option<ExportedPerson>,
    /// By when.
    pub due_on: Option<Day>,
    /// What it takes.
    pub resources: String,
    /// Whether the money is there.
    pub funded: Funded,
    /// What shows that it was done.
    pub evidence: String,
    /// The title of the piece of the evidence library that shows it; empty for none.
    #[serde(default)]
    pub piece: String,
    /// When it was done.
    pub done_on: Option<Day>,
    /// Who of the central team has looked at what shows it.
    #[serde(default)]
    pub seen: Option<ExportedSeen>,
    /// The stages that it went up while it was overdue, the first one first.
    #[serde(default)]
    pub escalations: Vec<ExportedEscalation>,
    /// Why the central team rejected it.
    pub rejected: String,
    /// Notes about progress, the oldest first.
    pub notes: Vec<ExportedNote>,
}

/// A look at what shows that an action was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedSeen {
    /// Who looked.
    pub seen_by: String,
    /// When.
    pub seen_at: String,
}

/// A stage that an overdue action went up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedEscalation {
    /// `owner`, `siro` or `centre`: who was told.
    pub stage: Stage,
    /// The day by which it was due then.
    pub due_on: Day,
    /// The day on which it went up.
    pub reached_on: Day,
}

/// A note about the progress of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedNote {
    /// Who wrote it.
    pub author: ExportedPerson,
    /// When.
    pub written_at: String,
    /// What was said.
    pub note: String,
}

/// What the organisation holds, whatever the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedHoldings {
    /// The services it lists.
    pub services: Vec<String>,
    /// Its certificates, those that last longest first.
    pub certificates: Vec<ExportedCertificate>,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedCertificate {
    /// Its kind, such as `iso_27001`.
    pub kind: String,
    /// The kind in words.
    pub name: String,
    /// The certified standard's edition; empty where the kind has none.
    pub edition: String,
    /// The certification body.
    pub body: String,
    /// Who accredited the body.
    pub accreditation: String,
    /// Its number.
    pub number: String,
    /// Whether it covers everything.
    pub whole: bool,
    /// The services it covers where it does not, by name.
    pub covered: Vec<String>,
    /// When it was issued.
    pub issued_on: Day,
    /// Its first day.
    pub valid_from: Day,
    /// Its last day.
    pub valid_to: Day,
    /// Since when it is withdrawn.
    pub withdrawn_on: Option<Day>,
    /// Why.
    pub withdrawn_reason: String,
}

impl ExportedCertificate {
    /// A certificate whose scope names these services.
    #[must_use]
    pub fn of(certificate: &Certificate, covered: Vec<String>) -> Self {
        Self {
            kind: certificate.kind.as_str().to_owned(),
            name: certificate.name(),
            edition: certificate.edition.clone(),
            body: certificate.body.clone(),
            accreditation: certificate.accreditation.clone(),
            number: certificate.number.clone(),
            whole: certificate.scope == crate::certificates::Scope::Whole,
            covered,
            issued_on: certificate.issued_on,
            valid_from: certificate.valid_from,
            valid_to: certificate.valid_to,
            withdrawn_on: certificate.withdrawn_on,
            withdrawn_reason: certificate.withdrawn_reason.clone(),
        }
    }
}

impl ExportedHoldings {
    /// Whether there is nothing to bring back.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.services.is_empty() && self.certificates.is_empty()
    }

    /// The certificates as they are brought back.
    #[must_use]
    pub fn before(&self) -> Vec<HeldBefore> {
        self.certificates.iter().map(ExportedCertificate::before).collect()
    }
}

impl ExportedCertificate {
    fn before(&self) -> HeldBefore {
        HeldBefore {
            kind: self.kind.clone(),
            edition: self.edition.clone(),
            body: self.body.clone(),
            accreditation: self.accreditation.clone(),
            number: self.number.clone(),
            covered: (!self.whole).then(|| self.covered.iter().cloned().collect()),
            issued_on: self.issued_on,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            withdrawn: self.withdrawn_on.map(|on| (on, self.withdrawn_reason.clone())),
        }
    }
}

/// One request for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedTimeRequest {
    /// Until when time was asked for.
    pub until: String,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub state: RequestState,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: String,
    /// What the programme said.
    pub answer: String,
    /// When.
    pub answered_at: Option<String>,
}

/// One interim return.
#[derive(Debug, Serialize)]
pub struct ExportedInterim {
    /// 1 for the first.
    pub number: i64,
    /// The lead who signed and sent it.
    pub signed_by: String,
    /// When.
    pub submitted_at: String,
    /// Whether it came after the interim date.
    pub late: bool,
    /// SHA-256 of the snapshot as it was stored, in hexadecimal.
    pub snapshot_sha256: String,
    /// What was sent.
    pub snapshot: Snapshot,
}
