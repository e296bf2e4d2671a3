//! The examples in `docs/formats/` are read and scored, so that the documents stay true.

use serde_json::Value;

use super::super::{AnswersOverrides, FileFormat, Names, read, read_answers};
use crate::standards::scoring::{BYTE_NOT_RELEVANT, GradeKey, Score, Status, score};
use crate::standards::testing::day;
use crate::standards::{Edition, OutcomeLevel};

const STANDARD: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/formats/standard.md"));
const ANSWERS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/formats/answers.md"));

/// The fenced blocks of one language.
fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    document.split(fence.as_str()).skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

fn editions() -> Vec<Edition> {
    blocks(STANDARD, "toml")
        .into_iter()
        .map(|block| {
            let read = read(FileFormat::Toml, "example.toml", block.as_bytes(), &Names::default());
            read.unwrap_or_else(|problems| panic!("{problems:#?}")).edition
        })
        .collect()
}

fn scores() -> Vec<Score> {
    let editions = editions();
    blocks(ANSWERS, "json")
        .into_iter()
        .map(|block| {
            let value: Value = serde_json::from_str(block).unwrap();
            let named = value["edition"].as_str().unwrap();
            let edition = editions.iter().find(|edition| edition.key().as_str() == named).unwrap();
            let overrides = AnswersOverrides { profile: None, sector: None, today: day("2000-01-01") };
            let input = read_answers(edition, block.as_bytes(), &overrides)
                .unwrap_or_else(|problems| panic!("{problems:#?}"));
            score(edition, &input).unwrap()
        })
        .collect()
}

#[test]
fn the_examples_are_scored_as_the_documents_say() {
    let scores = scores();
    assert_eq!(scores.len(), 3);
    assert_eq!((scores[0].grade, scores[0].percentage), (GradeKey::Satisfactory, Some(100)));
    assert_eq!(scores[0].levels_vector(), [3, BYTE_NOT_RELEVANT]);
    assert_eq!(scores[1].grade, GradeKey::ApproachingStandards);
    assert_eq!(scores[1].levels_vector(), [1, 0, 1]);
    assert_eq!(scores[1].requirements[1].explanation[1].rule, "exemption.scope");
    assert_eq!(scores[2].grade, GradeKey::StandardsMet);
    assert_eq!(scores[2].requirements[0].computed, Some(Status::Outcome(OutcomeLevel::PartiallyAchieved)));
}

#[test]
fn every_rule_that_explains_an_example_is_in_the_list_of_rules() {
    for score in scores() {
        let of_requirements = score.requirements.iter().flat_map(|requirement| &requirement.explanation);
        for reason in score.reasons.iter().chain(of_requirements) {
            assert!(ANSWERS.contains(&format!("`{}`", reason.rule)), "{} is not documented", reason.rule);
        }
    }
}
