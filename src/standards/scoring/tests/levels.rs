//! The levels scheme.

use serde_json::{Value, json};

use super::super::{GradeKey, ScoreError, Status, score};
use crate::standards::testing::{code, edition, input, levels_document};

const ON: &str = "2026-06-30";

fn answers(levels: &[Value]) -> Vec<(String, Value)> {
    levels.iter().enumerate().map(|(index, value)| (format!("1-{}", index + 1), value.clone())).collect()
}

fn scored(of: &str, levels: &[Value]) -> super::super::Score {
    let edition = edition(&levels_document(6));
    let owned = answers(levels);
    let given: Vec<(&str, Value)> =
        owned.iter().map(|(code, value)| (code.as_str(), value.clone())).collect();
    score(&edition, &input(&edition, of, ON, &given)).unwrap()
}

fn level(n: u8) -> Value {
    json!({ "level": n })
}

#[test]
fn every_requirement_at_two_is_satisfactory_and_two_thirds_rounded_down() {
    let score = scored("nhs_trust", &[level(2), level(2), level(2), level(2), level(2), level(2)]);
    assert_eq!((score.grade, score.percentage), (GradeKey::Satisfactory, Some(66)));
    assert_eq!(score.band.as_deref(), Some("amber"));
    assert_eq!(score.levels_vector(), [2, 2, 2, 2, 2, 2]);
}

#[test]
fn one_requirement_below_two_is_not_satisfactory_however_high_the_percentage() {
    let score = scored("nhs_trust", &[level(3), level(3), level(3), level(3), level(3), level(1)]);
    assert_eq!((score.grade, score.percentage), (GradeKey::NotSatisfactory, Some(88)));
    assert_eq!(score.reasons[0].inputs["below"], json!(["1-6"]));
    assert!(score.reasons[0].words.contains("1 of 6"), "{}", score.reasons[0].words);
    assert_eq!(score.reasons[1].inputs["sum"], json!(16));
    assert_eq!(score.reasons[1].inputs["potential"], json!(18));
}

#[test]
fn not_relevant_leaves_sum_and_potential() {
    let nr = json!({ "not_relevant": true, "reason": "No such service" });
    let score = scored("nhs_trust", &[level(3), level(3), nr.clone(), level(3), level(3), nr]);
    assert_eq!((score.grade, score.percentage), (GradeKey::Satisfactory, Some(100)));
    assert_eq!(score.levels_vector(), [3, 3, 254, 3, 3, 254]);
    assert_eq!(score.totals.excused, 2);
}

#[test]
fn a_disputed_claim_stays_out_of_the_sum_and_is_named() {
    let edition = edition(&levels_document(3));
    let nr = json!({ "not_relevant": true, "reason": "No such service" });
    let mut given = input(&edition, "nhs_trust", ON, &[("1-1", level(1)), ("1-2", level(1)), ("1-3", nr)]);
    given.answers.get_mut(&code("1-3")).unwrap().disputed_not_relevant = true;
    let score = score(&edition, &given).unwrap();
    assert_eq!(score.percentage, Some(33), "recording it as a 3 would give 55");
    assert_eq!(score.requirements[2].status, Status::NotRelevant);
    assert_eq!(score.requirements[2].explanation[0].rule, "levels.not_relevant_disputed");
}

#[test]
fn an_unanswered_requirement_adds_nothing_but_counts() {
    let score = scored("nhs_trust", &[level(3), level(3), level(3)]);
    assert_eq!((score.grade, score.percentage), (GradeKey::NotSatisfactory, Some(50)));
    assert_eq!(score.levels_vector(), [3, 3, 3, 255, 255, 255]);
    assert_eq!((score.totals.asked, score.totals.settled, score.totals.met), (6, 3, 3));
}

#[test]
fn only_what_the_profile_asks_counts() {
    let score = scored("gp", &[level(2)]);
    assert_eq!((score.grade, score.percentage), (GradeKey::Satisfactory, Some(66)));
    assert_eq!(score.profile.as_ref().unwrap().as_str(), "gp");
    assert_eq!(score.requirements[0].expected, Some(Status::Level(1)));
    assert_eq!(score.requirements[1].status, Status::NotAsked);
    assert_eq!(score.levels_vector(), [2, 255, 255, 255, 255, 255]);
}

#[test]
fn a_sector_without_a_profile_is_an_error_that_names_the_profiles() {
    let edition = edition(&levels_document(1));
    let error = score(&edition, &input(&edition, "dentist", ON, &[])).unwrap_err();
    assert!(error.to_string().contains("acute, gp"), "{error}");
    let mut given = input(&edition, "dentist", ON, &[]);
    given.profile = Some("mental".parse().unwrap());
    assert!(matches!(score(&edition, &given).unwrap_err(), ScoreError::UnknownProfile { .. }));
}

#[test]
fn bands_change_exactly_at_their_limits() {
    // One hundred requirements asked at levels that sum to exactly 40% and 70% of the potential of 300.
    let edition = edition(&levels_document(100));
    for (sum, percentage, band) in
        [(119, 39, "red"), (120, 40, "amber"), (209, 69, "amber"), (210, 70, "green")]
    {
        let owned: Vec<(String, Value)> = (0..100)
            .map(|n| {
                (
                    format!("1-{}", n + 1),
                    level(if 3 * (n + 1) <= sum { 3 } else { (sum - (3 * n).min(sum)) as u8 }),
                )
            })
            .collect();
        let given: Vec<(&str, Value)> =
            owned.iter().map(|(code, value)| (code.as_str(), value.clone())).collect();
        let score = score(&edition, &input(&edition, "nhs_trust", ON, &given)).unwrap();
        assert_eq!(score.reasons[1].inputs["sum"], json!(sum));
        assert_eq!((score.percentage, score.band.as_deref()), (Some(percentage), Some(band)));
    }
}

#[test]
fn nothing_relevant_is_no_percentage_and_not_satisfactory() {
    let mut document = levels_document(1);
    document["requirements"][0]["may_be_not_relevant"] = json!(true);
    let edition = edition(&document);
    let nr = json!({ "not_relevant": true, "reason": "Closed" });
    let score = score(&edition, &input(&edition, "nhs_trust", ON, &[("1-1", nr)])).unwrap();
    assert_eq!((score.grade, score.percentage, score.band), (GradeKey::NotSatisfactory, None, None));
}
