//! The levels scheme: a level for each requirement, a percentage of what could be reached, and
//! *satisfactory* only if every relevant requirement reaches the satisfactory level.

use serde_json::json;

use super::result::{GradeKey, Reason, RequirementScore};
use super::status::Status;
use super::{Answered, Graded, Judged, list_codes};
use crate::standards::answer::AnswerValue;
use crate::standards::keys::{ProfileKey, RequirementCode};
use crate::standards::model::{Asked, LevelsScheme, Requirement, RequirementKind};

/// The status of one requirement.
pub(super) fn judge(
    scheme: &LevelsScheme,
    requirement: &Requirement,
    profile: Option<&ProfileKey>,
    answered: Option<&Answered>,
) -> Judged {
    let expected = match &requirement.kind {
        RequirementKind::Level { expected, .. } => profile.and_then(|key| expected.get(key)).copied(),
        RequirementKind::Item { .. } | RequirementKind::Outcome { .. } => None,
    };
    let Some(expected) = expected else {
        let inputs = [("profile", json!(profile))];
        let reason = Reason::new("levels.not_asked", inputs, "This profile is not asked this requirement.");
        return Judged {
            status: Status::NotAsked,
            computed: None,
            expected: None,
            met_expected: None,
            explanation: vec![reason],
        };
    };
    let (status, met, reason) = match answered.map(|a| (&a.value, a.disputed_not_relevant)) {
        Some((AnswerValue::Level { level, .. }, _)) => {
            let met = *level >= expected;
            let words = format!(
                "Level {level} of {}; this profile expects level {expected}{}.",
                scheme.max_level,
                if met { "" } else { ", which is not reached" }
            );
            let inputs = [("level", json!(level)), ("expected", json!(expected))];
            (Status::Level(*level), Some(met), Reason::new("levels.level", inputs, words))
        }
        Some((AnswerValue::NotRelevant { reason }, disputed)) => {
            let (rule, words) = if disputed {
                let words = "Claimed as not relevant, which is disputed. It stays out of the percentage and the \
                             grade; the decision is recorded beside the answer.";
                ("levels.not_relevant_disputed", words)
            } else {
                (
                    "levels.not_relevant",
                    "Not relevant to this organisation, so it is left out of the percentage.",
                )
            };
            let inputs = [("reason", json!(reason)), ("disputed", json!(disputed))];
            (Status::NotRelevant, None, Reason::new(rule, inputs, words))
        }
        _ => {
            let words = format!("Not answered: it adds nothing, and this profile expects level {expected}.");
            let reason = Reason::new("levels.not_answered", [("expected", json!(expected))], words);
            (Status::NotAnswered, Some(false), reason)
        }
    };
    Judged {
        status,
        computed: None,
        expected: Some(Status::Level(expected)),
        met_expected: met,
        explanation: vec![reason],
    }
}

/// Sum and potential over requirements: what the percentage is made of.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub sum: u32,
    pub relevant: u32,
    pub not_relevant: u32,
    pub excused: u32,
}

impl Tally {
    pub fn of<'a>(requirements: impl Iterator<Item = &'a RequirementScore>) -> Self {
        requirements.filter(|r| r.asked == Asked::Mandatory).fold(Self::default(), |tally, r| {
            match r.status {
                Status::NotRelevant => Self { not_relevant: tally.not_relevant + 1, ..tally },
                Status::Excused => Self { excused: tally.excused + 1, ..tally },
                Status::Level(level) => {
                    Self { sum: tally.sum + u32::from(level), relevant: tally.relevant + 1, ..tally }
                }
                _ => Self { relevant: tally.relevant + 1, ..tally },
            }
        })
    }

    /// floor(100 x sum / (max level x relevant requirements)); `None` when nothing relevant is asked.
    pub fn percentage(self, max_level: u8) -> Option<u8> {
        let potential = u32::from(max_level) * self.relevant;
        (self.sum * 100).checked_div(potential).and_then(|percentage| u8::try_from(percentage).ok())
    }
}

/// The grade from the statuses. An organisation for which nothing is relevant is not satisfactory: there is nothing
/// on which such a claim could rest.
pub(super) fn grade(scheme: &LevelsScheme, requirements: &[RequirementScore]) -> Graded {
    let tally = Tally::of(requirements.iter());
    let percentage = tally.percentage(scheme.max_level);
    let band = percentage.and_then(|percentage| {
        scheme
            .bands
            .iter()
            .find(|band| band.below.is_none_or(|below| percentage < below))
            .map(|band| band.label.clone())
    });
    let potential = u32::from(scheme.max_level) * tally.relevant;
    let percentage_words = match percentage {
        Some(percentage) => format!(
            "{percentage}%: {} of a possible {potential} points over {} relevant requirements, rounded down{}.",
            tally.sum,
            tally.relevant,
            band.as_ref().map(|band| format!(" ({band})")).unwrap_or_default()
        ),
        None => "No percentage: no requirement is relevant.".to_owned(),
    };
    let inputs = [
        ("sum", json!(tally.sum)),
        ("potential", json!(potential)),
        ("requirements", json!(tally.relevant + tally.not_relevant + tally.excused)),
        ("not_relevant", json!(tally.not_relevant)),
        ("band", json!(band)),
    ];
    let percentage_reason = Reason::new("levels.percentage", inputs, percentage_words);
    let below: Vec<&RequirementCode> = requirements
        .iter()
        .filter(|r| r.asked == Asked::Mandatory)
        .filter(|r| match r.status {
            Status::NotRelevant | Status::Excused => false,
            Status::Level(level) => level < scheme.satisfactory_level,
            _ => true,
        })
        .map(|r| &r.code)
        .collect();
    let satisfactory = below.is_empty() && tally.relevant > 0;
    let wanted = scheme.satisfactory_level;
    let words = if satisfactory {
        format!("Satisfactory: all {} relevant requirements reach level {wanted}.", tally.relevant)
    } else if tally.relevant == 0 {
        "Not satisfactory: no requirement is relevant, so nothing supports the grade.".to_owned()
    } else {
        format!(
            "Not satisfactory: {} of {} relevant requirements are below level {wanted}: {}.",
            below.len(),
            tally.relevant,
            list_codes(&below)
        )
    };
    let inputs =
        [("satisfactory_level", json!(wanted)), ("below", json!(below)), ("relevant", json!(tally.relevant))];
    Graded {
        grade: if satisfactory { GradeKey::Satisfactory } else { GradeKey::NotSatisfactory },
        percentage,
        band,
        reasons: vec![Reason::new("levels.satisfactory", inputs, words), percentage_reason],
    }
}
