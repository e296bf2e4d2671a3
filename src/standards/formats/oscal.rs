//! OSCAL catalogs in JSON. A catalog lists controls but says nothing about scoring, so it becomes a levels edition:
//! groups are sections, controls and their enhancements are requirements, each asked of every sector at level 2 of 3
//! with general descriptors of ours. Withdrawn controls are left out and listed.

mod prose;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use self::prose::Parameters;
use self::shape::{Control, File, Group, Part};
use super::{FormatProblem, Imported, Names, checked, counted, key_from_file_name};
use crate::standards::keys::{
    EditionKey, KeyError, ProfileKey, RequirementCode, SectionCode, SectorKey, StandardKey,
};
use crate::standards::model::{
    EditionDraft, LevelsScheme, Profile, Requirement, RequirementKind, Scheme, Section, Statements,
};

const LEVELS: [&str; 4] = [
    "Nothing is in place for this control, or nobody knows whether there is.",
    "Work on this control has begun: someone is responsible for it and parts of it are in place.",
    "This control is in place as it is described, and there is evidence that shows it.",
    "This control is in place, is checked regularly, and what the checks found has been put right.",
];
const EXPECTED: u8 = 2;

/// Reads an edition from an OSCAL catalog.
pub(super) fn read(text: &str, file_name: &str, names: &Names) -> Result<Imported, Vec<FormatProblem>> {
    let file: File = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}", error.line());
        vec![FormatProblem::new(place, format!("this is not an OSCAL catalog: {error}"))]
    })?;
    let catalog = file.catalog;
    let mut reading = Reading::new(file_name)?;
    reading.parameters.add(&catalog.params);
    catalog.groups.iter().for_each(|group| reading.parameters.add_group(group));
    catalog.controls.iter().for_each(|control| reading.parameters.add_control(control));
    for (index, group) in catalog.groups.iter().enumerate() {
        reading.group(group, None, &format!("groups[{index}]"));
    }
    if !catalog.controls.is_empty() {
        let section = reading.section("controls", "Controls", None, None, "controls");
        reading.controls(&catalog.controls, section.as_ref(), "");
    }
    let stem = key_from_file_name(file_name);
    let key = names.edition.clone().or_else(|| reading.key("edition", EditionKey::new(&stem)));
    let standard_key = names.standard.clone().or_else(|| reading.key("standard", StandardKey::new(&stem)));
    let (Some(key), Some(standard_key), true) = (key, standard_key, reading.problems.is_empty()) else {
        return Err(reading.problems);
    };
    let sectors: BTreeSet<SectorKey> = SectorKey::all().collect();
    let draft = EditionDraft {
        standard_key,
        standard_name: catalog.metadata.title,
        description: "Imported from an OSCAL catalog and scored in levels with general descriptors."
            .to_owned(),
        rule_set: names.rule_set.clone().unwrap_or_else(|| format!("{key}.1")),
        key,
        label: names.label.clone().unwrap_or(catalog.metadata.version),
        scheme: Scheme::Levels(LevelsScheme {
            max_level: 3,
            satisfactory_level: EXPECTED,
            bands: Vec::new(),
        }),
        profiles: vec![Profile {
            key: reading.profile.clone(),
            name: "Every organisation".to_owned(),
            sectors,
        }],
        sections: std::mem::take(&mut reading.sections),
        requirements: std::mem::take(&mut reading.requirements),
        exemptions: Vec::new(),
        improvement_plan: None,
        signers: Vec::new(),
        statements: Statements::default(),
    };
    let edition = checked(draft)?;
    let mut notes = vec![counted(&edition)];
    notes.append(&mut reading.notes());
    Ok(Imported { edition, notes })
}

struct Reading {
    file_name: String,
    profile: ProfileKey,
    parameters: Parameters,
    sections: Vec<Section>,
    requirements: Vec<Requirement>,
    problems: Vec<FormatProblem>,
    enhancements: usize,
    withdrawn: Vec<String>,
    without_statement: Vec<String>,
}

impl Reading {
    fn new(file_name: &str) -> Result<Self, Vec<FormatProblem>> {
        let profile = ProfileKey::new("all").map_err(|error| vec![FormatProblem::new("profile", error.0)])?;
        Ok(Self {
            file_name: file_name.to_owned(),
            profile,
            parameters: Parameters::default(),
            sections: Vec::new(),
            requirements: Vec::new(),
            problems: Vec::new(),
            enhancements: 0,
            withdrawn: Vec::new(),
            without_statement: Vec::new(),
        })
    }

    fn key<K>(&mut self, place: &str, made: Result<K, KeyError>) -> Option<K> {
        made.map_err(|error| self.problems.push(FormatProblem::new(place, error.0))).ok()
    }

    fn section(
        &mut self,
        code: &str,
        title: &str,
        parent: Option<SectionCode>,
        guidance: Option<String>,
        place: &str,
    ) -> Option<SectionCode> {
        let code = self.key(place, SectionCode::new(code))?;
        let title = title.to_owned();
        self.sections.push(Section { code: code.clone(), title, parent, guidance });
        Some(code)
    }

    fn group(&mut self, group: &Group, parent: Option<&SectionCode>, place: &str) {
        // The standard allows a group without an id.
        let code = group
            .id
            .clone()
            .unwrap_or_else(|| place.replace(['[', ']'], "-").trim_end_matches('-').to_owned());
        let guidance = self.parameters.text_of(&group.parts, |_| true);
        let section = self.section(&code, &group.title, parent.cloned(), guidance, place);
        self.controls(&group.controls, section.as_ref(), &format!("{place}."));
        for (index, inner) in group.groups.iter().enumerate() {
            self.group(inner, section.as_ref(), &format!("{place}.groups[{index}]"));
        }
    }

    fn controls(&mut self, controls: &[Control], section: Option<&SectionCode>, place: &str) {
        for (index, control) in controls.iter().enumerate() {
            self.control(control, section, &format!("{place}controls[{index}]"), false);
        }
    }

    fn control(
        &mut self,
        control: &Control,
        section: Option<&SectionCode>,
        place: &str,
        is_enhancement: bool,
    ) {
        if control.is_withdrawn() {
            self.withdrawn.push(control.id.clone());
        } else if let (Some(code), Some(section)) =
            (self.key(place, RequirementCode::new(&control.id)), section)
        {
            self.enhancements += usize::from(is_enhancement);
            let statement = self.parameters.text_of(&control.parts, |part| part.name == "statement");
            let text = statement.unwrap_or_else(|| {
                self.without_statement.push(control.id.clone());
                control.title.clone()
            });
            self.requirements.push(Requirement {
                code,
                section: section.clone(),
                title: control.title.clone(),
                text,
                guidance: self.parameters.text_of(&control.parts, is_guidance),
                kind: RequirementKind::Level {
                    descriptors: LEVELS.map(str::to_owned).to_vec(),
                    may_be_not_relevant: true,
                    expected: BTreeMap::from([(self.profile.clone(), EXPECTED)]),
                },
            });
        }
        for (index, inner) in control.controls.iter().enumerate() {
            self.control(inner, section, &format!("{place}.controls[{index}]"), true);
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            format!("{} of the requirements are control enhancements", self.enhancements),
            format!(
                "every control is asked of every sector at level {EXPECTED} of 3; {} has no levels",
                self.file_name
            ),
        ];
        let unknown = self.parameters.unknown();
        for (what, codes) in [
            ("withdrawn controls left out", &self.withdrawn),
            ("controls without a statement, whose title stands in for it", &self.without_statement),
            ("parameters named in the text but not defined", &unknown),
        ] {
            if !codes.is_empty() {
                notes.push(format!("{what}: {}", codes.join(", ")));
            }
        }
        notes
    }
}

/// Parts that help to answer, as opposed to the statement itself and the assessor's procedures.
fn is_guidance(part: &Part) -> bool {
    matches!(part.name.as_str(), "guidance" | "overview" | "information" | "example")
}

#[cfg(test)]
mod tests;
