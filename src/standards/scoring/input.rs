//! What a score is computed from, besides the edition.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::standards::answer::AnswerValue;
use crate::standards::canonical::date_text;
use crate::standards::keys::{CertificateKind, ProfileKey, RequirementCode, SectorKey};

/// Everything a score depends on. Nothing else does: no clock, no database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreInput {
    /// The sector of the organisation.
    pub sector: SectorKey,
    /// The profile it is held to; `None` means the sector's default profile.
    pub profile: Option<ProfileKey>,
    /// The day for which certificates and exemption rules count.
    pub on: Date,
    /// Certificates the organisation holds or has held.
    pub certificates: Vec<Certificate>,
    /// How far its improvement plan has got.
    pub plan: PlanStanding,
    /// Whether it was graded *approaching standards* before: a small organisation may be only once.
    pub approached_before: bool,
    /// The answers given; a requirement without one is not answered.
    pub answers: BTreeMap<RequirementCode, Answered>,
}

impl ScoreInput {
    /// An input without answers, certificates or plan.
    pub fn new(sector: SectorKey, profile: Option<ProfileKey>, on: Date) -> Self {
        Self {
            sector,
            profile,
            on,
            certificates: Vec::new(),
            plan: PlanStanding::None,
            approached_before: false,
            answers: BTreeMap::new(),
        }
    }
}

/// One answer with the facts that stand beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What was answered.
    pub value: AnswerValue,
    /// The number of files attached.
    pub attached_files: usize,
    /// Whether a claim of "not relevant" is disputed by the centre. The requirement then stays out of the sum, as for
    /// any other "not relevant", and the dispute is named in the explanation.
    pub disputed_not_relevant: bool,
}

impl Answered {
    /// An answer without files or dispute.
    pub fn new(value: AnswerValue) -> Self {
        Self { value, attached_files: 0, disputed_not_relevant: false }
    }
}

/// How far an improvement plan has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum PlanStanding {
    /// There is none.
    #[default]
    None,
    /// The organisation has submitted one.
    Submitted,
    /// The centre has approved it.
    Approved,
}

/// A certificate, as far as scoring cares. It counts from `valid_from` to `valid_to`, both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The number of its record, where there is one; quoted in explanations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// For example `cyber_essentials_plus`.
    pub kind: CertificateKind,
    /// The first day.
    #[serde(with = "date_text")]
    pub valid_from: Date,
    /// The last day.
    #[serde(with = "date_text")]
    pub valid_to: Date,
    /// Whether its scope covers all of the organisation's health and care data processing.
    #[serde(default)]
    pub whole_scope: bool,
    /// How many of the organisation's services it covers, where known; only used to explain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// Why it does not count whatever its dates say (withdrawn, not accredited), as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<String>,
}

impl Certificate {
    /// Whether it counts on that day.
    pub fn current_on(&self, day: Date) -> bool {
        self.void.is_none() && self.valid_from <= day && day <= self.valid_to
    }
}

/// How much of an organisation a certificate's scope covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Services inside the scope.
    pub covered: u32,
    /// Services the organisation has.
    pub services: u32,
}
