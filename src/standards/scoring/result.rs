//! What scoring gives back: grade, percentage, the status of every requirement, and the reasons for each.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::status::Status;
use crate::platform::canonical;
use crate::standards::canonical::{canonical_json, date_text};
use crate::standards::keys::{EditionKey, ProfileKey, RequirementCode, SectionCode, SectorKey};
use crate::standards::model::{Asked, SchemeKind};

/// The overall grade of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GradeKey {
    /// Assertions: met, with the certificate that lifts it.
    StandardsExceeded,
    /// Assertions and outcomes: everything asked is in place.
    StandardsMet,
    /// Assertions and outcomes: not met, with an accepted improvement plan.
    ApproachingStandards,
    /// Assertions and outcomes: not met.
    StandardsNotMet,
    /// Levels: every relevant requirement reaches the satisfactory level.
    Satisfactory,
    /// Levels: it does not.
    NotSatisfactory,
    /// No return was published; scoring never gives this.
    NotPublished,
}

impl GradeKey {
    /// Every grade, best first within its scheme.
    pub const ALL: [Self; 7] = [
        Self::StandardsExceeded,
        Self::StandardsMet,
        Self::ApproachingStandards,
        Self::StandardsNotMet,
        Self::Satisfactory,
        Self::NotSatisfactory,
        Self::NotPublished,
    ];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StandardsExceeded => "standards_exceeded",
            Self::StandardsMet => "standards_met",
            Self::ApproachingStandards => "approaching_standards",
            Self::StandardsNotMet => "standards_not_met",
            Self::Satisfactory => "satisfactory",
            Self::NotSatisfactory => "not_satisfactory",
            Self::NotPublished => "not_published",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::StandardsExceeded => "Standards exceeded",
            Self::StandardsMet => "Standards met",
            Self::ApproachingStandards => "Approaching standards",
            Self::StandardsNotMet => "Standards not met",
            Self::Satisfactory => "Satisfactory",
            Self::NotSatisfactory => "Not satisfactory",
            Self::NotPublished => "Not published",
        }
    }

    /// Position within its scheme, higher is better: met and satisfactory are 2, not met and not satisfactory 0,
    /// not published below all.
    pub fn rank(self) -> i8 {
        match self {
            Self::StandardsExceeded => 3,
            Self::StandardsMet | Self::Satisfactory => 2,
            Self::ApproachingStandards => 1,
            Self::StandardsNotMet | Self::NotSatisfactory => 0,
            Self::NotPublished => -1,
        }
    }

    /// The grade of that name, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.as_str() == text)
    }
}

impl fmt::Display for GradeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One rule that was applied: its id, what it was applied to, and the result in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable id of the rule, for example `levels.percentage`; listed in `docs/formats/answers.md`.
    pub rule: Cow<'static, str>,
    /// The inputs, by name.
    pub inputs: BTreeMap<Cow<'static, str>, Value>,
    /// One or two plain sentences for people.
    pub words: String,
}

impl Reason {
    pub(super) fn new<const N: usize>(
        rule: &'static str,
        inputs: [(&'static str, Value); N],
        words: impl Into<String>,
    ) -> Self {
        Self {
            rule: Cow::Borrowed(rule),
            inputs: inputs.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect(),
            words: words.into(),
        }
    }
}

/// The result for one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementScore {
    /// Which requirement.
    pub code: RequirementCode,
    /// Whether it counts for this organisation.
    pub asked: Asked,
    /// What was found.
    pub status: Status,
    /// The status as its byte in the packed vector.
    pub byte: u8,
    /// Outcomes with an override: what the ticked indicators alone give.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub computed: Option<Status>,
    /// What the profile expects, if it asks.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expected: Option<Status>,
    /// Whether the expectation is met; `None` where there is none (not asked, optional, not relevant).
    pub met_expected: Option<bool>,
    /// The version of the rules that were applied.
    pub rule_set: Arc<str>,
    /// Why the status is what it is.
    pub explanation: Vec<Reason>,
}

/// Counts over the requirements of a section and everything inside it, or over the whole edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionScore {
    /// The section; `None` for the whole edition.
    pub code: Option<SectionCode>,
    /// Its title; empty for the whole edition.
    pub title: String,
    /// 0 for an outermost section.
    pub depth: usize,
    /// Requirements that count for this organisation.
    pub asked: u32,
    /// Of those, the ones answered, complete or excused.
    pub settled: u32,
    /// Of those, the ones excused: not relevant or exempt.
    pub excused: u32,
    /// Of those asked, the ones that meet what is expected (exempt items included).
    pub met: u32,
    /// Levels: the percentage of these requirements; `None` in other schemes and where nothing relevant is asked.
    pub percentage: Option<u8>,
}

/// A score with everything needed to explain or recompute it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The edition it was computed under.
    pub edition: EditionKey,
    /// SHA-256 of the edition's canonical JSON, in hexadecimal.
    pub edition_hash: String,
    /// The version of the rules and profiles.
    pub rule_set: Arc<str>,
    /// The scheme.
    pub scheme: SchemeKind,
    /// The sector of the organisation.
    pub sector: SectorKey,
    /// The profile that was applied, if the edition has profiles for it.
    pub profile: Option<ProfileKey>,
    /// The day for which certificates and exemptions were judged.
    #[serde(with = "date_text")]
    pub on: Date,
    /// The overall grade.
    pub grade: GradeKey,
    /// Levels: floor(100 x sum / potential), 0 to 100; `None` in other schemes or when nothing could be summed.
    pub percentage: Option<u8>,
    /// Levels: the word for the percentage's range, where the edition has bands.
    pub band: Option<String>,
    /// Why the grade is what it is.
    pub reasons: Vec<Reason>,
    /// Counts over the whole edition.
    pub totals: SectionScore,
    /// Counts by section, in reading order; each includes its subsections.
    pub sections: Vec<SectionScore>,
    /// In the order of the packed vector.
    pub requirements: Vec<RequirementScore>,
}

impl Score {
    /// One byte per requirement in edition order, for statistics; the codes are listed at [`Status::byte`].
    pub fn levels_vector(&self) -> Vec<u8> {
        self.requirements.iter().map(|requirement| requirement.byte).collect()
    }

    /// The result for one requirement.
    pub fn requirement(&self, code: &str) -> Option<&RequirementScore> {
        self.requirements.iter().find(|requirement| requirement.code.as_str() == code)
    }

    /// The requirements that count and do not meet what is expected of them: what an improvement plan is made for.
    pub fn gaps(&self) -> Vec<&RequirementCode> {
        self.requirements
            .iter()
            .filter(|requirement| {
                requirement.asked == Asked::Mandatory && requirement.met_expected == Some(false)
            })
            .map(|requirement| &requirement.code)
            .collect()
    }

    /// The score as JSON.
    pub fn to_json(&self) -> Value {
        serde_json::json!(self)
    }

    /// The score as canonical JSON: equal scores give equal bytes.
    pub fn to_canonical_json(&self) -> String {
        // A score holds whole numbers only, so the short way never fails.
        canonical::to_string(self).unwrap_or_else(|_| canonical_json(&self.to_json()))
    }
}
