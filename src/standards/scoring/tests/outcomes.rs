//! The outcomes scheme.

use serde_json::{Value, json};

use super::super::{ColumnTicks, GradeKey, PlanStanding, Status, decide_outcome, score};
use crate::standards::model::OutcomeLevel::{self, Achieved, NotAchieved, PartiallyAchieved};
use crate::standards::testing::{edition, input, outcomes_document};

const ON: &str = "2026-06-30";

fn ticked(codes: &[&str]) -> Value {
    json!({ "indicators": codes })
}

/// The table restated row by row (achieved, partially, not achieved), not by the rule under test: the only five rows
/// out of 27 that are not "not achieved".
const BETTER_ROWS: [(&str, &str, &str, OutcomeLevel); 5] = [
    ("all", "all", "none", Achieved),
    ("all", "none", "none", Achieved),
    ("all", "some", "none", Achieved),
    ("none", "all", "none", PartiallyAchieved),
    ("some", "all", "none", PartiallyAchieved),
];

#[test]
fn the_decision_table_has_exactly_these_27_rows() {
    let ticks = [ColumnTicks::All, ColumnTicks::None, ColumnTicks::Some];
    let mut rows = 0;
    for a in ticks {
        for p in ticks {
            for n in ticks {
                let row = (a.as_str(), p.as_str(), n.as_str());
                let wanted = BETTER_ROWS.iter().find(|r| (r.0, r.1, r.2) == row).map_or(NotAchieved, |r| r.3);
                assert_eq!(decide_outcome(a, p, n), wanted, "{row:?}");
                rows += 1;
            }
        }
    }
    assert_eq!(rows, 27);
}

#[test]
fn an_empty_column_counts_as_none() {
    assert_eq!(ColumnTicks::count(0, 0), ColumnTicks::None);
    let edition = edition(&outcomes_document());
    // A1.b has no middle column: some of "achieved" is not achieved, not "all of nothing".
    let score = score(&edition, &input(&edition, "gp", ON, &[("A1.b", ticked(&["A1.b.A.1"]))])).unwrap();
    assert_eq!(score.requirement("A1.b").unwrap().status, Status::Outcome(NotAchieved));
}

#[test]
fn the_profile_decides_what_is_met() {
    let edition = edition(&outcomes_document());
    let answers =
        [("A1.a", ticked(&["A1.a.PA.1", "A1.a.PA.2"])), ("A1.b", ticked(&["A1.b.A.1", "A1.b.A.2"]))];
    let mut given = input(&edition, "nhs_trust", ON, &answers);
    let baseline = score(&edition, &given).unwrap();
    assert_eq!((baseline.grade, baseline.levels_vector()), (GradeKey::StandardsMet, vec![1, 2]));
    given.profile = Some("enhanced".parse().unwrap());
    let enhanced = score(&edition, &given).unwrap();
    assert_eq!(enhanced.grade, GradeKey::StandardsNotMet);
    assert_eq!(enhanced.reasons[0].inputs["unmet"], json!(["A1.a"]));
    given.plan = PlanStanding::Submitted;
    assert_eq!(score(&edition, &given).unwrap().grade, GradeKey::StandardsNotMet);
    given.plan = PlanStanding::Approved;
    assert_eq!(score(&edition, &given).unwrap().grade, GradeKey::ApproachingStandards);
}

#[test]
fn an_override_counts_and_stays_visible_beside_the_computed_result() {
    let edition = edition(&outcomes_document());
    let claim = json!({ "indicators": ["A1.a.NA.1"],
        "override": { "level": "achieved", "justification": "A managed provider does it." } });
    let answers = [("A1.a", claim), ("A1.b", ticked(&["A1.b.A.1", "A1.b.A.2"]))];
    let score = score(&edition, &input(&edition, "gp", ON, &answers)).unwrap();
    let outcome = score.requirement("A1.a").unwrap();
    assert_eq!(outcome.status, Status::Outcome(Achieved));
    assert_eq!(outcome.computed, Some(Status::Outcome(NotAchieved)));
    assert_eq!(outcome.explanation[1].rule, "outcomes.override");
    assert_eq!(score.reasons[0].inputs["overridden"], json!(["A1.a"]));
    assert_eq!(score.grade, GradeKey::StandardsMet);
}

#[test]
fn an_unanswered_outcome_is_not_met() {
    let edition = edition(&outcomes_document());
    let answers = [("A1.b", ticked(&["A1.b.A.1", "A1.b.A.2"]))];
    let score = score(&edition, &input(&edition, "gp", ON, &answers)).unwrap();
    assert_eq!((score.grade, score.levels_vector()), (GradeKey::StandardsNotMet, vec![255, 2]));
    assert_eq!(score.requirements[0].met_expected, Some(false));
}

#[test]
fn sections_include_their_subsections() {
    let edition = edition(&outcomes_document());
    let answers = [("A1.b", ticked(&["A1.b.A.1", "A1.b.A.2"]))];
    let score = score(&edition, &input(&edition, "gp", ON, &answers)).unwrap();
    let shown: Vec<(usize, u32, u32, u32)> =
        score.sections.iter().map(|s| (s.depth, s.asked, s.settled, s.met)).collect();
    assert_eq!(shown, [(0, 2, 1, 1), (1, 2, 1, 1)]);
}
