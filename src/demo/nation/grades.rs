//! Grades of the demo's returns, the labels under which they were published in different years, and the
//! certificates that lift them. The grade follows the rules of the scheme (domain rules of the programme); the
//! scoring engine must come to the same result for the same answers.

use jiff::civil::Date;

use super::chance::Chance;
use super::organisations::days_before;
use super::quality::Quality;
use super::shape::{Asked, EditionShape, Scheme};

/// A grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Met, and a current Cyber Essentials Plus certificate.
    StandardsExceeded,
    /// Everything mandatory is complete.
    StandardsMet,
    /// Not met, with an improvement plan approved centrally.
    ApproachingStandards,
    /// Published otherwise.
    StandardsNotMet,
    /// Levels scheme: the expected level on every requirement.
    Satisfactory,
    /// Levels scheme: not so.
    NotSatisfactory,
    /// Nothing was submitted by the close.
    NotPublished,
}

impl Grade {
    /// The stable key of the grade.
    #[must_use]
    pub const fn key(self) -> &'static str {
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

    /// Whether the organisation met what was expected.
    #[must_use]
    pub const fn is_met(self) -> bool {
        matches!(self, Self::StandardsExceeded | Self::StandardsMet | Self::Satisfactory)
    }

    /// The label under which the grade was published for a year counted from 0. The first two years called the
    /// agreed plan by its longer name.
    #[must_use]
    pub const fn label(self, year: usize) -> &'static str {
        match self {
            Self::StandardsExceeded => "Standards Exceeded",
            Self::StandardsMet => "Standards Met",
            Self::ApproachingStandards if year < RENAMED_IN => OLD_APPROACHING,
            Self::ApproachingStandards => "Approaching Standards",
            Self::StandardsNotMet => "Standards Not Met",
            Self::Satisfactory => "Satisfactory",
            Self::NotSatisfactory => "Not satisfactory",
            Self::NotPublished => "Not Published",
        }
    }
}

/// The year, counted from 0, from which an agreed plan is called "Approaching Standards".
pub const RENAMED_IN: usize = 2;

/// What it was called before.
pub const OLD_APPROACHING: &str = "Standards not fully met (plan agreed)";

/// A grade and, in the levels scheme, the percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The grade.
    pub grade: Grade,
    /// `floor(100 x sum of levels / (highest level x relevant requirements))`, levels scheme only.
    pub percentage: Option<u8>,
}

/// A status as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The status.
    pub status: Status,
    /// The label of that year, see [`Grade::label`].
    pub label: &'static str,
    /// The day on which it appeared: that of submission for a live register entry, of the close for silence.
    pub on: Date,
    /// Whether it came after the deadline and without an extension.
    pub late: bool,
}

/// What kind of certificate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateKind {
    /// Cyber Essentials Plus, twelve months.
    CyberEssentialsPlus,
    /// ISO/IEC 27001, three years.
    Iso27001,
}

impl CertificateKind {
    /// The stable key of the kind.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::CyberEssentialsPlus => "cyber_essentials_plus",
            Self::Iso27001 => "iso_27001",
        }
    }
}

/// A certificate that was valid at the deadline of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// Its kind.
    pub kind: CertificateKind,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity.
    pub valid_to: Date,
    /// Whether it covers all processing of health and care data.
    pub whole_scope: bool,
}

/// The certificates of an organisation on a deadline.
pub fn certificates(
    chance: &mut Chance,
    quality: &Quality,
    large: bool,
    year: usize,
    on: Date,
) -> Vec<Certificate> {
    let mut held = Vec::new();
    let lift = 0.05 * quality.in_year(year);
    let share = if large { 0.09 } else { 0.035 } + lift * if large { 1.0 } else { 0.4 };
    if quality.ambition(1) < share {
        let age = chance.between(5, 330);
        let valid_from = days_before(on, age);
        let kind = CertificateKind::CyberEssentialsPlus;
        held.push(Certificate {
            kind,
            valid_from,
            valid_to: days_before(valid_from, -364),
            whole_scope: true,
        });
    }
    if quality.ambition(2) < share * 0.6 {
        let age = chance.between(30, 900);
        let valid_from = days_before(on, age);
        let whole_scope = chance.happens(0.35);
        let kind = CertificateKind::Iso27001;
        held.push(Certificate { kind, valid_from, valid_to: days_before(valid_from, -1_094), whole_scope });
    }
    held
}

/// The status that ranks earn. `ranks` belongs to `asked` place by place, `None` for what is not relevant.
#[must_use]
pub fn status(
    shape: &EditionShape,
    asked: &[Asked],
    ranks: &[Option<u8>],
    certificates: &[Certificate],
    plan_agreed: bool,
) -> Status {
    let met = asked.iter().zip(ranks).all(|(asked, rank)| rank.is_none_or(|rank| rank >= asked.expected));
    if shape.scheme() == Scheme::Levels {
        let grade = if met { Grade::Satisfactory } else { Grade::NotSatisfactory };
        return Status { grade, percentage: Some(percentage(shape, asked, ranks)) };
    }
    let plus = certificates.iter().any(|held| held.kind == CertificateKind::CyberEssentialsPlus);
    let grade = match (met, shape.scheme()) {
        (true, Scheme::Assertions) if plus => Grade::StandardsExceeded,
        (true, _) => Grade::StandardsMet,
        (false, _) if plan_agreed => Grade::ApproachingStandards,
        (false, _) => Grade::StandardsNotMet,
    };
    Status { grade, percentage: None }
}

fn percentage(shape: &EditionShape, asked: &[Asked], ranks: &[Option<u8>]) -> u8 {
    let (mut sum, mut potential) = (0_u32, 0_u32);
    for (asked, rank) in asked.iter().zip(ranks) {
        if let (Some(rank), Some(requirement)) = (rank, shape.requirements().get(asked.requirement)) {
            sum += u32::from(*rank);
            potential += u32::from(requirement.kind.highest());
        }
    }
    let percent = (100 * sum).checked_div(potential).unwrap_or(0);
    u8::try_from(percent).unwrap_or(100)
}
