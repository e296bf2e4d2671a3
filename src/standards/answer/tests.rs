//! Answers: what is accepted, what is refused and in which words, round trip, completeness.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::standards::model::{Edition, Requirement};
use crate::standards::testing::{assertions_document, edition, levels_document, outcomes_document};
use crate::standards::{ANSWER_TEXT_LIMIT, AnswerError, AnswerValue};

fn editions() -> [Edition; 3] {
    [edition(&levels_document(3)), edition(&assertions_document()), edition(&outcomes_document())]
}

/// The requirement with this code in whichever sample edition has it.
fn requirement(code: &str) -> Requirement {
    editions().iter().find_map(|e| e.requirement(code)).unwrap().clone()
}

fn refused(code: &str, value: &Value) -> AnswerError {
    AnswerValue::parse(&requirement(code), value).expect_err("accepted")
}

#[test]
fn every_kind_of_answer_is_read_and_written_back_the_same() {
    let cases = [
        ("1-1", json!({ "level": 3 })),
        ("1-1", json!({ "level": 0, "text": "Why" })),
        ("1-3", json!({ "not_relevant": true, "reason": "No such service" })),
        ("1.1.1", json!({ "text": "We do.\nAlways." })),
        ("1.1.1", json!({ "text": "" })),
        ("1.1.3", json!({ "date": "2026-01-31" })),
        ("1.2.1", json!({ "yes_no": false, "text": "Not yet" })),
        ("1.1.2", json!({ "documents": true, "text": "See the policy" })),
        ("1.1", json!({ "confirmed": true })),
        ("A1.a", json!({ "indicators": [] })),
        (
            "A1.a",
            json!({ "indicators": ["A1.a.A.1", "A1.a.NA.2"], "text": "How we know",
            "override": { "level": "partially_achieved", "justification": "Another control" } }),
        ),
    ];
    for (code, value) in cases {
        let answer = AnswerValue::parse(&requirement(code), &value).unwrap();
        assert_eq!(answer.to_json(), value);
        assert!(answer.fits(&requirement(code)));
    }
}

#[test]
fn mistakes_name_the_field_and_say_what_to_do() {
    let cases = [
        ("1-1", json!(2), "", "An answer is a JSON object"),
        ("1-1", json!({}), "level", "Choose a level"),
        ("1-1", json!({ "level": 4 }), "level", "The level must be a whole number from 0 to 3"),
        ("1-1", json!({ "level": 1.5 }), "level", "The level must be a whole number from 0 to 3"),
        ("1-1", json!({ "level": -1 }), "level", "The level must be a whole number from 0 to 3"),
        ("1-1", json!({ "level": "2" }), "level", "The level must be a whole number from 0 to 3"),
        (
            "1-1",
            json!({ "not_relevant": true, "reason": "x" }),
            "not_relevant",
            "applies to every organisation",
        ),
        ("1-3", json!({ "not_relevant": true }), "reason", "Explain why the requirement is not relevant"),
        ("1-3", json!({ "not_relevant": true, "reason": " \n" }), "reason", "Explain why"),
        ("1-3", json!({ "not_relevant": true, "level": 2 }), "level", "does not belong to this answer"),
        ("1-1", json!({ "level": 2, "stars": 5 }), "stars", "it takes level, text"),
        ("1.1.1", json!({}), "text", "Enter your answer"),
        ("1.1.1", json!({ "text": 5 }), "text", "must be text"),
        ("1.1.1", json!({ "text": "a\u{0}b" }), "text", "cannot be stored"),
        ("1.1.3", json!({}), "date", "Enter a date"),
        ("1.1.3", json!({ "date": "2026-02-30" }), "date", "Enter a real date"),
        ("1.1.3", json!({ "date": "31/01/2026" }), "date", "Enter a real date"),
        ("1.1.3", json!({ "date": 20_260_131 }), "date", "Enter a real date"),
        ("1.2.1", json!({ "yes_no": "yes" }), "yes_no", "must be true or false"),
        ("1.2.1", json!({ "text": "maybe" }), "yes_no", "Choose yes or no"),
        ("1.1.2", json!({}), "documents", "Say whether the documents are attached"),
        ("1.1", json!({}), "confirmed", "Say whether the assertion holds"),
        ("A1.a", json!({}), "indicators", "List the indicators that are true"),
        ("A1.a", json!({ "indicators": "A1.a.A.1" }), "indicators", "must be a list"),
        ("A1.a", json!({ "indicators": [1] }), "indicators", "must be a code"),
        (
            "A1.a",
            json!({ "indicators": ["A1.b.A.1"] }),
            "indicators",
            "\"A1.b.A.1\" is not an indicator of A1.a",
        ),
        (
            "A1.a",
            json!({ "indicators": vec!["A1.a.A.1"; 7] }),
            "indicators",
            "longer than A1.a has indicators",
        ),
        ("A1.a", json!({ "indicators": [], "override": "achieved" }), "override", "must be an object"),
        (
            "A1.a",
            json!({ "indicators": [], "override": { "level": "great", "justification": "x" } }),
            "override.level",
            "Choose achieved",
        ),
        (
            "A1.a",
            json!({ "indicators": [], "override": { "level": "achieved" } }),
            "override.justification",
            "Explain the alternative control",
        ),
        (
            "A1.a",
            json!({ "indicators": [], "override": { "level": "achieved", "justification": "x", "by": "me" } }),
            "override.by",
            "does not belong",
        ),
    ];
    for (code, value, field, message) in cases {
        let error = refused(code, &value);
        assert_eq!(error.field, field, "{value}");
        assert!(error.message.contains(message), "{value}: {error}");
    }
}

#[test]
fn the_text_limit_counts_characters_and_not_bytes() {
    let longest = "é".repeat(ANSWER_TEXT_LIMIT);
    assert!(AnswerValue::parse(&requirement("1.1.1"), &json!({ "text": longest })).is_ok());
    let error = refused("1.1.1", &json!({ "text": format!("{longest}x") }));
    assert_eq!(error.message, "The text must be 20,000 characters or fewer; it has 20001");
    let error = refused(
        "A1.a",
        &json!({ "indicators": [],
        "override": { "level": "achieved", "justification": format!("{longest}x") } }),
    );
    assert_eq!(error.field, "override.justification");
}

#[test]
fn line_ends_become_one_kind() {
    let answer = AnswerValue::parse(&requirement("1.1.1"), &json!({ "text": "a\r\nb\rc\n" })).unwrap();
    assert_eq!(answer, AnswerValue::Text("a\nb\nc\n".to_owned()));
}

#[test]
fn indicators_are_kept_once_and_in_the_order_of_the_edition() {
    let mixed = json!({ "indicators": ["A1.a.NA.1", "A1.a.A.2", "A1.a.NA.1", "A1.a.A.1"] });
    let answer = AnswerValue::parse(&requirement("A1.a"), &mixed).unwrap();
    assert_eq!(answer.to_json(), json!({ "indicators": ["A1.a.A.1", "A1.a.A.2", "A1.a.NA.1"] }));
}

#[test]
fn complete_means_that_nothing_asked_is_missing() {
    let complete = |code: &str, value: Value, files: usize| {
        let requirement = requirement(code);
        AnswerValue::parse(&requirement, &value).unwrap().is_complete(&requirement, files)
    };
    assert!(complete("1-1", json!({ "level": 0 }), 0));
    assert!(complete("1.1.1", json!({ "text": "x" }), 0));
    assert!(!complete("1.1.1", json!({ "text": " \n" }), 3));
    assert!(complete("1.2.1", json!({ "yes_no": false }), 0));
    assert!(complete("1.1.2", json!({ "documents": true }), 1));
    assert!(!complete("1.1.2", json!({ "documents": true, "text": "On the shelf" }), 0));
    assert!(!complete("1.1.2", json!({ "documents": false }), 1));
    assert!(!complete("1.1", json!({ "confirmed": false }), 0));
    assert!(complete("1.1", json!({ "confirmed": true }), 0));
    assert!(!complete("A1.a", json!({ "indicators": [] }), 0));
    assert!(complete("A1.a", json!({ "indicators": ["A1.a.NA.1"] }), 0));
    // An answer never completes a requirement of another kind.
    let answer = AnswerValue::parse(&requirement("1-1"), &json!({ "level": 3 })).unwrap();
    assert!(!answer.is_complete(&requirement("1.1.1"), 1));
}

/// Any JSON that a client might send.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (0u8..5).prop_map(Value::from),
        "[ -~é\r\n]{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["A1.a.A.1", "A1.a.NA.2", "achieved", "2026-01-31"]).prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "level",
        "text",
        "not_relevant",
        "reason",
        "date",
        "yes_no",
        "documents",
        "confirmed",
        "indicators",
        "override",
        "justification",
        "other",
    ]);
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone().prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_is_accepted_reads_back_the_same_and_whatever_is_not_has_a_message(value in any_json()) {
        for edition in editions() {
            for requirement in edition.requirements() {
                match AnswerValue::parse(requirement, &value) {
                    Ok(answer) => {
                        let written = answer.to_json();
                        let again = AnswerValue::parse(requirement, &written).unwrap();
                        prop_assert_eq!(&again, &answer);
                        prop_assert_eq!(again.to_json(), written);
                    }
                    Err(error) => prop_assert!(error.message.len() > 10 && error.message.len() < 300),
                }
            }
        }
    }
}
