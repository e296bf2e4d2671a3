//! Corrections applied, refused and chained; and the grade from packed levels against the grade by the long way, over every
//! combination of answers of the small editions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Changes, applied, differences, needs_answers, next_rule_set};
use crate::standards::Edition;
use crate::standards::scoring::{
    Answered, GradeKey, PackedInput, PackedScorer, PlanStanding, ScoreInput, score,
};
use crate::standards::testing::{
    answer, assertions_document, certificate, day, edition, levels_document, outcomes_document, sector,
};

fn changes(value: Value) -> Changes {
    serde_json::from_value(value).unwrap()
}

fn corrected(of: &Edition, value: Value) -> Edition {
    applied(of, &changes(value), &next_rule_set(of.rule_set(), 1))
        .unwrap_or_else(|found| panic!("{found:#?}"))
}

/// Every combination of one choice for each requirement.
fn combinations(choices: &[Vec<Option<Value>>]) -> Vec<Vec<Option<Value>>> {
    choices.iter().fold(vec![Vec::new()], |all, own| {
        all.iter()
            .flat_map(|so_far| {
                own.iter().map(|choice| so_far.iter().cloned().chain([choice.clone()]).collect())
            })
            .collect()
    })
}

fn input(of: &Edition, whose: &str, given: &[Option<Value>]) -> ScoreInput {
    let mut input = ScoreInput::new(sector(whose), None, day("2026-06-30"));
    input.answers = of
        .requirements()
        .iter()
        .zip(given)
        .filter_map(|(requirement, value)| {
            let value = value.as_ref()?;
            let attached_files = usize::from(value.get("documents") == Some(&json!(true)));
            let value = answer(of, requirement.code.as_str(), value);
            let answered = Answered { attached_files, ..Answered::new(value) };
            Some((requirement.code.clone(), answered))
        })
        .collect::<BTreeMap<_, _>>();
    input
}

/// The vector that was stored under the rules before gives under the rules after what the answers give.
fn agree(before: &Edition, after: &Edition, input: &ScoreInput, lifted: bool) -> GradeKey {
    let (old, new) = (score(before, input).unwrap(), score(after, input).unwrap());
    let stored = old.levels_vector();
    let packed = PackedScorer::new(after).score(&PackedInput {
        sector: input.sector,
        profile: input.profile.as_ref(),
        levels: &stored,
        plan: input.plan,
        approached_before: input.approached_before,
        lifted,
    });
    assert_eq!(packed.grade, new.grade, "{stored:?}");
    assert_eq!(packed.percentage, new.percentage, "{stored:?}");
    assert_eq!((packed.asked, packed.met), (new.totals.asked, new.totals.met), "{stored:?}");
    assert_eq!(packed.levels.unwrap_or_else(|| stored.clone()), new.levels_vector(), "{stored:?}");
    let gaps = PackedScorer::new(after).gaps(&PackedInput {
        sector: input.sector,
        profile: input.profile.as_ref(),
        levels: &stored,
        plan: input.plan,
        approached_before: input.approached_before,
        lifted,
    });
    let named: Vec<_> = gaps.into_iter().map(|place| &after.requirements()[place].code).collect();
    assert_eq!(named, new.gaps());
    new.grade
}

#[test]
fn levels_are_scored_the_same_from_the_vector() {
    let before = edition(&levels_document(3));
    let same = applied(&before, &Changes::default(), before.rule_set()).unwrap();
    let after = corrected(
        &before,
        json!({
            "expected": {"1-1": {"acute": 3}, "1-2": {"acute": null, "gp": 1}},
            "satisfactory_level": 3,
            "bands": [{"label": "low", "below": 50}, {"label": "high", "below": null}],
        }),
    );
    let level = |n: u8| Some(json!({"level": n}));
    let plain = || vec![None, level(0), level(2), level(3)];
    let with_nr = || [plain(), vec![Some(json!({"not_relevant": true, "reason": "None"}))]].concat();
    for whose in ["nhs_trust", "gp"] {
        for given in combinations(&[plain(), plain(), with_nr()]) {
            let input = input(&before, whose, &given);
            agree(&before, &same, &input, false);
            // Answers to what was not asked before were never taken.
            if whose == "nhs_trust" {
                agree(&before, &after, &input, false);
            }
        }
    }
}

#[test]
fn outcomes_are_scored_the_same_from_the_vector() {
    let before = edition(&outcomes_document());
    let after = corrected(
        &before,
        json!({"expected": {"A1.a": {"baseline": "achieved"}, "A1.b": {"baseline": null}}}),
    );
    let ticks = |codes: &[&str]| Some(json!({"indicators": codes}));
    let first = vec![
        None,
        ticks(&[]),
        ticks(&["A1.a.PA.1", "A1.a.PA.2"]),
        ticks(&["A1.a.A.1", "A1.a.A.2"]),
        ticks(&["A1.a.NA.1"]),
    ];
    let second = vec![None, ticks(&["A1.b.A.1", "A1.b.A.2"]), ticks(&["A1.b.NA.1"])];
    let mut grades = Vec::new();
    for given in combinations(&[first, second]) {
        for plan in [PlanStanding::None, PlanStanding::Submitted, PlanStanding::Approved] {
            let input = ScoreInput { plan, ..input(&before, "nhs_trust", &given) };
            agree(&before, &before, &input, false);
            grades.push(agree(&before, &after, &input, false));
        }
    }
    for grade in [GradeKey::StandardsMet, GradeKey::StandardsNotMet, GradeKey::ApproachingStandards] {
        assert!(grades.contains(&grade), "{grade}");
    }
}

#[test]
fn assertions_are_scored_the_same_from_the_vector() {
    let before = edition(&assertions_document());
    let after = corrected(
        &before,
        json!({"mandatory": {"1.2.1": ["nhs_trust", "gp"], "1.1.1": ["gp"]}, "small_subset": ["1.1.1", "1.1"]}),
    );
    assert!(!needs_answers(&before, &after));
    let some = |value: Value| vec![None, Some(value)];
    let confirmed = || some(json!({"confirmed": true}));
    let choices = [
        some(json!({"text": "Ours."})),
        some(json!({"documents": true})),
        some(json!({"date": "2026-02-01"})),
        confirmed(),
        some(json!({"yes_no": true})),
        confirmed(),
    ];
    let held = certificate("cyber_essentials_plus", "2026-01-01", "2026-12-31", false);
    for whose in ["nhs_trust", "gp", "dentist"] {
        for given in combinations(&choices) {
            for (plan, approached_before) in [
                (PlanStanding::None, false),
                (PlanStanding::Submitted, true),
                (PlanStanding::Submitted, false),
                (PlanStanding::Approved, false),
            ] {
                for certificates in [Vec::new(), vec![held.clone()]] {
                    let lifted = !certificates.is_empty();
                    let input =
                        ScoreInput { plan, approached_before, certificates, ..input(&before, whose, &given) };
                    agree(&before, &before, &input, lifted);
                    agree(&before, &after, &input, lifted);
                }
            }
        }
    }
}

#[test]
fn certificates_are_judged_again_only_where_they_must_be() {
    let before = edition(&assertions_document());
    let rule = |requirements: Value| {
        json!({"exemptions": {"cep": {"requirements": requirements, "whole_scope": false,
               "from": "2025-09-01", "until": "2027-08-31"}}})
    };
    assert!(!needs_answers(&before, &corrected(&before, rule(json!(["1.1.2"])))));
    assert!(needs_answers(&before, &corrected(&before, rule(json!(["1.1.2", "1.1.3"])))));
    let more = corrected(&before, json!({"mandatory": {"1.1.2": ["nhs_trust", "gp", "dentist"]}}));
    assert!(needs_answers(&before, &more));
    let fewer = corrected(&before, json!({"mandatory": {"1.1.2": ["gp"]}}));
    assert!(!needs_answers(&before, &fewer));
}

#[test]
fn who_approaches_how_is_scored_the_same_from_the_vector() {
    let before = edition(&assertions_document());
    let large = corrected(&before, json!({"approaching_sectors_large": ["nhs_trust", "gp"]}));
    let small = corrected(&before, json!({"approaching_sectors_large": []}));
    let none = corrected(&before, json!({"exceeded_certificate": {"certificate": null}}));
    let held = certificate("cyber_essentials_plus", "2026-01-01", "2026-12-31", false);
    let all = [
        json!({"text": "Ours."}),
        json!({"documents": true}),
        json!({"date": "2026-02-01"}),
        json!({"confirmed": true}),
        json!({"yes_no": true}),
        json!({"confirmed": true}),
    ];
    let full: Vec<Option<Value>> = all.iter().cloned().map(Some).collect();
    let mut gap = full.clone();
    gap[2] = None;
    let planned = |whose: &str, plan| ScoreInput { plan, ..input(&before, whose, &gap) };
    let approaching = |after: &Edition, whose: &str, plan| {
        assert!(!needs_answers(&before, after));
        agree(&before, after, &planned(whose, plan), false) == GradeKey::ApproachingStandards
    };
    let (sent, approved) = (PlanStanding::Submitted, PlanStanding::Approved);
    assert!(approaching(&before, "gp", sent) && !approaching(&large, "gp", sent));
    assert!(approaching(&large, "gp", approved));
    assert!(!approaching(&before, "nhs_trust", sent) && approaching(&small, "nhs_trust", sent));
    let once = ScoreInput { approached_before: true, ..planned("nhs_trust", approved) };
    assert_eq!(agree(&before, &before, &once, false), GradeKey::ApproachingStandards);
    assert_eq!(agree(&before, &small, &once, false), GradeKey::StandardsNotMet);
    // Nobody exceeds the standards without a certificate that does.
    assert!(!needs_answers(&before, &none));
    let lifted = ScoreInput { certificates: vec![held], ..input(&before, "gp", &full) };
    assert_eq!(agree(&before, &before, &lifted, true), GradeKey::StandardsExceeded);
    assert_eq!(agree(&before, &none, &lifted, true), GradeKey::StandardsMet);
    // Who held another one is told by the snapshots alone; so is who held the first one, once it counts again.
    let other = corrected(&before, json!({"exceeded_certificate": {"certificate": "iso_27001"}}));
    assert!(needs_answers(&before, &other) && needs_answers(&none, &before));
    let scored = |of: &Edition| score(of, &lifted).unwrap().grade;
    assert_eq!((scored(&before), scored(&other)), (GradeKey::StandardsExceeded, GradeKey::StandardsMet));
}

#[test]
fn rules_of_a_grade_are_told_and_keep_the_form_of_earlier_documents() {
    let before = edition(&assertions_document());
    let value = json!({
        "approaching_sectors_large": ["gp", "nhs_trust"],
        "exceeded_certificate": {"certificate": null},
    });
    let read = changes(value.clone());
    assert!(!read.is_empty());
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    assert_eq!(serde_json::to_value(changes(json!({}))).unwrap(), json!({}));
    assert!(serde_json::from_value::<Changes>(json!({"approaching_sectors_large": ["gps"]})).is_err());
    let found = differences(&before, &corrected(&before, value));
    let said: Vec<(&str, &str)> = found.iter().map(|d| (d.before.as_str(), d.after.as_str())).collect();
    assert_eq!(
        said,
        [("NHS trust", "General practice, NHS trust"), ("Cyber Essentials Plus", "None")],
        "{found:?}"
    );
}

#[test]
fn what_names_something_outside_the_edition_is_refused() {
    let levels = edition(&levels_document(2));
    let refused = |of: &Edition, value: Value| {
        let found = applied(of, &changes(value), "x.1").expect_err("accepted");
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    for (value, wanted) in [
        (json!({"expected": {"9-9": {"acute": 1}}}), "there is no requirement \"9-9\""),
        (json!({"expected": {"1-1": {"mental": 1}}}), "there is no profile \"mental\""),
        (json!({"expected": {"1-1": {"acute": 4}}}), "level 4 is above the highest level"),
        (json!({"expected": {"1-1": {"acute": "achieved"}}}), "not of the kind"),
        (json!({"expected": {"1-2": {"acute": null}}}), "nobody would be asked"),
        (json!({"mandatory": {"1-1": ["gp"]}}), "is not an item"),
        (json!({"satisfactory_level": 7}), "must be from 1 to max_level"),
        (json!({"small_subset": ["1-1"]}), "has no items named for small organisations"),
        (json!({"approaching_sectors_large": ["gp"]}), "has no sectors that approach"),
        (json!({"exceeded_certificate": {"certificate": "iso_27001"}}), "has no certificate that exceeds"),
        (json!({"bands": [{"label": "a", "below": 10}]}), "must leave out below"),
        (
            json!({"exemptions": {"none": {"requirements": [], "whole_scope": false, "from": "2026-01-01",
                   "until": null}}}),
            "there is no exemption rule",
        ),
    ] {
        let found = refused(&levels, value.clone());
        assert!(found.contains(wanted), "{value}: {found}");
    }
    let items = edition(&assertions_document());
    assert!(refused(&items, json!({"satisfactory_level": 1})).contains("has no table of levels"));
    assert!(refused(&items, json!({"small_subset": ["7.7"]})).contains("there is no requirement \"7.7\""));
    assert!(
        refused(
            &items,
            json!({"exemptions": {"cep": {"requirements": ["1.1.2"], "whole_scope": false, "from": "1 May",
                   "until": null}}})
        )
        .contains("not YYYY-MM-DD")
    );
}

#[test]
fn a_correction_changes_rules_and_nothing_else() {
    let before = edition(&levels_document(3));
    let after = corrected(&before, json!({"expected": {"1-1": {"acute": 3}, "1-3": {"acute": 1}}}));
    assert_eq!(after.rule_set(), "sample-2026.1+1");
    assert_ne!(after.hash(), before.hash());
    assert_eq!(after.key(), before.key());
    let texts = |of: &Edition| -> Vec<(String, String)> {
        of.requirements().iter().map(|r| (r.code.to_string(), r.text.clone())).collect()
    };
    assert_eq!(texts(&before), texts(&after));
    let found = differences(&before, &after);
    let said: Vec<(&str, &str)> = found.iter().map(|d| (d.before.as_str(), d.after.as_str())).collect();
    assert_eq!(said, [("Level 2", "Level 3"), ("Level 2", "Level 1")]);
    assert!(differences(&before, &before).is_empty());
    let again = Edition::from_canonical_json(after.canonical_json()).unwrap();
    assert_eq!(again.hash(), after.hash());
}
