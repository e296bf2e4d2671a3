//! The form of a draft: every minimum, the scoring table and the exemption rules as they are, to be changed in place. What
//! differs from the rules in force is the correction.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::NewCorrection;
use crate::platform::http::Fields;
use crate::platform::pages::FormErrors;
use crate::standards::certificate_kinds::kind;
use crate::standards::correcting::{BandRule, Changes, ExceededRule, ExemptionRule, Minimum};
use crate::standards::{
    AssertionsScheme, Band, CertificateKind, Edition, Exemption, OutcomeLevel, ProfileKey, RequirementCode,
    RequirementKind, Scheme, SectorKey, bands_of, bands_text,
};

/// What a select says where a profile is not asked.
pub(super) const NOT_ASKED: &str = "";

/// The name of the control that says who approaches the standards only by an approved plan.
pub(super) const LARGE: &str = "approaching_sectors_large";

/// The name of the control that says which certificate exceeds the standards.
pub(super) const EXCEEDED: &str = "exceeded_certificate";

/// The name of the control of a minimum.
pub(super) fn expected_name(code: &RequirementCode, profile: &ProfileKey) -> String {
    format!("expected:{code}:{profile}")
}

/// The name of the control that says for whom an item is mandatory.
pub(super) fn mandatory_name(code: &RequirementCode) -> String {
    format!("mandatory:{code}")
}

/// The name of a control of an exemption rule.
pub(super) fn exemption_name(part: &str, rule: &Exemption) -> String {
    format!("exemption-{part}:{}", rule.code)
}

/// What is expected of a requirement, as the form writes it.
pub(super) fn expected_value(kind: &RequirementKind, profile: &ProfileKey) -> String {
    match kind {
        RequirementKind::Level { expected, .. } => expected.get(profile).map(ToString::to_string),
        RequirementKind::Outcome { expected, .. } => {
            expected.get(profile).map(|level| level.as_str().to_owned())
        }
        RequirementKind::Item { .. } => None,
    }
    .unwrap_or_else(|| NOT_ASKED.to_owned())
}

/// Keys of a list, as the form writes them.
pub(super) fn listed<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    keys.collect::<Vec<_>>().join(", ")
}

/// Reads a form against the rules in force.
///
/// # Errors
/// Everything that cannot be read, and what names something outside the edition.
pub(super) fn read_form(fields: &Fields, base: &Edition) -> Result<NewCorrection, FormErrors> {
    let mut errors = FormErrors::new();
    let mut changes = Changes::default();
    for (name, value) in fields.pairs() {
        if let Some(rest) = name.strip_prefix("expected:") {
            expected(rest, name, value, base, &mut changes, &mut errors);
        } else if let Some(code) = name.strip_prefix("mandatory:") {
            mandatory(code, name, value, base, &mut changes, &mut errors);
        }
    }
    scoring(fields, base, &mut changes, &mut errors);
    for rule in base.exemptions() {
        exemption(fields, rule, &mut changes, &mut errors);
    }
    let reason = fields.text("reason");
    errors.require("reason", &reason, "Say what was wrong: the public reads it", super::draft::REASON_LIMIT);
    if errors.is_empty() && changes.is_empty() {
        errors.add_whole("Change at least one rule");
    }
    errors.into_result(Some(NewCorrection { reason, changes }))
}

fn expected(
    rest: &str,
    name: &str,
    value: &str,
    base: &Edition,
    changes: &mut Changes,
    errors: &mut FormErrors,
) {
    let (code, profile) = rest.split_once(':').unwrap_or((rest, ""));
    let (Some(requirement), Some(profile)) = (base.requirement(code), base.profile(profile)) else {
        errors.add_whole(format!("{code} is not asked in this edition, so nothing can be expected of it"));
        return;
    };
    if expected_value(&requirement.kind, &profile.key) == value {
        return;
    }
    let minimum = match (&requirement.kind, value) {
        (_, NOT_ASKED) => Ok(None),
        (RequirementKind::Level { .. }, level) => {
            level.parse().map(|level| Some(Minimum::Level(level))).map_err(|_| ())
        }
        (RequirementKind::Outcome { .. }, level) => {
            OutcomeLevel::parse(level).map(|level| Some(Minimum::Outcome(level))).ok_or(())
        }
        (RequirementKind::Item { .. }, _) => Err(()),
    };
    match minimum {
        Ok(minimum) => {
            let of = changes.expected.entry(requirement.code.clone()).or_default();
            of.insert(profile.key.clone(), minimum);
        }
        Err(()) => errors.add(name, format!("Select what is expected of {code}")),
    }
}

fn mandatory(
    code: &str,
    name: &str,
    value: &str,
    base: &Edition,
    changes: &mut Changes,
    errors: &mut FormErrors,
) {
    let Some(requirement) = base.requirement(code) else {
        errors.add_whole(format!("{code} is not asked in this edition, so it cannot be mandatory"));
        return;
    };
    let sectors: Result<BTreeSet<SectorKey>, _> = keys(value).map(SectorKey::new).collect();
    match (&requirement.kind, sectors) {
        (RequirementKind::Item { mandatory, .. }, Ok(sectors)) => {
            if *mandatory != sectors {
                changes.mandatory.insert(requirement.code.clone(), sectors);
            }
        }
        (_, Err(error)) => errors.add(name, error.0),
        (_, Ok(_)) => errors.add(name, format!("{code} is not an item")),
    }
}

fn scoring(fields: &Fields, base: &Edition, changes: &mut Changes, errors: &mut FormErrors) {
    match base.scheme() {
        Scheme::Levels(scheme) => {
            match fields.text("satisfactory_level").parse::<u8>() {
                Ok(level) if level == scheme.satisfactory_level => {}
                Ok(level) => changes.satisfactory_level = Some(level),
                Err(_) => errors.add("satisfactory_level", "Select the level that must be reached"),
            }
            let text = fields.text("bands");
            if text != bands_text(&scheme.bands) {
                match bands(&text) {
                    Some(bands) => changes.bands = Some(bands),
                    None => errors.add(
                        "bands",
                        "Write one word on each line, with the percentage below which it holds; the last without one",
                    ),
                }
            }
        }
        Scheme::Assertions(scheme) => {
            let text = fields.text("small_subset");
            match codes(&text) {
                Ok(subset) if subset == scheme.small_subset => {}
                Ok(subset) => changes.small_subset = Some(subset),
                Err(message) => errors.add("small_subset", message),
            }
            large(fields, scheme, changes, errors);
            exceeded(fields, scheme, changes, errors);
        }
        Scheme::Outcomes {} => {}
    }
}

/// What a form says under a name; none where it does not have it, which leaves the rule as it is.
fn said(fields: &Fields, name: &str) -> Option<String> {
    fields.pairs().iter().any(|(known, _)| known == name).then(|| fields.text(name))
}

fn large(fields: &Fields, scheme: &AssertionsScheme, changes: &mut Changes, errors: &mut FormErrors) {
    let Some(text) = said(fields, LARGE) else { return };
    let sectors: Result<BTreeSet<SectorKey>, _> = keys(&text).map(SectorKey::new).collect();
    match sectors {
        Ok(sectors) if sectors == scheme.approaching_sectors_large => {}
        Ok(sectors) => changes.approaching_sectors_large = Some(sectors),
        Err(error) => errors.add(LARGE, error.0),
    }
}

/// A kind that the portal does not know can stay, but nobody could record a certificate of a new one.
fn exceeded(fields: &Fields, scheme: &AssertionsScheme, changes: &mut Changes, errors: &mut FormErrors) {
    let Some(key) = said(fields, EXCEEDED) else { return };
    if key == scheme.exceeded_certificate.as_ref().map_or("", CertificateKind::as_str) {
        return;
    }
    let certificate = match (key.as_str(), CertificateKind::new(&key)) {
        ("", _) => None,
        (known, Ok(certificate)) if kind(known).is_some() => Some(certificate),
        _ => {
            errors.add(EXCEEDED, "Select a certificate that organisations can record, or none");
            return;
        }
    };
    changes.exceeded_certificate = Some(ExceededRule { certificate });
}

fn exemption(fields: &Fields, rule: &Exemption, changes: &mut Changes, errors: &mut FormErrors) {
    let text = |part: &str| fields.text(&exemption_name(part, rule));
    let requirements = match codes(&text("requirements")) {
        Ok(codes) => codes,
        Err(message) => {
            errors.add(exemption_name("requirements", rule), message);
            return;
        }
    };
    let until = text("until");
    let now = ExemptionRule {
        requirements,
        whole_scope: text("scope") == "whole",
        from: text("from"),
        until: (!until.is_empty()).then_some(until),
    };
    let before = ExemptionRule {
        requirements: rule.requirements.clone(),
        whole_scope: rule.whole_scope,
        from: rule.from.to_string(),
        until: rule.until.map(|day| day.to_string()),
    };
    for (part, day) in [("from", Some(&now.from)), ("until", now.until.as_ref())] {
        if day.is_some_and(|day| crate::standards::parse_date(day).is_none()) {
            errors.add(exemption_name(part, rule), "Write the day as YYYY-MM-DD");
        }
    }
    if now != before {
        changes.exemptions.insert(rule.code.clone(), now);
    }
}

fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\n']).map(str::trim).filter(|key| !key.is_empty())
}

fn codes(text: &str) -> Result<BTreeSet<RequirementCode>, String> {
    keys(text).map(|code| RequirementCode::new(code).map_err(|error| error.0)).collect()
}

/// Bands as a correction writes them.
fn bands(text: &str) -> Option<Vec<BandRule>> {
    let rule = |band: Band| BandRule { label: band.label, below: band.below };
    Some(bands_of(text)?.into_iter().map(rule).collect())
}

/// What was typed, by the name of its control: what a refused form shows again.
pub(super) fn typed(fields: &Fields) -> BTreeMap<String, String> {
    fields.pairs().iter().filter(|(name, _)| name != "csrf").cloned().collect()
}
