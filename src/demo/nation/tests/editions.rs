//! Three small editions, one of each scheme, shaped like those that the portal ships.

use std::sync::Arc;

use jiff::civil::date;

use super::super::sector::{Scale, Sector};
use super::super::shape::{
    EditionShape, ItemKind, ProfileShape, RequirementKind, RequirementShape, Scheme, ShapeError,
};
use super::super::{Nation, NationPlan};

const TITLES: [&str; 9] = [
    "Staff training",
    "Access to systems",
    "Backup and recovery",
    "Suppliers",
    "Incident reporting",
    "Patching",
    "Records retention",
    "Privacy notices",
    "Quarterly stocktake",
];

fn profiles() -> Vec<ProfileShape> {
    let small = Sector::ALL.into_iter().filter(|sector| *sector != Sector::NhsTrust).collect();
    vec![
        ProfileShape { key: "acute".into(), sectors: vec![Sector::NhsTrust] },
        ProfileShape { key: "ambulance".into(), sectors: vec![] },
        ProfileShape { key: "small".into(), sectors: small },
    ]
}

fn title(number: usize) -> String {
    TITLES[number % TITLES.len()].to_owned()
}

/// 45 requirements in six sections; small organisations are asked every third.
pub fn levels() -> EditionShape {
    let requirements = (0..45).map(|number| RequirementShape {
        code: format!("{}-{}", 1 + number / 8, 100 + number),
        section: format!("{}", 1 + number / 8),
        title: title(number),
        kind: RequirementKind::Level { max_level: 3, may_be_not_relevant: number % 9 == 4 },
        expected: vec![Some(2), Some(2), (number % 3 == 0).then_some(2)],
    });
    EditionShape::new("levels", Scheme::Levels, profiles(), requirements.collect()).unwrap()
}

/// 30 assertions of two to four items each.
pub fn assertions() -> EditionShape {
    let mut requirements = Vec::new();
    let items = [ItemKind::Text, ItemKind::Date, ItemKind::YesNo, ItemKind::Document];
    for assertion in 0..30 {
        let section = format!("{}.{}", 1 + assertion / 3, 1 + assertion % 3);
        let mandatory =
            if assertion % 3 == 0 { Sector::ALL.to_vec() } else { vec![Sector::NhsTrust, Sector::Icb] };
        let mut add = |code: String, item, mandatory| {
            requirements.push(RequirementShape {
                code,
                section: section.clone(),
                title: title(assertion),
                kind: RequirementKind::Item { item, mandatory },
                expected: vec![],
            });
        };
        add(section.clone(), ItemKind::Confirmation, mandatory.clone());
        for number in 0..2 + assertion % 3 {
            let whose = if number == 3 { vec![] } else { mandatory.clone() };
            add(format!("{section}.{}", number + 1), items[(assertion + number) % 4], whose);
        }
    }
    EditionShape::new("assertions", Scheme::Assertions, vec![], requirements).unwrap()
}

/// 40 outcomes; every fifth has an empty middle column.
pub fn outcomes() -> EditionShape {
    let codes = |outcome: &str, column: &str, count: usize| {
        (0..count).map(|n| format!("{outcome}.{column}{n}")).collect()
    };
    let requirements = (0..40).map(|number| {
        let code = format!("{}{}.{}", ["A", "B", "C", "D", "E"][number / 8], 1 + number % 4, number % 3);
        let code = format!("{code}.{number}");
        RequirementShape {
            section: code[..2].to_owned(),
            title: title(number),
            kind: RequirementKind::Outcome {
                achieved: codes(&code, "A", 2 + number % 4),
                partially: codes(&code, "P", number % 5),
                not: codes(&code, "N", 1 + number % 3),
            },
            expected: vec![Some(1 + u8::from(number % 5 == 0)), Some(1), None],
            code,
        }
    });
    EditionShape::new("outcomes", Scheme::Outcomes, profiles(), requirements.collect()).unwrap()
}

/// A plan for 21 November 2026 in which every year answers the same edition.
pub fn plan(seed: u64, scale: Scale, shape: EditionShape) -> NationPlan {
    let shape = Arc::new(shape);
    let shapes = [Arc::clone(&shape), Arc::clone(&shape), Arc::clone(&shape), shape];
    NationPlan { seed, scale, as_of: date(2026, 11, 21), shapes }
}

/// A small nation on the assertions edition.
pub fn small(seed: u64) -> Nation {
    Nation::generate(&plan(seed, Scale::Small, assertions()))
}

#[test]
fn shapes_that_do_not_fit_together_are_refused() {
    let good = levels().requirements().to_vec();
    let refused = |requirements: Vec<RequirementShape>, profiles| {
        EditionShape::new("x", Scheme::Levels, profiles, requirements).unwrap_err()
    };
    assert_eq!(refused(vec![], profiles()), ShapeError::Empty("x".into()));
    let twice = vec![good[0].clone(), good[0].clone()];
    assert_eq!(refused(twice, profiles()), ShapeError::Twice("1-100".into()));
    assert_eq!(refused(good.clone(), vec![]), ShapeError::Expectations("1-100".into(), 3, 0));
    let mut high = good;
    high[1].expected[0] = Some(4);
    assert_eq!(refused(high, profiles()), ShapeError::Unreachable("1-101".into()));
    let foreign = vec![outcomes().requirements()[0].clone()];
    assert!(matches!(refused(foreign, profiles()), ShapeError::WrongKind(_)));
}

#[test]
fn profiles_go_by_kind_of_trust_first() {
    use super::super::sector::TrustKind;
    let shape = levels();
    assert_eq!(shape.profile(Sector::NhsTrust, Some(TrustKind::Ambulance)), Some(1));
    assert_eq!(shape.profile(Sector::NhsTrust, Some(TrustKind::Specialist)), Some(0));
    assert_eq!(shape.asked(Sector::Gp, None).len(), 15);
    assert!(outcomes().asked(Sector::Gp, None).is_empty());
}
