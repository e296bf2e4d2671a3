//! Drafts as documents: whatever is done to one, it reads back as it was written, and what passes the checks is an edition
//! that importing its own document gives again.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::change::{Change, Minimum, Stated};
use super::forms::{ProfileForm, RequirementForm, SectionForm};
use super::model::Content;
use super::order::Way;
use super::place::{Place, said};
use super::rule_forms::{ExemptionForm, PlanForm, ScoringForm, SignerForm, StatementsForm};
use crate::standards::keys::{ProfileKey, RequirementCode, SectionCode, SectorKey};
use crate::standards::model::{
    Edition, PlanRules, Profile, RequirementKind, Section, Signer, SignerRole, Statements,
};
use crate::standards::testing::{
    assertions_document, code, edition, levels_document, outcomes_document, sector,
};

fn contents() -> [Content; 3] {
    [levels_document(4), assertions_document(), outcomes_document()]
        .map(|document| Content::copy_of(&edition(&document)))
}

fn section(code: &str, title: &str, parent: Option<&str>) -> Section {
    Section {
        code: SectionCode::new(code).unwrap(),
        title: title.to_owned(),
        parent: parent.map(|parent| SectionCode::new(parent).unwrap()),
        guidance: None,
    }
}

/// Texts that somebody could type into a form: markup, right to left, long, and nothing at all.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("<script>alert(1)</script> & \"quotes\"".to_owned()),
        Just("\u{202e}\u{5d0}\u{5d1}\u{5d2} right to left".to_owned()),
        Just("long ".repeat(2_000)),
        "[a-zA-Z0-9 .,\u{e9}\u{1f600}]{0,60}",
    ]
    .prop_map(|text| text.trim().to_owned())
}

/// One change of a draft, made of where, which way and a text. What does not fit is refused and changes nothing.
fn changed(content: &mut Content, (which, at, text): (usize, usize, String)) {
    let requirement = content.parts.requirements.get(at % content.parts.requirements.len().max(1)).cloned();
    let place = content.parts.sections.get(at % content.parts.sections.len().max(1)).cloned();
    let (Some(requirement), Some(place)) = (requirement, place) else { return };
    let of = |requirement: crate::standards::model::Requirement, origins: BTreeSet<RequirementCode>| {
        Box::new(Stated { requirement, origins, exemptions: BTreeSet::from([text.clone()]) })
    };
    let way = if at.is_multiple_of(2) { Way::Up } else { Way::Down };
    let new = RequirementCode::new(&format!("new-{at}")).unwrap();
    let mut worded = requirement.clone();
    worded.text.clone_from(&text);
    worded.guidance = (!text.is_empty()).then(|| text.clone());
    let mut renamed = worded.clone();
    renamed.code = new.clone();
    let change = match which {
        0 => Change::Details { label: text.clone(), rule_set: text.clone(), description: text.clone() },
        1 => Change::AddSection(section(&format!("s{at}"), &text, None)),
        2 => Change::EditSection(place.code.clone(), Section { title: text.clone(), ..place.clone() }),
        3 => Change::EditSection(place.code.clone(), section(&format!("r{at}"), &text, None)),
        4 => Change::RemoveSection(place.code.clone()),
        5 => Change::AddRequirement(of(renamed, BTreeSet::new())),
        6 => Change::EditRequirement(requirement.code.clone(), of(worded, BTreeSet::from([new]))),
        7 => Change::EditRequirement(requirement.code.clone(), of(renamed, BTreeSet::new())),
        8 => Change::RemoveRequirement(requirement.code.clone()),
        9 => Change::MoveRequirement(requirement.code.clone(), way),
        10 => Change::MoveSection(place.code.clone(), way),
        12 => Change::PlanRules(
            (at > 0).then(|| PlanRules { due_months: u8::try_from(at).unwrap(), covers_gaps: at > 3 }),
        ),
        13 => Change::Statements(Statements {
            siro: (!text.is_empty()).then(|| text.clone()),
            ..Statements::default()
        }),
        14 => Change::Signer(
            SignerRole::Dpo,
            Some(Signer {
                role: SignerRole::Dpo,
                sections: BTreeSet::from([place.code.clone()]),
                requirements: BTreeSet::from([requirement.code.clone()]),
                sectors: BTreeSet::new(),
            }),
        ),
        15 => Change::AddExemption(Box::new(crate::standards::model::Exemption {
            code: text.chars().take(70).collect(),
            certificate: "iso_27001".parse().unwrap(),
            requirements: BTreeSet::from([requirement.code.clone()]),
            whole_scope: at > 3,
            from: crate::standards::testing::day("2026-04-01"),
            until: None,
            reason: text.clone(),
        })),
        11 => Change::Sector(SectorKey::new("gp").unwrap(), BTreeSet::from([requirement.code.clone()])),
        _ => Change::Profile(
            Profile { key: ProfileKey::new("other").unwrap(), name: text.clone(), sectors: BTreeSet::new() },
            BTreeMap::from([(requirement.code.clone(), Minimum::Level(2))]),
        ),
    };
    let before = content.clone();
    if change.apply(content).is_err() {
        *content = before;
    }
}

proptest! {
    #[test]
    fn a_draft_reads_back_as_it_was_written(
        scheme in 0_usize..3,
        changes in proptest::collection::vec((0_usize..17, 0_usize..8, texts()), 0..12),
    ) {
        let mut content = contents()[scheme].clone();
        for change in changes {
            changed(&mut content, change);
        }
        let text = content.canonical_json();
        let read = Content::from_canonical_json(&text).unwrap();
        prop_assert_eq!(&read, &content);
        prop_assert_eq!(read.canonical_json(), text);
        // The checks of an import and those of a draft are the same; what passes is an edition, and its own document.
        let problems = content.parts.problems();
        match Edition::new(content.parts.clone()) {
            Ok(frozen) => {
                prop_assert!(problems.is_empty());
                let imported = Edition::from_canonical_json(frozen.canonical_json()).unwrap();
                prop_assert_eq!(imported.hash(), frozen.hash());
                prop_assert_eq!(imported.parts(), &content.parts);
            }
            Err(found) => prop_assert_eq!(found, problems),
        }
    }
}

#[test]
fn forms_say_what_the_draft_says_and_read_back_to_it() {
    for content in contents() {
        for requirement in &content.parts.requirements {
            let form = RequirementForm::of(&content, requirement);
            let stated = form.parse(&content, &|_| true).unwrap();
            assert_eq!(&stated.requirement, requirement);
            assert_eq!(Some(&stated.origins), content.origins.get(&requirement.code));
            let mut again = content.clone();
            Change::EditRequirement(requirement.code.clone(), Box::new(stated)).apply(&mut again).unwrap();
            assert_eq!(again, content, "{}", requirement.code);
        }
        for one in &content.parts.sections {
            assert_eq!(&SectionForm::of(one).parse().unwrap(), one);
        }
        for profile in &content.parts.profiles {
            let mut again = content.clone();
            ProfileForm::of(&content, profile).parse(&content).unwrap().apply(&mut again).unwrap();
            assert_eq!(again, content, "{}", profile.key);
        }
    }
}

#[test]
fn forms_of_rules_say_what_the_draft_says_and_read_back_to_it() {
    for mut content in contents() {
        content.parts.improvement_plan = Some(PlanRules { due_months: 7, covers_gaps: true });
        content.parts.statements.dpo = Some("I have looked.".to_owned());
        let first = content.parts.requirements[0].code.clone();
        content.parts.signers.push(Signer {
            role: SignerRole::Dpo,
            sections: BTreeSet::from([content.parts.sections[0].code.clone()]),
            requirements: BTreeSet::from([first]),
            sectors: BTreeSet::from([sector("gp")]),
        });
        let mut changes = vec![
            ScoringForm::of(&content).parse(&content).unwrap(),
            PlanForm::of(&content).parse().unwrap(),
            StatementsForm::of(&content).parse(),
        ];
        changes.extend(
            SignerRole::ALL.map(|role| SignerForm::of(&content, role).parse(&content, role).unwrap()),
        );
        for rule in &content.parts.exemptions {
            let again = ExemptionForm::of(rule).parse(&content).unwrap();
            assert_eq!(&again, rule);
            changes.push(Change::EditExemption(rule.code.clone(), Box::new(again)));
        }
        for change in changes {
            let (mut again, words) = (content.clone(), change.words());
            change.apply(&mut again).unwrap();
            assert_eq!(again, content, "{words}");
        }
    }
}

#[test]
fn a_rule_is_told_apart_from_the_same_rule_of_another_edition() {
    let [levels, assertions, _] = contents();
    let mut other = assertions.clone();
    Change::RemoveExemption("cep".to_owned()).apply(&mut other).unwrap();
    Change::PlanRules(Some(PlanRules { due_months: 9, covers_gaps: false })).apply(&mut other).unwrap();
    let diff = super::Diff::of(&assertions, &other, &[]);
    let labels: Vec<&str> = diff.rules.iter().map(|piece| piece.label.as_str()).collect();
    assert!(
        labels.contains(&"Exemption cep, Reason") && labels.contains(&"Improvement plans, Rules"),
        "{labels:?}"
    );
    assert!(!labels.iter().any(|label| label.starts_with("Exemption iso")), "{labels:?}");
    // The scheme of a standard stays what it is, and a rule that is not there cannot be changed.
    let scoring = Change::Scoring(levels.parts.scheme.clone());
    assert!(scoring.apply(&mut other).is_err());
    assert!(Change::RemoveExemption("cep".to_owned()).apply(&mut other).is_err());
}

#[test]
fn a_renamed_code_is_renamed_wherever_it_is_named() {
    let [_, mut content, _] = contents();
    let item = content.requirement("1.1.1").unwrap().clone();
    let mut stated = RequirementForm::of(&content, &item).parse(&content, &|_| true).unwrap();
    stated.requirement.code = code("1.1.9");
    stated.exemptions.insert("cep".to_owned());
    Change::EditRequirement(item.code, Box::new(stated)).apply(&mut content).unwrap();
    let crate::standards::model::Scheme::Assertions(scheme) = &content.parts.scheme else { panic!() };
    assert!(scheme.small_subset.contains("1.1.9") && !scheme.small_subset.contains("1.1.1"));
    assert!(content.parts.exemptions[0].requirements.contains("1.1.9"));
    assert_eq!(content.origins[&code("1.1.9")], BTreeSet::from([code("1.1.1")]));
    // A section takes its confirmation with it, so that nothing is wrong afterwards.
    let was = content.section("1.1").unwrap().clone();
    let now = Section { code: SectionCode::new("1.5").unwrap(), ..was.clone() };
    Change::EditSection(was.code, now).apply(&mut content).unwrap();
    assert!(content.requirement("1.5").is_some());
    assert_eq!(content.parts.problems(), []);
}

#[test]
fn what_is_in_use_is_not_removed_and_nothing_lies_inside_itself() {
    let [_, mut content, _] = contents();
    let remove = Change::RemoveSection(SectionCode::new("1").unwrap());
    assert!(remove.apply(&mut content).is_err());
    let inside = section("1", "Standard one", Some("1.1"));
    assert!(Change::EditSection(SectionCode::new("1").unwrap(), inside).apply(&mut content).is_err());
    let taken = section("1.2", "Again", None);
    assert!(Change::AddSection(taken).apply(&mut content).is_err());
}

#[test]
fn things_move_among_their_own() {
    let [mut content, ..] = contents();
    let order = |content: &Content| -> Vec<String> {
        content.parts.requirements.iter().map(|r| r.code.to_string()).collect()
    };
    Change::MoveRequirement(code("1-3"), Way::Up).apply(&mut content).unwrap();
    assert_eq!(order(&content), ["1-1", "1-3", "1-2", "1-4"]);
    Change::MoveRequirement(code("1-4"), Way::Down).apply(&mut content).unwrap();
    assert_eq!(order(&content), ["1-1", "1-3", "1-2", "1-4"]);
    assert!(Change::MoveRequirement(code("9-9"), Way::Up).apply(&mut content).is_err());
}

#[test]
fn a_place_says_what_its_form_edits() {
    let [mut content, assertions, _] = contents();
    let before = said(&content, &Place::Requirement(code("1-2"))).unwrap();
    if let Some(RequirementKind::Level { expected, .. }) =
        content.parts.requirements.get_mut(1).map(|requirement| &mut requirement.kind)
    {
        expected.insert(ProfileKey::new("acute").unwrap(), 3);
    }
    let after = said(&content, &Place::Requirement(code("1-2"))).unwrap();
    let differ: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).collect();
    assert_eq!(differ.len(), 1);
    assert_eq!(differ[0].1.1, "Level 3");
    assert!(said(&content, &Place::Requirement(code("9-9"))).is_none());
    let mandatory = said(&assertions, &Place::Sector(sector("gp"))).unwrap();
    assert_eq!(mandatory[0].1, "1.1.1, 1.1.2 and 1.1.3");
}
