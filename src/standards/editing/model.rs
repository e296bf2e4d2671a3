//! What a draft of an edition is: its parts, where its requirements come from, and its states. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::standards::canonical::canonical_json;
use crate::standards::keys::RequirementCode;
use crate::standards::model::{Edition, EditionDraft, Exemption, Problem, Requirement, Section};

crate::text_enum! {
    /// How far a draft of an edition has got.
    DraftState {
        /// May be changed.
        Draft = "draft", "Draft";
        /// It has become an edition.
        Frozen = "frozen", "Frozen";
        /// Given up.
        Discarded = "discarded", "Discarded";
    }
}

/// For each requirement the ones of the edition before that it continues; none where it is new.
pub type Origins = BTreeMap<RequirementCode, BTreeSet<RequirementCode>>;

/// What a draft says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The parts of the edition to be.
    pub parts: EditionDraft,
    /// Where its requirements come from.
    pub origins: Origins,
}

/// A section with how deep it lies and its own requirements.
pub type OutlineRow<'a> = (usize, &'a Section, Vec<&'a Requirement>);

impl Content {
    /// A copy of an edition, in which every requirement continues itself.
    #[must_use]
    pub fn copy_of(edition: &Edition) -> Self {
        let own = |requirement: &Requirement| {
            (requirement.code.clone(), BTreeSet::from([requirement.code.clone()]))
        };
        Self { parts: edition.parts().clone(), origins: edition.requirements().iter().map(own).collect() }
    }

    /// What was read from a file: a requirement continues the one with the same code of the edition before.
    #[must_use]
    pub fn beside(edition: &Edition, before: Option<&Edition>) -> Self {
        let mut content = Self::copy_of(edition);
        content
            .origins
            .retain(|code, _| before.is_some_and(|before| before.position(code.as_str()).is_some()));
        content
    }

    /// The content as it is stored and hashed.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical_json(&json!({"edition": self.parts.document(), "origins": self.origins}))
    }

    /// Reads it back.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn from_canonical_json(text: &str) -> Result<Self, Vec<Problem>> {
        let whole = |message: String| vec![Problem { path: String::new(), message }];
        let mut value: Value = serde_json::from_str(text).map_err(|e| whole(e.to_string()))?;
        let parts = EditionDraft::from_document(value.get("edition").unwrap_or(&Value::Null))?;
        let origins = value.get_mut("origins").map(Value::take).unwrap_or_default();
        let origins = serde_json::from_value(origins).map_err(|e| whole(e.to_string()))?;
        Ok(Self { parts, origins })
    }

    /// The section with this code.
    #[must_use]
    pub fn section(&self, code: &str) -> Option<&Section> {
        self.parts.sections.iter().find(|section| section.code.as_str() == code)
    }

    /// The requirement with this code.
    #[must_use]
    pub fn requirement(&self, code: &str) -> Option<&Requirement> {
        self.parts.requirements.iter().find(|requirement| requirement.code.as_str() == code)
    }

    /// The exemption rule with this code.
    #[must_use]
    pub fn exemption(&self, code: &str) -> Option<&Exemption> {
        self.parts.exemptions.iter().find(|rule| rule.code == code)
    }

    /// The sections in reading order. What hangs from a section that is not there stands at the end.
    #[must_use]
    pub fn outline(&self) -> Vec<OutlineRow<'_>> {
        let mut rows = Vec::with_capacity(self.parts.sections.len());
        self.inside(None, 0, &mut rows);
        for section in &self.parts.sections {
            if !rows.iter().any(|(_, known, _): &OutlineRow<'_>| known.code == section.code) {
                rows.push((0, section, self.own(section)));
            }
        }
        rows
    }

    fn inside<'a>(&'a self, parent: Option<&Section>, depth: usize, rows: &mut Vec<OutlineRow<'a>>) {
        // Deeper than there are sections would be a circle.
        if depth > self.parts.sections.len() {
            return;
        }
        let code = parent.map(|parent| &parent.code);
        for section in self.parts.sections.iter().filter(|section| section.parent.as_ref() == code) {
            rows.push((depth, section, self.own(section)));
            self.inside(Some(section), depth + 1, rows);
        }
    }

    fn own(&self, section: &Section) -> Vec<&Requirement> {
        self.parts.requirements.iter().filter(|requirement| requirement.section == section.code).collect()
    }
}
