//! What one place of a draft says, piece by piece: what a form edits at once, what two editors may have changed at the same
//! time, and what a page of conflict shows beside each other. Pure.

use super::change::Change;
use super::model::Content;
use super::said_rules;
use crate::platform::pages::words::sentence;
use crate::standards::keys::{ProfileKey, RequirementCode, SectionCode, SectorKey};
use crate::standards::mapping::pieces;
use crate::standards::model::{Requirement, RequirementKind, SignerRole};

/// A part of a draft that is saved as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Label, rule set and description.
    Details,
    /// One section.
    Section(SectionCode),
    /// One requirement.
    Requirement(RequirementCode),
    /// One profile with all that it expects.
    Profile(ProfileKey),
    /// What is mandatory for one sector.
    Sector(SectorKey),
    /// One exemption rule.
    Exemption(String),
    /// The data of the scoring scheme.
    Scoring,
    /// The rules of improvement plans.
    PlanRules,
    /// What one role signs for.
    Signer(SignerRole),
    /// What signers state.
    Statements,
}

/// Labelled texts of one place.
pub type Said = Vec<(String, String)>;

impl Change {
    /// The place that it changes; none where it only adds or moves something, which gets into nobody's way.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Details { .. } => Some(Place::Details),
            Self::EditSection(code, _) | Self::RemoveSection(code) => Some(Place::Section(code.clone())),
            Self::EditRequirement(code, _) | Self::RemoveRequirement(code) => {
                Some(Place::Requirement(code.clone()))
            }
            Self::Profile(profile, _) => Some(Place::Profile(profile.key.clone())),
            Self::Sector(sector, _) => Some(Place::Sector(*sector)),
            Self::EditExemption(code, _) | Self::RemoveExemption(code) => {
                Some(Place::Exemption(code.clone()))
            }
            Self::Scoring(_) => Some(Place::Scoring),
            Self::PlanRules(_) => Some(Place::PlanRules),
            Self::Signer(role, _) => Some(Place::Signer(*role)),
            Self::Statements(_) => Some(Place::Statements),
            Self::AddSection(_)
            | Self::AddExemption(_)
            | Self::AddRequirement(_)
            | Self::MoveSection(..)
            | Self::MoveRequirement(..) => None,
        }
    }

    /// The place under its new name.
    #[must_use]
    pub fn place_after(&self) -> Option<Place> {
        match self {
            Self::EditSection(_, section) => Some(Place::Section(section.code.clone())),
            Self::EditRequirement(_, stated) => Some(Place::Requirement(stated.requirement.code.clone())),
            Self::EditExemption(_, rule) => Some(Place::Exemption(rule.code.clone())),
            _ => self.place(),
        }
    }
}

/// What a draft says at a place; none where it is not there.
#[must_use]
pub fn said(content: &Content, place: &Place) -> Option<Said> {
    match place {
        Place::Details => Some(details(content)),
        Place::Section(code) => section(content, code),
        Place::Requirement(code) => content.requirement(code.as_str()).map(|found| stated(content, found)),
        Place::Profile(key) => profile(content, key),
        Place::Sector(sector) => Some(vec![line("Mandatory", sentence(&mandatory(content, *sector)))]),
        Place::Exemption(code) => content.exemption(code).map(said_rules::exemption),
        Place::Scoring => Some(said_rules::scoring(content)),
        Place::PlanRules => Some(said_rules::plan_rules(content)),
        Place::Signer(role) => Some(said_rules::signer(content, *role)),
        Place::Statements => Some(said_rules::statements(content)),
    }
}

pub(super) fn line(label: &str, text: impl Into<String>) -> (String, String) {
    (label.to_owned(), text.into())
}

fn details(content: &Content) -> Said {
    let parts = &content.parts;
    vec![
        line("Label", &parts.label),
        line("Rule set", &parts.rule_set),
        line("Description", &parts.description),
    ]
}

fn section(content: &Content, code: &SectionCode) -> Option<Said> {
    let found = content.section(code.as_str())?;
    Some(vec![
        line("Code", found.code.as_str()),
        line("Title", &found.title),
        line("Inside", found.parent.as_ref().map_or("", SectionCode::as_str)),
        line("Guidance", found.guidance.as_deref().unwrap_or_default()),
    ])
}

fn stated(content: &Content, requirement: &Requirement) -> Said {
    let mut said =
        vec![line("Code", requirement.code.as_str()), line("Section", requirement.section.as_str())];
    said.extend(pieces(requirement).into_iter().map(|(label, text)| (label, text.to_owned())));
    said.extend(minima(content, requirement));
    let codes = content.origins.get(&requirement.code).into_iter().flatten();
    said.push(line("Continues", sentence(&codes.map(ToString::to_string).collect::<Vec<_>>())));
    let by = content.parts.exemptions.iter().filter(|e| e.requirements.contains(&requirement.code));
    said.push(line("Exemptions", sentence(&by.map(|e| e.code.clone()).collect::<Vec<_>>())));
    said
}

/// What is asked of whom, each with its label.
#[must_use]
pub fn minima(content: &Content, requirement: &Requirement) -> Said {
    let name = |key: &ProfileKey| {
        let profile = content.parts.profiles.iter().find(|profile| profile.key == *key);
        profile.map_or_else(|| key.to_string(), |profile| profile.name.clone())
    };
    match &requirement.kind {
        RequirementKind::Level { expected, .. } => {
            let each = expected.iter();
            each.map(|(key, level)| (format!("Minimum, {}", name(key)), format!("Level {level}"))).collect()
        }
        RequirementKind::Outcome { expected, .. } => {
            let each = expected.iter();
            each.map(|(key, level)| (format!("Minimum, {}", name(key)), level.label().to_owned())).collect()
        }
        RequirementKind::Item { mandatory, .. } => {
            let sectors: Vec<String> = mandatory.iter().map(|sector| sector.label().to_owned()).collect();
            vec![line("Mandatory for", sentence(&sectors))]
        }
    }
}

fn profile(content: &Content, key: &ProfileKey) -> Option<Said> {
    let found = content.parts.profiles.iter().find(|profile| profile.key == *key)?;
    let sectors: Vec<String> = found.sectors.iter().map(|sector| sector.label().to_owned()).collect();
    let mut said = vec![line("Name", &found.name), line("Sectors", sentence(&sectors))];
    for requirement in &content.parts.requirements {
        let minimum = match &requirement.kind {
            RequirementKind::Level { expected, .. } => {
                expected.get(key).map(|level| format!("Level {level}"))
            }
            RequirementKind::Outcome { expected, .. } => {
                expected.get(key).map(|level| level.label().to_owned())
            }
            RequirementKind::Item { .. } => None,
        };
        said.push((requirement.code.to_string(), minimum.unwrap_or_else(|| "Not asked".to_owned())));
    }
    Some(said)
}

fn mandatory(content: &Content, sector: SectorKey) -> Vec<String> {
    let is_mandatory = |requirement: &&Requirement| matches!(&requirement.kind, RequirementKind::Item { mandatory, .. } if mandatory.contains(&sector));
    content.parts.requirements.iter().filter(is_mandatory).map(|r| r.code.to_string()).collect()
}
