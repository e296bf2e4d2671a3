//! The real file, where it is at hand, and a small one of our own.

use std::path::Path;

use serde_json::Value;

use super::*;
use crate::standards::SchemeKind;
use crate::standards::scoring::{Answered, GradeKey, ScoreInput, Status, score};
use crate::standards::testing::{answer, day, sector};

const SMALL: &str = r"
rules: &rules
  all_all_all: &no { outcome_status: Not achieved }
  all_all_some: *no
  all_all_none: &yes { outcome_status: Achieved }
  all_some_all: *no
  all_some_some: *no
  all_some_none: *yes
  all_none_all: *no
  all_none_some: *no
  all_none_none: *yes
  some_all_all: *no
  some_all_some: *no
  some_all_none: &half { outcome_status: Partially achieved }
  some_some_all: *no
  some_some_some: *no
  some_some_none: *no
  some_none_all: *no
  some_none_some: *no
  some_none_none: *no
  none_all_all: *no
  none_all_some: *no
  none_all_none: *half
  none_some_all: *no
  none_some_some: *no
  none_some_none: *no
  none_none_all: *no
  none_none_some: *no
  none_none_none: *no
objectives:
  Z:
    title: Last letter first
    principles:
      Z1:
        title: One principle
        outcomes:
          Z1.b:
            title: An outcome
            description: What should be true.
            indicators:
              achieved:
                Z1.b.2: { description: Yes it is }
                Z1.b.10: { description: And so is this }
              not-achieved: { }
            assessment-rules: *rules
            min_profile_requirement: { low: Not achieved, high: Achieved }
";

fn problems(text: &str) -> Vec<String> {
    read(text, "caf.yaml", &Names::default()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_small_file_is_read_in_its_own_order() {
    let imported = read(SMALL, "framework-9.1.yaml", &Names::default()).unwrap();
    let edition = imported.edition;
    assert_eq!((edition.key().as_str(), edition.label()), ("framework-9.1", "9.1"));
    assert_eq!(edition.scheme().kind(), SchemeKind::Outcomes);
    let RequirementKind::Outcome { achieved, .. } = &edition.requirements()[0].kind else { panic!() };
    assert_eq!(achieved.iter().map(|i| i.code.as_str()).collect::<Vec<_>>(), ["Z1.b.2", "Z1.b.10"]);
    assert_eq!(edition.default_profile(sector("gp")).unwrap().key.as_str(), "low");
    assert!(imported.notes.iter().any(|n| n.contains("every sector gets \"low\"")), "{:?}", imported.notes);
}

#[test]
fn a_table_that_disagrees_with_the_rule_is_refused_row_by_row() {
    let wrong = SMALL
        .replace("  all_some_none: *yes", "  all_some_none: { outcome_status: Partially achieved }")
        .replace("  none_none_none: *no\n", "");
    let found = problems(&wrong);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0]
            .starts_with("outcome Z1.b: the decision table says \"Partially achieved\" for all_some_none")
    );
    assert!(found[1].contains("has no row none_none_none"));
}

#[test]
fn wrong_shapes_are_named_with_their_line() {
    assert!(problems("objectives: 5\n")[0].starts_with("line 1: this is not a framework file"));
    assert!(problems("a: b\n")[0].contains("objectives"));
    assert!(problems(&SMALL.replace("Yes it is }", "Yes it is"))[0].starts_with("line "));
    assert!(
        problems(&SMALL.replace("low: Not achieved", "low: Splendid"))[0]
            .contains("\"Splendid\" is not a result")
    );
    assert!(problems(&SMALL.replace("not-achieved: {", "nearly-achieved: {"))[0].contains("nearly-achieved"));
    // The same statement twice in one column, which a plain YAML reader would silently drop.
    assert!(!problems(&SMALL.replace("Z1.b.10:", "Z1.b.2:")).is_empty());
}

#[test]
fn a_file_that_explodes_is_refused() {
    let list = |of: &str| [of; 10].join(", ");
    let mut bomb = format!("a0: &a0 [{}]\n", list("x"));
    for n in 1..12 {
        bomb.push_str(&format!("a{n}: &a{n} [{}]\n", list(&format!("*a{}", n - 1))));
    }
    let found = problems(&format!("{bomb}{}", SMALL.trim_start()));
    assert!(found[0].contains("expands to far more"), "{found:?}");
}

fn real_file() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/frameworks/caf-3.2.yaml");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            println!("skipped: the real framework file is not here ({error})");
            None
        }
    }
}

#[test]
fn the_real_framework_has_4_objectives_14_principles_39_outcomes_449_indicators() {
    let Some(text) = real_file() else { return };
    let edition = read(&text, "caf-3.2.yaml", &Names::default()).unwrap().edition;
    assert_eq!(
        (edition.key().as_str(), edition.label(), edition.rule_set()),
        ("caf-3.2", "3.2", "caf-3.2.1")
    );
    assert_eq!(edition.tree().iter().filter(|entry| entry.depth == 0).count(), 4);
    assert_eq!(edition.tree().iter().filter(|entry| entry.depth == 1).count(), 14);
    assert_eq!(edition.requirements().len(), 39);
    let mut indicators = 0;
    let (mut at_least_partial, mut in_full) = (0, 0);
    for requirement in edition.requirements() {
        let RequirementKind::Outcome { achieved, partially_achieved, not_achieved, expected } =
            &requirement.kind
        else {
            panic!("not an outcome")
        };
        indicators += achieved.len() + partially_achieved.len() + not_achieved.len();
        assert_eq!(expected.len(), 2, "baseline and enhanced");
        at_least_partial += usize::from(expected["baseline"] == OutcomeLevel::PartiallyAchieved);
        in_full += usize::from(expected["enhanced"] == OutcomeLevel::Achieved);
    }
    assert_eq!(indicators, 449);
    assert_eq!((at_least_partial, in_full), (27, 24));
    assert_eq!(crate::standards::Edition::from_canonical_json(edition.canonical_json()).unwrap(), edition);
}

/// Every row of every table in the file, read independently of the importer.
#[test]
fn the_real_decision_tables_equal_our_rule_in_all_rows() {
    let Some(text) = real_file() else { return };
    let file: Value = serde_saphyr::from_str_with_options(&text, options()).unwrap();
    let mut rows = 0;
    for objective in file["objectives"].as_object().unwrap().values() {
        for principle in objective["principles"].as_object().unwrap().values() {
            for outcome in principle["outcomes"].as_object().unwrap().values() {
                for (row, result) in outcome["assessment-rules"].as_object().unwrap() {
                    let ticks: Vec<ColumnTicks> = row
                        .split('_')
                        .map(|word| match word {
                            "all" => ColumnTicks::All,
                            "some" => ColumnTicks::Some,
                            "none" => ColumnTicks::None,
                            other => panic!("{other}"),
                        })
                        .collect();
                    let ours = decide_outcome(ticks[0], ticks[1], ticks[2]);
                    assert_eq!(result["outcome_status"].as_str().unwrap(), ours.label(), "{row}");
                    rows += 1;
                }
            }
        }
    }
    assert_eq!(rows, 39 * 27);
}

#[test]
fn the_real_framework_answered_in_full_meets_both_profiles() {
    let Some(text) = real_file() else { return };
    let edition = read(&text, "caf-3.2.yaml", &Names::default()).unwrap().edition;
    let mut input =
        ScoreInput::new(sector("nhs_trust"), Some("enhanced".parse().unwrap()), day("2026-06-30"));
    for requirement in edition.requirements() {
        let RequirementKind::Outcome { achieved, .. } = &requirement.kind else { panic!() };
        let ticked: Vec<&str> = achieved.iter().map(|i| i.code.as_str()).collect();
        let value = answer(&edition, requirement.code.as_str(), &serde_json::json!({ "indicators": ticked }));
        input.answers.insert(requirement.code.clone(), Answered::new(value));
    }
    let full = score(&edition, &input).unwrap();
    assert_eq!(full.grade, GradeKey::StandardsMet);
    assert!(full.requirements.iter().all(|r| r.status == Status::Outcome(OutcomeLevel::Achieved)));
    assert_eq!((full.totals.asked, full.totals.met), (39, 39));
}
