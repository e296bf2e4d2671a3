//! Grades of the demo's returns, the labels under which they were published in different years, and the
//! certificates that lift them. The grade follows the rules of the scheme (domain rules of the programme); the
//! scoring engine must come to the same result for the same answers.

use jiff::civil::Date;

use super::chance::Chance;
use super::organisations::days_before;
use super::quality::Quality;
use super::sector::Sector;
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

/// How far an improvement plan has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanStanding {
    /// There is none.
    None,
    /// It was handed in.
    Submitted,
    /// It was agreed centrally.
    Agreed,
}

/// What a status rests on besides the ranks.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The sector.
    pub sector: Sector,
    /// Certificates held.
    pub certificates: &'a [Certificate],
    /// The plan.
    pub plan: PlanStanding,
    /// Whether the organisation was published as approaching the standards before.
    pub approached_before: bool,
}

/// The status that ranks earn. `ranks` belongs to `asked` place by place, `None` for what is not relevant.
#[must_use]
pub fn status(
    shape: &EditionShape,
    asked: &[Asked],
    ranks: &[Option<u8>],
    under: &Circumstances<'_>,
) -> Status {
    let rules = shape.rules();
    if shape.scheme() == Scheme::Levels {
        let wanted = |asked: &Asked| rules.satisfactory_level.unwrap_or(asked.expected);
        let met = asked.iter().zip(ranks).all(|(asked, rank)| rank.is_none_or(|rank| rank >= wanted(asked)));
        let percentage = percentage(shape, asked, ranks);
        let grade = if met && percentage.is_some() { Grade::Satisfactory } else { Grade::NotSatisfactory };
        return Status { grade, percentage };
    }
    let met = asked.iter().zip(ranks).all(|(asked, rank)| rank.is_none_or(|rank| rank >= asked.expected));
    let lifted = rules
        .exceeded_certificate
        .is_some_and(|kind| under.certificates.iter().any(|held| held.kind == kind));
    let grade = if met {
        if lifted { Grade::StandardsExceeded } else { Grade::StandardsMet }
    } else if approaches(shape, asked, ranks, under) {
        Grade::ApproachingStandards
    } else {
        Grade::StandardsNotMet
    };
    Status { grade, percentage: None }
}

/// Large organisations approach the standards by an agreed plan, small ones by a plan and a few items, once.
fn approaches(
    shape: &EditionShape,
    asked: &[Asked],
    ranks: &[Option<u8>],
    under: &Circumstances<'_>,
) -> bool {
    let rules = shape.rules();
    if shape.scheme() == Scheme::Outcomes || rules.is_large(under.sector) {
        return under.plan == PlanStanding::Agreed;
    }
    let complete = |position: &usize| {
        // What a certificate stands in for counts as complete; it is expected of nobody and has no rank.
        let at = asked.iter().zip(ranks).find(|(asked, _)| asked.requirement == *position);
        at.is_none_or(|(asked, rank)| *rank == Some(1) || asked.exempt)
    };
    under.plan != PlanStanding::None
        && !under.approached_before
        && !rules.small_subset.is_empty()
        && rules.small_subset.iter().all(complete)
}

fn percentage(shape: &EditionShape, asked: &[Asked], ranks: &[Option<u8>]) -> Option<u8> {
    let (mut sum, mut potential) = (0_u32, 0_u32);
    for (asked, rank) in asked.iter().zip(ranks) {
        if let (Some(rank), Some(requirement)) = (rank, shape.requirements().get(asked.requirement)) {
            sum += u32::from(*rank);
            potential += u32::from(requirement.kind.highest());
        }
    }
    (100 * sum).checked_div(potential).and_then(|percent| u8::try_from(percent).ok())
}
