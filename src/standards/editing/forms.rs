//! The forms of a draft: raw strings as posted, read into changes. A text may be missing, which the list of faults tells;
//! a code or a number that is none is refused at once.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Minimum, Stated};
use super::model::Content;
use crate::platform::http::Fields;
use crate::platform::pages::FormErrors;
use crate::standards::keys::{IndicatorCode, ProfileKey, RequirementCode, SectionCode, SectorKey};
use crate::standards::model::{
    Indicator, ItemKind, OutcomeLevel, Profile, Requirement, RequirementKind, Scheme, Section,
};

/// The columns of an outcome: the name of the control, and what it is called.
pub const COLUMNS: [(&str, &str); 3] = [
    ("achieved", "Statements that are true when it is achieved"),
    ("partially_achieved", "Statements that are true when it is partially achieved (optional)"),
    ("not_achieved", "Statements any one of which means that it is not achieved (optional)"),
];

/// Label, rule set and description as typed.
#[derive(Debug, Clone, Default)]
pub struct DetailsForm {
    pub label: String,
    pub rule_set: String,
    pub description: String,
}

impl DetailsForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self { label: text("label"), rule_set: text("rule_set"), description: text("description") }
    }

    /// What the draft says.
    pub fn of(content: &Content) -> Self {
        let parts = &content.parts;
        Self {
            label: parts.label.clone(),
            rule_set: parts.rule_set.clone(),
            description: parts.description.clone(),
        }
    }

    /// The change.
    pub fn parse(&self) -> Change {
        Change::Details {
            label: self.label.clone(),
            rule_set: self.rule_set.clone(),
            description: self.description.clone(),
        }
    }
}

/// A section as typed.
#[derive(Debug, Clone, Default)]
pub struct SectionForm {
    pub code: String,
    pub name: String,
    pub parent: String,
    pub guidance: String,
}

impl SectionForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self { code: text("code"), name: text("name"), parent: text("parent"), guidance: text("guidance") }
    }

    /// What the draft says.
    pub fn of(section: &Section) -> Self {
        Self {
            code: section.code.to_string(),
            name: section.title.clone(),
            parent: section.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
            guidance: section.guidance.clone().unwrap_or_default(),
        }
    }

    /// The section.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self) -> Result<Section, FormErrors> {
        let mut errors = FormErrors::new();
        let code = SectionCode::new(&self.code).map_err(|why| errors.add("code", why.to_string())).ok();
        let parent = if self.parent.is_empty() {
            None
        } else {
            SectionCode::new(&self.parent).map_err(|why| errors.add("parent", why.to_string())).ok()
        };
        errors.into_result(code.map(|code| Section {
            code,
            title: self.name.clone(),
            parent,
            guidance: present(&self.guidance),
        }))
    }
}

/// A requirement of any scheme as typed.
#[derive(Debug, Clone, Default)]
pub struct RequirementForm {
    pub code: String,
    pub section: String,
    pub name: String,
    pub text: String,
    pub guidance: String,
    pub origins: String,
    pub exemptions: Vec<String>,
    pub may_be_not_relevant: String,
    pub levels: Vec<String>,
    pub item: String,
    pub mandatory: Vec<String>,
    pub columns: [String; 3],
    pub expected: BTreeMap<String, String>,
}

impl RequirementForm {
    /// What the form says, with the levels and profiles that the draft has.
    pub fn read(fields: &Fields, content: &Content) -> Self {
        let text = |name: &str| fields.text(name);
        let expected = content.parts.profiles.iter();
        Self {
            code: text("code"),
            section: text("section"),
            name: text("name"),
            text: text("text"),
            guidance: text("guidance"),
            origins: text("origins"),
            exemptions: fields.all("exemptions"),
            may_be_not_relevant: text("may_be_not_relevant"),
            levels: (0..levels(content)).map(|level| text(&format!("level-{level}"))).collect(),
            item: text("item"),
            mandatory: fields.all("mandatory"),
            columns: COLUMNS.map(|(name, _)| text(name)),
            expected: expected.map(|p| (p.key.to_string(), text(&format!("expected-{}", p.key)))).collect(),
        }
    }

    /// A requirement to be, in this section.
    pub fn fresh(content: &Content, section: &str) -> Self {
        Self {
            section: section.to_owned(),
            levels: (0..levels(content)).map(|_| String::new()).collect(),
            item: ItemKind::Text.as_str().to_owned(),
            expected: content.parts.profiles.iter().map(|p| (p.key.to_string(), String::new())).collect(),
            ..Self::default()
        }
    }

    /// What the draft says.
    pub fn of(content: &Content, requirement: &Requirement) -> Self {
        let origins = content.origins.get(&requirement.code).into_iter().flatten();
        let covering = content.parts.exemptions.iter().filter(|e| e.requirements.contains(&requirement.code));
        let bare = Self {
            code: requirement.code.to_string(),
            name: requirement.title.clone(),
            text: requirement.text.clone(),
            guidance: requirement.guidance.clone().unwrap_or_default(),
            origins: origins.map(ToString::to_string).collect::<Vec<_>>().join(", "),
            exemptions: covering.map(|exemption| exemption.code.clone()).collect(),
            ..Self::fresh(content, requirement.section.as_str())
        };
        match &requirement.kind {
            RequirementKind::Level { descriptors, may_be_not_relevant, expected } => {
                let mut form = bare;
                form.levels.iter_mut().zip(descriptors).for_each(|(field, words)| field.clone_from(words));
                form.may_be_not_relevant = if *may_be_not_relevant { "yes" } else { "" }.to_owned();
                form.expected
                    .extend(expected.iter().map(|(key, level)| (key.to_string(), level.to_string())));
                form
            }
            RequirementKind::Item { item, mandatory } => Self {
                item: item.as_str().to_owned(),
                mandatory: mandatory.iter().map(ToString::to_string).collect(),
                ..bare
            },
            RequirementKind::Outcome { achieved, partially_achieved, not_achieved, expected } => {
                let mut form = bare;
                form.columns = [achieved, partially_achieved, not_achieved].map(|column| statements(column));
                let known = expected.iter().map(|(key, level)| (key.to_string(), level.as_str().to_owned()));
                form.expected.extend(known);
                form
            }
        }
    }

    /// The requirement with what the rest of the document says about it.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self, content: &Content, known: &dyn Fn(&str) -> bool) -> Result<Stated, FormErrors> {
        let mut errors = FormErrors::new();
        let code = RequirementCode::new(&self.code).map_err(|why| errors.add("code", why.to_string())).ok();
        let section = content.section(&self.section).map(|section| section.code.clone());
        if section.is_none() {
            errors.add("section", "Select a section");
        }
        let kind = self.kind(content, &mut errors);
        let origins = self.origins(known, &mut errors);
        let rules = content.parts.exemptions.iter().map(|exemption| exemption.code.clone());
        let exemptions = rules.filter(|code| self.exemptions.contains(code)).collect();
        let stated = match (code, section, kind) {
            (Some(code), Some(section), Some(kind)) => Some(Stated {
                requirement: Requirement {
                    code,
                    section,
                    title: self.name.clone(),
                    text: self.text.clone(),
                    guidance: present(&self.guidance),
                    kind,
                },
                origins,
                exemptions,
            }),
            _ => None,
        };
        errors.into_result(stated)
    }

    fn kind(&self, content: &Content, errors: &mut FormErrors) -> Option<RequirementKind> {
        match &content.parts.scheme {
            Scheme::Levels(_) => Some(RequirementKind::Level {
                descriptors: self.levels.clone(),
                may_be_not_relevant: self.may_be_not_relevant == "yes",
                expected: minima(&self.expected, "expected", errors, &level_of),
            }),
            Scheme::Assertions(_) => {
                let item = ItemKind::parse(&self.item);
                if item.is_none() {
                    errors.add("item", "Select how it is answered");
                }
                Some(RequirementKind::Item { item: item?, mandatory: sectors(&self.mandatory, errors) })
            }
            Scheme::Outcomes {} => {
                let [achieved, partially, not] = COLUMNS.map(|(name, _)| name);
                let [a, p, n] = &self.columns;
                Some(RequirementKind::Outcome {
                    achieved: indicators(achieved, a, errors),
                    partially_achieved: indicators(partially, p, errors),
                    not_achieved: indicators(not, n, errors),
                    expected: minima(&self.expected, "expected", errors, &OutcomeLevel::parse),
                })
            }
        }
    }

    fn origins(&self, known: &dyn Fn(&str) -> bool, errors: &mut FormErrors) -> BTreeSet<RequirementCode> {
        let typed = self.origins.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        let mut found = BTreeSet::new();
        for text in typed.filter(|text| !text.is_empty()) {
            match RequirementCode::new(text) {
                Ok(code) if known(code.as_str()) => {
                    found.insert(code);
                }
                Ok(code) => errors.add("origins", format!("{code} is no requirement of the edition before")),
                Err(why) => errors.add("origins", why.to_string()),
            }
        }
        found
    }
}

/// A profile with what it expects of each requirement, as typed.
#[derive(Debug, Clone, Default)]
pub struct ProfileForm {
    pub key: String,
    pub name: String,
    pub sectors: Vec<String>,
    /// By the requirement's code.
    pub expected: BTreeMap<String, String>,
}

impl ProfileForm {
    /// What the form says. The key of a profile that is there comes from the address.
    pub fn read(fields: &Fields, content: &Content, key: Option<&str>) -> Self {
        let expected = content.parts.requirements.iter();
        Self {
            key: key.map_or_else(|| fields.text("key"), str::to_owned),
            name: fields.text("name"),
            sectors: fields.all("sectors"),
            expected: expected
                .map(|r| (r.code.to_string(), fields.text(&format!("expected-{}", r.code))))
                .collect(),
        }
    }

    /// What the draft says.
    pub fn of(content: &Content, profile: &Profile) -> Self {
        let expected = content.parts.requirements.iter().map(|requirement| {
            let minimum = match &requirement.kind {
                RequirementKind::Level { expected, .. } => expected.get(&profile.key).map(u8::to_string),
                RequirementKind::Outcome { expected, .. } => {
                    expected.get(&profile.key).map(|level| level.as_str().to_owned())
                }
                RequirementKind::Item { .. } => None,
            };
            (requirement.code.to_string(), minimum.unwrap_or_default())
        });
        Self {
            key: profile.key.to_string(),
            name: profile.name.clone(),
            sectors: profile.sectors.iter().map(ToString::to_string).collect(),
            expected: expected.collect(),
        }
    }

    /// The change.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self, content: &Content) -> Result<Change, FormErrors> {
        let mut errors = FormErrors::new();
        let key = ProfileKey::new(&self.key).map_err(|why| errors.add("key", why.to_string())).ok();
        let sectors = sectors(&self.sectors, &mut errors);
        let mut wanted = BTreeMap::new();
        for requirement in &content.parts.requirements {
            let typed = self.expected.get(requirement.code.as_str()).map_or("", String::as_str);
            let minimum = match &content.parts.scheme {
                Scheme::Levels(_) => level_of(typed).map(Minimum::Level),
                Scheme::Outcomes {} => OutcomeLevel::parse(typed).map(Minimum::Outcome),
                Scheme::Assertions(_) => None,
            };
            match minimum {
                Some(minimum) => {
                    wanted.insert(requirement.code.clone(), minimum);
                }
                None if typed.is_empty() => {}
                None => errors.add(format!("expected-{}", requirement.code), "Select what is expected"),
            }
        }
        errors.into_result(
            key.map(|key| Change::Profile(Profile { key, name: self.name.clone(), sectors }, wanted)),
        )
    }
}

/// How many levels a requirement of the draft has; none in another scheme.
pub fn levels(content: &Content) -> u8 {
    match &content.parts.scheme {
        Scheme::Levels(scheme) => scheme.max_level.min(9) + 1,
        Scheme::Assertions(_) | Scheme::Outcomes {} => 0,
    }
}

fn present(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn level_of(text: &str) -> Option<u8> {
    text.parse().ok().filter(|level| *level <= 9)
}

fn minima<T>(
    typed: &BTreeMap<String, String>,
    field: &str,
    errors: &mut FormErrors,
    read: &dyn Fn(&str) -> Option<T>,
) -> BTreeMap<ProfileKey, T> {
    let mut found = BTreeMap::new();
    for (key, text) in typed.iter().filter(|(_, text)| !text.is_empty()) {
        match (ProfileKey::new(key), read(text)) {
            (Ok(key), Some(value)) => {
                found.insert(key, value);
            }
            _ => errors.add(format!("{field}-{key}"), "Select what is expected"),
        }
    }
    found
}

fn sectors(typed: &[String], errors: &mut FormErrors) -> BTreeSet<SectorKey> {
    let mut found = BTreeSet::new();
    for text in typed {
        match SectorKey::new(text) {
            Ok(sector) => {
                found.insert(sector);
            }
            Err(why) => errors.add("sectors", why.to_string()),
        }
    }
    found
}

/// The statements of a column, one a line: its code, a colon and the text. A line that begins with a space goes on with the
/// one before.
fn statements(column: &[Indicator]) -> String {
    let line = |one: &Indicator| format!("{}: {}", one.code, one.text.replace('\n', "\n  "));
    column.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn indicators(field: &str, typed: &str, errors: &mut FormErrors) -> Vec<Indicator> {
    let mut found: Vec<Indicator> = Vec::new();
    for line in typed.lines().filter(|line| !line.trim().is_empty()) {
        match (line.strip_prefix([' ', '\t']), found.last_mut()) {
            (Some(more), Some(last)) => {
                last.text.push('\n');
                last.text.push_str(more.trim_start());
            }
            _ => match line.split_once(':').map(|(code, text)| (IndicatorCode::new(code.trim()), text)) {
                Some((Ok(code), text)) => found.push(Indicator { code, text: text.trim().to_owned() }),
                Some((Err(why), _)) => errors.add(field, why.to_string()),
                None => errors.add(field, "Begin each line with the statement's code and a colon"),
            },
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_written_and_read_alike() {
        let one = |code: &str, text: &str| Indicator {
            code: IndicatorCode::new(code).unwrap(),
            text: text.to_owned(),
        };
        let column = vec![one("A1.a.A.1", "First: with a colon"), one("A1.a.A.2", "Two\nlines")];
        let mut errors = FormErrors::new();
        assert_eq!(indicators("achieved", &statements(&column), &mut errors), column);
        assert!(errors.is_empty());
        assert!(indicators("achieved", "no code here", &mut errors).is_empty());
        assert!(errors.message("achieved").unwrap().contains("colon"));
    }
}
