//! The edition of a standard: one immutable, validated document with its lookups and its hash.

mod check;
mod drafting;
mod parts;
mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use serde::{Deserialize, Serialize};

pub use parts::{
    AssertionsScheme, Band, Exemption, Indicator, ItemKind, LevelsScheme, OutcomeLevel, PlanRules, Profile,
    Requirement, RequirementKind, Scheme, SchemeKind, Section, Signer, SignerRole, Statements,
};
pub(super) use read::read_document;

use crate::standards::canonical::{Sha256Hash, canonical_json};
use crate::standards::keys::{EditionKey, ProfileKey, SectionCode, SectorKey, StandardKey};

/// One thing wrong with an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the document, for example `requirements[3].expected.acute`; empty for the whole document.
    pub path: String,
    /// What is wrong, in plain words.
    pub message: String,
}

impl Problem {
    /// Whether the other problem lies at or inside this one's place.
    fn covers(&self, other: &Self) -> bool {
        other
            .path
            .strip_prefix(&self.path)
            .is_some_and(|rest| self.path.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// The parts of an edition before they have been checked against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionDraft {
    /// The key of the standard.
    pub standard_key: StandardKey,
    /// The name of the standard.
    pub standard_name: String,
    /// What the standard is for; may be empty.
    pub description: String,
    /// The key of this edition.
    pub key: EditionKey,
    /// The label the public sees, for example "2026/27".
    pub label: String,
    /// The version of the scoring rules and profiles, recorded with every score.
    pub rule_set: String,
    /// The scoring scheme with its data.
    pub scheme: Scheme,
    /// See [`Profile`].
    pub profiles: Vec<Profile>,
    /// See [`Section`].
    pub sections: Vec<Section>,
    /// In the order of the packed vector.
    pub requirements: Vec<Requirement>,
    /// See [`Exemption`].
    pub exemptions: Vec<Exemption>,
    /// See [`PlanRules`]; the scheme's own where the document says nothing.
    pub improvement_plan: Option<PlanRules>,
    /// See [`Signer`]; empty where the senior information risk owner alone signs.
    pub signers: Vec<Signer>,
    /// See [`Statements`]; empty where the portal's own words are signed.
    pub statements: Statements,
}

/// Whether a requirement is put to an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// It counts towards the grade.
    Mandatory,
    /// It may be answered but does not count.
    Optional,
    /// It is not put to this kind of organisation.
    NotAsked,
}

/// One section in reading order (a section, then its subsections), with its own requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// Position in [`Edition::sections`].
    pub section: usize,
    /// 0 for an outermost section.
    pub depth: usize,
    /// Positions in [`Edition::requirements`] of the requirements directly in this section.
    pub requirements: Vec<usize>,
    /// How many entries after this one lie inside this section.
    pub descendants: usize,
}

/// An immutable edition of a standard. Its requirements have a fixed order: a requirement's index is its position in
/// the packed vector of levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    draft: EditionDraft,
    positions: HashMap<crate::standards::keys::RequirementCode, usize>,
    tree: Vec<TreeEntry>,
    /// The sectors that must complete an item of a section.
    demanding: HashMap<SectionCode, BTreeSet<SectorKey>>,
    canonical: String,
    hash: Sha256Hash,
}

impl Edition {
    /// Checks the parts against each other and fixes them; every problem is reported, not only the first.
    pub fn new(draft: EditionDraft) -> Result<Self, Vec<Problem>> {
        let problems = check::problems(&draft);
        if !problems.is_empty() {
            return Err(problems);
        }
        let positions =
            draft.requirements.iter().enumerate().map(|(index, r)| (r.code.clone(), index)).collect();
        let tree = check::tree(&draft);
        let demanding = demanding(&draft.requirements);
        let canonical = canonical_json(&document(&draft));
        let hash = Sha256Hash::of(canonical.as_bytes());
        Ok(Self { draft, positions, tree, demanding, canonical, hash })
    }

    /// Reads an edition back from its canonical JSON (or any JSON of the same shape).
    pub fn from_canonical_json(text: &str) -> Result<Self, Vec<Problem>> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
            vec![Problem { path: String::new(), message: format!("this is not JSON: {error}") }]
        })?;
        Self::from_document(&value)
    }

    /// Reads an edition from a document in the shape of the standard file format.
    pub(super) fn from_document(value: &serde_json::Value) -> Result<Self, Vec<Problem>> {
        let (draft, mut problems) = read_document(value);
        if let Some(draft) = draft {
            match Self::new(draft) {
                Ok(edition) if problems.is_empty() => return Ok(edition),
                Ok(_) => {}
                Err(found) => {
                    // A field that could not be read was given a stand-in; what the stand-in breaks is not news.
                    let fresh: Vec<Problem> =
                        found.into_iter().filter(|p| !problems.iter().any(|known| known.covers(p))).collect();
                    problems.extend(fresh);
                }
            }
        }
        Err(problems)
    }

    /// The parts, to make another edition of.
    pub(super) fn draft(&self) -> &EditionDraft {
        &self.draft
    }

    /// The document with sorted keys and no spaces whose SHA-256 is [`Edition::hash`].
    pub fn canonical_json(&self) -> &str {
        &self.canonical
    }

    /// The SHA-256 of the canonical JSON.
    pub fn hash(&self) -> Sha256Hash {
        self.hash
    }

    /// The key of the standard this is an edition of.
    pub fn standard_key(&self) -> &StandardKey {
        &self.draft.standard_key
    }

    /// The name of the standard.
    pub fn standard_name(&self) -> &str {
        &self.draft.standard_name
    }

    /// What the standard is for; may be empty.
    pub fn description(&self) -> &str {
        &self.draft.description
    }

    /// The key of this edition.
    pub fn key(&self) -> &EditionKey {
        &self.draft.key
    }

    /// The label the public sees.
    pub fn label(&self) -> &str {
        &self.draft.label
    }

    /// The version of the scoring rules and profiles.
    pub fn rule_set(&self) -> &str {
        &self.draft.rule_set
    }

    /// The scoring scheme with its data.
    pub fn scheme(&self) -> &Scheme {
        &self.draft.scheme
    }

    /// The profiles, in file order.
    pub fn profiles(&self) -> &[Profile] {
        &self.draft.profiles
    }

    /// The sections, in file order; see [`Edition::tree`] for reading order.
    pub fn sections(&self) -> &[Section] {
        &self.draft.sections
    }

    /// The requirements, in the order of the packed vector.
    pub fn requirements(&self) -> &[Requirement] {
        &self.draft.requirements
    }

    /// The exemption rules.
    pub fn exemptions(&self) -> &[Exemption] {
        &self.draft.exemptions
    }

    /// The rules of improvement plans. A document that says nothing has the ones of its scheme: six months, and gaps are
    /// covered where the scheme knows the grade of approaching the standards.
    pub fn plan_rules(&self) -> PlanRules {
        self.draft.improvement_plan.unwrap_or(PlanRules {
            due_months: 6,
            covers_gaps: !matches!(self.draft.scheme, Scheme::Levels(_)),
        })
    }

    /// Who signs besides the senior information risk owner, in file order.
    pub fn signers(&self) -> &[Signer] {
        &self.draft.signers
    }

    /// What signers state, where the edition has words of its own.
    pub fn statements(&self) -> &Statements {
        &self.draft.statements
    }

    /// The positions of a signer's own requirements, in order.
    pub fn items_of(&self, signer: &Signer) -> Vec<usize> {
        let is_theirs = |requirement: &Requirement| {
            if signer.requirements.contains(&requirement.code) {
                return true;
            }
            let mut at = Some(&requirement.section);
            while let Some(code) = at {
                if signer.sections.contains(code) {
                    return true;
                }
                at = self.section(code.as_str()).and_then(|section| section.parent.as_ref());
            }
            false
        };
        let all = self.draft.requirements.iter().enumerate();
        all.filter(|(_, requirement)| is_theirs(requirement)).map(|(place, _)| place).collect()
    }

    /// The signers of such an organisation, each with the positions of what they sign for. Somebody none of whose items
    /// counts for the organisation does not sign.
    pub fn signers_for(
        &self,
        sector: SectorKey,
        profile: Option<&ProfileKey>,
    ) -> Vec<(SignerRole, Vec<usize>)> {
        let counts = |place: &usize| {
            let requirement = self.draft.requirements.get(*place);
            requirement.is_some_and(|asked| self.asked(asked, sector, profile) == Asked::Mandatory)
        };
        self.draft
            .signers
            .iter()
            .filter(|signer| signer.sectors.is_empty() || signer.sectors.contains(&sector))
            .map(|signer| (signer.role, self.items_of(signer)))
            .filter(|(_, items)| items.iter().any(counts))
            .collect()
    }

    /// Whether its scores ask for certificates at all.
    pub fn asks_for_certificates(&self) -> bool {
        let exceeds =
            matches!(&self.draft.scheme, Scheme::Assertions(scheme) if scheme.exceeded_certificate.is_some());
        exceeds || !self.draft.exemptions.is_empty()
    }

    /// The requirement with this code.
    pub fn requirement(&self, code: &str) -> Option<&Requirement> {
        self.position(code).and_then(|index| self.draft.requirements.get(index))
    }

    /// The position of a requirement in the packed vector.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.positions.get(code).copied()
    }

    /// The section with this code.
    pub fn section(&self, code: &str) -> Option<&Section> {
        self.draft.sections.iter().find(|section| section.code.as_str() == code)
    }

    /// The profile with this key.
    pub fn profile(&self, key: &str) -> Option<&Profile> {
        self.draft.profiles.iter().find(|profile| profile.key.as_str() == key)
    }

    /// The profile an organisation of this sector gets unless it chooses another.
    pub fn default_profile(&self, sector: SectorKey) -> Option<&Profile> {
        self.draft.profiles.iter().find(|profile| profile.sectors.contains(&sector))
    }

    /// Every section in reading order with its own requirements.
    pub fn tree(&self) -> &[TreeEntry] {
        &self.tree
    }

    /// Sections in reading order as `(depth, section, its own requirements)`: what a task list prints.
    pub fn sections_with_requirements(&self) -> impl Iterator<Item = (usize, &Section, Vec<&Requirement>)> {
        self.tree.iter().filter_map(|entry| {
            let section = self.draft.sections.get(entry.section)?;
            let own = entry.requirements.iter().filter_map(|i| self.draft.requirements.get(*i)).collect();
            Some((entry.depth, section, own))
        })
    }

    /// Whether a requirement is put to an organisation of this sector and profile. In a levels or outcomes edition the
    /// profile decides; in an assertions edition the sector does, and every other item is optional.
    pub fn asked(&self, requirement: &Requirement, sector: SectorKey, profile: Option<&ProfileKey>) -> Asked {
        let in_profile = |present: bool| if present { Asked::Mandatory } else { Asked::NotAsked };
        match &requirement.kind {
            RequirementKind::Level { expected, .. } => {
                in_profile(profile.is_some_and(|key| expected.contains_key(key)))
            }
            RequirementKind::Outcome { expected, .. } => {
                in_profile(profile.is_some_and(|key| expected.contains_key(key)))
            }
            RequirementKind::Item { item: ItemKind::Confirmation, mandatory } => {
                if mandatory.contains(&sector) || self.section_has_mandatory_item(requirement, sector) {
                    Asked::Mandatory
                } else {
                    Asked::Optional
                }
            }
            RequirementKind::Item { mandatory, .. } => {
                if mandatory.contains(&sector) {
                    Asked::Mandatory
                } else {
                    Asked::Optional
                }
            }
        }
    }

    /// [`Edition::asked`] for every requirement, in the order of the packed vector.
    pub fn asked_of(&self, sector: SectorKey, profile: Option<&ProfileKey>) -> Vec<Asked> {
        self.draft.requirements.iter().map(|requirement| self.asked(requirement, sector, profile)).collect()
    }

    /// The requirements that count towards the grade of such an organisation, in order.
    pub fn mandatory_requirements(
        &self,
        sector: SectorKey,
        profile: Option<&ProfileKey>,
    ) -> Vec<&Requirement> {
        self.draft
            .requirements
            .iter()
            .filter(|requirement| self.asked(requirement, sector, profile) == Asked::Mandatory)
            .collect()
    }

    /// An assertion must be confirmed by everyone who must complete one of its items.
    fn section_has_mandatory_item(&self, confirmation: &Requirement, sector: SectorKey) -> bool {
        self.demanding.get(&confirmation.section).is_some_and(|sectors| sectors.contains(&sector))
    }
}

/// By section, the sectors that must complete one of its items: asked for every confirmation of every page that lists what
/// is asked.
fn demanding(requirements: &[Requirement]) -> HashMap<SectionCode, BTreeSet<SectorKey>> {
    let mut demanding: HashMap<SectionCode, BTreeSet<SectorKey>> = HashMap::new();
    for requirement in requirements {
        if let RequirementKind::Item { mandatory, .. } = &requirement.kind {
            demanding.entry(requirement.section.clone()).or_default().extend(mandatory.iter().copied());
        }
    }
    demanding
}

/// The document of a draft: the JSON form of the standard file format.
fn document(draft: &EditionDraft) -> serde_json::Value {
    let mut document = serde_json::json!({
        "format": 1,
        "standard": {
            "key": draft.standard_key,
            "name": draft.standard_name,
            "scheme": draft.scheme.kind(),
            "description": draft.description,
        },
        "edition": { "key": draft.key, "label": draft.label, "rule_set": draft.rule_set },
        "profiles": draft.profiles,
        "scoring": draft.scheme,
        "sections": draft.sections,
        "requirements": draft.requirements,
        "exemptions": draft.exemptions,
    });
    // Left out where it is not said, so that documents from before the rules could be said keep their hash.
    if let (Some(rules), Some(map)) = (draft.improvement_plan, document.as_object_mut()) {
        map.insert("improvement_plan".to_owned(), serde_json::json!(rules));
    }
    if let (false, Some(map)) = (draft.signers.is_empty(), document.as_object_mut()) {
        map.insert("signers".to_owned(), serde_json::json!(draft.signers));
    }
    if let (false, Some(map)) = (draft.statements.is_empty(), document.as_object_mut()) {
        map.insert("statements".to_owned(), serde_json::json!(draft.statements));
    }
    document
}
