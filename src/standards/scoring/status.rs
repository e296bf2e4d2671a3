//! The status of one requirement and its byte in the packed vector.
//!
//! One byte per requirement, in edition order:
//!
//! | scheme | byte | status |
//! |---|---|---|
//! | levels | 0 to 9 | the level reached |
//! | | 253 | excused by a certificate |
//! | | 254 | not relevant |
//! | | 255 | not answered, or not asked |
//! | assertions | 0 | mandatory and incomplete |
//! | | 1 | complete |
//! | | 2 | exempt |
//! | | 255 | not asked, or optional and left out |
//! | outcomes | 0, 1, 2 | not achieved, partially achieved, achieved |
//! | | 253 | excused by a certificate |
//! | | 255 | not answered, or not asked |

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::standards::model::{OutcomeLevel, SchemeKind};

/// The byte of "not answered, or not asked".
pub const BYTE_NONE: u8 = 255;
/// The byte of "not relevant" in a levels edition.
pub const BYTE_NOT_RELEVANT: u8 = 254;

/// The byte of "excused by a certificate" in a levels or outcomes edition.
pub const BYTE_EXCUSED: u8 = 253;

const LEVEL_WORDS: [&str; 10] = [
    "level_0", "level_1", "level_2", "level_3", "level_4", "level_5", "level_6", "level_7", "level_8",
    "level_9",
];

/// What was found out about one requirement. In JSON a word such as `level_2`, `complete` or `achieved`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Status {
    /// The profile does not ask it.
    NotAsked,
    /// Asked, but there is no answer.
    NotAnswered,
    /// Levels: the level reached, 0 to 9.
    Level(u8),
    /// Levels: claimed not to be relevant.
    NotRelevant,
    /// Assertions: mandatory and not complete.
    Incomplete,
    /// Assertions: complete.
    Complete,
    /// Assertions: a certificate stands in for it.
    Exempt,
    /// Levels and outcomes: a certificate stands in for it, so it is left out.
    Excused,
    /// Assertions: optional, and left out or unfinished.
    Optional,
    /// Outcomes: a result.
    Outcome(OutcomeLevel),
}

impl Status {
    /// The byte in the packed vector; see the table at the head of this module.
    pub fn byte(self) -> u8 {
        match self {
            Self::NotAsked | Self::NotAnswered | Self::Optional => BYTE_NONE,
            Self::NotRelevant => BYTE_NOT_RELEVANT,
            Self::Excused => BYTE_EXCUSED,
            Self::Level(level) => level,
            Self::Incomplete => 0,
            Self::Complete => 1,
            Self::Exempt => 2,
            Self::Outcome(level) => level.rank(),
        }
    }

    /// The status a byte stands for in a scheme; `None` for a byte the scheme does not use, and for 255, which stands
    /// for several.
    pub fn from_byte(scheme: SchemeKind, byte: u8) -> Option<Self> {
        match (scheme, byte) {
            (SchemeKind::Levels, 0..=9) => Some(Self::Level(byte)),
            (SchemeKind::Levels, BYTE_NOT_RELEVANT) => Some(Self::NotRelevant),
            (SchemeKind::Levels | SchemeKind::Outcomes, BYTE_EXCUSED) => Some(Self::Excused),
            (SchemeKind::Assertions, 0) => Some(Self::Incomplete),
            (SchemeKind::Assertions, 1) => Some(Self::Complete),
            (SchemeKind::Assertions, 2) => Some(Self::Exempt),
            (SchemeKind::Outcomes, 0) => Some(Self::Outcome(OutcomeLevel::NotAchieved)),
            (SchemeKind::Outcomes, 1) => Some(Self::Outcome(OutcomeLevel::PartiallyAchieved)),
            (SchemeKind::Outcomes, 2) => Some(Self::Outcome(OutcomeLevel::Achieved)),
            _ => None,
        }
    }

    /// The word used in JSON and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::NotAnswered => "not_answered",
            Self::Level(level) => LEVEL_WORDS.get(usize::from(level)).copied().unwrap_or("level_9"),
            Self::NotRelevant => "not_relevant",
            Self::Incomplete => "incomplete",
            Self::Complete => "complete",
            Self::Exempt => "exempt",
            Self::Excused => "excused",
            Self::Optional => "optional",
            Self::Outcome(level) => level.as_str(),
        }
    }

    /// The words shown to people.
    pub fn label(self) -> String {
        match self {
            Self::NotAsked => "Not asked".to_owned(),
            Self::NotAnswered => "Not answered".to_owned(),
            Self::Level(level) => format!("Level {level}"),
            Self::NotRelevant => "Not relevant".to_owned(),
            Self::Incomplete => "Incomplete".to_owned(),
            Self::Complete => "Complete".to_owned(),
            Self::Exempt | Self::Excused => "Exempt".to_owned(),
            Self::Optional => "Optional".to_owned(),
            Self::Outcome(level) => level.label().to_owned(),
        }
    }

    /// Whether nothing more is needed from the organisation before the requirement can be judged.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::NotAnswered | Self::Incomplete)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Status> for String {
    fn from(status: Status) -> String {
        status.as_str().to_owned()
    }
}

impl TryFrom<String> for Status {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let fixed = [
            Self::NotAsked,
            Self::NotAnswered,
            Self::NotRelevant,
            Self::Incomplete,
            Self::Complete,
            Self::Exempt,
            Self::Excused,
            Self::Optional,
        ];
        if let Some(status) = fixed.into_iter().find(|status| status.as_str() == text) {
            return Ok(status);
        }
        if let Some(level) = (0..=9).find(|level| Self::Level(*level).as_str() == text) {
            return Ok(Self::Level(level));
        }
        OutcomeLevel::parse(&text).map(Self::Outcome).ok_or_else(|| format!("\"{text}\" is not a status"))
    }
}
