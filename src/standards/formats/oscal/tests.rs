//! NIST's own files, where they are at hand, and small ones of our own.

use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::standards::SchemeKind;

fn import(catalog: &Value) -> Result<Imported, Vec<FormatProblem>> {
    let file = json!({ "catalog": catalog }).to_string();
    read(&file, "own.json", &Names::default())
}

fn metadata() -> Value {
    json!({ "title": "Own catalog", "version": "1" })
}

#[test]
fn groups_controls_and_enhancements_become_sections_and_requirements() {
    let imported = import(&json!({
        "metadata": metadata(),
        "groups": [{ "id": "a", "title": "Area", "groups": [{ "title": "Inner", "controls": [
            { "id": "a-1", "title": "First", "parts": [{ "name": "statement", "prose": "Do it." }], "controls": [
                { "id": "a-1.1", "title": "More", "parts": [{ "name": "statement", "prose": "Do more." }] }] },
            { "id": "a-2", "title": "Gone", "props": [{ "name": "status", "value": "withdrawn" }] },
            { "id": "a-3", "title": "Title only" },
        ] }] }],
        "controls": [{ "id": "z-1", "title": "Outside", "parts": [{ "name": "statement", "prose": "Alone." }] }],
    }))
    .unwrap();
    let edition = imported.edition;
    let codes: Vec<&str> = edition.requirements().iter().map(|r| r.code.as_str()).collect();
    assert_eq!(codes, ["a-1", "a-1.1", "a-3", "z-1"]);
    let sections: Vec<(usize, &str)> = edition
        .sections_with_requirements()
        .map(|(depth, section, _)| (depth, section.title.as_str()))
        .collect();
    assert_eq!(sections, [(0, "Area"), (1, "Inner"), (0, "Controls")]);
    assert_eq!(edition.requirement("a-3").unwrap().text, "Title only");
    assert!(imported.notes.iter().any(|n| n == "withdrawn controls left out: a-2"), "{:?}", imported.notes);
    assert!(imported.notes.iter().any(|n| n.ends_with("whose title stands in for it: a-3")));
    assert!(imported.notes.iter().any(|n| n.starts_with("1 of the requirements are control enhancements")));
}

#[test]
fn parameters_show_what_they_stand_for() {
    let imported = import(&json!({
        "metadata": metadata(),
        "controls": [{ "id": "c-1", "title": "T", "params": [
            { "id": "who", "label": "people" },
            { "id": "when", "select": { "how-many": "one-or-more", "choice": ["daily", "after {{ insert: param, what }}"] } },
            { "id": "what", "label": "an incident" },
            { "id": "set", "values": ["30 days"] },
            { "id": "loop", "select": { "choice": ["{{ insert: param, loop }}"] } },
        ], "parts": [{ "name": "statement", "parts": [
            { "name": "item", "props": [{ "name": "label", "value": "a." }], "prose": "Tell {{ insert: param, who }}:",
              "parts": [{ "name": "item", "props": [{ "name": "label", "value": "1." }],
                          "prose": " {{ insert: param, when }};" }] },
            { "name": "item", "props": [{ "name": "label", "value": "b." }],
              "prose": "Within {{ insert: param, set }} or {{ insert: param, none }}, {{ unclosed." },
        ] }, { "name": "guidance", "prose": "See {{ insert: param, loop }}." }] }],
    }))
    .unwrap();
    let requirement = &imported.edition.requirements()[0];
    assert_eq!(
        requirement.text,
        "a. Tell [people]:\n  1. [one or more of: daily; after [an incident]];\nb. Within 30 days or \
         [a value to be decided], {{ unclosed."
    );
    assert!(requirement.guidance.as_ref().unwrap().contains("[a value to be decided]"));
    assert!(imported.notes.iter().any(|n| n == "parameters named in the text but not defined: none"));
}

#[test]
fn what_is_not_a_catalog_is_refused_with_a_place() {
    let problem = |text: &str| read(text, "x.json", &Names::default()).unwrap_err()[0].to_string();
    assert!(problem("{ \"catalog\": 5 }").starts_with("line 1: this is not an OSCAL catalog"));
    assert!(problem("{\n \"catalog\": {}\n}").contains("missing field `metadata`"));
    assert!(problem("[1, 2").contains("line 1"));
    let nested = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(problem(&nested).contains("not an OSCAL catalog"));
    let empty = import(&json!({ "metadata": metadata() })).unwrap_err();
    assert!(
        empty.iter().any(|p| p.to_string().contains("there must be 1 to 2000 requirements")),
        "{empty:?}"
    );
    let twice = import(&json!({ "metadata": metadata(), "controls": [
        { "id": "c 1", "title": "T" }, { "id": "c-2", "title": "" } ] }));
    assert!(twice.unwrap_err()[0].to_string().starts_with("controls[0]: \"c 1\" is not a requirement code"));
    let twice = import(&json!({ "metadata": metadata(), "controls": [
        { "id": "c-1", "title": "T" }, { "id": "c-1", "title": "T" } ] }));
    assert_eq!(twice.unwrap_err()[0].to_string(), "c-1.code: \"c-1\" is already used by requirements[0]");
}

fn real_file(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/oscal").join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            println!("skipped: {name} is not here ({error})");
            None
        }
    }
}

/// Counts controls and enhancements in the raw file, however deep.
fn count_controls(value: &Value) -> usize {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, inner)| {
                let here = if key == "controls" { inner.as_array().map_or(0, Vec::len) } else { 0 };
                here + count_controls(inner)
            })
            .sum(),
        Value::Array(items) => items.iter().map(count_controls).sum(),
        _ => 0,
    }
}

#[test]
fn the_real_low_baseline_is_read_whole() {
    let Some(text) = real_file("sp800-53-rev5-low-catalog.json") else { return };
    let raw: Value = serde_json::from_str(&text).unwrap();
    let imported = read(&text, "sp800-53-rev5-low-catalog.json", &Names::default()).unwrap();
    let edition = &imported.edition;
    assert_eq!(edition.requirements().len(), count_controls(&raw));
    assert_eq!((edition.requirements().len(), edition.sections().len()), (149, 18));
    assert_eq!(edition.scheme().kind(), SchemeKind::Levels);
    assert_eq!(edition.label(), "5.1.1+u4");
    assert_eq!(edition.position("ac-2"), Some(1));
    assert!(edition.requirements().iter().all(|r| !r.text.contains("{{") && !r.text.contains("insert:")));
    assert!(edition.requirements().iter().all(|r| r.guidance.as_ref().is_none_or(|g| !g.contains("{{"))));
    assert!(!imported.notes.iter().any(|n| n.contains("not defined") || n.contains("without a statement")));
    let first = &edition.requirement("ac-1").unwrap().text;
    // Items are numbered and indented as in print, and the choices of a selection are spelt out.
    assert!(first.starts_with("a. ") && first.contains("\n  1. [one or more of: "), "{first}");
    assert!(first.contains("\n    (a) "), "{first}");
    assert_eq!(crate::standards::Edition::from_canonical_json(edition.canonical_json()).unwrap(), *edition);
}

#[test]
fn the_real_basic_catalog_is_read() {
    let Some(text) = real_file("basic-catalog.json") else { return };
    let edition = read(&text, "basic-catalog.json", &Names::default()).unwrap().edition;
    let codes: Vec<&str> = edition.requirements().iter().map(|r| r.code.as_str()).collect();
    assert_eq!(codes, ["s1.1.1", "s1.1.2", "s2.1.1", "s2.1.2"]);
    assert_eq!(edition.tree().iter().map(|e| e.depth).collect::<Vec<_>>(), [0, 1, 0, 1]);
    let text = &edition.requirement("s1.1.1").unwrap().text;
    assert!(text.contains("[one or more of: ") && text.contains(" [a duration] "), "{text}");
}

#[test]
fn the_other_oscal_documents_are_not_catalogs() {
    for name in ["ifa_assessment-results-example.json", "ifa_plan-of-action-and-milestones.json"] {
        let Some(text) = real_file(name) else { return };
        let problems = read(&text, name, &Names::default()).unwrap_err();
        assert!(problems[0].message.contains("missing field `catalog`"), "{problems:?}");
    }
}
