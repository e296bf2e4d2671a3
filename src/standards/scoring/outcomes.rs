//! The outcomes scheme: indicators in three columns give a result for each outcome by a decision
//! table; the grade compares every result with what the profile expects.

use serde_json::json;

use super::input::PlanStanding;
use super::result::{GradeKey, Reason, RequirementScore};
use super::status::Status;
use super::{Answered, Context, Graded, Judged, list_codes};
use crate::standards::answer::AnswerValue;
use crate::standards::keys::{IndicatorCode, ProfileKey, RequirementCode};
use crate::standards::model::{Asked, Indicator, OutcomeLevel, Requirement, RequirementKind};

/// How much of one column of indicators is ticked. An empty column counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnTicks {
    /// No indicator, or there are none.
    None,
    /// Some but not all.
    Some,
    /// Every one of at least one.
    All,
}

impl ColumnTicks {
    /// From counts: ticked of total.
    pub fn count(ticked: usize, total: usize) -> Self {
        if ticked == 0 {
            Self::None
        } else if ticked < total {
            Self::Some
        } else {
            Self::All
        }
    }

    /// The word used in explanations: all, some or none.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Some => "some",
            Self::All => "all",
        }
    }
}

/// The decision table: any "not achieved" statement decides; otherwise a full column wins, the better one first.
pub fn decide_outcome(
    achieved: ColumnTicks,
    partially: ColumnTicks,
    not_achieved: ColumnTicks,
) -> OutcomeLevel {
    if not_achieved != ColumnTicks::None {
        OutcomeLevel::NotAchieved
    } else if achieved == ColumnTicks::All {
        OutcomeLevel::Achieved
    } else if partially == ColumnTicks::All {
        OutcomeLevel::PartiallyAchieved
    } else {
        OutcomeLevel::NotAchieved
    }
}

/// The status of one outcome: what the indicators give, replaced by a justified override where there is one.
pub(super) fn judge(
    requirement: &Requirement,
    profile: Option<&ProfileKey>,
    answered: Option<&Answered>,
) -> Judged {
    let RequirementKind::Outcome { achieved, partially_achieved, not_achieved, expected } = &requirement.kind
    else {
        return not_asked(profile);
    };
    let Some(expected) = profile.and_then(|key| expected.get(key)).copied() else {
        return not_asked(profile);
    };
    let Some(AnswerValue::Outcome { indicators, level_override, .. }) = answered.map(|a| &a.value) else {
        let words = format!("Not answered; this profile expects at least \"{}\".", expected.label());
        return Judged {
            status: Status::NotAnswered,
            computed: None,
            expected: Some(Status::Outcome(expected)),
            met_expected: Some(false),
            explanation: vec![Reason::new("outcomes.not_answered", [("expected", json!(expected))], words)],
        };
    };
    let columns = [achieved, partially_achieved, not_achieved].map(|column| ticks(column, indicators));
    let [a, p, n] = columns;
    let computed = decide_outcome(a, p, n);
    let mut explanation = vec![Reason::new(
        "outcomes.indicators",
        [
            ("achieved", json!(a.as_str())),
            ("partially_achieved", json!(p.as_str())),
            ("not_achieved", json!(n.as_str())),
            ("result", json!(computed)),
        ],
        format!("{}: {}.", computed.label(), table_words(a, p, n)),
    )];
    let result = level_override.as_ref().map_or(computed, |claim| claim.level);
    if let Some(claim) = level_override {
        explanation.push(Reason::new(
            "outcomes.override",
            [
                ("computed", json!(computed)),
                ("claimed", json!(claim.level)),
                ("justification", json!(claim.justification)),
            ],
            format!(
                "The organisation claims \"{}\" by an alternative control; its indicators alone give \"{}\".",
                claim.level.label(),
                computed.label()
            ),
        ));
    }
    let met = result.rank() >= expected.rank();
    let words = format!(
        "This profile expects at least \"{}\", which is {}.",
        expected.label(),
        if met { "met" } else { "not met" }
    );
    let inputs = [("result", json!(result)), ("expected", json!(expected))];
    explanation.push(Reason::new("outcomes.profile", inputs, words));
    Judged {
        status: Status::Outcome(result),
        computed: level_override.is_some().then_some(Status::Outcome(computed)),
        expected: Some(Status::Outcome(expected)),
        met_expected: Some(met),
        explanation,
    }
}

fn not_asked(profile: Option<&ProfileKey>) -> Judged {
    let inputs = [("profile", json!(profile))];
    let reason = Reason::new("outcomes.not_asked", inputs, "This profile is not asked this outcome.");
    Judged {
        status: Status::NotAsked,
        computed: None,
        expected: None,
        met_expected: None,
        explanation: vec![reason],
    }
}

fn ticks(column: &[Indicator], ticked: &[IndicatorCode]) -> ColumnTicks {
    let count = column.iter().filter(|indicator| ticked.contains(&indicator.code)).count();
    ColumnTicks::count(count, column.len())
}

fn table_words(achieved: ColumnTicks, partially: ColumnTicks, not_achieved: ColumnTicks) -> &'static str {
    if not_achieved != ColumnTicks::None {
        "at least one \"not achieved\" statement is ticked"
    } else if achieved == ColumnTicks::All {
        "every \"achieved\" statement is ticked, and no \"not achieved\" one"
    } else if partially == ColumnTicks::All {
        "every \"partially achieved\" statement is ticked, and no \"not achieved\" one"
    } else {
        "neither the \"achieved\" nor the \"partially achieved\" statements are all ticked"
    }
}

/// The grade from the statuses: met when every outcome asked reaches what the profile expects.
pub(super) fn grade(context: &Context, requirements: &[RequirementScore]) -> Graded {
    let counted =
        || requirements.iter().filter(|r| r.asked == Asked::Mandatory && r.status != Status::Excused);
    let asked = counted().count();
    let unmet: Vec<&RequirementCode> =
        counted().filter(|r| r.met_expected != Some(true)).map(|r| &r.code).collect();
    let overridden: Vec<&RequirementCode> =
        requirements.iter().filter(|r| r.computed.is_some()).map(|r| &r.code).collect();
    let met = unmet.is_empty() && asked > 0;
    let words = if met {
        format!("All {asked} outcomes reach the result this profile expects.")
    } else {
        format!(
            "{} of {asked} outcomes do not reach the result this profile expects: {}.",
            unmet.len(),
            list_codes(&unmet)
        )
    };
    let inputs = [
        ("profile", json!(context.profile)),
        ("asked", json!(asked)),
        ("unmet", json!(unmet)),
        ("overridden", json!(overridden)),
    ];
    let mut reasons = vec![Reason::new("outcomes.grade", inputs, words)];
    let mut grade = if met { GradeKey::StandardsMet } else { GradeKey::StandardsNotMet };
    if !met && context.input.plan == PlanStanding::Approved {
        grade = GradeKey::ApproachingStandards;
        let inputs = [("plan", json!(context.input.plan))];
        let words =
            "An improvement plan for the gaps has been approved centrally, so the standards are approached.";
        reasons.push(Reason::new("outcomes.approaching", inputs, words));
    }
    Graded { grade, percentage: None, band: None, reasons }
}
