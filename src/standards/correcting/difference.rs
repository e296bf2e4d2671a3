//! What lies between two rule sets of one edition, in words.

use crate::platform::clock::Day;
use crate::standards::certificate_kinds::kind_name;
use crate::standards::keys::{ProfileKey, RequirementCode, SectorKey};
use crate::standards::model::{AssertionsScheme, Edition, Exemption, Requirement, RequirementKind, Scheme};

/// One rule that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDifference {
    /// What it is about, such as "1-101 Governance, Acute trusts".
    pub about: String,
    /// What counted before.
    pub before: String,
    /// What counts after.
    pub after: String,
    /// The profile whose minimum it is; none where it is a rule of the whole edition.
    pub profile: Option<ProfileKey>,
}

/// Every rule that differs, requirements first, in edition order.
#[must_use]
pub fn differences(before: &Edition, after: &Edition) -> Vec<RuleDifference> {
    let mut found = Vec::new();
    for (old, new) in before.requirements().iter().zip(after.requirements()) {
        for profile in after.profiles() {
            let (was, is) = (minimum(old, &profile.key), minimum(new, &profile.key));
            if was != is {
                found.push(RuleDifference {
                    about: format!("{} {}, {}", new.code, new.title, profile.name),
                    before: was,
                    after: is,
                    profile: Some(profile.key.clone()),
                });
            }
        }
        let (was, is) = (mandatory(old), mandatory(new));
        if was != is {
            found.push(whole(format!("{} {}, mandatory for", new.code, new.title), was, is));
        }
    }
    found.extend(scoring(before, after));
    for new in after.exemptions() {
        let Some(old) = before.exemptions().iter().find(|rule| rule.code == new.code) else { continue };
        if old != new {
            found.push(whole(format!("Exemption {}", new.code), exemption(old), exemption(new)));
        }
    }
    found
}

/// Those that can matter to an organisation of this profile.
#[must_use]
pub fn differences_for(
    before: &Edition,
    after: &Edition,
    profile: Option<&ProfileKey>,
) -> Vec<RuleDifference> {
    let mut all = differences(before, after);
    all.retain(|one| one.profile.is_none() || one.profile.as_ref() == profile);
    all
}

fn whole(about: String, before: String, after: String) -> RuleDifference {
    RuleDifference { about, before, after, profile: None }
}

fn minimum(requirement: &Requirement, profile: &ProfileKey) -> String {
    match &requirement.kind {
        RequirementKind::Level { expected, .. } => {
            expected.get(profile).map_or_else(|| "Not asked".to_owned(), |level| format!("Level {level}"))
        }
        RequirementKind::Outcome { expected, .. } => {
            expected.get(profile).map_or("Not asked", |level| level.label()).to_owned()
        }
        RequirementKind::Item { .. } => String::new(),
    }
}

fn mandatory(requirement: &Requirement) -> String {
    let RequirementKind::Item { mandatory, .. } = &requirement.kind else { return String::new() };
    sectors(mandatory.iter())
}

fn sectors<'a>(each: impl Iterator<Item = &'a SectorKey>) -> String {
    let words: Vec<&str> = each.map(SectorKey::label).collect();
    if words.is_empty() { "Nobody".to_owned() } else { words.join(", ") }
}

fn scoring(before: &Edition, after: &Edition) -> Vec<RuleDifference> {
    let mut found = Vec::new();
    match (before.scheme(), after.scheme()) {
        (Scheme::Levels(old), Scheme::Levels(new)) => {
            if old.satisfactory_level != new.satisfactory_level {
                let words = |level: u8| format!("Level {level}");
                found.push(whole(
                    "The level that every relevant requirement must reach".to_owned(),
                    words(old.satisfactory_level),
                    words(new.satisfactory_level),
                ));
            }
            if old.bands != new.bands {
                let words = |bands: &[crate::standards::model::Band]| {
                    let each = bands.iter().map(|band| match band.below {
                        Some(below) => format!("{} below {below}%", band.label),
                        None => format!("{} above", band.label),
                    });
                    each.collect::<Vec<_>>().join(", ")
                };
                found.push(whole(
                    "Words for ranges of the percentage".to_owned(),
                    words(&old.bands),
                    words(&new.bands),
                ));
            }
        }
        (Scheme::Assertions(old), Scheme::Assertions(new)) => found.extend(items(old, new)),
        _ => {}
    }
    found
}

/// What differs in how items give a grade.
fn items(old: &AssertionsScheme, new: &AssertionsScheme) -> Vec<RuleDifference> {
    let mut found = Vec::new();
    if old.approaching_sectors_large != new.approaching_sectors_large {
        let words = |of: &AssertionsScheme| sectors(of.approaching_sectors_large.iter());
        found.push(whole(
            "Sectors that approach the standards only by a plan that is approved centrally".to_owned(),
            words(old),
            words(new),
        ));
    }
    if old.small_subset != new.small_subset {
        let words = |of: &AssertionsScheme| {
            let codes: Vec<&str> = of.small_subset.iter().map(RequirementCode::as_str).collect();
            if codes.is_empty() { "None".to_owned() } else { codes.join(", ") }
        };
        found.push(whole(
            "Items that a small organisation must have complete to approach the standards".to_owned(),
            words(old),
            words(new),
        ));
    }
    if old.exceeded_certificate != new.exceeded_certificate {
        let words = |of: &AssertionsScheme| {
            of.exceeded_certificate.as_ref().map_or_else(|| "None".to_owned(), kind_name)
        };
        found.push(whole("Certificate that exceeds the standards".to_owned(), words(old), words(new)));
    }
    found
}

fn exemption(rule: &Exemption) -> String {
    let codes: Vec<&str> = rule.requirements.iter().map(RequirementCode::as_str).collect();
    let until = rule.until.map_or_else(|| "no end".to_owned(), |day| Day::from(day).words());
    let scope = if rule.whole_scope { "whole scope" } else { "any scope" };
    format!("{}; from {} until {until}; {scope}", codes.join(", "), Day::from(rule.from).words())
}
