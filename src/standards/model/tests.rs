//! Editions: round trip, hash, order, and every way a document can be wrong.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Asked, Edition, Problem};
use crate::standards::testing::{assertions_document, edition, levels_document, outcomes_document, sector};

fn documents() -> [Value; 3] {
    [levels_document(7), assertions_document(), outcomes_document()]
}

fn problems(document: &Value) -> Vec<String> {
    Edition::from_document(document).expect_err("accepted").iter().map(Problem::to_string).collect()
}

#[test]
fn an_edition_survives_its_canonical_json_with_the_same_hash() {
    for document in documents() {
        let first = edition(&document);
        let again = Edition::from_canonical_json(first.canonical_json()).unwrap();
        assert_eq!(again, first);
        assert_eq!(again.hash(), first.hash());
    }
}

#[test]
fn any_change_changes_the_hash() {
    let first = edition(&levels_document(3));
    let mut document = levels_document(3);
    document["requirements"][1]["levels"][2] = json!("most of it");
    assert_ne!(edition(&document).hash(), first.hash());
}

#[test]
fn requirements_keep_their_order_and_are_found_by_code() {
    let edition = edition(&assertions_document());
    for (index, requirement) in edition.requirements().iter().enumerate() {
        assert_eq!(edition.position(requirement.code.as_str()), Some(index));
        assert_eq!(edition.requirement(requirement.code.as_str()), Some(requirement));
    }
    assert_eq!(edition.position("9.9"), None);
}

#[test]
fn sections_come_in_reading_order_whatever_the_file_order() {
    let mut document = assertions_document();
    document["sections"].as_array_mut().unwrap().reverse();
    let edition = edition(&document);
    let shown: Vec<(usize, &str, usize)> = edition
        .sections_with_requirements()
        .map(|(depth, section, own)| (depth, section.code.as_str(), own.len()))
        .collect();
    assert_eq!(shown, [(0, "1", 0), (1, "1.2", 2), (1, "1.1", 4)]);
    assert_eq!(edition.tree()[0].descendants, 2);
}

#[test]
fn a_confirmation_is_asked_of_everyone_who_must_complete_one_of_its_items() {
    let edition = edition(&assertions_document());
    let asked = |of: &str| edition.asked_of(sector(of), None);
    assert_eq!(asked("nhs_trust"), [Asked::Mandatory; 6]);
    assert_eq!(asked("gp")[3..], [Asked::Mandatory, Asked::Optional, Asked::Optional]);
    assert_eq!(asked("dentist"), [Asked::Optional; 6]);
    assert_eq!(edition.mandatory_requirements(sector("gp"), None).len(), 4);
}

#[test]
fn every_problem_is_reported_at_once_with_its_place() {
    let mut document = levels_document(4);
    document["edition"]["label"] = json!("");
    document["profiles"][1]["sectors"] = json!(["nhs_trust", "nhs_trsut"]);
    document["requirements"][0]["expected"] = json!({ "acute": 4, "mental": 2 });
    document["requirements"][1]["code"] = json!("1-1");
    document["requirements"][2]["levels"] = json!(["none", "all"]);
    document["requirements"][3]["section"] = json!("9");
    document["requirements"][3]["may_be_not_relvant"] = json!(true);
    document["scoring"]["satisfactory_level"] = json!("two");
    let found = problems(&document);
    for wanted in [
        "edition.label: must not be empty",
        "profiles[1].sectors[1]: \"nhs_trsut\" is not a sector",
        "profiles[1].sectors: sector nhs_trust already belongs to profile \"acute\"",
        "requirements[0].expected.acute: level 4 is above",
        "requirements[0].expected.mental: there is no profile",
        "requirements[1].code: \"1-1\" is already used by requirements[0]",
        "requirements[2].levels: needs 4 descriptors",
        "requirements[3].section: there is no section \"9\"",
        "requirements[3].may_be_not_relvant: is not a field here",
        "scoring.satisfactory_level: must be a whole number",
    ] {
        assert!(found.iter().any(|line| line.starts_with(wanted)), "{wanted} is not in {found:#?}");
    }
    assert_eq!(found.len(), 10, "{found:#?}");
}

#[test]
fn assertions_need_one_confirmation_each_with_the_code_of_the_section() {
    let mut document = assertions_document();
    document["requirements"][3]["code"] = json!("1.1.9");
    let found = problems(&document);
    assert!(found.iter().any(|p| p.starts_with("requirements[3].code: a confirmation must have the code")));
    assert!(
        found.iter().any(|p| p.starts_with("sections[1]: the assertion needs one requirement")),
        "{found:?}"
    );
}

#[test]
fn sections_that_lie_inside_themselves_are_refused() {
    let mut document = outcomes_document();
    document["sections"][0]["parent"] = json!("A1");
    let found = problems(&document);
    assert_eq!(found.iter().filter(|p| p.contains("lies inside itself")).count(), 2, "{found:?}");
}

#[test]
fn what_is_said_of_improvement_plans_is_kept_and_what_is_not_said_changes_no_hash() {
    let silent = edition(&assertions_document());
    assert!(!silent.canonical_json().contains("improvement_plan"));
    assert_eq!((silent.plan_rules().due_months, silent.plan_rules().covers_gaps), (6, true));
    assert!(!edition(&levels_document(1)).plan_rules().covers_gaps);
    let mut document = assertions_document();
    document["improvement_plan"] = json!({"due_months": 9, "covers_gaps": false});
    let said = edition(&document);
    assert_eq!((said.plan_rules().due_months, said.plan_rules().covers_gaps), (9, false));
    assert_eq!(Edition::from_canonical_json(said.canonical_json()).unwrap().hash(), said.hash());
    document["improvement_plan"]["due_months"] = json!(0);
    assert_eq!(problems(&document), ["improvement_plan.due_months: must be from 1 to 36"]);
    document["improvement_plan"] = json!({"due_month": 6});
    assert!(problems(&document).iter().any(|p| p.starts_with("improvement_plan.due_month")));
}

#[test]
fn other_mistakes_have_clear_messages() {
    let cases: [(&str, Value, Value, &str); 9] = [
        ("/format", json!(2), levels_document(1), "format: this program reads format 1"),
        (
            "/standard/scheme",
            json!("stars"),
            levels_document(1),
            "\"stars\" is not one of levels, assertions",
        ),
        ("/scoring/bands/2", json!({"label": "x", "below": 90}), levels_document(1), "must leave out below"),
        ("/scoring/bands/1/below", json!(40), levels_document(1), "must be more than 40"),
        ("/requirements/0/achieved", json!([]), outcomes_document(), "needs at least one indicator"),
        ("/requirements/0/expected", json!({}), outcomes_document(), "nobody would be asked"),
        (
            "/exemptions/0/requirements/0",
            json!("7.7"),
            assertions_document(),
            "there is no requirement \"7.7\"",
        ),
        ("/exemptions/0/until", json!("2024-01-01"), assertions_document(), "is before from"),
        ("/exemptions/0/from", json!("1 May"), assertions_document(), "must be a date written as YYYY-MM-DD"),
    ];
    for (pointer, value, mut document, wanted) in cases {
        *document.pointer_mut(pointer).unwrap() = value;
        let found = problems(&document);
        assert!(found.iter().any(|line| line.contains(wanted)), "{pointer}: {found:?}");
    }
    assert!(Edition::from_canonical_json("{").unwrap_err()[0].message.contains("not JSON"));
    assert!(problems(&json!([]))[0].contains("a standard is a table"));
    assert!(problems(&json!({})).iter().any(|p| p == "standard: is missing"));
}

proptest! {
    #[test]
    fn any_words_survive_the_round_trip(title in "\\PC{1,40}", text in "(?s)[^\0]{1,200}") {
        prop_assume!(!title.trim().is_empty() && !text.trim().is_empty());
        let mut document = levels_document(2);
        document["requirements"][0]["title"] = json!(title);
        document["requirements"][1]["text"] = json!(text);
        let first = edition(&document);
        let again = Edition::from_canonical_json(first.canonical_json()).unwrap();
        prop_assert_eq!(again.hash(), first.hash());
        prop_assert_eq!(&again.requirements()[0].title, &title);
        prop_assert_eq!(&again.requirements()[1].text, &text);
    }

    #[test]
    fn damage_anywhere_is_an_error_and_never_a_panic(which in 0usize..3, place in 0usize..200, kind in 0usize..5) {
        let mut document = documents()[which].clone();
        let mut places = Vec::new();
        pointers(&document, String::new(), &mut places);
        let pointer = &places[place % places.len()];
        let junk = [json!(null), json!(-1), json!("é\u{0}"), json!([[]]), json!({"x": {}})][kind].clone();
        if let Some(value) = document.pointer_mut(pointer) {
            *value = junk;
        }
        let found = Edition::from_document(&document).expect_err("damage was accepted");
        prop_assert!(found.iter().all(|problem| !problem.message.is_empty()));
    }
}

fn pointers(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{index}"), out);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                pointers(item, format!("{at}/{key}"), out);
            }
        }
        _ => {}
    }
    out.push(at);
}
