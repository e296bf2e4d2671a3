//! The form of a correction: every rule as it is, to be changed in place. It works without scripts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::way;
use crate::corrections::correction_href;
use crate::corrections::draft::REASON_LIMIT;
use crate::corrections::form::{
    EXCEEDED, LARGE, NOT_ASKED, exemption_name, expected_name, expected_value, listed, mandatory_name,
};
use crate::corrections::store::Correction;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::standards::certificate_kinds::{kind, kinds};
use crate::standards::{
    AssertionsScheme, CertificateKind, Edition, Exemption, OutcomeLevel, RequirementCode, RequirementKind,
    Scheme, SectorKey, bands_text,
};

/// A requirement with a control for each kind of organisation.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    cells: Vec<Field>,
}

/// One exemption rule.
#[derive(Debug, Serialize)]
struct Rule {
    heading: String,
    requirements: Field,
    scope: Field,
    from: Field,
    until: Field,
}

/// The form.
#[derive(Debug, Serialize)]
pub(in crate::corrections) struct DraftPage {
    #[serde(skip)]
    key: String,
    #[serde(skip)]
    edition: String,
    #[serde(skip)]
    number: i64,
    errors: ErrorSummary,
    action: String,
    version: String,
    reason: Field,
    reason_limit: usize,
    /// The kinds of organisation, as columns; empty where items are mandatory by sector.
    profiles: Vec<String>,
    minima: Vec<Choice>,
    rows: Vec<Row>,
    items: Vec<Field>,
    level: Option<Field>,
    levels: Vec<Choice>,
    bands: Option<Field>,
    large: Option<Field>,
    small_subset: Option<Field>,
    exceeded: Option<Field>,
    /// The certificates that can exceed the standards.
    certificates: Vec<Choice>,
    scopes: Vec<Choice>,
    rules: Vec<Rule>,
}

/// What a form is filled with.
struct Filling<'a> {
    typed: Option<&'a BTreeMap<String, String>>,
    errors: &'a FormErrors,
}

impl Filling<'_> {
    fn field(&self, name: String, label: impl Into<String>, value: String) -> Field {
        let value = self.typed.and_then(|typed| typed.get(&name)).cloned().unwrap_or(value);
        Field::new(name, label).value(value).errors(self.errors)
    }
}

impl DraftPage {
    /// The form of a new correction of this edition.
    pub fn fresh(edition: &Edition) -> Self {
        let filling = Filling { typed: None, errors: &FormErrors::new() };
        Self::of(edition, "", String::new(), &filling)
    }

    /// The form of a draft; the edition is the one that it makes.
    pub fn begun(edition: &Edition, draft: &Correction) -> Self {
        let filling = Filling { typed: None, errors: &FormErrors::new() };
        let version = draft.version.to_string();
        Self::of(edition, &version, draft.reason.clone(), &filling).numbered(draft.number)
    }

    /// A form that was refused, as it was filled in.
    pub fn refused(
        edition: &Edition,
        version: &str,
        typed: &BTreeMap<String, String>,
        errors: &FormErrors,
    ) -> Self {
        Self::of(edition, version, String::new(), &Filling { typed: Some(typed), errors })
    }

    /// The same form, of the correction of this number.
    #[must_use]
    pub fn numbered(mut self, number: i64) -> Self {
        self.number = number;
        self.action = format!("{}/edit", correction_href(&self.key, number));
        self
    }

    fn of(edition: &Edition, version: &str, reason: String, filling: &Filling<'_>) -> Self {
        let mut page = Self {
            key: edition.key().to_string(),
            edition: format!("{} {}", edition.standard_name(), edition.label()),
            number: 0,
            errors: filling.errors.summary(),
            action: format!("/standards/{}/corrections/new", edition.key()),
            version: version.to_owned(),
            reason: filling
                .field("reason".to_owned(), "What was wrong", reason)
                .hint("Everybody reads this in the public notice. Do not name organisations."),
            reason_limit: REASON_LIMIT,
            profiles: Vec::new(),
            minima: Vec::new(),
            rows: Vec::new(),
            items: Vec::new(),
            level: None,
            levels: Vec::new(),
            bands: None,
            large: None,
            small_subset: None,
            exceeded: None,
            certificates: Vec::new(),
            scopes: vec![Choice::new("whole", "All data processing"), Choice::new("any", "Any scope")],
            rules: edition.exemptions().iter().map(|rule| exemption(rule, filling)).collect(),
        };
        page.scheme(edition, filling);
        page
    }

    fn scheme(&mut self, edition: &Edition, filling: &Filling<'_>) {
        match edition.scheme() {
            Scheme::Levels(scheme) => {
                self.levels =
                    (1..=scheme.max_level).map(|level| choice(level, format!("Level {level}"))).collect();
                self.minima = std::iter::once(Choice::new(NOT_ASKED, "Not asked"))
                    .chain((0..=scheme.max_level).map(|level| choice(level, format!("Level {level}"))))
                    .collect();
                let level = scheme.satisfactory_level.to_string();
                self.level = Some(filling.field(
                    "satisfactory_level".to_owned(),
                    "Level that every relevant requirement must reach to be satisfactory",
                    level,
                ));
                self.bands = Some(
                    filling
                        .field(
                            "bands".to_owned(),
                            "Words for ranges of the percentage",
                            bands_text(&scheme.bands),
                        )
                        .hint(
                            "One on each line, with the percentage below which it holds: amber 70. The last one \
                             without a percentage.",
                        ),
                );
                self.minima_of(edition, filling);
            }
            Scheme::Outcomes {} => {
                let levels =
                    [OutcomeLevel::NotAchieved, OutcomeLevel::PartiallyAchieved, OutcomeLevel::Achieved];
                self.minima = std::iter::once(Choice::new(NOT_ASKED, "Not asked"))
                    .chain(levels.map(|level| Choice::new(level.as_str(), level.label())))
                    .collect();
                self.minima_of(edition, filling);
            }
            Scheme::Assertions(scheme) => {
                self.grades(scheme, filling);
                let subset = listed(scheme.small_subset.iter().map(RequirementCode::as_str));
                self.small_subset = Some(
                    filling
                        .field(
                            "small_subset".to_owned(),
                            "Items that a small organisation must have complete to approach the standards",
                            subset,
                        )
                        .hint("Codes, separated by commas."),
                );
                for requirement in edition.requirements() {
                    let RequirementKind::Item { mandatory, .. } = &requirement.kind else { continue };
                    self.items.push(filling.field(
                        mandatory_name(&requirement.code),
                        format!("{} {}: mandatory for", requirement.code, requirement.title),
                        listed(mandatory.iter().map(SectorKey::as_str)),
                    ));
                }
            }
        }
    }

    /// Who approaches the standards how, and what exceeds them.
    fn grades(&mut self, scheme: &AssertionsScheme, filling: &Filling<'_>) {
        let large = listed(scheme.approaching_sectors_large.iter().map(SectorKey::as_str));
        self.large = Some(
            filling
                .field(
                    LARGE.to_owned(),
                    "Sectors that approach the standards only by a plan that is approved centrally",
                    large,
                )
                .hint("Keys of sectors, separated by commas. All others are small organisations."),
        );
        let held = scheme.exceeded_certificate.as_ref().map_or("", CertificateKind::as_str);
        self.exceeded = Some(
            filling
                .field(EXCEEDED.to_owned(), "Certificate that exceeds the standards", held.to_owned())
                .hint("Whoever held it when they submitted, and met the standards, has exceeded them."),
        );
        self.certificates = vec![Choice::new("", "None: nobody exceeds the standards")];
        self.certificates.extend(kinds().iter().map(|kind| Choice::new(&kind.key, &kind.name)));
        // One that an edition names and nobody can record.
        if !held.is_empty() && kind(held).is_none() {
            self.certificates.push(Choice::new(held, held));
        }
    }

    fn minima_of(&mut self, edition: &Edition, filling: &Filling<'_>) {
        self.profiles = edition.profiles().iter().map(|profile| profile.name.clone()).collect();
        self.rows = edition
            .requirements()
            .iter()
            .map(|requirement| Row {
                name: format!("{} {}", requirement.code, requirement.title),
                cells: edition
                    .profiles()
                    .iter()
                    .map(|profile| {
                        filling.field(
                            expected_name(&requirement.code, &profile.key),
                            format!("{}, {}", requirement.code, profile.name),
                            expected_value(&requirement.kind, &profile.key),
                        )
                    })
                    .collect(),
            })
            .collect();
    }
}

fn choice(value: u8, text: String) -> Choice {
    Choice::new(value.to_string(), text)
}

fn exemption(rule: &Exemption, filling: &Filling<'_>) -> Rule {
    let field = |part: &str, label: &str, value: String| {
        filling.field(exemption_name(part, rule), format!("{label} ({})", rule.code), value)
    };
    let codes = listed(rule.requirements.iter().map(RequirementCode::as_str));
    let scope = if rule.whole_scope { "whole" } else { "any" };
    let until = rule.until.map(|day| day.to_string()).unwrap_or_default();
    Rule {
        heading: format!("{}: {}", rule.code, rule.certificate),
        requirements: field("requirements", "Requirements it covers", codes)
            .hint("Codes, separated by commas."),
        scope: field("scope", "What the certificate must cover", scope.to_owned()),
        from: field("from", "First day", rule.from.to_string()).hint("As YYYY-MM-DD."),
        until: field("until", "Last day", until).hint("As YYYY-MM-DD. Leave empty where it has no end."),
    }
}

impl Page for DraftPage {
    const TEMPLATE: &'static str = "corrections/draft.html";

    fn title(&self) -> String {
        if self.number == 0 {
            format!("Correct the rules of {}", self.edition)
        } else {
            format!("Change correction {} of {}", self.number, self.edition)
        }
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way(&self.key, &self.edition);
        way.push(Link::new("Corrections", format!("/standards/{}/corrections", self.key)));
        way
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let cell = |profile: &str| {
            Field::new(format!("expected:1-101:{profile}"), format!("1-101, {profile}")).value("2")
        };
        let page = |version: &str, errors: &FormErrors| Self {
            key: "sample-2026".to_owned(),
            edition: "Sample standard 2026".to_owned(),
            number: i64::from(!version.is_empty()),
            errors: errors.summary(),
            action: "/standards/sample-2026/corrections/new".to_owned(),
            version: version.to_owned(),
            reason: Field::new("reason", "What was wrong").hint("Everybody reads this.").errors(errors),
            reason_limit: REASON_LIMIT,
            profiles: vec!["Acute trusts".to_owned(), "General practices".to_owned()],
            minima: vec![Choice::new("", "Not asked"), Choice::new("2", "Level 2")],
            rows: vec![Row { name: "1-101 Governance".to_owned(), cells: vec![cell("acute"), cell("gp")] }],
            items: vec![Field::new("mandatory:1.1.1", "1.1.1 Policy: mandatory for").value("nhs_trust")],
            level: Some(Field::new("satisfactory_level", "Level that must be reached").value("2")),
            levels: vec![Choice::new("2", "Level 2")],
            bands: Some(Field::new("bands", "Words for ranges").value("red 40\ngreen").hint("One a line.")),
            large: Some(Field::new(LARGE, "Sectors with an approved plan").value("nhs_trust").hint("Keys.")),
            small_subset: Some(Field::new("small_subset", "Items for small ones").hint("Codes.")),
            exceeded: Some(Field::new(EXCEEDED, "Certificate that exceeds").value("iso_27001").hint("Held.")),
            certificates: vec![Choice::new("", "None"), Choice::new("iso_27001", "ISO/IEC 27001")],
            scopes: vec![Choice::new("whole", "All data processing"), Choice::new("any", "Any scope")],
            rules: vec![Rule {
                heading: "CE-1: cyber_essentials_plus".to_owned(),
                requirements: Field::new("exemption-requirements:CE-1", "Requirements").value("1-101"),
                scope: Field::new("exemption-scope:CE-1", "Scope").value("any"),
                from: Field::new("exemption-from:CE-1", "First day").value("2026-01-01"),
                until: Field::new("exemption-until:CE-1", "Last day"),
            }],
        };
        let bare = Self {
            profiles: Vec::new(),
            rows: Vec::new(),
            items: Vec::new(),
            level: None,
            bands: None,
            large: None,
            small_subset: None,
            exceeded: None,
            rules: Vec::new(),
            ..page("", &FormErrors::new())
        };
        let mut errors = FormErrors::new();
        errors.add("reason", "Say what was wrong: the public reads it");
        vec![("typical", page("", &FormErrors::new())), ("bare", bare), ("error", page("3", &errors))]
    }
}
