//! The preview: what an organisation of a sector and profile would be asked, and each question as it would stand there.

use serde::Serialize;

use crate::platform::pages::{Choice, Fact, Field, FormErrors, Link, Page, PageCheck, PagesError, words};
use crate::returns::answer_form::AnswerForm;
use crate::returns::pages::{Controls, controls};
use crate::standards::certificate_kinds::kind_name;
use crate::standards::{
    Asked, AssertionsScheme, Edition, ProfileKey, Requirement, RequirementKind, Scheme, SectorKey,
};

/// Why there is nothing to see yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Incomplete {
    /// How many things are wrong.
    pub faults: usize,
}

/// An edition as one kind of organisation sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// What is asked.
    pub edition: &'a Edition,
    /// The kind of organisation.
    pub sector: SectorKey,
    /// The profile it is held to; none where the edition has none for it.
    pub profile: Option<&'a ProfileKey>,
}

impl Seen<'_> {
    fn query(&self) -> String {
        let profile = self.profile.map(|key| format!("&profile={key}")).unwrap_or_default();
        format!("?sector={}{profile}", self.sector)
    }

    fn asks(&self, requirement: &Requirement) -> Asked {
        self.edition.asked(requirement, self.sector, self.profile)
    }

    fn minimum(&self, requirement: &Requirement) -> String {
        match (&requirement.kind, self.profile) {
            (RequirementKind::Level { expected, .. }, Some(key)) => {
                expected.get(key).map_or_else(String::new, |level| format!("At least level {level}"))
            }
            (RequirementKind::Outcome { expected, .. }, Some(key)) => {
                expected.get(key).map_or_else(String::new, |level| format!("At least \"{}\"", level.label()))
            }
            _ => String::new(),
        }
    }

    /// What counts besides the questions: who signs, what a plan may cover, and how the grade comes about.
    fn facts(&self) -> Vec<Fact> {
        let mut signers = vec!["Senior information risk owner".to_owned()];
        let others = self.edition.signers_for(self.sector, self.profile);
        signers.extend(others.iter().map(|(role, items)| format!("{} (for {})", role.label(), items.len())));
        let plan = self.edition.plan_rules();
        let months = plan.due_months;
        let covers = if plan.covers_gaps {
            "a gap that a signed plan covers may be left unanswered"
        } else {
            "every gap must be answered all the same"
        };
        vec![
            Fact::new("Who signs", words::sentence(&signers)),
            Fact::new("Improvement plan", format!("Done within {months} months of the deadline; {covers}")),
            Fact::new("Grade", self.grade()),
        ]
    }

    fn grade(&self) -> String {
        match self.edition.scheme() {
            Scheme::Levels(scheme) => {
                format!(
                    "Satisfactory where every relevant requirement reaches level {}",
                    scheme.satisfactory_level
                )
            }
            Scheme::Assertions(scheme) => {
                format!("Standards met where every item that counts is complete; {}", self.approaches(scheme))
            }
            Scheme::Outcomes {} => {
                "Standards met where every outcome reaches what the profile expects".to_owned()
            }
        }
    }

    fn approaches(&self, scheme: &AssertionsScheme) -> &'static str {
        if scheme.approaching_sectors_large.contains(&self.sector) {
            "approaching them by a plan that is approved centrally"
        } else if scheme.small_subset.is_empty() {
            "there is no approaching them for a small organisation"
        } else {
            "approaching them, once, with the items named for small organisations"
        }
    }

    fn exemptions(&self, requirement: &Requirement) -> Vec<String> {
        let covering =
            self.edition.exemptions().iter().filter(|e| e.requirements.contains(&requirement.code));
        covering
            .map(|rule| {
                let kind = kind_name(&rule.certificate);
                let scope = if rule.whole_scope { " whose scope covers everything" } else { "" };
                let until = rule.until.map(|day| format!(" until {}", words::date(day))).unwrap_or_default();
                format!(
                    "Not asked of holders of {kind}{scope}, from {}{until}: {}",
                    words::date(rule.from),
                    rule.reason
                )
            })
            .collect()
    }
}

#[derive(Debug, Serialize)]
struct Task {
    heading: String,
    href: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Group {
    heading: String,
    depth: usize,
    prefix: String,
    tasks: Vec<Task>,
}

/// The task list.
#[derive(Debug, Serialize)]
pub(super) struct PreviewListPage {
    #[serde(skip)]
    name: String,
    href: String,
    /// How many things are wrong with a draft; nought where it can be seen.
    faults: usize,
    sector: Field,
    sectors: Vec<Choice>,
    profile: Field,
    profiles: Vec<Choice>,
    mandatory: usize,
    optional: usize,
    not_asked: usize,
    /// What such an organisation reads of signatures, plans and scoring.
    facts: Vec<Fact>,
    /// That no profile is usual for this kind of organisation, and none was chosen.
    no_profile: bool,
    groups: Vec<Group>,
}

impl PreviewListPage {
    /// The page of a draft with which something is wrong.
    pub fn incomplete((name, href): (&str, &str), why: &Incomplete) -> Self {
        Self {
            name: name.to_owned(),
            href: href.to_owned(),
            faults: why.faults,
            sector: Field::new("sector", "Kind of organisation"),
            sectors: Vec::new(),
            profile: Field::new("profile", "Profile"),
            profiles: Vec::new(),
            mandatory: 0,
            optional: 0,
            not_asked: 0,
            facts: Vec::new(),
            no_profile: false,
            groups: Vec::new(),
        }
    }

    /// The page for one kind of organisation.
    pub fn new((name, href): (&str, &str), seen: &Seen<'_>) -> Self {
        let asked = seen.edition.asked_of(seen.sector, seen.profile);
        let count = |wanted: Asked| asked.iter().filter(|asked| **asked == wanted).count();
        let mut profiles = vec![Choice::new("", "The usual one of this kind of organisation")];
        profiles.extend(seen.edition.profiles().iter().map(|p| Choice::new(p.key.as_str(), &p.name)));
        let empty = Self::incomplete((name, href), &Incomplete { faults: 0 });
        Self {
            sector: empty.sector.clone().value(seen.sector.as_str()),
            sectors: SectorKey::all().map(|sector| Choice::new(sector.as_str(), sector.label())).collect(),
            profile: empty.profile.clone().value(seen.profile.map_or("", ProfileKey::as_str)),
            profiles: if seen.edition.profiles().is_empty() { Vec::new() } else { profiles },
            mandatory: count(Asked::Mandatory),
            optional: count(Asked::Optional),
            not_asked: count(Asked::NotAsked),
            facts: seen.facts(),
            no_profile: !seen.edition.profiles().is_empty() && seen.profile.is_none(),
            groups: groups(href, seen),
            ..empty
        }
    }
}

fn groups(href: &str, seen: &Seen<'_>) -> Vec<Group> {
    let task = |requirement: &Requirement| {
        let asked = seen.asks(requirement);
        (asked != Asked::NotAsked).then(|| {
            let mut hint = vec![seen.minimum(requirement)];
            hint.extend(seen.exemptions(requirement));
            hint.retain(|words| !words.is_empty());
            Task {
                heading: format!("{} {}", requirement.code, requirement.title),
                href: format!("{href}/preview/{}{}", requirement.code, seen.query()),
                hint: hint.join(". "),
                status: if asked == Asked::Optional { "Optional" } else { "Counts" },
            }
        })
    };
    let all = seen.edition.sections_with_requirements().enumerate();
    all.map(|(at, (depth, section, own))| Group {
        heading: format!("{} {}", section.code, section.title),
        depth: depth.min(2),
        prefix: format!("section-{at}"),
        tasks: own.into_iter().filter_map(task).collect(),
    })
    .collect()
}

impl Page for PreviewListPage {
    const TEMPLATE: &'static str = "returns/preview/list.html";

    fn title(&self) -> String {
        format!("Preview: {}", self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way(&self.name, &self.href)
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let names = ("Example standard 2027/28", "/standards/drafts/1");
        let task = |hint: &str| Task {
            heading: "1-101 Framework".to_owned(),
            href: "/standards/drafts/1/preview/1-101?sector=nhs_trust&profile=acute".to_owned(),
            hint: hint.to_owned(),
            status: "Counts",
        };
        let group = |depth, tasks| Group {
            heading: "1 Leadership".to_owned(),
            depth,
            prefix: format!("section-{depth}"),
            tasks,
        };
        let choice = || vec![Choice::new("nhs_trust", "NHS trust")];
        let typical = Self {
            sectors: choice(),
            profiles: choice(),
            mandatory: 45,
            optional: 2,
            not_asked: 3,
            facts: vec![Fact::new("Who signs", "Senior information risk owner")],
            no_profile: true,
            groups: vec![
                group(0, vec![task("At least level 2")]),
                group(1, Vec::new()),
                group(2, vec![task("")]),
            ],
            ..Self::incomplete(names, &Incomplete { faults: 0 })
        };
        vec![("incomplete", Self::incomplete(names, &Incomplete { faults: 3 })), ("typical", typical)]
    }
}

fn way(name: &str, href: &str) -> Vec<Link> {
    vec![Link::new("Home", "/home"), Link::new("Standards", "/standards"), Link::new(name, href)]
}

/// The question before or after, as `pagination` takes it; empty at the ends.
#[derive(Debug, Default, Serialize)]
struct Neighbour {
    #[serde(skip_serializing_if = "String::is_empty")]
    href: String,
    label: String,
}

/// The question that lies so many places from this one among those that are put to such an organisation.
fn beside(href: &str, seen: &Seen<'_>, code: &str, by: isize) -> Neighbour {
    let all = seen.edition.requirements().iter();
    let put: Vec<&Requirement> = all.filter(|one| seen.asks(one) != Asked::NotAsked).collect();
    let place = put.iter().position(|one| one.code.as_str() == code);
    let found = place.and_then(|place| place.checked_add_signed(by)).and_then(|place| put.get(place));
    found.map_or_else(Neighbour::default, |one| Neighbour {
        href: format!("{href}/preview/{}{}", one.code, seen.query()),
        label: format!("{} {}", one.code, one.title),
    })
}

/// One question.
#[derive(Debug, Serialize)]
pub(super) struct PreviewQuestionPage {
    code: String,
    heading: String,
    section: String,
    text: String,
    guidance: String,
    optional: bool,
    minimum: String,
    exemptions: Vec<String>,
    form: Controls,
    list_href: String,
    previous: Neighbour,
    next: Neighbour,
    #[serde(skip)]
    way: Vec<Link>,
}

impl PreviewQuestionPage {
    /// The page of a question; none where it is not put to this kind of organisation.
    pub fn new((name, href): (&str, &str), seen: &Seen<'_>, code: &str) -> Option<Self> {
        let requirement = seen.edition.requirement(code)?;
        let asked = seen.asks(requirement);
        if asked == Asked::NotAsked {
            return None;
        }
        let section = seen.edition.section(requirement.section.as_str());
        Some(Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            section: section.map_or_else(String::new, |s| format!("{} {}", s.code, s.title)),
            text: requirement.text.clone(),
            guidance: requirement.guidance.clone().unwrap_or_default(),
            optional: asked == Asked::Optional,
            minimum: seen.minimum(requirement),
            exemptions: seen.exemptions(requirement),
            form: controls(requirement, &AnswerForm::of(None, "", 0), &FormErrors::new()),
            list_href: format!("{href}/preview{}", seen.query()),
            previous: beside(href, seen, code, -1),
            next: beside(href, seen, code, 1),
            way: way(name, href),
        })
    }
}

impl Page for PreviewQuestionPage {
    const TEMPLATE: &'static str = "returns/preview/question.html";

    fn title(&self) -> String {
        format!("{} {}", self.code, self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |kind: &'static str, optional| Self {
            code: "1-101".to_owned(),
            heading: "Framework".to_owned(),
            section: "1 Leadership".to_owned(),
            text: "How far?".to_owned(),
            guidance: "Look for decisions.".to_owned(),
            optional,
            minimum: "At least level 2".to_owned(),
            exemptions: vec!["Not asked of holders of Cyber Essentials Plus: the test covers it.".to_owned()],
            form: Controls::example(kind, &FormErrors::new()),
            list_href: "/standards/drafts/1/preview?sector=gp".to_owned(),
            previous: Neighbour::default(),
            next: Neighbour {
                href: "/standards/drafts/1/preview/1-102?sector=gp".to_owned(),
                label: "1-102 Next".to_owned(),
            },
            way: way("Example standard 2027/28", "/standards/drafts/1"),
        };
        vec![
            ("level", page("level", false)),
            ("text", page("text", true)),
            ("date", page("date", false)),
            ("choice", page("choice", false)),
            ("outcome", page("outcome", false)),
        ]
    }
}

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::returns) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<PreviewListPage>()?, PageCheck::of::<PreviewQuestionPage>()?])
}
