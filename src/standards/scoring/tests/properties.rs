//! Properties that hold whatever the answers are.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Score, Status, reassess, score};
use crate::standards::model::{Asked, Edition, RequirementKind};
use crate::standards::scoring::{Answered, Certificate, PlanStanding, ScoreInput};
use crate::standards::testing::{
    answer, assertions_document, certificate, code, day, edition, levels_document, outcomes_document, sector,
};

/// `None` is not answered, `Some(4)` not relevant where that is allowed.
fn level_input(edition: &Edition, levels: &[Option<u8>]) -> ScoreInput {
    let mut input = ScoreInput::new(sector("nhs_trust"), None, day("2026-06-30"));
    for (requirement, level) in edition.requirements().iter().zip(levels) {
        let may = matches!(requirement.kind, RequirementKind::Level { may_be_not_relevant: true, .. });
        let value = match level {
            None => continue,
            Some(4) if may => json!({ "not_relevant": true, "reason": "None here" }),
            Some(n) => json!({ "level": n.min(&3) }),
        };
        let value = answer(edition, requirement.code.as_str(), &value);
        input.answers.insert(requirement.code.clone(), Answered::new(value));
    }
    input
}

fn outcome_input(edition: &Edition, ticks: &[bool], overrides: &[Option<usize>]) -> ScoreInput {
    let mut input = ScoreInput::new(sector("nhs_trust"), None, day("2026-06-30"));
    let mut ticks = ticks.iter();
    for (requirement, claim) in edition.requirements().iter().zip(overrides) {
        let RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } = &requirement.kind
        else {
            panic!("not an outcomes edition")
        };
        let ticked: Vec<&str> = [achieved, partially_achieved, not_achieved]
            .into_iter()
            .flatten()
            .filter(|_| ticks.next().copied().unwrap_or(false))
            .map(|i| i.code.as_str())
            .collect();
        let mut value = json!({ "indicators": ticked });
        if let Some(level) = claim {
            let level = ["not_achieved", "partially_achieved", "achieved"][*level];
            value["override"] = json!({ "level": level, "justification": "Another control" });
        }
        let value = answer(edition, requirement.code.as_str(), &value);
        input.answers.insert(requirement.code.clone(), Answered::new(value));
    }
    input
}

/// Which of the six items are answered, and how.
fn assertion_input(
    edition: &Edition,
    given: &[bool],
    of: &str,
    certificates: Vec<Certificate>,
) -> ScoreInput {
    let values: [(&str, Value); 6] = [
        ("1.1.1", json!({ "text": "We do." })),
        ("1.1.2", json!({ "documents": true })),
        ("1.1.3", json!({ "date": "2026-01-31" })),
        ("1.1", json!({ "confirmed": true })),
        ("1.2.1", json!({ "yes_no": true })),
        ("1.2", json!({ "confirmed": true })),
    ];
    let mut input = ScoreInput::new(sector(of), None, day("2026-06-30"));
    input.certificates = certificates;
    for ((name, value), given) in values.iter().zip(given) {
        if *given {
            let value = answer(edition, name, value);
            input
                .answers
                .insert(code(name), Answered { value, attached_files: 1, disputed_not_relevant: false });
        }
    }
    input
}

fn check_every_score(edition: &Edition, input: &ScoreInput) -> Score {
    let first = score(edition, input).unwrap();
    // Deterministic, and the JSON form loses nothing.
    assert_eq!(score(edition, input).unwrap().to_canonical_json(), first.to_canonical_json());
    let read: Score = serde_json::from_str(&first.to_canonical_json()).unwrap();
    assert_eq!(read, first);
    // One byte for each requirement, which stands for its status; each status gives rule, inputs and rule set.
    let vector = first.levels_vector();
    assert_eq!(vector.len(), edition.requirements().len());
    for ((requirement, byte), score) in edition.requirements().iter().zip(vector).zip(&first.requirements) {
        assert_eq!(requirement.code, score.code);
        assert_eq!(byte, score.status.byte());
        assert_eq!(&*score.rule_set, edition.rule_set());
        assert!(!score.explanation.is_empty());
        assert!(score.explanation.iter().all(|r| !r.inputs.is_empty() && !r.words.is_empty()));
        if byte != 255 {
            assert_eq!(Status::from_byte(edition.scheme().kind(), byte), Some(score.status));
        }
        if score.asked == Asked::NotAsked {
            assert_eq!(byte, 255);
        }
    }
    // The outermost sections add up to the whole.
    let outer = || first.sections.iter().filter(|s| s.depth == 0);
    assert_eq!(outer().map(|s| s.asked).sum::<u32>(), first.totals.asked);
    assert_eq!(outer().map(|s| s.met).sum::<u32>(), first.totals.met);
    assert_eq!(outer().map(|s| s.settled).sum::<u32>(), first.totals.settled);
    // Reviewing everything as claimed changes nothing.
    let agreed: BTreeMap<_, _> = first
        .requirements
        .iter()
        .filter(|r| r.asked != Asked::NotAsked)
        .map(|r| (r.code.clone(), r.byte))
        .collect();
    assert_eq!(reassess(edition, input, &agreed).unwrap().assessed, first);
    first
}

proptest! {
    #[test]
    fn raising_a_level_never_lowers_anything(
        levels in prop::collection::vec(prop::option::of(0u8..=4), 12),
        which in 0usize..12,
    ) {
        let edition = edition(&levels_document(12));
        let before = check_every_score(&edition, &level_input(&edition, &levels));
        // Only levels rise; whether something is relevant is another question.
        if before.requirements[which].status == Status::NotRelevant {
            return Ok(());
        }
        let mut raised = levels.clone();
        raised[which] = Some(raised[which].map_or(0, |level| (level + 1).min(3)));
        let after = check_every_score(&edition, &level_input(&edition, &raised));
        prop_assert!(after.percentage >= before.percentage);
        prop_assert!(after.grade.rank() >= before.grade.rank());
        prop_assert!(after.totals.met >= before.totals.met);
    }

    #[test]
    fn the_percentage_is_what_a_plain_recount_gives_and_leaves_not_relevant_out(
        levels in prop::collection::vec(prop::option::of(0u8..=4), 12),
    ) {
        let edition = edition(&levels_document(12));
        let score = check_every_score(&edition, &level_input(&edition, &levels));
        let (mut sum, mut count, mut lowest) = (0u32, 0u32, 3);
        for byte in score.levels_vector() {
            match byte {
                254 => continue,
                255 => lowest = 0,
                level => { sum += u32::from(level); lowest = lowest.min(level); }
            }
            count += 1;
        }
        // Found by counting up, not by the division under test.
        let wanted = (0..=100u32).rev().find(|p| p * 3 * count <= 100 * sum).filter(|_| count > 0);
        prop_assert_eq!(score.percentage.map(u32::from), wanted);
        prop_assert_eq!(score.grade.as_str() == "satisfactory", count > 0 && lowest >= 2);
    }

    #[test]
    fn ticking_a_good_statement_or_unticking_a_bad_one_never_lowers_an_outcome(
        ticks in prop::collection::vec(any::<bool>(), 10),
        overrides in prop::collection::vec(prop::option::weighted(0.2, 0usize..3), 2),
        which in 0usize..10,
    ) {
        let edition = edition(&outcomes_document());
        let before = check_every_score(&edition, &outcome_input(&edition, &ticks, &overrides));
        // Order of the indicators: A1.a A A PA PA NA NA, A1.b A A NA NA.
        let bad = matches!(which, 4 | 5 | 8 | 9);
        let mut better = ticks.clone();
        better[which] = !bad;
        let after = check_every_score(&edition, &outcome_input(&edition, &better, &overrides));
        for (a, b) in after.levels_vector().iter().zip(before.levels_vector()) {
            prop_assert!(*a >= b);
        }
        prop_assert!(after.grade.rank() >= before.grade.rank());
    }

    #[test]
    fn one_more_answer_never_lowers_an_assertions_grade(
        given in prop::collection::vec(any::<bool>(), 6),
        which in 0usize..6,
        of in prop::sample::select(vec!["nhs_trust", "gp", "dentist"]),
        cep in any::<bool>(),
        plan in prop::sample::select(vec![PlanStanding::None, PlanStanding::Submitted, PlanStanding::Approved]),
        before in any::<bool>(),
    ) {
        let edition = edition(&assertions_document());
        let held = if cep {
            vec![certificate("cyber_essentials_plus", "2026-01-01", "2026-12-31", false)]
        } else {
            Vec::new()
        };
        let run = |given: &[bool]| {
            let mut input = assertion_input(&edition, given, of, held.clone());
            (input.plan, input.approached_before) = (plan, before);
            check_every_score(&edition, &input)
        };
        let first = run(&given);
        let mut more = given.clone();
        more[which] = true;
        prop_assert!(run(&more).grade.rank() >= first.grade.rank());
    }

    #[test]
    fn an_exemption_holds_to_the_last_day_and_lapses_the_day_after(length in 0i32..700, ahead in 0i32..30) {
        use jiff::ToSpan as _;
        let edition = edition(&assertions_document());
        let start = day("2025-09-01");
        let last = start.checked_add(length.days()).unwrap();
        let status = |on: jiff::civil::Date| {
            let held = Certificate { valid_from: start, valid_to: last,
                ..certificate("cyber_essentials_plus", "2025-09-01", "2025-09-01", false) };
            let mut input = assertion_input(&edition, &[false; 6], "gp", vec![held]);
            input.on = on;
            score(&edition, &input).unwrap().requirements[1].status
        };
        prop_assert_eq!(status(last), Status::Exempt);
        prop_assert_eq!(status(last.checked_add((1 + ahead).days()).unwrap()), Status::Incomplete);
    }

    #[test]
    fn exempt_requirements_leave_a_levels_score_as_if_they_were_not_asked(
        levels in prop::collection::vec(prop::option::of(0u8..=3), 12),
        exempt in prop::collection::btree_set(0usize..12, 1..6),
    ) {
        let mut document = levels_document(12);
        document["exemptions"] = rule(&exempt.iter().map(|n| format!("1-{}", n + 1)).collect::<Vec<_>>());
        let edition = edition(&document);
        let mut input = level_input(&edition, &levels);
        let without = check_every_score(&edition, &input);
        input.certificates = vec![certificate("iso_27001", "2026-01-01", "2026-12-31", true)];
        let with = check_every_score(&edition, &input);
        let (mut sum, mut count) = (0u32, 0u32);
        for (place, (score, level)) in with.requirements.iter().zip(&levels).enumerate() {
            if exempt.contains(&place) {
                prop_assert_eq!((score.status, score.byte), (Status::Excused, 253));
                continue;
            }
            prop_assert_eq!(score, &without.requirements[place]);
            sum += u32::from(level.unwrap_or(0));
            count += 1;
        }
        let wanted = (0..=100u32).rev().find(|p| p * 3 * count <= 100 * sum).filter(|_| count > 0);
        prop_assert_eq!(with.percentage.map(u32::from), wanted);
        prop_assert!(with.grade.rank() >= without.grade.rank());
        prop_assert_eq!(with.totals.excused, u32::try_from(exempt.len()).unwrap());
    }

    #[test]
    fn a_certificate_never_lowers_an_outcomes_grade_and_takes_its_outcome_out(
        ticks in prop::collection::vec(any::<bool>(), 10),
        whole in any::<bool>(),
    ) {
        let mut document = outcomes_document();
        document["exemptions"] = rule(&["A1.a".to_owned()]);
        let edition = edition(&document);
        let mut input = outcome_input(&edition, &ticks, &[None, None]);
        let without = check_every_score(&edition, &input);
        input.certificates = vec![certificate("iso_27001", "2026-01-01", "2026-12-31", whole)];
        let with = check_every_score(&edition, &input);
        prop_assert!(with.grade.rank() >= without.grade.rank());
        prop_assert_eq!(with.requirements[0].status == Status::Excused, whole);
        prop_assert_eq!(with.requirements[1].status, without.requirements[1].status);
        if whole {
            prop_assert_eq!(with.grade.as_str() == "standards_met", with.requirements[1].met_expected == Some(true));
        }
    }

    #[test]
    fn a_void_certificate_is_as_good_as_none(given in prop::collection::vec(any::<bool>(), 6), plus in any::<bool>()) {
        let edition = edition(&assertions_document());
        let kind = if plus { "cyber_essentials_plus" } else { "iso_27001" };
        let held = certificate(kind, "2026-01-01", "2026-12-31", true);
        let void = Certificate { void: Some("it was withdrawn".to_owned()), ..held };
        let none = check_every_score(&edition, &assertion_input(&edition, &given, "nhs_trust", Vec::new()));
        let with = check_every_score(&edition, &assertion_input(&edition, &given, "nhs_trust", vec![void]));
        prop_assert_eq!(with.levels_vector(), none.levels_vector());
        prop_assert_eq!(with.grade, none.grade);
    }
}

/// One rule for holders of an ISO 27001 certificate that covers everything.
fn rule(requirements: &[String]) -> Value {
    json!([{
        "code": "iso", "certificate": "iso_27001", "requirements": requirements, "whole_scope": true,
        "from": "2025-09-01", "reason": "The audit covers it.",
    }])
}
