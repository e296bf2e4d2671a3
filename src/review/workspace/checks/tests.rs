//! Each rule of the cross-checks, with an answer that it speaks of and one that it does not.

use super::*;
use crate::standards::formats::{self, FileFormat, Names};

const EDITION: &str = r#"format = 1
[standard]
key = "sample"
name = "Sample"
scheme = "levels"
description = ""
[edition]
key = "sample-1"
label = "One"
rule_set = "1"
[[profiles]]
key = "acute"
name = "Acute"
sectors = ["nhs_trust"]
[scoring]
max_level = 3
satisfactory_level = 2
[[sections]]
code = "1"
title = "Area"
[[requirements]]
code = "1-1"
section = "1"
title = "First"
text = "First?"
levels = ["none", "begun", "in place", "reviewed"]
may_be_not_relevant = true
expected = { acute = 2 }
[[requirements]]
code = "1-2"
section = "1"
title = "Second"
text = "Second?"
levels = ["none", "begun", "in place", "reviewed"]
may_be_not_relevant = false
expected = { acute = 2 }
"#;

fn edition() -> Edition {
    let read = formats::read(FileFormat::Toml, "test.toml", EDITION.as_bytes(), &Names::default());
    read.unwrap_or_else(|problems| panic!("{problems:?}")).edition
}

/// A snapshot of one answer with files by number and hash.
fn snapshot(code: &str, value: &str, files: &[(i64, &str)]) -> String {
    let files: Vec<String> = files
        .iter()
        .map(|(id, hash)| {
            format!(
                r#"{{"id":{id},"media_type":"text/plain","name":"f{id}.txt","sha256":"{hash}","size":1}}"#
            )
        })
        .collect();
    format!(
        r#"{{"answers":[{{"comment":"","evidence":[{}],"requirement":"{code}","value":{value}}}]}}"#,
        files.join(",")
    )
}

fn found(
    now: (&str, Status),
    before: Option<(&str, Status)>,
    files: &BTreeMap<EvidenceId, FileFact>,
) -> Vec<(Weight, String)> {
    let edition = edition();
    let papers = Papers::read(now.0).unwrap();
    let earlier = before.map(|(snapshot, claimed)| (Papers::read(snapshot).unwrap(), claimed));
    let about = About {
        requirement: edition.requirement("1-1").unwrap(),
        edition: &edition,
        claimed: now.1,
        paper: papers.of("1-1").unwrap(),
        papers: &papers,
        files,
        before: earlier.as_ref().map(|(papers, claimed)| Before { papers, claimed: Some(*claimed) }),
        holdings: &Holdings::default(),
        today: "2026-06-01".parse().unwrap(),
    };
    checks(&about).into_iter().map(|check| (check.weight, check.words)).collect()
}

fn none() -> BTreeMap<EvidenceId, FileFact> {
    BTreeMap::new()
}

#[test]
fn a_plain_answer_raises_nothing() {
    let now = snapshot("1-1", r#"{"level":2}"#, &[(1, "aa")]);
    assert!(found((&now, Status::Level(2)), None, &none()).is_empty());
}

#[test]
fn the_same_words_are_worth_a_note_and_no_doubt() {
    let now = snapshot("1-1", r#"{"level":2}"#, &[(1, "aa")]);
    let before = snapshot("1-1", r#"{"level":2}"#, &[(9, "aa")]);
    let found = found((&now, Status::Level(2)), Some((&before, Status::Level(2))), &none());
    let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(
        words,
        [
            "\"f1.txt\" is the same file as last year.",
            "The answer is the same as last year's, word for word."
        ]
    );
    assert!(found.iter().all(|(weight, _)| *weight == Weight::Notice));
}

#[test]
fn two_steps_up_need_new_evidence() {
    let before = snapshot("1-1", r#"{"level":0}"#, &[(9, "aa")]);
    let raised = |level: u8, files: &[(i64, &str)]| {
        let now = snapshot("1-1", &format!(r#"{{"level":{level}}}"#), files);
        let found = found((&now, Status::Level(level)), Some((&before, Status::Level(0))), &none());
        found.iter().any(|(weight, words)| *weight == Weight::Doubt && words.contains("steps above"))
    };
    assert!(raised(2, &[]));
    assert!(raised(3, &[(1, "aa")]), "what stood there last year is not new");
    assert!(!raised(2, &[(1, "aa"), (2, "bb")]));
    assert!(!raised(1, &[]));
}

#[test]
fn evidence_ends_with_its_last_day() {
    let now = snapshot("1-1", r#"{"level":2}"#, &[(1, "aa")]);
    let until = |day: &str| {
        let fact = FileFact { valid_to: Some(day.parse().unwrap()), ..FileFact::default() };
        found((&now, Status::Level(2)), None, &BTreeMap::from([(EvidenceId::new(1), fact)]))
    };
    assert!(until("2026-06-01").is_empty());
    let stale = (Weight::Doubt, "The evidence \"f1.txt\" was valid until 31 May 2026.".to_owned());
    assert_eq!(until("2026-05-31"), [stale]);
}

#[test]
fn what_is_not_relevant_has_no_evidence_and_was_not_answered_last_year() {
    let now = snapshot("1-1", r#"{"not_relevant":true,"reason":"x"}"#, &[(1, "aa")]);
    let before = snapshot("1-1", r#"{"level":2}"#, &[]);
    let found = found((&now, Status::NotRelevant), Some((&before, Status::Level(2))), &none());
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|(weight, _)| *weight == Weight::Doubt), "{found:?}");
}

#[test]
fn a_file_of_another_answer_last_year_is_a_doubt() {
    let now = snapshot("1-1", r#"{"level":2}"#, &[(1, "aa")]);
    let before = snapshot("1-2", r#"{"level":2}"#, &[(9, "aa")]);
    let found = found((&now, Status::Level(2)), Some((&before, Status::Level(2))), &none());
    assert_eq!(found, [(Weight::Doubt, "\"f1.txt\" is the file that stood at 1-2 last year.".to_owned())]);
}

#[test]
fn exempt_by_nothing_is_a_doubt() {
    let now = snapshot("1-1", "null", &[]);
    let found = found((&now, Status::Exempt), None, &none());
    assert_eq!(found[0].0, Weight::Doubt);
    assert!(found[0].1.contains("names no certificate"));
}

#[test]
fn many_codes_are_counted_after_the_third() {
    assert_eq!(some_of(&["1", "2", "3"]), "1, 2, 3");
    assert_eq!(some_of(&["1", "2", "3", "4", "5"]), "1, 2, 3 and 2 more");
}
