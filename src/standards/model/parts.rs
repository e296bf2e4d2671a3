//! The parts of an edition: schemes, profiles, sections, requirements, exemptions. Plain data; an [`Edition`] is the
//! proof that they fit together.
//!
//! [`Edition`]: super::Edition

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::standards::canonical::{date_text, optional_date_text};
use crate::standards::keys::{
    CertificateKind, IndicatorCode, ProfileKey, RequirementCode, SectionCode, SectorKey,
};

/// Which of the three generations of scoring an edition uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeKind {
    /// Levels 0 to a maximum for each requirement, and a percentage.
    Levels,
    /// Evidence items under assertions that are confirmed.
    Assertions,
    /// Outcomes decided from ticked indicators, compared with a profile.
    Outcomes,
}

impl SchemeKind {
    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Levels => "levels",
            Self::Assertions => "assertions",
            Self::Outcomes => "outcomes",
        }
    }

    /// The scheme of that name, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Levels, Self::Assertions, Self::Outcomes].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The scoring scheme of an edition with its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Scheme {
    /// See [`SchemeKind::Levels`].
    Levels(LevelsScheme),
    /// See [`SchemeKind::Assertions`].
    Assertions(AssertionsScheme),
    /// See [`SchemeKind::Outcomes`]. It has no data: the decision table is the same in every edition.
    Outcomes {},
}

impl Scheme {
    /// The scheme without its data.
    pub fn kind(&self) -> SchemeKind {
        match self {
            Self::Levels(_) => SchemeKind::Levels,
            Self::Assertions(_) => SchemeKind::Assertions,
            Self::Outcomes {} => SchemeKind::Outcomes,
        }
    }
}

/// Data of a levels edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelsScheme {
    /// The highest level, 1 to 9; 3 in every real edition.
    pub max_level: u8,
    /// The level every relevant requirement must reach for the grade *satisfactory*.
    pub satisfactory_level: u8,
    /// Words for ranges of the percentage, ascending; may be empty. The last one has no upper end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
}

/// One range of percentages: from the previous band's end up to, but not including, `below`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Band {
    /// For example "amber".
    pub label: String,
    /// Percentage (1 to 100) at which the next band begins; `None` for the last band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<u8>,
}

/// Data of an assertions edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssertionsScheme {
    /// Sectors whose organisations reach *approaching standards* only by a centrally approved plan.
    pub approaching_sectors_large: BTreeSet<SectorKey>,
    /// The items that a small organisation must have complete to be *approaching standards*; may be empty, and then
    /// small organisations cannot be.
    pub small_subset: BTreeSet<RequirementCode>,
    /// The certificate that lifts *standards met* to *standards exceeded*; `None` where the edition has no such grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exceeded_certificate: Option<CertificateKind>,
}

/// What one kind of organisation is asked, and at which level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Unique in the edition.
    pub key: ProfileKey,
    /// The name people see.
    pub name: String,
    /// Organisations of these sectors get this profile unless they choose another; a sector is in one profile at most.
    pub sectors: BTreeSet<SectorKey>,
}

/// A heading under which requirements stand; sections nest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Unique among the sections.
    pub code: SectionCode,
    /// The title people see.
    pub title: String,
    /// The enclosing section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<SectionCode>,
    /// Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<String>,
}

/// Something that is answered: one answer row and one byte of the packed vector each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Unique in the edition.
    pub code: RequirementCode,
    /// The innermost section.
    pub section: SectionCode,
    /// A few words.
    pub title: String,
    /// The question, in our own words.
    pub text: String,
    /// Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<String>,
    /// What the scheme adds.
    #[serde(flatten)]
    pub kind: RequirementKind,
}

/// The scheme's own part of a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum RequirementKind {
    /// A requirement of a levels edition.
    Level {
        /// One descriptor per level, level 0 first.
        #[serde(rename = "levels")]
        descriptors: Vec<String>,
        /// Whether an organisation may answer "not relevant".
        may_be_not_relevant: bool,
        /// The level expected by profile; a profile that is absent is not asked.
        expected: BTreeMap<ProfileKey, u8>,
    },
    /// An evidence item, or the confirmation of an assertion, in an assertions edition.
    Item {
        /// What kind of answer it takes.
        item: ItemKind,
        /// Sectors that must complete it; optional for the others.
        mandatory: BTreeSet<SectorKey>,
    },
    /// A contributing outcome of an outcomes edition.
    Outcome {
        /// Statements that are true when the outcome is achieved; never empty.
        achieved: Vec<Indicator>,
        /// Statements that are true when it is partly achieved; may be empty.
        partially_achieved: Vec<Indicator>,
        /// Statements any one of which means that it is not achieved; may be empty.
        not_achieved: Vec<Indicator>,
        /// The least result expected by profile; a profile that is absent is not asked.
        expected: BTreeMap<ProfileKey, OutcomeLevel>,
    },
}

/// What an evidence item takes as its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Free text.
    Text,
    /// A date.
    Date,
    /// Yes or no, with an optional explanation.
    YesNo,
    /// One or more attached files.
    Document,
    /// The statement that the assertion holds.
    Confirmation,
}

impl ItemKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::YesNo => "yes_no",
            Self::Document => "document",
            Self::Confirmation => "confirmation",
        }
    }

    /// What an answer of this kind is, as words of a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Date => "a date",
            Self::YesNo => "yes or no",
            Self::Document => "one or more documents",
            Self::Confirmation => "a confirmation",
        }
    }

    /// The kind of that name, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::Date, Self::YesNo, Self::Document, Self::Confirmation]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// One statement that can be ticked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// Unique in its requirement.
    pub code: IndicatorCode,
    /// The statement.
    pub text: String,
}

/// The result of an outcome; the order is the rank, so `achieved >= partially_achieved`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeLevel {
    /// Rank 0.
    NotAchieved,
    /// Rank 1.
    PartiallyAchieved,
    /// Rank 2.
    Achieved,
}

impl OutcomeLevel {
    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAchieved => "not_achieved",
            Self::PartiallyAchieved => "partially_achieved",
            Self::Achieved => "achieved",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotAchieved => "Not achieved",
            Self::PartiallyAchieved => "Partially achieved",
            Self::Achieved => "Achieved",
        }
    }

    /// 0, 1 or 2: also the byte in the packed vector.
    pub fn rank(self) -> u8 {
        match self {
            Self::NotAchieved => 0,
            Self::PartiallyAchieved => 1,
            Self::Achieved => 2,
        }
    }

    /// The result of that name, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::NotAchieved, Self::PartiallyAchieved, Self::Achieved]
            .into_iter()
            .find(|level| level.as_str() == text)
    }
}

/// What the edition says about improvement plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlanRules {
    /// Calendar months after the deadline by which every action must be done, 1 to 36.
    pub due_months: u8,
    /// Whether a gap that a signed plan covers may be submitted without an answer.
    pub covers_gaps: bool,
}

/// A dated rule: holders of a certificate need not answer some requirements. It lapses with the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exemption {
    /// Unique in the edition; quoted in explanations.
    pub code: String,
    /// The kind of certificate it rests on.
    pub certificate: CertificateKind,
    /// The requirements it covers.
    pub requirements: BTreeSet<RequirementCode>,
    /// Whether the certificate's scope must cover all of the organisation's health and care data processing.
    pub whole_scope: bool,
    /// The first day on which the rule is in force.
    #[serde(serialize_with = "date_text::serialize")]
    pub from: Date,
    /// The last day on which it is in force; open-ended if absent.
    #[serde(serialize_with = "optional_date_text::serialize", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Why the certificate covers the items, in plain words.
    pub reason: String,
}

/// Who signs a return besides the senior information risk owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignerRole {
    /// Guards the confidentiality of people's health and care information.
    CaldicottGuardian,
    /// Data protection officer.
    Dpo,
}

impl SignerRole {
    /// The word used in files; the role within an organisation has the same.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CaldicottGuardian => "caldicott_guardian",
            Self::Dpo => "dpo",
        }
    }

    /// Both roles.
    pub const ALL: [Self; 2] = [Self::CaldicottGuardian, Self::Dpo];

    /// The words shown to people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::CaldicottGuardian => "Caldicott Guardian",
            Self::Dpo => "Data protection officer",
        }
    }

    /// The role of that name, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// What signers state, word for word, where an edition has words of its own; the portal's words stand in for what it does
/// not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Statements {
    /// What the senior information risk owner states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub siro: Option<String>,
    /// What the Caldicott Guardian states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caldicott_guardian: Option<String>,
    /// What the data protection officer states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpo: Option<String>,
}

impl Statements {
    /// Whether the edition has no words of its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Somebody who must sign a return for items of their own, beside the senior information risk owner who signs it all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// In which role; a role is named once in an edition.
    pub role: SignerRole,
    /// Sections that are theirs, each with everything inside it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sections: BTreeSet<SectionCode>,
    /// Requirements that are theirs besides.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub requirements: BTreeSet<RequirementCode>,
    /// They sign for organisations of these sectors; for all where none is named.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sectors: BTreeSet<SectorKey>,
}
