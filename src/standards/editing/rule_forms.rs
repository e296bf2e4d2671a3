//! The forms of a draft's rules: raw strings as posted, read into changes. As on the other forms a text may be missing, which
//! the list of faults tells; a code, a number or a day that is none is refused at once.

use std::collections::BTreeSet;
use std::fmt::Display;

use jiff::civil::Date;

use super::change::Change;
use super::model::Content;
use crate::platform::clock::Day;
use crate::platform::http::{Fields, TypedDay};
use crate::platform::pages::FormErrors;
use crate::standards::bands::{bands_of, bands_text};
use crate::standards::keys::{CertificateKind, RequirementCode, SectionCode, SectorKey};
use crate::standards::model::{
    AssertionsScheme, Exemption, LevelsScheme, PlanRules, Scheme, Signer, SignerRole, Statements,
};

/// An exemption rule as typed.
#[derive(Debug, Clone, Default)]
pub struct ExemptionForm {
    pub code: String,
    pub certificate: String,
    pub requirements: Vec<String>,
    pub whole_scope: String,
    pub from: TypedDay,
    pub until: TypedDay,
    pub reason: String,
}

impl ExemptionForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self {
            code: text("code"),
            certificate: text("certificate"),
            requirements: fields.all("requirements"),
            whole_scope: text("whole_scope"),
            from: TypedDay::read(fields, "from"),
            until: TypedDay::read(fields, "until"),
            reason: text("reason"),
        }
    }

    /// What the draft says.
    pub fn of(rule: &Exemption) -> Self {
        Self {
            code: rule.code.clone(),
            certificate: rule.certificate.to_string(),
            requirements: strings(&rule.requirements),
            whole_scope: yes_no(rule.whole_scope),
            from: typed(Some(rule.from)),
            until: typed(rule.until),
            reason: rule.reason.clone(),
        }
    }

    /// The rule.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self, content: &Content) -> Result<Exemption, FormErrors> {
        let mut errors = FormErrors::new();
        errors.require("code", &self.code, "Enter a code, which explanations quote", 60);
        let certificate = certificate(&self.certificate, "certificate", &mut errors);
        let requirements = requirements(&self.requirements, content, &mut errors);
        let from = self.from.parse("from", "from which it is in force", &mut errors);
        let until = if self.until.is_blank() {
            None
        } else {
            self.until.parse("until", "until which it is in force", &mut errors)
        };
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            errors.add_at("until", "until-day", "The last day cannot be before the first");
        }
        let rule = certificate.zip(from).map(|(certificate, from)| Exemption {
            code: self.code.clone(),
            certificate,
            requirements,
            whole_scope: self.whole_scope == "yes",
            from: from.date(),
            until: until.map(Day::date),
            reason: self.reason.clone(),
        });
        errors.into_result(rule)
    }
}

/// The data of any scheme as typed.
#[derive(Debug, Clone, Default)]
pub struct ScoringForm {
    pub max_level: String,
    pub satisfactory_level: String,
    pub bands: String,
    pub approaching: Vec<String>,
    pub small_subset: Vec<String>,
    pub exceeded: String,
}

impl ScoringForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self {
            max_level: text("max_level"),
            satisfactory_level: text("satisfactory_level"),
            bands: text("bands"),
            approaching: fields.all("approaching"),
            small_subset: fields.all("requirements"),
            exceeded: text("exceeded"),
        }
    }

    /// What the draft says.
    pub fn of(content: &Content) -> Self {
        match &content.parts.scheme {
            Scheme::Levels(scheme) => Self {
                max_level: scheme.max_level.to_string(),
                satisfactory_level: scheme.satisfactory_level.to_string(),
                bands: bands_text(&scheme.bands),
                ..Self::default()
            },
            Scheme::Assertions(scheme) => Self {
                approaching: strings(&scheme.approaching_sectors_large),
                small_subset: strings(&scheme.small_subset),
                exceeded: scheme.exceeded_certificate.as_ref().map(ToString::to_string).unwrap_or_default(),
                ..Self::default()
            },
            Scheme::Outcomes {} => Self::default(),
        }
    }

    /// The change; it keeps to the scheme that the draft has.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self, content: &Content) -> Result<Change, FormErrors> {
        let mut errors = FormErrors::new();
        let scheme = match &content.parts.scheme {
            Scheme::Levels(_) => self.levels(&mut errors).map(Scheme::Levels),
            Scheme::Assertions(_) => Some(Scheme::Assertions(AssertionsScheme {
                approaching_sectors_large: sectors(&self.approaching, "approaching", &mut errors),
                small_subset: requirements(&self.small_subset, content, &mut errors),
                exceeded_certificate: if self.exceeded.is_empty() {
                    None
                } else {
                    certificate(&self.exceeded, "exceeded", &mut errors)
                },
            })),
            Scheme::Outcomes {} => Some(Scheme::Outcomes {}),
        };
        errors.into_result(scheme.map(Change::Scoring))
    }

    fn levels(&self, errors: &mut FormErrors) -> Option<LevelsScheme> {
        let max_level = whole(&self.max_level, 1..=9);
        if max_level.is_none() {
            errors.add("max_level", "Enter a whole number from 1 to 9");
        }
        let satisfactory_level = whole(&self.satisfactory_level, 1..=max_level.unwrap_or(9));
        if satisfactory_level.is_none() {
            errors.add("satisfactory_level", "Enter a whole number from 1 to the highest level");
        }
        let bands = bands_of(&self.bands);
        if bands.is_none() {
            errors.add(
                "bands",
                "Write one word on each line, with the percentage below which it holds; the last without one",
            );
        }
        let (max_level, satisfactory_level) = max_level.zip(satisfactory_level)?;
        Some(LevelsScheme { max_level, satisfactory_level, bands: bands? })
    }
}

/// The rules of improvement plans as typed.
#[derive(Debug, Clone, Default)]
pub struct PlanForm {
    pub own: String,
    pub due_months: String,
    pub covers_gaps: String,
}

impl PlanForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self { own: text("own"), due_months: text("due_months"), covers_gaps: text("covers_gaps") }
    }

    /// What the draft says.
    pub fn of(content: &Content) -> Self {
        match content.parts.improvement_plan {
            None => Self { own: yes_no(false), ..Self::default() },
            Some(rules) => Self {
                own: yes_no(true),
                due_months: rules.due_months.to_string(),
                covers_gaps: yes_no(rules.covers_gaps),
            },
        }
    }

    /// The change.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self) -> Result<Change, FormErrors> {
        let mut errors = FormErrors::new();
        let rules = match self.own.as_str() {
            "no" => Some(None),
            "yes" => {
                let due_months = whole(&self.due_months, 1..=36);
                if due_months.is_none() {
                    errors.add("due_months", "Enter a whole number from 1 to 36");
                }
                let covers_gaps = said(&self.covers_gaps);
                if covers_gaps.is_none() {
                    errors.add("covers_gaps", "Select whether such a gap may be left unanswered");
                }
                let both = due_months.zip(covers_gaps);
                both.map(|(due_months, covers_gaps)| Some(PlanRules { due_months, covers_gaps }))
            }
            _ => {
                errors.add("own", "Select which rules hold");
                None
            }
        };
        errors.into_result(rules.map(Change::PlanRules))
    }
}

/// What a role signs for, as typed.
#[derive(Debug, Clone, Default)]
pub struct SignerForm {
    pub signs: String,
    pub sections: Vec<String>,
    pub requirements: Vec<String>,
    pub sectors: Vec<String>,
}

impl SignerForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        Self {
            signs: fields.text("signs"),
            sections: fields.all("sections"),
            requirements: fields.all("requirements"),
            sectors: fields.all("sectors"),
        }
    }

    /// What the draft says.
    pub fn of(content: &Content, role: SignerRole) -> Self {
        let Some(signer) = content.parts.signers.iter().find(|signer| signer.role == role) else {
            return Self { signs: yes_no(false), ..Self::default() };
        };
        Self {
            signs: yes_no(true),
            sections: strings(&signer.sections),
            requirements: strings(&signer.requirements),
            sectors: strings(&signer.sectors),
        }
    }

    /// The change.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self, content: &Content, role: SignerRole) -> Result<Change, FormErrors> {
        let mut errors = FormErrors::new();
        let signer = match said(&self.signs) {
            None => {
                errors.add("signs", "Select whether this role signs");
                None
            }
            Some(false) => Some(None),
            Some(true) => {
                let mut sections: BTreeSet<SectionCode> = BTreeSet::new();
                for code in &self.sections {
                    match content.section(code) {
                        Some(section) => {
                            sections.insert(section.code.clone());
                        }
                        None => errors.add("sections", "Select sections that are there"),
                    }
                }
                let requirements = requirements(&self.requirements, content, &mut errors);
                let sectors = sectors(&self.sectors, "sectors", &mut errors);
                Some(Some(Signer { role, sections, requirements, sectors }))
            }
        };
        errors.into_result(signer.map(|signer| Change::Signer(role, signer)))
    }
}

/// What signers state, as typed.
#[derive(Debug, Clone, Default)]
pub struct StatementsForm {
    pub siro: String,
    pub caldicott_guardian: String,
    pub dpo: String,
}

impl StatementsForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self { siro: text("siro"), caldicott_guardian: text("caldicott_guardian"), dpo: text("dpo") }
    }

    /// What the draft says.
    pub fn of(content: &Content) -> Self {
        let own = content.parts.statements.clone();
        Self {
            siro: own.siro.unwrap_or_default(),
            caldicott_guardian: own.caldicott_guardian.unwrap_or_default(),
            dpo: own.dpo.unwrap_or_default(),
        }
    }

    /// The change. The portal's own words stand in for what is left empty.
    pub fn parse(&self) -> Change {
        let present = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Change::Statements(Statements {
            siro: present(&self.siro),
            caldicott_guardian: present(&self.caldicott_guardian),
            dpo: present(&self.dpo),
        })
    }
}

fn strings<T: Display>(each: &BTreeSet<T>) -> Vec<String> {
    each.iter().map(ToString::to_string).collect()
}

fn yes_no(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// What "yes" or "no" says; none where it is neither.
fn said(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn typed(date: Option<Date>) -> TypedDay {
    date.map_or_else(TypedDay::default, |date| TypedDay::of(Day::from(date)))
}

fn whole(text: &str, within: std::ops::RangeInclusive<u8>) -> Option<u8> {
    text.parse().ok().filter(|number| within.contains(number))
}

fn certificate(text: &str, field: &str, errors: &mut FormErrors) -> Option<CertificateKind> {
    CertificateKind::new(text).map_err(|why| errors.add(field, why.to_string())).ok()
}

fn requirements(typed: &[String], content: &Content, errors: &mut FormErrors) -> BTreeSet<RequirementCode> {
    let mut found = BTreeSet::new();
    for code in typed {
        match content.requirement(code) {
            Some(requirement) => {
                found.insert(requirement.code.clone());
            }
            None => errors.add("requirements", format!("{code} is no requirement of this draft")),
        }
    }
    found
}

fn sectors(typed: &[String], field: &str, errors: &mut FormErrors) -> BTreeSet<SectorKey> {
    let mut found = BTreeSet::new();
    for text in typed {
        match SectorKey::new(text) {
            Ok(sector) => {
                found.insert(sector);
            }
            Err(why) => errors.add(field, why.to_string()),
        }
    }
    found
}
