//! What a correction changes, and the edition with it applied.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::standards::canonical::parse_date;
use crate::standards::keys::{CertificateKind, ProfileKey, RequirementCode, SectorKey};
use crate::standards::model::{
    Asked, Band, Edition, EditionDraft, OutcomeLevel, Problem, Requirement, RequirementKind, Scheme,
};

/// The least that is expected of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Minimum {
    /// A level.
    Level(u8),
    /// The result of an outcome.
    Outcome(OutcomeLevel),
}

/// One range of percentages, as [`Band`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandRule {
    /// The word for it.
    pub label: String,
    /// Where the next one begins; none for the last.
    pub below: Option<u8>,
}

/// What an exemption rule says after the correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionRule {
    /// The requirements it covers.
    pub requirements: BTreeSet<RequirementCode>,
    /// Whether the certificate must cover all data processing.
    pub whole_scope: bool,
    /// The first day, as `YYYY-MM-DD`.
    pub from: String,
    /// The last day; none where it is open-ended.
    pub until: Option<String>,
}

/// Which certificate lifts *standards met* to *standards exceeded* after the correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceededRule {
    /// Its kind; none where the edition has no such grade.
    pub certificate: Option<CertificateKind>,
}

/// What counts otherwise. Whatever is not named stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// By requirement and profile: the least expected, or none where the profile is not asked any more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expected: BTreeMap<RequirementCode, BTreeMap<ProfileKey, Option<Minimum>>>,
    /// By item: the sectors that must complete it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mandatory: BTreeMap<RequirementCode, BTreeSet<SectorKey>>,
    /// The level that every relevant requirement must reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfactory_level: Option<u8>,
    /// Words for ranges of the percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bands: Option<Vec<BandRule>>,
    /// The items that a small organisation must have complete to approach the standards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_subset: Option<BTreeSet<RequirementCode>>,
    /// The sectors whose organisations approach the standards only by a plan that is approved centrally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approaching_sectors_large: Option<BTreeSet<SectorKey>>,
    /// The certificate that exceeds the standards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceeded_certificate: Option<ExceededRule>,
    /// Exemption rules, by their code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exemptions: BTreeMap<String, ExemptionRule>,
}

impl Changes {
    /// Whether nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The document of one correction, hashed as canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionDocument {
    /// The version of this shape.
    pub v: u8,
    /// The key of the edition.
    pub edition: String,
    /// Counts the corrections of the edition, from 1.
    pub number: i64,
    /// SHA-256, in hexadecimal, of the edition's canonical JSON that this one is applied to.
    pub base: String,
    /// The version of the rules that it makes.
    pub rule_set: String,
    /// What it changes.
    pub changes: Changes,
}

/// The name of the rule set that the correction of this number makes.
#[must_use]
pub fn next_rule_set(original: &str, number: i64) -> String {
    format!("{original}+{number}")
}

/// The edition with these changes applied, under the new name of its rules.
///
/// # Errors
/// Everything that names something outside the edition, or that does not fit together.
pub fn applied(edition: &Edition, changes: &Changes, rule_set: &str) -> Result<Edition, Vec<Problem>> {
    let mut draft = edition.draft().clone();
    rule_set.clone_into(&mut draft.rule_set);
    let mut problems = Vec::new();
    for (code, expected) in &changes.expected {
        match requirement(&mut draft, code) {
            Some(found) => expect(found, code, expected, &mut problems),
            None => problems.push(unknown("expected", code)),
        }
    }
    for (code, sectors) in &changes.mandatory {
        match requirement(&mut draft, code).map(|found| &mut found.kind) {
            Some(RequirementKind::Item { mandatory, .. }) => mandatory.clone_from(sectors),
            Some(_) => {
                problems.push(problem("mandatory", format!("{code} is not an item that can be mandatory")));
            }
            None => problems.push(unknown("mandatory", code)),
        }
    }
    scoring(&mut draft, changes, &mut problems);
    exemptions(&mut draft, changes, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Edition::new(draft)
}

fn problem(path: &str, message: impl Into<String>) -> Problem {
    Problem { path: path.to_owned(), message: message.into() }
}

fn unknown(path: &str, code: &RequirementCode) -> Problem {
    problem(path, format!("there is no requirement \"{code}\" in this edition"))
}

fn requirement<'a>(draft: &'a mut EditionDraft, code: &RequirementCode) -> Option<&'a mut Requirement> {
    draft.requirements.iter_mut().find(|requirement| requirement.code == *code)
}

fn expect(
    found: &mut Requirement,
    code: &RequirementCode,
    wanted: &BTreeMap<ProfileKey, Option<Minimum>>,
    problems: &mut Vec<Problem>,
) {
    for (profile, minimum) in wanted {
        match (&mut found.kind, minimum) {
            (RequirementKind::Level { expected, .. }, Some(Minimum::Level(level))) => {
                expected.insert(profile.clone(), *level);
            }
            (RequirementKind::Outcome { expected, .. }, Some(Minimum::Outcome(level))) => {
                expected.insert(profile.clone(), *level);
            }
            (RequirementKind::Level { expected, .. }, None) => {
                expected.remove(profile);
            }
            (RequirementKind::Outcome { expected, .. }, None) => {
                expected.remove(profile);
            }
            _ => problems.push(problem(
                "expected",
                format!("what is expected of {code} is not of the kind that this edition is scored by"),
            )),
        }
    }
}

fn scoring(draft: &mut EditionDraft, changes: &Changes, problems: &mut Vec<Problem>) {
    let misplaced = |what: &str| problem("scoring", format!("this edition has no {what}"));
    match &mut draft.scheme {
        Scheme::Levels(scheme) => {
            if let Some(level) = changes.satisfactory_level {
                scheme.satisfactory_level = level;
            }
            if let Some(bands) = &changes.bands {
                let band = |rule: &BandRule| Band { label: rule.label.clone(), below: rule.below };
                scheme.bands = bands.iter().map(band).collect();
            }
            problems.extend(rules_of_items(changes).map(misplaced));
        }
        Scheme::Assertions(scheme) => {
            if let Some(subset) = &changes.small_subset {
                scheme.small_subset.clone_from(subset);
            }
            if let Some(sectors) = &changes.approaching_sectors_large {
                scheme.approaching_sectors_large.clone_from(sectors);
            }
            if let Some(rule) = &changes.exceeded_certificate {
                scheme.exceeded_certificate.clone_from(&rule.certificate);
            }
            if changes.satisfactory_level.is_some() || changes.bands.is_some() {
                problems.push(misplaced("table of levels"));
            }
        }
        Scheme::Outcomes {} => {
            if changes.satisfactory_level.is_some() || changes.bands.is_some() {
                problems.push(misplaced("table of levels"));
            }
            problems.extend(rules_of_items(changes).map(misplaced));
        }
    }
}

/// What is changed that only an edition of items has, in words.
fn rules_of_items(changes: &Changes) -> impl Iterator<Item = &'static str> {
    let rules = [
        (changes.small_subset.is_some(), "items named for small organisations"),
        (changes.approaching_sectors_large.is_some(), "sectors that approach by an approved plan"),
        (changes.exceeded_certificate.is_some(), "certificate that exceeds the standards"),
    ];
    rules.into_iter().filter(|(is_changed, _)| *is_changed).map(|(_, what)| what)
}

fn exemptions(draft: &mut EditionDraft, changes: &Changes, problems: &mut Vec<Problem>) {
    for (code, rule) in &changes.exemptions {
        let Some(found) = draft.exemptions.iter_mut().find(|exemption| exemption.code == *code) else {
            problems.push(problem("exemptions", format!("there is no exemption rule \"{code}\"")));
            continue;
        };
        let until = rule.until.as_deref().map(parse_date);
        match (parse_date(&rule.from), until) {
            (None, _) | (_, Some(None)) => {
                problems.push(problem("exemptions", format!("{code} has a date that is not YYYY-MM-DD")));
            }
            (Some(from), until) => {
                found.from = from;
                found.until = until.flatten();
                found.whole_scope = rule.whole_scope;
                found.requirements.clone_from(&rule.requirements);
            }
        }
    }
}

/// Whether the packed levels are not enough to score again: where an exemption rule changes, where one names a requirement
/// that more organisations are asked, or where another certificate lifts the grade, certificates must be judged again.
#[must_use]
pub fn needs_answers(before: &Edition, after: &Edition) -> bool {
    if before.exemptions() != after.exemptions() || lifts_otherwise(before, after) {
        return true;
    }
    let named = |requirement: &Requirement| {
        after.exemptions().iter().any(|rule| rule.requirements.contains(&requirement.code))
    };
    let profiles: Vec<Option<&ProfileKey>> =
        std::iter::once(None).chain(after.profiles().iter().map(|profile| Some(&profile.key))).collect();
    before.requirements().iter().zip(after.requirements()).filter(|(_, now)| named(now)).any(|(old, now)| {
        SectorKey::all().any(|sector| {
            profiles.iter().any(|profile| {
                after.asked(now, sector, *profile) == Asked::Mandatory
                    && before.asked(old, sector, *profile) != Asked::Mandatory
            })
        })
    })
}

/// Whether another certificate than before lifts the grade. Without any, nobody needs to be asked what they held.
fn lifts_otherwise(before: &Edition, after: &Edition) -> bool {
    let now = lifting(after);
    now.is_some() && now != lifting(before)
}

fn lifting(edition: &Edition) -> Option<&CertificateKind> {
    match edition.scheme() {
        Scheme::Assertions(scheme) => scheme.exceeded_certificate.as_ref(),
        Scheme::Levels(_) | Scheme::Outcomes {} => None,
    }
}
