//! The rules that make the parts of an edition fit together; every problem found is listed with its place.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::{EditionDraft, ItemKind, Problem, Requirement, RequirementKind, Scheme, Statements, TreeEntry};
use crate::standards::keys::SectionCode;

/// The most requirements an edition may have: the packed vector and the task list stay small.
const MAX_REQUIREMENTS: usize = 2_000;
/// The most sections an edition may have.
const MAX_SECTIONS: usize = 1_000;
/// The most indicators one outcome may have.
const MAX_INDICATORS: usize = 200;
/// Characters in a name, title or label.
const MAX_TITLE: usize = 300;
/// Characters in a text or one guidance page.
const MAX_TEXT: usize = 50_000;
/// Characters in what somebody signs.
const MAX_STATEMENT: usize = 2_000;

struct Findings(Vec<Problem>);

impl Findings {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem { path: path.into(), message: message.into() });
    }

    fn words(&mut self, path: String, text: &str, limit: usize) {
        if text.trim().is_empty() {
            self.add(path, "must not be empty");
        } else if text.chars().count() > limit {
            self.add(path, format!("must be {limit} characters or fewer"));
        } else if text.contains('\0') {
            self.add(path, "must not contain a NUL character");
        }
    }

    fn optional_words(&mut self, path: String, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.words(path, text, MAX_TEXT);
        }
    }

    fn unique<K: Eq + Hash + std::fmt::Display>(
        &mut self,
        list: &str,
        field: &str,
        keys: impl Iterator<Item = K>,
    ) {
        let mut first: HashMap<K, usize> = HashMap::new();
        for (index, key) in keys.enumerate() {
            if let Some(earlier) = first.get(&key) {
                let message = format!("\"{key}\" is already used by {list}[{earlier}]");
                self.add(format!("{list}[{index}].{field}"), message);
            } else {
                first.insert(key, index);
            }
        }
    }
}

/// Everything wrong with the draft; empty means it is an edition.
pub(super) fn problems(draft: &EditionDraft) -> Vec<Problem> {
    let mut found = Findings(Vec::new());
    found.words("standard.name".into(), &draft.standard_name, MAX_TITLE);
    found.optional_words("standard.description".into(), Some(&draft.description));
    found.words("edition.label".into(), &draft.label, MAX_TITLE);
    found.words("edition.rule_set".into(), &draft.rule_set, 60);
    profiles(draft, &mut found);
    scheme(draft, &mut found);
    sections(draft, &mut found);
    requirements(draft, &mut found);
    if matches!(draft.scheme, Scheme::Assertions(_)) {
        confirmations(draft, &mut found);
    }
    exemptions(draft, &mut found);
    signers(draft, &mut found);
    statements(draft, &mut found);
    if draft.improvement_plan.is_some_and(|rules| !(1..=36).contains(&rules.due_months)) {
        found.add("improvement_plan.due_months", "must be from 1 to 36");
    }
    found.0
}

fn profiles(draft: &EditionDraft, found: &mut Findings) {
    found.unique("profiles", "key", draft.profiles.iter().map(|p| &p.key));
    let mut owner = HashMap::new();
    for (index, profile) in draft.profiles.iter().enumerate() {
        found.words(format!("profiles[{index}].name"), &profile.name, MAX_TITLE);
        for sector in &profile.sectors {
            if let Some(other) = owner.insert(*sector, &profile.key) {
                let message = format!("sector {sector} already belongs to profile \"{other}\"");
                found.add(format!("profiles[{index}].sectors"), message);
            }
        }
    }
    if draft.profiles.is_empty() && !matches!(draft.scheme, Scheme::Assertions(_)) {
        found.add("profiles", "at least one profile is needed: it says which requirements are asked");
    }
}

fn scheme(draft: &EditionDraft, found: &mut Findings) {
    match &draft.scheme {
        Scheme::Levels(levels) => {
            if !(1..=9).contains(&levels.max_level) {
                found.add("scoring.max_level", "must be from 1 to 9");
            }
            if levels.satisfactory_level == 0 || levels.satisfactory_level > levels.max_level {
                found.add("scoring.satisfactory_level", "must be from 1 to max_level");
            }
            let mut previous = 0;
            for (index, band) in levels.bands.iter().enumerate() {
                found.words(format!("scoring.bands[{index}].label"), &band.label, 60);
                let last = index + 1 == levels.bands.len();
                match band.below {
                    None if last => {}
                    None => {
                        found.add(
                            format!("scoring.bands[{index}].below"),
                            "only the last band may leave out below",
                        );
                    }
                    Some(_) if last => {
                        found.add(
                            format!("scoring.bands[{index}].below"),
                            "the last band must leave out below",
                        );
                    }
                    Some(below) if below <= previous || below > 100 => {
                        let message = format!("must be more than {previous} and at most 100");
                        found.add(format!("scoring.bands[{index}].below"), message);
                    }
                    Some(below) => previous = below,
                }
            }
        }
        Scheme::Assertions(assertions) => {
            let codes: HashSet<&str> = draft.requirements.iter().map(|r| r.code.as_str()).collect();
            for code in &assertions.small_subset {
                if !codes.contains(code.as_str()) {
                    found.add("scoring.small_subset", format!("there is no requirement \"{code}\""));
                }
            }
        }
        Scheme::Outcomes {} => {}
    }
}

fn sections(draft: &EditionDraft, found: &mut Findings) {
    if draft.sections.is_empty() || draft.sections.len() > MAX_SECTIONS {
        found.add("sections", format!("there must be 1 to {MAX_SECTIONS} sections"));
    }
    found.unique("sections", "code", draft.sections.iter().map(|s| &s.code));
    let parents: HashMap<&SectionCode, Option<&SectionCode>> =
        draft.sections.iter().map(|s| (&s.code, s.parent.as_ref())).collect();
    for (index, section) in draft.sections.iter().enumerate() {
        found.words(format!("sections[{index}].title"), &section.title, MAX_TITLE);
        found.optional_words(format!("sections[{index}].guidance"), section.guidance.as_deref());
        let Some(parent) = &section.parent else { continue };
        if !parents.contains_key(parent) {
            found.add(format!("sections[{index}].parent"), format!("there is no section \"{parent}\""));
        } else if leads_back(&section.code, &parents) {
            found.add(format!("sections[{index}].parent"), "the section lies inside itself");
        }
    }
}

fn leads_back(start: &SectionCode, parents: &HashMap<&SectionCode, Option<&SectionCode>>) -> bool {
    let mut at = start;
    for _ in 0..=parents.len() {
        match parents.get(at).copied().flatten() {
            None => return false,
            Some(parent) if parent == start => return true,
            Some(parent) => at = parent,
        }
    }
    // It runs into a loop further up, which is reported at the sections of that loop.
    false
}

fn requirements(draft: &EditionDraft, found: &mut Findings) {
    if draft.requirements.is_empty() || draft.requirements.len() > MAX_REQUIREMENTS {
        found.add("requirements", format!("there must be 1 to {MAX_REQUIREMENTS} requirements"));
    }
    found.unique("requirements", "code", draft.requirements.iter().map(|r| &r.code));
    let sections: HashSet<&SectionCode> = draft.sections.iter().map(|s| &s.code).collect();
    for (index, requirement) in draft.requirements.iter().enumerate() {
        let at = format!("requirements[{index}]");
        if !sections.contains(&requirement.section) {
            found.add(format!("{at}.section"), format!("there is no section \"{}\"", requirement.section));
        }
        found.words(format!("{at}.title"), &requirement.title, MAX_TITLE);
        found.words(format!("{at}.text"), &requirement.text, MAX_TEXT);
        found.optional_words(format!("{at}.guidance"), requirement.guidance.as_deref());
        requirement_kind(draft, requirement, &at, found);
    }
}

fn requirement_kind(draft: &EditionDraft, requirement: &Requirement, at: &str, found: &mut Findings) {
    match (&draft.scheme, &requirement.kind) {
        (Scheme::Levels(scheme), RequirementKind::Level { descriptors, expected, .. }) => {
            let wanted = usize::from(scheme.max_level) + 1;
            if descriptors.len() != wanted {
                let message =
                    format!("needs {wanted} descriptors, level 0 first; there are {}", descriptors.len());
                found.add(format!("{at}.levels"), message);
            }
            for (level, words) in descriptors.iter().enumerate() {
                found.words(format!("{at}.levels[{level}]"), words, MAX_TEXT);
            }
            expected_profiles(draft, expected.keys(), at, found);
            for (profile, level) in expected.iter().filter(|(_, level)| **level > scheme.max_level) {
                let message = format!("level {level} is above the highest level, {}", scheme.max_level);
                found.add(format!("{at}.expected.{profile}"), message);
            }
        }
        (Scheme::Assertions(_), RequirementKind::Item { .. }) => {}
        (
            Scheme::Outcomes {},
            RequirementKind::Outcome { achieved, partially_achieved, not_achieved, expected },
        ) => {
            if achieved.is_empty() {
                found.add(
                    format!("{at}.achieved"),
                    "needs at least one indicator, or it could never be achieved",
                );
            }
            let columns = [
                ("achieved", achieved),
                ("partially_achieved", partially_achieved),
                ("not_achieved", not_achieved),
            ];
            let mut seen = HashSet::new();
            for (column, indicators) in columns {
                for (place, indicator) in indicators.iter().enumerate() {
                    let path = format!("{at}.{column}[{place}]");
                    found.words(format!("{path}.text"), &indicator.text, MAX_TEXT);
                    if !seen.insert(&indicator.code) {
                        let message = format!("\"{}\" is already used in this requirement", indicator.code);
                        found.add(format!("{path}.code"), message);
                    }
                }
            }
            if seen.len() > MAX_INDICATORS {
                found.add(at, format!("has more than {MAX_INDICATORS} indicators"));
            }
            expected_profiles(draft, expected.keys(), at, found);
        }
        (scheme, _) => {
            found.add(at, format!("does not fit the scheme {}", scheme.kind().as_str()));
        }
    }
}

fn expected_profiles<'a>(
    draft: &EditionDraft,
    keys: impl Iterator<Item = &'a crate::standards::keys::ProfileKey>,
    at: &str,
    found: &mut Findings,
) {
    let mut any = false;
    for key in keys {
        any = true;
        if !draft.profiles.iter().any(|profile| profile.key == *key) {
            found.add(format!("{at}.expected.{key}"), format!("there is no profile \"{key}\""));
        }
    }
    if !any {
        found.add(format!("{at}.expected"), "names no profile, so nobody would be asked");
    }
}

/// Every assertion (a section that holds items) has exactly one confirmation, whose code is the section's code.
fn confirmations(draft: &EditionDraft, found: &mut Findings) {
    for (index, section) in draft.sections.iter().enumerate() {
        let own = || draft.requirements.iter().enumerate().filter(|(_, r)| r.section == section.code);
        if own().next().is_none() {
            continue;
        }
        let mut confirmed = false;
        for (place, requirement) in own() {
            if !matches!(requirement.kind, RequirementKind::Item { item: ItemKind::Confirmation, .. }) {
                continue;
            }
            if requirement.code.as_str() == section.code.as_str() {
                confirmed = true;
            } else {
                let message =
                    format!("a confirmation must have the code of its section, \"{}\"", section.code);
                found.add(format!("requirements[{place}].code"), message);
            }
        }
        if !confirmed {
            let message = format!(
                "the assertion needs one requirement with the code \"{}\" and item = \"confirmation\"",
                section.code
            );
            found.add(format!("sections[{index}]"), message);
        }
    }
}

fn exemptions(draft: &EditionDraft, found: &mut Findings) {
    found.unique("exemptions", "code", draft.exemptions.iter().map(|e| e.code.as_str()));
    let codes: HashSet<&str> = draft.requirements.iter().map(|r| r.code.as_str()).collect();
    for (index, exemption) in draft.exemptions.iter().enumerate() {
        let at = format!("exemptions[{index}]");
        found.words(format!("{at}.code"), &exemption.code, 60);
        found.words(format!("{at}.reason"), &exemption.reason, MAX_TEXT);
        if exemption.requirements.is_empty() {
            found.add(format!("{at}.requirements"), "names no requirement");
        }
        for code in exemption.requirements.iter().filter(|code| !codes.contains(code.as_str())) {
            found.add(format!("{at}.requirements"), format!("there is no requirement \"{code}\""));
        }
        if exemption.until.is_some_and(|until| until < exemption.from) {
            found.add(format!("{at}.until"), "is before from");
        }
    }
}

fn signers(draft: &EditionDraft, found: &mut Findings) {
    found.unique("signers", "role", draft.signers.iter().map(|signer| signer.role.as_str()));
    let sections: HashSet<&str> = draft.sections.iter().map(|s| s.code.as_str()).collect();
    let codes: HashSet<&str> = draft.requirements.iter().map(|r| r.code.as_str()).collect();
    for (index, signer) in draft.signers.iter().enumerate() {
        let at = format!("signers[{index}]");
        if signer.sections.is_empty() && signer.requirements.is_empty() {
            found
                .add(at.as_str(), "names neither sections nor requirements, so there is nothing to sign for");
        }
        for code in signer.sections.iter().filter(|code| !sections.contains(code.as_str())) {
            found.add(format!("{at}.sections"), format!("there is no section \"{code}\""));
        }
        for code in signer.requirements.iter().filter(|code| !codes.contains(code.as_str())) {
            found.add(format!("{at}.requirements"), format!("there is no requirement \"{code}\""));
        }
    }
}

fn statements(draft: &EditionDraft, found: &mut Findings) {
    let Statements { siro, caldicott_guardian, dpo } = &draft.statements;
    for (role, text) in [("siro", siro), ("caldicott_guardian", caldicott_guardian), ("dpo", dpo)] {
        if let Some(text) = text {
            found.words(format!("statements.{role}"), text, MAX_STATEMENT);
        }
    }
}

/// The sections in reading order. Only called on a draft without problems, so parents exist and do not loop.
pub(super) fn tree(draft: &EditionDraft) -> Vec<TreeEntry> {
    let mut children: HashMap<Option<&SectionCode>, Vec<usize>> = HashMap::new();
    for (index, section) in draft.sections.iter().enumerate() {
        children.entry(section.parent.as_ref()).or_default().push(index);
    }
    let mut own: HashMap<&SectionCode, Vec<usize>> = HashMap::new();
    for (index, requirement) in draft.requirements.iter().enumerate() {
        own.entry(&requirement.section).or_default().push(index);
    }
    let mut entries = Vec::with_capacity(draft.sections.len());
    add_children(None, 0, draft, &children, &own, &mut entries);
    entries
}

fn add_children(
    parent: Option<&SectionCode>,
    depth: usize,
    draft: &EditionDraft,
    children: &HashMap<Option<&SectionCode>, Vec<usize>>,
    own: &HashMap<&SectionCode, Vec<usize>>,
    entries: &mut Vec<TreeEntry>,
) {
    for index in children.get(&parent).into_iter().flatten() {
        let Some(section) = draft.sections.get(*index) else { continue };
        let place = entries.len();
        let requirements = own.get(&section.code).cloned().unwrap_or_default();
        entries.push(TreeEntry { section: *index, depth, requirements, descendants: 0 });
        add_children(Some(&section.code), depth + 1, draft, children, own, entries);
        let descendants = entries.len() - place - 1;
        if let Some(entry) = entries.get_mut(place) {
            entry.descendants = descendants;
        }
    }
}
