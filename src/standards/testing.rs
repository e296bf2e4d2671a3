//! Small editions and answers for the tests of this capability.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::answer::AnswerValue;
use super::canonical::parse_date;
use super::keys::{RequirementCode, SectorKey};
use super::model::Edition;
use super::scoring::{Answered, Certificate, ScoreInput};

pub fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

pub fn sector(key: &str) -> SectorKey {
    SectorKey::new(key).unwrap()
}

pub fn code(text: &str) -> RequirementCode {
    RequirementCode::new(text).unwrap()
}

pub fn edition(document: &Value) -> Edition {
    Edition::from_document(document).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn head(scheme: &str) -> Value {
    json!({
        "format": 1,
        "standard": { "key": "sample", "name": "A sample standard", "scheme": scheme, "description": "For tests." },
        "edition": { "key": "sample-2026", "label": "2026/27", "rule_set": "sample-2026.1" },
    })
}

fn with(mut document: Value, parts: Value) -> Value {
    let Value::Object(parts) = parts else { panic!("parts must be an object") };
    document.as_object_mut().unwrap().extend(parts);
    document
}

/// A levels edition of `count` requirements "1-1", "1-2", ..., every third of which may be not relevant. The profile
/// `acute` is asked all of them, `gp` only the first.
pub fn levels_document(count: usize) -> Value {
    let requirements: Vec<Value> = (1..=count)
        .map(|n| {
            let mut expected = json!({ "acute": 2 });
            if n == 1 {
                expected["gp"] = json!(1);
            }
            json!({
                "code": format!("1-{n}"), "section": "1", "title": format!("Requirement {n}"), "text": "How far?",
                "levels": ["none", "some", "most", "all"], "may_be_not_relevant": n % 3 == 0, "expected": expected,
            })
        })
        .collect();
    with(
        head("levels"),
        json!({
            "profiles": [
                { "key": "acute", "name": "Acute trusts", "sectors": ["nhs_trust"] },
                { "key": "gp", "name": "General practice", "sectors": ["gp"] },
            ],
            "scoring": { "max_level": 3, "satisfactory_level": 2, "bands": [
                { "label": "red", "below": 40 }, { "label": "amber", "below": 70 }, { "label": "green" },
            ] },
            "sections": [{ "code": "1", "title": "First area" }],
            "requirements": requirements,
            "exemptions": [],
        }),
    )
}

/// Two assertions under one standard: 1.1 with a text, a document and a date, 1.2 with one optional item for small
/// organisations. Cyber Essentials Plus exempts 1.1.2, a whole-scope ISO 27001 exempts 1.1.3.
pub fn assertions_document() -> Value {
    let all = json!(["nhs_trust", "gp"]);
    with(
        head("assertions"),
        json!({
            "profiles": [],
            "scoring": {
                "approaching_sectors_large": ["nhs_trust"], "small_subset": ["1.1.1"],
                "exceeded_certificate": "cyber_essentials_plus",
            },
            "sections": [
                { "code": "1", "title": "Standard one" },
                { "code": "1.1", "title": "Assertion one", "parent": "1" },
                { "code": "1.2", "title": "Assertion two", "parent": "1" },
            ],
            "requirements": [
                { "code": "1.1.1", "section": "1.1", "title": "t", "text": "q", "item": "text", "mandatory": all },
                { "code": "1.1.2", "section": "1.1", "title": "t", "text": "q", "item": "document", "mandatory": all },
                { "code": "1.1.3", "section": "1.1", "title": "t", "text": "q", "item": "date", "mandatory": all },
                { "code": "1.1", "section": "1.1", "title": "t", "text": "q", "item": "confirmation", "mandatory": [] },
                { "code": "1.2.1", "section": "1.2", "title": "t", "text": "q", "item": "yes_no",
                  "mandatory": ["nhs_trust"] },
                { "code": "1.2", "section": "1.2", "title": "t", "text": "q", "item": "confirmation", "mandatory": [] },
            ],
            "exemptions": [
                { "code": "cep", "certificate": "cyber_essentials_plus", "requirements": ["1.1.2"],
                  "whole_scope": false, "from": "2025-09-01", "until": "2027-08-31", "reason": "The test covers it." },
                { "code": "iso", "certificate": "iso_27001", "requirements": ["1.1.3"],
                  "whole_scope": true, "from": "2025-09-01", "reason": "The audit covers it." },
            ],
        }),
    )
}

/// One outcome with two achieved, two partially achieved and two not achieved indicators, and one without the middle
/// column.
pub fn outcomes_document() -> Value {
    let column = |prefix: &str| {
        json!([
            { "code": format!("{prefix}.1"), "text": "first" }, { "code": format!("{prefix}.2"), "text": "second" },
        ])
    };
    with(
        head("outcomes"),
        json!({
            "profiles": [
                { "key": "baseline", "name": "Baseline", "sectors": ["nhs_trust", "gp"] },
                { "key": "enhanced", "name": "Enhanced", "sectors": [] },
            ],
            "sections": [
                { "code": "A", "title": "Objective" }, { "code": "A1", "title": "Principle", "parent": "A" },
            ],
            "requirements": [
                { "code": "A1.a", "section": "A1", "title": "t", "text": "q",
                  "achieved": column("A1.a.A"), "partially_achieved": column("A1.a.PA"),
                  "not_achieved": column("A1.a.NA"),
                  "expected": { "baseline": "partially_achieved", "enhanced": "achieved" } },
                { "code": "A1.b", "section": "A1", "title": "t", "text": "q",
                  "achieved": column("A1.b.A"), "partially_achieved": [], "not_achieved": column("A1.b.NA"),
                  "expected": { "baseline": "achieved", "enhanced": "achieved" } },
            ],
            "exemptions": [],
        }),
    )
}

/// An answer from its JSON.
pub fn answer(edition: &Edition, requirement: &str, value: &Value) -> AnswerValue {
    AnswerValue::parse(edition.requirement(requirement).unwrap(), value).unwrap()
}

/// An input with answers from JSON; a document that is provided has one file.
pub fn input(edition: &Edition, of: &str, on: &str, answers: &[(&str, Value)]) -> ScoreInput {
    let mut input = ScoreInput::new(sector(of), None, day(on));
    input.answers = answers
        .iter()
        .map(|(name, value)| {
            let attached_files = usize::from(value.get("documents") == Some(&json!(true)));
            let value = answer(edition, name, value);
            (code(name), Answered { value, attached_files, disputed_not_relevant: false })
        })
        .collect::<BTreeMap<_, _>>();
    input
}

pub fn certificate(kind: &str, from: &str, to: &str, whole_scope: bool) -> Certificate {
    Certificate {
        id: None,
        void: None,
        kind: kind.parse().unwrap(),
        valid_from: day(from),
        valid_to: day(to),
        whole_scope,
        coverage: None,
    }
}
