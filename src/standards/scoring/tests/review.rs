//! Reassessment by a reviewer.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::{GradeKey, ReassessError, Status, reassess, score};
use crate::standards::testing::{
    assertions_document, code, edition, input, levels_document, outcomes_document,
};

const ON: &str = "2026-06-30";

#[test]
fn a_downgrade_changes_the_assessed_grade_and_not_the_claimed_one() {
    let edition = edition(&levels_document(2));
    let given =
        input(&edition, "nhs_trust", ON, &[("1-1", json!({"level": 3})), ("1-2", json!({"level": 3}))]);
    let both = reassess(&edition, &given, &BTreeMap::from([(code("1-2"), 1)])).unwrap();
    assert_eq!(both.claimed, score(&edition, &given).unwrap());
    assert_eq!((both.claimed.grade, both.claimed.percentage), (GradeKey::Satisfactory, Some(100)));
    assert_eq!((both.assessed.grade, both.assessed.percentage), (GradeKey::NotSatisfactory, Some(66)));
    assert_eq!(both.assessed.levels_vector(), [3, 1]);
    assert_eq!(both.assessed.requirements[1].met_expected, Some(false));
    assert_eq!(both.assessed.requirements[1].explanation.last().unwrap().rule, "review.assessed");
    assert_eq!(both.changes.len(), 1);
    assert_eq!((both.changes[0].claimed, both.changes[0].assessed), (Status::Level(3), Status::Level(1)));
}

#[test]
fn agreement_everywhere_gives_the_same_score() {
    let edition = edition(&outcomes_document());
    let given = input(&edition, "gp", ON, &[("A1.a", json!({ "indicators": ["A1.a.A.1", "A1.a.A.2"] }))]);
    let claimed = score(&edition, &given).unwrap();
    let agreed: BTreeMap<_, _> = claimed.requirements.iter().map(|r| (r.code.clone(), r.byte)).collect();
    let both = reassess(&edition, &given, &agreed).unwrap();
    assert_eq!(both.assessed, claimed);
    assert!(both.changes.is_empty());
}

#[test]
fn an_upgrade_can_meet_the_standard() {
    let edition = edition(&outcomes_document());
    let given = input(&edition, "gp", ON, &[("A1.a", json!({ "indicators": ["A1.a.A.1", "A1.a.A.2"] }))]);
    let both = reassess(&edition, &given, &BTreeMap::from([(code("A1.b"), 2)])).unwrap();
    assert_eq!(both.claimed.grade, GradeKey::StandardsNotMet);
    assert_eq!(both.assessed.grade, GradeKey::StandardsMet);
}

#[test]
fn an_item_found_wanting_takes_met_away() {
    let edition = edition(&assertions_document());
    let answers = [
        ("1.1.1", json!({ "text": "We do." })),
        ("1.1.2", json!({ "documents": true })),
        ("1.1.3", json!({ "date": "2026-01-31" })),
        ("1.1", json!({ "confirmed": true })),
    ];
    let given = input(&edition, "gp", ON, &answers);
    let both = reassess(&edition, &given, &BTreeMap::from([(code("1.1.2"), 0)])).unwrap();
    assert_eq!(both.claimed.grade, GradeKey::StandardsMet);
    assert_eq!(both.assessed.grade, GradeKey::StandardsNotMet);
}

#[test]
fn impossible_statuses_are_refused() {
    let edition = edition(&levels_document(3));
    let given = input(&edition, "gp", ON, &[("1-1", json!({"level": 3}))]);
    let attempt =
        |of: &str, byte: u8| reassess(&edition, &given, &BTreeMap::from([(code(of), byte)])).unwrap_err();
    assert!(matches!(attempt("1-1", 4), ReassessError::BadStatus { .. }));
    assert!(matches!(attempt("1-1", 254), ReassessError::BadStatus { .. }), "1-1 may not be not relevant");
    assert!(
        matches!(attempt("1-1", 255), ReassessError::BadStatus { .. }),
        "an answer cannot be assessed away"
    );
    assert!(matches!(attempt("1-2", 2), ReassessError::NotAsked(_)));
    assert!(matches!(attempt("9-9", 2), ReassessError::UnknownRequirement(_)));
}
