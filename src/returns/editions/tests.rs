//! Whatever a mapping says, no answer is lost: each is carried to a question that is put to the organisation, or listed
//! among what is asked no more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::carry::{Taken, asked_no_more, taken};
use crate::platform::ids::EvidenceId;
use crate::returns::model::{
    Snapshot, SnapshotAnswer, SnapshotEdition, SnapshotEvidence, SnapshotOrganisation,
};
use crate::standards::formats::{FileFormat, Names, read};
use crate::standards::mapping::{EditionChange, Line, LineKind};
use crate::standards::{Asked, Edition, RequirementCode};

/// Requirements of the small editions.
const COUNT: usize = 5;

/// A levels edition of five requirements; the highest level and the question differ from edition to edition.
fn edition(key: &str, most: u8) -> Arc<Edition> {
    let words: Vec<String> = (0..=most).map(|level| format!("\"level {level} of {key}\"")).collect();
    let requirements: String = (1..=COUNT)
        .map(|n| {
            format!(
                "[[requirements]]\ncode = \"r{n}\"\nsection = \"1\"\ntitle = \"Title {n}\"\ntext = \"{key} {n}?\"\n\
                 levels = [{}]\nmay_be_not_relevant = true\nexpected = {{ acute = 2 }}\n",
                words.join(", ")
            )
        })
        .collect();
    let text = format!(
        "format = 1\n[standard]\nkey = \"sample\"\nname = \"Sample\"\nscheme = \"levels\"\ndescription = \"\"\n\
         [edition]\nkey = \"{key}\"\nlabel = \"{key}\"\nrule_set = \"{key}.1\"\n[[profiles]]\nkey = \"acute\"\n\
         name = \"Acute\"\nsectors = [\"nhs_trust\"]\n[scoring]\nmax_level = {most}\nsatisfactory_level = 2\n\
         [[sections]]\ncode = \"1\"\ntitle = \"One\"\n{requirements}"
    );
    Arc::new(read(FileFormat::Toml, "test.toml", text.as_bytes(), &Names::default()).unwrap().edition)
}

fn code(n: usize) -> RequirementCode {
    RequirementCode::new(&format!("r{}", n + 1)).unwrap()
}

fn snapshot(answers: Vec<(Value, &str, Vec<i64>)>) -> Snapshot {
    let file = |id: i64| SnapshotEvidence {
        id: EvidenceId::new(id),
        name: format!("file {id}"),
        media_type: "text/plain".to_owned(),
        size: 1,
        sha256: "00".repeat(32),
    };
    let answer = |(n, (value, comment, files)): (usize, (Value, &str, Vec<i64>))| SnapshotAnswer {
        requirement: code(n).to_string(),
        value,
        comment: comment.to_owned(),
        evidence: files.into_iter().map(file).collect(),
    };
    Snapshot {
        v: 1,
        organisation: SnapshotOrganisation {
            code: "ZZ001".to_owned(),
            name: "A trust".to_owned(),
            sector: "nhs_trust".to_owned(),
        },
        collection: "2025".to_owned(),
        edition: SnapshotEdition {
            key: "old".to_owned(),
            hash: "00".repeat(32),
            rule_set: "old.1".to_owned(),
        },
        profile: "acute".to_owned(),
        answers: answers.into_iter().enumerate().map(answer).collect(),
        sign_offs: Vec::new(),
        reason: None,
        circumstances: None,
        filed_by: None,
    }
}

fn lines(said: &[(usize, usize, LineKind)]) -> Vec<Line> {
    said.iter().map(|(from, to, kind)| Line::between(code(*from), code(*to), *kind)).collect()
}

fn carried(said: &[(usize, usize, LineKind)], answers: Vec<(Value, &str, Vec<i64>)>) -> Taken {
    let change = EditionChange::of(&lines(said), &edition("old", 3), &edition("new", 2));
    taken(&snapshot(answers).answers, &change, &[Asked::Mandatory; COUNT]).unwrap()
}

/// What a requirement got: its value and its comment.
fn got(taken: &Taken, to: usize) -> Option<(&str, &str)> {
    let answer = taken.answers.iter().find(|answer| answer.to == to)?;
    Some((answer.value.as_str(), answer.comment.as_str()))
}

#[test]
fn merged_answers_carry_only_where_they_say_the_same() {
    use LineKind::Merged;
    let level = |n: u8| json!({ "level": n });
    let merged = [(0, 0, Merged), (1, 0, Merged)];
    let same = carried(&merged, vec![(level(2), "one", vec![1]), (level(2), "two", vec![2])]);
    assert_eq!(got(&same, 0), Some((r#"{"level":2}"#, "r1 Title 1:\none\n\nr2 Title 2:\ntwo")));
    assert_eq!(same.to_decide, 0);
    assert_eq!(same.evidence.iter().map(|(to, id)| (*to, id.get())).collect::<Vec<_>>(), [(0, 1), (0, 2)]);
    let other = carried(&merged, vec![(level(2), "", vec![]), (level(1), "", vec![])]);
    assert_eq!((got(&other, 0), other.to_decide), (Some(("null", "")), 1));
    // One that was not answered, or that fits no more, agrees with nothing.
    let missing = carried(&merged, vec![(level(2), "", vec![]), (Value::Null, "", vec![])]);
    assert_eq!(got(&missing, 0), Some(("null", "")));
    let high = carried(&merged, vec![(level(3), "", vec![]), (level(3), "", vec![])]);
    assert_eq!(got(&high, 0), Some(("null", "")));
    let long = "x".repeat(crate::returns::COMMENT_LIMIT);
    let long = carried(&merged, vec![(level(2), &long, vec![]), (level(2), &long, vec![])]);
    assert_eq!(got(&long, 0), Some((r#"{"level":2}"#, "")));
}

#[test]
fn a_split_answer_carries_to_each_and_evidence_that_serves_without_it() {
    use LineKind::{Reworded, Serves, Split};
    let said = [(0, 0, Split), (0, 1, Split), (2, 3, Serves), (3, 4, Reworded)];
    let level = json!({ "level": 1 });
    let high = json!({ "level": 3 });
    let taken = carried(
        &said,
        vec![
            (level.clone(), "why", vec![1]),
            (level.clone(), "", vec![]),
            (level, "", vec![7]),
            (high, "best", vec![]),
        ],
    );
    assert_eq!(got(&taken, 0), Some((r#"{"level":1}"#, "why")));
    assert_eq!(got(&taken, 1), got(&taken, 0));
    assert_eq!(got(&taken, 3), None);
    assert!(taken.evidence.contains(&(3, EvidenceId::new(7))));
    let (value, comment) = got(&taken, 4).unwrap();
    assert_eq!(value, "null");
    assert!(comment.starts_with("best") && comment.ends_with("Level 3: level 3 of old"), "{comment}");
    assert_eq!(taken.as_text, 1);
}

#[test]
fn what_is_not_put_to_an_organisation_carries_nothing_and_hides_nothing() {
    let change = EditionChange::of(
        &lines(&[(0, 0, LineKind::Unchanged), (1, 1, LineKind::Unchanged)]),
        &edition("old", 3),
        &edition("new", 3),
    );
    let mut asked = [Asked::Mandatory; COUNT];
    asked[0] = Asked::NotAsked;
    let said = snapshot(vec![(json!({"level": 1}), "", vec![1]), (json!({"level": 1}), "", vec![])]);
    let taken = taken(&said.answers, &change, &asked).unwrap();
    assert_eq!(taken.answers.iter().map(|answer| answer.to).collect::<Vec<_>>(), [1]);
    assert!(taken.evidence.is_empty());
    assert_eq!(asked_no_more(&change, &asked), [0, 2, 3, 4]);
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (0..4_u8).prop_map(|level| json!({ "level": level })),
        Just(json!({ "not_relevant": true, "reason": "None here" })),
    ]
}

fn any_line() -> impl Strategy<Value = Line> {
    let side = || prop::option::weighted(0.9, 0..COUNT + 2);
    (side(), side(), 0..LineKind::ALL.len()).prop_map(|(from, to, kind)| Line {
        from: from.map(code),
        to: to.map(code),
        kind: LineKind::ALL[kind],
        note: String::new(),
    })
}

proptest! {
    /// No edition change ever deletes an answer: lines may be anything, also what no check would let pass.
    #[test]
    fn every_answer_is_carried_or_listed(
        lines in prop::collection::vec(any_line(), 0..20),
        answers in prop::collection::vec((any_value(), "[a-z]{0,3}", prop::collection::vec(1..9_i64, 0..2)), COUNT),
        put in prop::collection::vec(any::<bool>(), COUNT),
    ) {
        let change = EditionChange::of(&lines, &edition("old", 3), &edition("new", 2));
        let asked: Vec<Asked> =
            put.iter().map(|put| if *put { Asked::Mandatory } else { Asked::NotAsked }).collect();
        let said = snapshot(answers.iter().map(|(v, c, f)| (v.clone(), c.as_str(), f.clone())).collect());
        let taken = taken(&said.answers, &change, &asked).unwrap();
        let listed: BTreeSet<usize> = asked_no_more(&change, &asked).into_iter().collect();
        let rows: BTreeMap<usize, &str> =
            taken.answers.iter().map(|answer| (answer.to, answer.value.as_str())).collect();
        // One row for each requirement at most, and only for what is put to the organisation.
        prop_assert_eq!(rows.len(), taken.answers.len());
        prop_assert!(rows.keys().all(|to| put[*to]));
        for (old, (value, comment, files)) in answers.iter().enumerate() {
            if value.is_null() && comment.is_empty() {
                continue;
            }
            let places: Vec<usize> = change.carried_to(old).iter().copied().filter(|to| put[*to]).collect();
            prop_assert_eq!(places.is_empty(), listed.contains(&old), "old requirement {}", old);
            for to in places {
                // The row is there, its question names the old requirement as a source, and so shows the old answer.
                prop_assert!(rows.contains_key(&to));
                prop_assert!(change.sources(to).contains(&old));
                for file in files {
                    prop_assert!(taken.evidence.contains(&(to, EvidenceId::new(*file))));
                }
                // A single source is never silently dropped: its value stands, or its words are in the comment.
                if change.sources(to).len() == 1 && !value.is_null() && rows[&to] == "null" {
                    let text = &taken.answers.iter().find(|answer| answer.to == to).unwrap().comment;
                    prop_assert!(text.contains("could not be carried over"));
                }
            }
        }
    }
}
