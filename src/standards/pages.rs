//! Pages of standards: the list of editions, one edition to read, and importing one.

mod import;

use serde::Serialize;

pub(super) use import::{EditionForm, ImportEditionPage, PreviewPage};

use super::model::{Edition, Requirement, RequirementKind, Scheme};
use super::store::{EditionRow, EditionState};
use crate::platform::pages::{Link, Page, PageCheck, PagesError};

/// A coloured word, as the `tag` component takes it.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    text: String,
    colour: &'static str,
}

impl From<EditionState> for Tag {
    fn from(state: EditionState) -> Self {
        let colour = match state {
            EditionState::Draft => "grey",
            EditionState::Frozen => "blue",
            EditionState::Open => "green",
            EditionState::Closed => "white",
        };
        Self { text: state.words().to_owned(), colour }
    }
}

/// One edition in the list.
#[derive(Debug, Serialize)]
pub struct EditionItem {
    standard: String,
    scheme: String,
    label: String,
    key: String,
    href: String,
    tag: Tag,
    created_at: i64,
}

/// Every edition of every standard.
#[derive(Debug, Serialize)]
pub struct StandardsPage {
    editions: Vec<EditionItem>,
    may_import: bool,
    may_read: bool,
    /// The register of each standard that has a fixed edition.
    registers: Vec<Link>,
}

impl StandardsPage {
    /// The page for these rows.
    #[must_use]
    pub fn new(rows: Vec<EditionRow>, may_import: bool, may_read: bool) -> Self {
        let mut registers: Vec<Link> = Vec::new();
        for row in rows.iter().filter(|row| row.state != EditionState::Draft) {
            let href = format!("/standards/registers/{}", row.standard_key);
            if !registers.iter().any(|known| known.href == href) {
                registers.push(Link::new(row.standard_name.clone(), href));
            }
        }
        let item = |row: EditionRow| EditionItem {
            standard: row.standard_name,
            scheme: scheme_words(&row.scheme).to_owned(),
            label: row.label,
            href: format!("/standards/{}", row.key),
            key: row.key,
            tag: row.state.into(),
            created_at: row.created_at.micros(),
        };
        Self { editions: rows.into_iter().map(item).collect(), may_import, may_read, registers }
    }
}

/// How a scheme is called on pages.
fn scheme_words(scheme: &str) -> &'static str {
    match scheme {
        "levels" => "Levels for each requirement",
        "assertions" => "Assertions with evidence",
        _ => "Outcomes with indicators",
    }
}

impl Page for StandardsPage {
    const TEMPLATE: &'static str = "standards/list.html";

    fn title(&self) -> String {
        "Standards".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let item = |state: EditionState| EditionItem {
            standard: "Example standard".to_owned(),
            scheme: scheme_words("levels").to_owned(),
            label: "2026/27".to_owned(),
            key: "example-2026".to_owned(),
            href: "/standards/example-2026".to_owned(),
            tag: state.into(),
            created_at: 1_780_000_000_000_000,
        };
        vec![
            (
                "empty",
                Self { editions: Vec::new(), may_import: false, may_read: false, registers: Vec::new() },
            ),
            (
                "typical",
                Self {
                    editions: EditionState::ALL.iter().copied().map(item).collect(),
                    may_import: true,
                    may_read: true,
                    registers: vec![Link::new("Example standard", "/standards/registers/example")],
                },
            ),
        ]
    }
}

/// One requirement to read.
#[derive(Debug, Serialize)]
pub struct RequirementItem {
    summary: String,
    text: String,
    guidance: String,
    notes: Vec<String>,
    groups: Vec<Group>,
}

/// A titled list below a requirement: its levels, or one column of its indicators.
#[derive(Debug, Serialize)]
pub struct Group {
    heading: String,
    items: Vec<String>,
}

/// One section with its own requirements.
#[derive(Debug, Serialize)]
pub struct SectionItem {
    heading: String,
    depth: usize,
    guidance: String,
    requirements: Vec<RequirementItem>,
}

/// One edition to read.
#[derive(Debug, Serialize)]
pub struct EditionPage {
    standard: String,
    label: String,
    description: String,
    key: String,
    rule_set: String,
    hash: String,
    scheme: &'static str,
    count: usize,
    tag: Tag,
    profiles: Vec<String>,
    guidance_href: String,
    sections: Vec<SectionItem>,
}

impl EditionPage {
    /// The page of this edition.
    #[must_use]
    pub fn new(edition: &Edition, state: EditionState) -> Self {
        let sections = edition
            .sections_with_requirements()
            .map(|(depth, section, own)| SectionItem {
                heading: format!("{} {}", section.code, section.title),
                depth,
                guidance: section.guidance.clone().unwrap_or_default(),
                requirements: own.into_iter().map(|requirement| item(edition, requirement)).collect(),
            })
            .collect();
        Self {
            standard: edition.standard_name().to_owned(),
            label: edition.label().to_owned(),
            description: edition.description().to_owned(),
            key: edition.key().to_string(),
            rule_set: edition.rule_set().to_owned(),
            hash: edition.hash().to_hex(),
            scheme: scheme_words(edition.scheme().kind().as_str()),
            count: edition.requirements().len(),
            tag: state.into(),
            profiles: edition.profiles().iter().map(|profile| profile.name.clone()).collect(),
            guidance_href: format!("/standards/{}/guidance", edition.key()),
            sections,
        }
    }
}

fn item(edition: &Edition, requirement: &Requirement) -> RequirementItem {
    let expected_of = |key: &str| edition.profile(key).map_or(key.to_owned(), |p| p.name.clone());
    let (mut notes, mut groups) = (Vec::new(), Vec::new());
    match &requirement.kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, expected } => {
            let levels = descriptors.iter().zip(0..).map(|(words, level)| format!("Level {level}: {words}"));
            groups.push(Group { heading: "Levels".to_owned(), items: levels.collect() });
            if *may_be_not_relevant {
                notes.push("May be answered as not relevant, with a reason.".to_owned());
            }
            notes.extend(expected.iter().map(|(key, level)| {
                let profile = expected_of(key.as_str());
                format!("{profile}: level {level} expected")
            }));
        }
        RequirementKind::Item { item, mandatory } => {
            notes.push(format!("Answered with: {}.", item.words()));
            let sectors: Vec<&str> = mandatory.iter().map(super::keys::SectorKey::label).collect();
            notes.push(if sectors.is_empty() {
                "Optional for everybody.".to_owned()
            } else {
                format!("Mandatory for: {}.", sectors.join(", "))
            });
        }
        RequirementKind::Outcome { achieved, partially_achieved, not_achieved, expected } => {
            let columns = [
                ("Achieved", achieved),
                ("Partially achieved", partially_achieved),
                ("Not achieved", not_achieved),
            ];
            groups.extend(columns.into_iter().filter(|(_, column)| !column.is_empty()).map(
                |(heading, column)| Group {
                    heading: heading.to_owned(),
                    items: column.iter().map(|i| format!("{}: {}", i.code, i.text)).collect(),
                },
            ));
            notes.extend(expected.iter().map(|(key, level)| {
                let profile = expected_of(key.as_str());
                format!("{profile}: at least \"{}\" expected", level.label())
            }));
        }
    }
    RequirementItem {
        summary: format!("{} {}", requirement.code, requirement.title),
        text: requirement.text.clone(),
        guidance: requirement.guidance.clone().unwrap_or_default(),
        notes,
        groups,
    }
}

impl Page for EditionPage {
    const TEMPLATE: &'static str = "standards/edition.html";

    fn title(&self) -> String {
        format!("{} {}", self.standard, self.label)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Standards", "/standards")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = |sections| Self {
            standard: "Example standard".to_owned(),
            label: "2026/27".to_owned(),
            description: "What it is for.".to_owned(),
            key: "example-2026".to_owned(),
            rule_set: "example-2026.1".to_owned(),
            hash: "00".repeat(32),
            scheme: scheme_words(Scheme::Outcomes {}.kind().as_str()),
            count: 1,
            tag: EditionState::Open.into(),
            profiles: vec!["Baseline".to_owned()],
            guidance_href: "/standards/example-2026/guidance".to_owned(),
            sections,
        };
        let requirement = RequirementItem {
            summary: "A1.a Ownership".to_owned(),
            text: "Who answers for it?".to_owned(),
            guidance: "Look for decisions.".to_owned(),
            notes: vec!["Baseline: at least \"Achieved\" expected".to_owned()],
            groups: vec![Group {
                heading: "Achieved".to_owned(),
                items: vec!["A1.a.A1: A person is named.".to_owned()],
            }],
        };
        let section = |depth, requirements| SectionItem {
            heading: "A Managing risk".to_owned(),
            depth,
            guidance: "What it is about.".to_owned(),
            requirements,
        };
        vec![
            ("empty", bare(Vec::new())),
            ("typical", bare(vec![section(0, Vec::new()), section(1, vec![requirement])])),
        ]
    }
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    let mut checks = vec![
        PageCheck::of::<StandardsPage>()?,
        PageCheck::of::<EditionPage>()?,
        PageCheck::of::<ImportEditionPage>()?,
        PageCheck::of::<PreviewPage>()?,
    ];
    checks.extend(super::mapping::page_checks()?);
    checks.extend(super::editing::page_checks()?);
    checks.extend(super::register::page_checks()?);
    checks.extend(super::guidance::page_checks()?);
    Ok(checks)
}
