//! What the generator must know of a standard's edition in order to answer it: requirements in order, what each
//! expects of whom, and what an answer is made of. The wording of a requirement is needed only to choose a theme
//! for comments.

use std::collections::BTreeMap;

use thiserror::Error;

use super::chance::text_key;
use super::prose::comments::theme;
use super::prose::themes::Theme;
use super::rules::Rules;
use super::sector::{Sector, TrustKind};

/// How an edition is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Each requirement has a level from 0.
    Levels,
    /// Evidence items and confirmations of assertions.
    Assertions,
    /// Contributing outcomes with indicators in three columns.
    Outcomes,
}

/// What an evidence item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// Free text.
    Text,
    /// A date.
    Date,
    /// Yes or no.
    YesNo,
    /// A document or several.
    Document,
    /// The statement that the assertion of the same section holds.
    Confirmation,
}

/// What an answer to a requirement is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequirementKind {
    /// A level from 0 to `max_level`, or "not relevant" where that is allowed.
    Level {
        /// The highest level.
        max_level: u8,
        /// Whether "not relevant" may be answered.
        may_be_not_relevant: bool,
    },
    /// An evidence item, mandatory for some sectors.
    Item {
        /// What it is.
        item: ItemKind,
        /// For which sectors it is mandatory.
        mandatory: Vec<Sector>,
    },
    /// Indicators by column, as codes.
    Outcome {
        /// Indicators of the column "achieved".
        achieved: Vec<String>,
        /// Indicators of the column "partially achieved"; may be empty.
        partially: Vec<String>,
        /// Indicators of the column "not achieved".
        not: Vec<String>,
    },
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementShape {
    /// Its code, unique in the edition.
    pub code: String,
    /// The code of the innermost section.
    pub section: String,
    /// Its short title, read for key words only.
    pub title: String,
    /// What an answer is made of.
    pub kind: RequirementKind,
    /// The expected rank for each profile in the order of [`EditionShape::profiles`]; `None` where the profile is
    /// not asked. Empty in the assertions scheme.
    pub expected: Vec<Option<u8>>,
}

/// A profile: whose expectations a column of `expected` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileShape {
    /// Its key, such as `acute` or `ambulance`.
    pub key: String,
    /// The sectors that get it by default.
    pub sectors: Vec<Sector>,
}

/// Why a shape cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ShapeError {
    /// There is nothing to answer.
    #[error("edition {0} has no requirements")]
    Empty(String),
    /// Two requirements share a code.
    #[error("requirement {0} occurs twice")]
    Twice(String),
    /// The requirement does not fit the edition's scheme.
    #[error("requirement {0} is of another scheme")]
    WrongKind(String),
    /// The number of expectations differs from the number of profiles.
    #[error("requirement {0} has expectations for {1} profiles instead of {2}")]
    Expectations(String, usize, usize),
    /// A requirement expects more than can be reached.
    #[error("requirement {0} expects a rank above its highest")]
    Unreachable(String),
}

/// What is asked of one organisation by one requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Position of the requirement in the edition.
    pub requirement: usize,
    /// The rank that meets it; 0 where an answer is optional.
    pub expected: u8,
    /// Whether a certificate stands in for it, so that nothing is expected.
    pub exempt: bool,
}

/// An edition as the generator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionShape {
    key: String,
    scheme: Scheme,
    profiles: Vec<ProfileShape>,
    requirements: Vec<RequirementShape>,
    positions: BTreeMap<String, usize>,
    traits: Vec<Traits>,
    rules: Rules,
}

/// What is worked out once for each requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// A fixed number for the code.
    pub code_key: u64,
    /// A fixed number for the section.
    pub section_key: u64,
    /// What comments are about.
    pub theme: &'static Theme,
}

impl RequirementKind {
    /// The highest rank an answer can reach: the level, 1 for a complete item, 2 for an achieved outcome.
    #[must_use]
    pub const fn highest(&self) -> u8 {
        match self {
            Self::Level { max_level, .. } => *max_level,
            Self::Item { .. } => 1,
            Self::Outcome { .. } => 2,
        }
    }

    const fn scheme(&self) -> Scheme {
        match self {
            Self::Level { .. } => Scheme::Levels,
            Self::Item { .. } => Scheme::Assertions,
            Self::Outcome { .. } => Scheme::Outcomes,
        }
    }
}

impl EditionShape {
    /// Checks and indexes the requirements.
    ///
    /// # Errors
    /// When the parts do not fit together, see [`ShapeError`].
    pub fn new(
        key: &str,
        scheme: Scheme,
        profiles: Vec<ProfileShape>,
        requirements: Vec<RequirementShape>,
    ) -> Result<Self, ShapeError> {
        if requirements.is_empty() {
            return Err(ShapeError::Empty(key.to_owned()));
        }
        let mut positions = BTreeMap::new();
        for (index, requirement) in requirements.iter().enumerate() {
            let code = requirement.code.clone();
            if requirement.kind.scheme() != scheme {
                return Err(ShapeError::WrongKind(code));
            }
            if scheme != Scheme::Assertions && requirement.expected.len() != profiles.len() {
                return Err(ShapeError::Expectations(code, requirement.expected.len(), profiles.len()));
            }
            if requirement.expected.iter().flatten().any(|rank| *rank > requirement.kind.highest()) {
                return Err(ShapeError::Unreachable(code));
            }
            if positions.insert(code.clone(), index).is_some() {
                return Err(ShapeError::Twice(code));
            }
        }
        let traits = requirements.iter().map(|requirement| Traits {
            code_key: text_key(&requirement.code),
            section_key: text_key(&requirement.section),
            theme: theme(&requirement.code, &requirement.title),
        });
        let traits = traits.collect();
        Ok(Self {
            key: key.to_owned(),
            scheme,
            profiles,
            requirements,
            positions,
            traits,
            rules: Rules::default(),
        })
    }

    /// The same edition with rules beyond the expectations.
    #[must_use]
    pub fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// The rules beyond the expectations.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The edition's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The scoring scheme.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The profiles.
    #[must_use]
    pub fn profiles(&self) -> &[ProfileShape] {
        &self.profiles
    }

    /// The requirements in order.
    #[must_use]
    pub fn requirements(&self) -> &[RequirementShape] {
        &self.requirements
    }

    /// The requirements with their traits, in order.
    pub fn described(&self) -> impl Iterator<Item = (&RequirementShape, &Traits)> {
        self.requirements.iter().zip(&self.traits)
    }

    /// The requirement at a position, with its traits.
    #[must_use]
    pub fn requirement(&self, position: usize) -> Option<(&RequirementShape, &Traits)> {
        Some((self.requirements.get(position)?, self.traits.get(position)?))
    }

    /// The position of a requirement.
    #[must_use]
    pub fn position(&self, code: &str) -> Option<usize> {
        self.positions.get(code).copied()
    }

    /// The profile of an organisation: the first whose key names its kind of trust (`community_mental_health` names
    /// two), else the first for its sector.
    #[must_use]
    pub fn profile(&self, sector: Sector, kind: Option<TrustKind>) -> Option<usize> {
        let by_kind =
            kind.and_then(|kind| self.profiles.iter().position(|profile| profile.key.contains(kind.key())));
        by_kind.or_else(|| self.profiles.iter().position(|profile| profile.sectors.contains(&sector)))
    }

    /// What is asked of an organisation, in order; nothing when the edition does not apply to it.
    #[must_use]
    pub fn asked(&self, sector: Sector, kind: Option<TrustKind>) -> Vec<Asked> {
        let profile = self.profile(sector, kind);
        let expectation = |requirement: &RequirementShape| match &requirement.kind {
            RequirementKind::Item { mandatory, .. } => Some(u8::from(mandatory.contains(&sector))),
            RequirementKind::Level { .. } | RequirementKind::Outcome { .. } => {
                requirement.expected.get(profile?).copied().flatten()
            }
        };
        let all = self.requirements.iter().enumerate();
        all.filter_map(|(index, requirement)| {
            expectation(requirement).map(|expected| Asked { requirement: index, expected, exempt: false })
        })
        .collect()
    }
}
