//! The assertions scheme and its exemptions.

use serde_json::{Value, json};

use super::super::{Coverage, GradeKey, PlanStanding, Score, ScoreInput, Status, score};
use crate::standards::model::Edition;
use crate::standards::testing::{assertions_document, certificate, edition, input};

const ON: &str = "2026-06-30";

fn complete() -> Vec<(&'static str, Value)> {
    vec![
        ("1.1.1", json!({ "text": "We do." })),
        ("1.1.2", json!({ "documents": true })),
        ("1.1.3", json!({ "date": "2026-01-31" })),
        ("1.1", json!({ "confirmed": true })),
        ("1.2.1", json!({ "yes_no": false })),
        ("1.2", json!({ "confirmed": true })),
    ]
}

fn without(code: &str) -> Vec<(&'static str, Value)> {
    complete().into_iter().filter(|(name, _)| *name != code).collect()
}

fn sample() -> Edition {
    edition(&assertions_document())
}

fn run(edition: &Edition, input: &ScoreInput) -> Score {
    score(edition, input).unwrap()
}

#[test]
fn everything_complete_and_confirmed_is_met() {
    let edition = sample();
    let score = run(&edition, &input(&edition, "nhs_trust", ON, &complete()));
    assert_eq!((score.grade, score.percentage), (GradeKey::StandardsMet, None));
    assert_eq!(score.levels_vector(), [1, 1, 1, 1, 1, 1]);
}

#[test]
fn each_missing_answer_alone_prevents_met() {
    let edition = sample();
    for missing in ["1.1.1", "1.1.2", "1.1.3", "1.1", "1.2.1", "1.2"] {
        let score = run(&edition, &input(&edition, "nhs_trust", ON, &without(missing)));
        assert_eq!(score.grade, GradeKey::StandardsNotMet, "{missing}");
        assert_eq!(score.requirement(missing).unwrap().byte, 0);
        assert!(score.reasons[0].words.contains(missing), "{}", score.reasons[0].words);
    }
}

#[test]
fn an_assertion_denied_is_not_confirmed() {
    let edition = sample();
    let mut answers = without("1.2");
    answers.push(("1.2", json!({ "confirmed": false })));
    assert_eq!(run(&edition, &input(&edition, "nhs_trust", ON, &answers)).grade, GradeKey::StandardsNotMet);
}

#[test]
fn a_document_item_needs_a_file() {
    let edition = sample();
    let mut given = input(&edition, "nhs_trust", ON, &complete());
    given.answers.get_mut("1.1.2").unwrap().attached_files = 0;
    let score = run(&edition, &given);
    assert_eq!(score.requirement("1.1.2").unwrap().status, Status::Incomplete);
    assert!(score.requirement("1.1.2").unwrap().explanation[0].words.contains("not attached"));
}

#[test]
fn what_is_optional_for_a_sector_does_not_count() {
    let edition = sample();
    let answers: Vec<_> = complete().into_iter().filter(|(name, _)| !name.starts_with("1.2")).collect();
    let score = run(&edition, &input(&edition, "gp", ON, &answers));
    assert_eq!(score.grade, GradeKey::StandardsMet);
    assert_eq!(score.levels_vector(), [1, 1, 1, 1, 255, 255]);
    assert_eq!(score.requirement("1.2").unwrap().met_expected, None);
}

#[test]
fn a_sector_for_which_nothing_is_mandatory_meets_nothing() {
    let edition = sample();
    let score = run(&edition, &input(&edition, "dentist", ON, &complete()));
    assert_eq!(score.grade, GradeKey::StandardsNotMet);
}

#[test]
fn a_current_certificate_exceeds_until_its_last_day() {
    let edition = sample();
    for (on, grade) in [
        ("2026-01-01", GradeKey::StandardsExceeded),
        ("2026-12-31", GradeKey::StandardsExceeded),
        ("2027-01-01", GradeKey::StandardsMet),
        ("2025-12-31", GradeKey::StandardsMet),
    ] {
        let mut given = input(&edition, "nhs_trust", on, &complete());
        given.certificates = vec![certificate("cyber_essentials_plus", "2026-01-01", "2026-12-31", false)];
        assert_eq!(run(&edition, &given).grade, grade, "{on}");
    }
}

#[test]
fn plain_cyber_essentials_neither_exceeds_nor_exempts() {
    let edition = sample();
    let mut given = input(&edition, "nhs_trust", ON, &without("1.1.2"));
    given.certificates = vec![certificate("cyber_essentials", "2026-01-01", "2026-12-31", true)];
    let score = run(&edition, &given);
    assert_eq!(score.grade, GradeKey::StandardsNotMet);
    assert_eq!(score.requirement("1.1.2").unwrap().status, Status::Incomplete);
}

#[test]
fn an_exempt_item_counts_as_met_and_says_until_when() {
    let edition = sample();
    let mut given = input(&edition, "nhs_trust", ON, &without("1.1.2"));
    given.certificates = vec![certificate("cyber_essentials_plus", "2026-01-01", "2026-12-31", false)];
    let score = run(&edition, &given);
    let item = score.requirement("1.1.2").unwrap();
    assert_eq!((item.status, item.byte, item.met_expected), (Status::Exempt, 2, Some(true)));
    assert!(item.explanation[0].words.contains("until 31 December 2026"), "{}", item.explanation[0].words);
    assert_eq!(score.grade, GradeKey::StandardsExceeded);
}

#[test]
fn reasons_speak_of_certificates_and_days_as_people_do() {
    let edition = sample();
    let mut given = input(&edition, "nhs_trust", ON, &without("1.1.2"));
    given.certificates = vec![certificate("cyber_essentials_plus", "2026-01-01", "2026-12-31", true)];
    let mut words: Vec<String> = Vec::new();
    for on in [ON, "2025-08-31", "2025-12-31", "2027-01-01", "2028-01-01"] {
        given.on = on.parse().unwrap();
        let score = run(&edition, &given);
        let of_items = score.requirements.iter().flat_map(|item| &item.explanation);
        words.extend(of_items.chain(&score.reasons).map(|reason| reason.words.clone()));
    }
    let all = words.join("\n");
    for said in [
        "The Cyber Essentials Plus certificate is current until 31 December 2026",
        "The certificate is valid only from 1 January 2026.",
        "The certificate lapsed after 31 December 2026",
        "The exemption by Cyber Essentials Plus is not in force on 1 January 2028.",
    ] {
        assert!(all.contains(said), "\"{said}\" is not in:\n{all}");
    }
    // No key and no date of a file.
    for line in &words {
        assert!(
            !line.contains("cyber_essentials") && !line.contains("-01") && !line.contains("-12"),
            "{line}"
        );
    }
}

#[test]
fn an_exemption_lapses_the_day_after_the_certificate_and_the_day_after_the_rule() {
    let edition = sample();
    let status = |on: &str, to: &str| {
        let mut given = input(&edition, "nhs_trust", on, &without("1.1.2"));
        given.certificates = vec![certificate("cyber_essentials_plus", "2025-06-01", to, false)];
        let score = run(&edition, &given);
        let item = score.requirement("1.1.2").unwrap();
        (item.status, item.explanation.last().unwrap().rule.to_string())
    };
    assert_eq!(status("2026-03-31", "2026-03-31").0, Status::Exempt);
    assert_eq!(status("2026-04-01", "2026-03-31"), (Status::Incomplete, "exemption.lapsed".to_owned()));
    assert_eq!(status("2027-08-31", "2028-12-31").0, Status::Exempt);
    assert_eq!(status("2027-09-01", "2028-12-31"), (Status::Incomplete, "exemption.not_in_force".to_owned()));
    assert_eq!(status("2025-08-31", "2028-12-31"), (Status::Incomplete, "exemption.not_in_force".to_owned()));
    assert_eq!(status("2025-09-01", "2028-12-31").0, Status::Exempt);
}

#[test]
fn a_partial_scope_does_not_exempt_and_says_what_it_leaves_out() {
    let edition = sample();
    let mut given = input(&edition, "nhs_trust", ON, &without("1.1.3"));
    let mut iso = certificate("iso_27001", "2026-01-01", "2028-12-31", false);
    iso.coverage = Some(Coverage { covered: 5, services: 7 });
    given.certificates = vec![iso];
    let item = run(&edition, &given).requirement("1.1.3").unwrap().clone();
    assert_eq!(item.status, Status::Incomplete);
    assert!(item.explanation[1].words.contains("leaves out 2 of your 7 services"));
    given.certificates[0].whole_scope = true;
    assert_eq!(run(&edition, &given).requirement("1.1.3").unwrap().status, Status::Exempt);
}

#[test]
fn a_large_organisation_approaches_only_by_an_approved_plan() {
    let edition = sample();
    let mut given = input(&edition, "nhs_trust", ON, &[]);
    for (plan, grade) in [
        (PlanStanding::None, GradeKey::StandardsNotMet),
        (PlanStanding::Submitted, GradeKey::StandardsNotMet),
        (PlanStanding::Approved, GradeKey::ApproachingStandards),
    ] {
        given.plan = plan;
        given.approached_before = true;
        assert_eq!(run(&edition, &given).grade, grade, "{plan:?}");
    }
}

#[test]
fn a_small_organisation_approaches_by_plan_and_named_items_once() {
    let edition = sample();
    let named = [("1.1.1", json!({ "text": "We do." }))];
    let grade = |answers: &[(&str, Value)], plan: PlanStanding, before: bool| {
        let mut given = input(&edition, "gp", ON, answers);
        (given.plan, given.approached_before) = (plan, before);
        run(&edition, &given).grade
    };
    assert_eq!(grade(&named, PlanStanding::Submitted, false), GradeKey::ApproachingStandards);
    assert_eq!(grade(&named, PlanStanding::Approved, false), GradeKey::ApproachingStandards);
    assert_eq!(grade(&named, PlanStanding::Submitted, true), GradeKey::StandardsNotMet);
    assert_eq!(grade(&named, PlanStanding::None, false), GradeKey::StandardsNotMet);
    assert_eq!(grade(&[], PlanStanding::Approved, false), GradeKey::StandardsNotMet);
}

#[test]
fn a_plan_never_lowers_a_met_grade() {
    let edition = sample();
    let mut given = input(&edition, "nhs_trust", ON, &complete());
    given.plan = PlanStanding::Approved;
    assert_eq!(run(&edition, &given).grade, GradeKey::StandardsMet);
}
