//! One change of a draft, and what it does to the whole document: a code that is renamed is renamed wherever it is named.
//! Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Content;
use super::{order, rules};
use crate::platform::error::{Error, Result};
use crate::standards::keys::{ProfileKey, RequirementCode, SectionCode, SectorKey};
use crate::standards::model::{
    Exemption, ItemKind, OutcomeLevel, PlanRules, Profile, Requirement, RequirementKind, Scheme, Section,
    Signer, SignerRole, Statements,
};

/// A requirement with what the rest of the document says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The requirement.
    pub requirement: Requirement,
    /// Requirements of the edition before that it continues.
    pub origins: BTreeSet<RequirementCode>,
    /// The exemption rules that cover it, by code.
    pub exemptions: BTreeSet<String>,
}

/// The least that one profile expects of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Minimum {
    /// A level.
    Level(u8),
    /// An outcome.
    Outcome(OutcomeLevel),
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The edition's label, rule set and description.
    Details {
        /// The label the public sees.
        label: String,
        /// The version of the scoring rules.
        rule_set: String,
        /// What the standard is for.
        description: String,
    },
    /// Another section, after the last one.
    AddSection(Section),
    /// A section, under its code as it was.
    EditSection(SectionCode, Section),
    /// A section with nothing in it goes.
    RemoveSection(SectionCode),
    /// Another requirement, after the last one of its section.
    AddRequirement(Box<Stated>),
    /// A requirement, under its code as it was.
    EditRequirement(RequirementCode, Box<Stated>),
    /// A requirement goes.
    RemoveRequirement(RequirementCode),
    /// A section goes before or after its neighbour.
    MoveSection(SectionCode, order::Way),
    /// A requirement goes before or after its neighbour in the section.
    MoveRequirement(RequirementCode, order::Way),
    /// A profile with all that it expects; what it does not name is not asked of it.
    Profile(Profile, BTreeMap<RequirementCode, Minimum>),
    /// The items that organisations of a sector must complete.
    Sector(SectorKey, BTreeSet<RequirementCode>),
    /// Another exemption rule, after the last one.
    AddExemption(Box<Exemption>),
    /// An exemption rule, under its code as it was.
    EditExemption(String, Box<Exemption>),
    /// An exemption rule goes.
    RemoveExemption(String),
    /// The data of the scoring scheme.
    Scoring(Scheme),
    /// The rules of improvement plans; none where those of the scheme hold.
    PlanRules(Option<PlanRules>),
    /// What a role signs for; none where it does not sign.
    Signer(SignerRole, Option<Signer>),
    /// What signers state.
    Statements(Statements),
}

impl Change {
    /// What it does, for the list of versions.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Details { .. } => "Changed the details".to_owned(),
            Self::AddSection(section) => format!("Added section {}", section.code),
            Self::EditSection(code, _) => format!("Changed section {code}"),
            Self::RemoveSection(code) => format!("Removed section {code}"),
            Self::AddRequirement(stated) => format!("Added {}", stated.requirement.code),
            Self::EditRequirement(code, _) => format!("Changed {code}"),
            Self::RemoveRequirement(code) => format!("Removed {code}"),
            Self::MoveSection(code, _) => format!("Moved section {code}"),
            Self::MoveRequirement(code, _) => format!("Moved {code}"),
            Self::Profile(profile, _) => format!("Changed profile {}", profile.key),
            Self::Sector(sector, _) => format!("Changed what is mandatory for: {}", sector.label()),
            Self::AddExemption(rule) => format!("Added exemption {}", rule.code),
            Self::EditExemption(code, _) => format!("Changed exemption {code}"),
            Self::RemoveExemption(code) => format!("Removed exemption {code}"),
            Self::Scoring(_) => "Changed the scoring".to_owned(),
            Self::PlanRules(_) => "Changed the rules of improvement plans".to_owned(),
            Self::Signer(role, _) => format!("Changed what is signed for: {}", role.label()),
            Self::Statements(_) => "Changed what signers state".to_owned(),
        }
    }

    /// Makes the change.
    ///
    /// # Errors
    /// [`Error::Invalid`] beside the field that does not fit; [`Error::NotFound`] when what it changes is not there.
    pub fn apply(self, content: &mut Content) -> Result<()> {
        match self {
            Self::Details { label, rule_set, description } => {
                content.parts.label = label;
                content.parts.rule_set = rule_set;
                content.parts.description = description;
                Ok(())
            }
            Self::AddSection(section) => {
                fits(content, None, &section)?;
                content.parts.sections.push(section);
                Ok(())
            }
            Self::EditSection(code, section) => edit_section(content, &code, section),
            Self::RemoveSection(code) => remove_section(content, &code),
            Self::AddRequirement(stated) => add_requirement(content, *stated),
            Self::EditRequirement(code, stated) => edit_requirement(content, &code, *stated),
            Self::RemoveRequirement(code) => remove_requirement(content, &code),
            Self::MoveSection(code, way) => order::section(content, &code, way),
            Self::MoveRequirement(code, way) => order::requirement(content, &code, way),
            Self::Profile(profile, minima) => edit_profile(content, profile, &minima),
            Self::Sector(sector, mandatory) => {
                mandatory_for(content, sector, &mandatory);
                Ok(())
            }
            Self::AddExemption(rule) => rules::add_exemption(content, *rule),
            Self::EditExemption(was, rule) => rules::edit_exemption(content, &was, *rule),
            Self::RemoveExemption(code) => rules::remove_exemption(content, &code),
            Self::Scoring(scheme) => rules::scoring(content, scheme),
            Self::PlanRules(plan) => {
                content.parts.improvement_plan = plan;
                Ok(())
            }
            Self::Signer(role, signer) => {
                rules::signer(content, role, signer);
                Ok(())
            }
            Self::Statements(statements) => {
                content.parts.statements = statements;
                Ok(())
            }
        }
    }
}

/// Whether a section may stand where it says, in the place of `old`.
fn fits(content: &Content, old: Option<&SectionCode>, new: &Section) -> Result<()> {
    if old != Some(&new.code) && content.section(new.code.as_str()).is_some() {
        return Err(Error::field("code", "There is a section with this code already"));
    }
    let mut above = new.parent.as_ref();
    let mut steps = 0;
    while let Some(code) = above {
        if Some(code) == old || *code == new.code || steps > content.parts.sections.len() {
            return Err(Error::field("parent", "A section cannot lie inside itself"));
        }
        let parent = content.section(code.as_str());
        let missing = || Error::field("parent", "Select a section that is there");
        above = parent.ok_or_else(missing)?.parent.as_ref();
        steps += 1;
    }
    Ok(())
}

fn edit_section(content: &mut Content, code: &SectionCode, new: Section) -> Result<()> {
    let place = content.parts.sections.iter().position(|section| section.code == *code);
    let place = place.ok_or(Error::NotFound)?;
    fits(content, Some(code), &new)?;
    let now = new.code.clone();
    if let Some(section) = content.parts.sections.get_mut(place) {
        *section = new;
    }
    if now == *code {
        return Ok(());
    }
    for section in &mut content.parts.sections {
        if section.parent.as_ref() == Some(code) {
            section.parent = Some(now.clone());
        }
    }
    for signer in &mut content.parts.signers {
        if signer.sections.remove(code) {
            signer.sections.insert(now.clone());
        }
    }
    for requirement in content.parts.requirements.iter_mut().filter(|r| r.section == *code) {
        requirement.section = now.clone();
    }
    follow_confirmation(content, code, &now);
    Ok(())
}

/// The confirmation of an assertion has the code of its section, so it is renamed with it.
fn follow_confirmation(content: &mut Content, was: &SectionCode, now: &SectionCode) {
    let Ok(code) = RequirementCode::new(now.as_str()) else { return };
    let is_confirmation = |requirement: &Requirement| {
        let confirms = matches!(requirement.kind, RequirementKind::Item { item: ItemKind::Confirmation, .. });
        confirms && requirement.section == *now && requirement.code.as_str() == was.as_str()
    };
    let Some(found) = content.parts.requirements.iter_mut().find(|r| is_confirmation(r)) else { return };
    let old = std::mem::replace(&mut found.code, code.clone());
    rename(content, &old, &code);
}

fn remove_section(content: &mut Content, code: &SectionCode) -> Result<()> {
    if content.section(code.as_str()).is_none() {
        return Err(Error::NotFound);
    }
    let holds = content.parts.requirements.iter().any(|requirement| requirement.section == *code)
        || content.parts.sections.iter().any(|section| section.parent.as_ref() == Some(code));
    if holds {
        return Err(Error::field("", "The section is not empty. Move or remove what is in it first"));
    }
    content.parts.sections.retain(|section| section.code != *code);
    for signer in &mut content.parts.signers {
        signer.sections.remove(code);
    }
    Ok(())
}

fn add_requirement(content: &mut Content, stated: Stated) -> Result<()> {
    let code = stated.requirement.code.clone();
    if content.requirement(code.as_str()).is_some() {
        return Err(Error::field("code", "There is a requirement with this code already"));
    }
    // A colleague may have renamed or removed it since the form was shown.
    let section = &stated.requirement.section;
    if content.section(section.as_str()).is_none() {
        return Err(Error::field("section", "Select a section that is there"));
    }
    let last = content.parts.requirements.iter().rposition(|other| other.section == *section);
    let place = last.map_or(content.parts.requirements.len(), |last| last + 1);
    content.parts.requirements.insert(place, stated.requirement);
    covered(content, &code, &stated.exemptions);
    content.origins.insert(code, stated.origins);
    Ok(())
}

fn edit_requirement(content: &mut Content, code: &RequirementCode, stated: Stated) -> Result<()> {
    let place = content.parts.requirements.iter().position(|requirement| requirement.code == *code);
    let place = place.ok_or(Error::NotFound)?;
    let now = stated.requirement.code.clone();
    if now != *code && content.requirement(now.as_str()).is_some() {
        return Err(Error::field("code", "There is a requirement with this code already"));
    }
    if let Some(requirement) = content.parts.requirements.get_mut(place) {
        *requirement = stated.requirement;
    }
    rename(content, code, &now);
    covered(content, &now, &stated.exemptions);
    content.origins.insert(now, stated.origins);
    Ok(())
}

/// Renames a requirement wherever the rest of the document names it.
fn rename(content: &mut Content, was: &RequirementCode, now: &RequirementCode) {
    if was == now {
        return;
    }
    let follow = |codes: &mut BTreeSet<RequirementCode>| {
        if codes.remove(was) {
            codes.insert(now.clone());
        }
    };
    content.parts.exemptions.iter_mut().for_each(|exemption| follow(&mut exemption.requirements));
    content.parts.signers.iter_mut().for_each(|signer| follow(&mut signer.requirements));
    if let Scheme::Assertions(scheme) = &mut content.parts.scheme {
        follow(&mut scheme.small_subset);
    }
    if let Some(origins) = content.origins.remove(was) {
        content.origins.insert(now.clone(), origins);
    }
}

fn covered(content: &mut Content, code: &RequirementCode, by: &BTreeSet<String>) {
    for exemption in &mut content.parts.exemptions {
        if by.contains(&exemption.code) {
            exemption.requirements.insert(code.clone());
        } else {
            exemption.requirements.remove(code);
        }
    }
}

fn remove_requirement(content: &mut Content, code: &RequirementCode) -> Result<()> {
    if content.requirement(code.as_str()).is_none() {
        return Err(Error::NotFound);
    }
    content.parts.requirements.retain(|requirement| requirement.code != *code);
    covered(content, code, &BTreeSet::new());
    for signer in &mut content.parts.signers {
        signer.requirements.remove(code);
    }
    if let Scheme::Assertions(scheme) = &mut content.parts.scheme {
        scheme.small_subset.remove(code);
    }
    content.origins.remove(code);
    Ok(())
}

fn edit_profile(
    content: &mut Content,
    profile: Profile,
    minima: &BTreeMap<RequirementCode, Minimum>,
) -> Result<()> {
    if matches!(content.parts.scheme, Scheme::Assertions(_)) && !minima.is_empty() {
        return Err(Error::field("", "This standard says by sector what is mandatory, not by profile"));
    }
    let key = profile.key.clone();
    match content.parts.profiles.iter_mut().find(|known| known.key == key) {
        Some(known) => *known = profile,
        None => content.parts.profiles.push(profile),
    }
    for requirement in &mut content.parts.requirements {
        let wanted = minima.get(&requirement.code).copied();
        expect(&mut requirement.kind, &key, wanted);
    }
    Ok(())
}

/// Writes what a profile expects into a requirement; a minimum of another scheme is left out.
fn expect(kind: &mut RequirementKind, key: &ProfileKey, wanted: Option<Minimum>) {
    match (kind, wanted) {
        (RequirementKind::Level { expected, .. }, Some(Minimum::Level(level))) => {
            expected.insert(key.clone(), level);
        }
        (RequirementKind::Outcome { expected, .. }, Some(Minimum::Outcome(level))) => {
            expected.insert(key.clone(), level);
        }
        (RequirementKind::Level { expected, .. }, _) => {
            expected.remove(key);
        }
        (RequirementKind::Outcome { expected, .. }, _) => {
            expected.remove(key);
        }
        (RequirementKind::Item { .. }, _) => {}
    }
}

fn mandatory_for(content: &mut Content, sector: SectorKey, codes: &BTreeSet<RequirementCode>) {
    for requirement in &mut content.parts.requirements {
        if let RequirementKind::Item { mandatory, .. } = &mut requirement.kind {
            if codes.contains(&requirement.code) {
                mandatory.insert(sector);
            } else {
                mandatory.remove(&sector);
            }
        }
    }
}
