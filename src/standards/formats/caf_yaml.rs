//! The Cyber Assessment Framework as the YAML file that government assessors publish: objectives, principles,
//! outcomes, indicators in three columns, the least result per profile, and a decision table for each outcome. The
//! table is not imported but checked: a file whose table differs from our rule would be scored wrongly, and is refused.

mod shape;

use std::collections::BTreeMap;

use self::shape::{Columns, File, Objective, Outcome, Principle, TableRow};
use super::entries::Entries;
use super::{FormatProblem, Imported, Names, checked, counted, key_from_file_name};
use crate::standards::keys::{
    EditionKey, IndicatorCode, KeyError, ProfileKey, RequirementCode, SectionCode, SectorKey, StandardKey,
};
use crate::standards::model::{
    EditionDraft, Indicator, OutcomeLevel, Profile, Requirement, RequirementKind, Scheme, Section, Statements,
};
use crate::standards::scoring::{ColumnTicks, decide_outcome};

/// Reads an edition from the framework's YAML.
pub(super) fn read(text: &str, file_name: &str, names: &Names) -> Result<Imported, Vec<FormatProblem>> {
    let file: File = serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let place = error.location().map(|at| format!("line {}", at.line())).unwrap_or_default();
        let detail = error.without_snippet().to_string();
        let message = if detail.contains("budget breached") {
            format!("the file expands to far more than a framework holds ({detail})")
        } else {
            format!("this is not a framework file: {detail}")
        };
        vec![FormatProblem::new(place, message)]
    })?;
    let mut reading = Reading::default();
    for (key, objective) in &file.objectives.0 {
        reading.objective(key, objective);
    }
    let draft = reading.draft(file_name, names);
    if reading.problems.is_empty()
        && let Some(draft) = draft
    {
        let edition = checked(draft)?;
        let mut notes = vec![counted(&edition)];
        notes.append(&mut reading.notes());
        return Ok(Imported { edition, notes });
    }
    Err(reading.problems)
}

/// The file shares one decision table among all outcomes, which the parser's default ratio of aliases to anchors takes
/// for an attack. The limit on what aliases may expand to stays, and it is what stops one.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! { enforce_alias_anchor_ratio: false },
    }
}

#[derive(Default)]
struct Reading {
    sections: Vec<Section>,
    requirements: Vec<Requirement>,
    profiles: Vec<ProfileKey>,
    problems: Vec<FormatProblem>,
    principles: usize,
    indicators: usize,
    tables: usize,
    /// Outcomes without a description of their own.
    borrowed: Vec<String>,
}

impl Reading {
    fn problem(&mut self, place: &str, message: impl Into<String>) {
        self.problems.push(FormatProblem::new(place, message));
    }

    fn key<K>(&mut self, place: &str, made: Result<K, KeyError>) -> Option<K> {
        made.map_err(|error| self.problem(place, error.0)).ok()
    }

    fn objective(&mut self, key: &str, objective: &Objective) {
        let code = self.key(key, SectionCode::new(objective.code.as_deref().unwrap_or(key)));
        let Some(code) = code else { return };
        self.sections.push(Section {
            code: code.clone(),
            title: objective.title.clone(),
            parent: None,
            guidance: objective.description.clone(),
        });
        for (key, principle) in &objective.principles.0 {
            self.principles += 1;
            let own = self.key(key, SectionCode::new(principle.code.as_deref().unwrap_or(key)));
            let Some(own) = own else { continue };
            self.sections.push(Section {
                code: own.clone(),
                title: principle.title.clone(),
                parent: Some(code.clone()),
                guidance: principle.description.clone(),
            });
            for (key, outcome) in &principle.outcomes.0 {
                self.outcome(key, outcome, &own, principle);
            }
        }
    }

    fn outcome(&mut self, key: &str, outcome: &Outcome, section: &SectionCode, principle: &Principle) {
        let place = format!("outcome {key}");
        let code = self.key(&place, RequirementCode::new(outcome.code.as_deref().unwrap_or(key)));
        if let Some(table) = &outcome.assessment_rules {
            self.check_table(&place, table);
        }
        let achieved = self.column(&place, &outcome.indicators.achieved);
        let partially_achieved = self.column(&place, &outcome.indicators.partially_achieved);
        let not_achieved = self.column(&place, &outcome.indicators.not_achieved);
        let mut expected = BTreeMap::new();
        for (profile, level) in &outcome.min_profile_requirement.0 {
            let read = self.key(&place, ProfileKey::new(profile));
            match (read, level_of(level)) {
                (Some(profile), Some(level)) => {
                    if !self.profiles.contains(&profile) {
                        self.profiles.push(profile.clone());
                    }
                    expected.insert(profile, level);
                }
                (_, None) => {
                    self.problem(
                        &place,
                        format!("\"{level}\" is not a result the {profile} profile can ask"),
                    );
                }
                (None, Some(_)) => {}
            }
        }
        let Some(code) = code else { return };
        let text = if outcome.description.trim().is_empty() {
            self.borrowed.push(code.to_string());
            principle
                .description
                .clone()
                .filter(|d| !d.trim().is_empty())
                .unwrap_or_else(|| outcome.title.clone())
        } else {
            outcome.description.clone()
        };
        self.requirements.push(Requirement {
            code,
            section: section.clone(),
            title: outcome.title.clone(),
            text,
            guidance: None,
            kind: RequirementKind::Outcome { achieved, partially_achieved, not_achieved, expected },
        });
    }

    fn column(&mut self, place: &str, column: &Columns) -> Vec<Indicator> {
        let mut indicators = Vec::with_capacity(column.0.len());
        for (key, statement) in &column.0 {
            self.indicators += 1;
            let code = self.key(place, IndicatorCode::new(statement.index.as_deref().unwrap_or(key)));
            if let Some(code) = code {
                indicators.push(Indicator { code, text: statement.description.clone() });
            }
        }
        indicators
    }

    /// All 27 rows must be there and say what our rule says.
    fn check_table(&mut self, place: &str, table: &Entries<TableRow>) {
        self.tables += 1;
        let columns = [ColumnTicks::All, ColumnTicks::Some, ColumnTicks::None];
        for (a, p, n) in
            columns.iter().flat_map(|a| columns.iter().flat_map(move |p| columns.map(|n| (*a, *p, n))))
        {
            let row = format!("{}_{}_{}", a.as_str(), p.as_str(), n.as_str());
            let ours = decide_outcome(a, p, n);
            match table.0.iter().find(|(key, _)| *key == row) {
                None => self.problem(place, format!("the decision table has no row {row}")),
                Some((_, theirs)) if level_of(&theirs.outcome_status) != Some(ours) => {
                    let message = format!(
                        "the decision table says \"{}\" for {row}, where the scoring rule gives \"{}\"",
                        theirs.outcome_status,
                        ours.label()
                    );
                    self.problem(place, message);
                }
                Some(_) => {}
            }
        }
    }

    fn draft(&mut self, file_name: &str, names: &Names) -> Option<EditionDraft> {
        let stem = key_from_file_name(file_name);
        let version = stem.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned();
        let label = names.label.clone().unwrap_or(if version.is_empty() { stem.clone() } else { version });
        let key = names.edition.clone().or_else(|| self.key("edition", EditionKey::new(&stem)))?;
        let standard_key =
            names.standard.clone().or_else(|| self.key("standard", StandardKey::new("caf")))?;
        Some(EditionDraft {
            standard_key,
            standard_name: "Cyber Assessment Framework".to_owned(),
            description:
                "Contributing outcomes assessed by indicators, imported from the framework's own file."
                    .to_owned(),
            rule_set: names.rule_set.clone().unwrap_or_else(|| format!("{key}.1")),
            key,
            label,
            scheme: Scheme::Outcomes {},
            profiles: profiles(&self.profiles),
            sections: std::mem::take(&mut self.sections),
            requirements: std::mem::take(&mut self.requirements),
            exemptions: Vec::new(),
            improvement_plan: None,
            signers: Vec::new(),
            statements: Statements::default(),
        })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            format!("{} principles and {} indicators", self.principles, self.indicators),
            format!("decision tables checked against the scoring rule: {}", self.tables),
        ];
        if !self.borrowed.is_empty() {
            let codes = self.borrowed.join(", ");
            notes.push(format!("outcomes without a description, which take their principle's: {codes}"));
        }
        if let Some(first) = self.profiles.first() {
            notes.push(format!(
                "the file does not say who gets which profile: every sector gets \"{first}\" unless another is chosen"
            ));
        }
        notes
    }
}

/// The first profile, the least demanding one in every published file, is everybody's default.
fn profiles(keys: &[ProfileKey]) -> Vec<Profile> {
    let named = |(index, key): (usize, &ProfileKey)| {
        let mut name = key.as_str().replace(['_', '-'], " ");
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let sectors = if index == 0 { SectorKey::all().collect() } else { Default::default() };
        Profile { key: key.clone(), name, sectors }
    };
    keys.iter().enumerate().map(named).collect()
}

/// "Partially achieved", "partially-achieved" and "partially_achieved" are the same result.
fn level_of(words: &str) -> Option<OutcomeLevel> {
    OutcomeLevel::parse(&words.trim().to_ascii_lowercase().replace([' ', '-'], "_"))
}

#[cfg(test)]
mod tests;
