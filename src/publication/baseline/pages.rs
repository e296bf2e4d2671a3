//! The pages of baselining: every collection's sample, one of them with its plan, strata and estimates, and its members.

use serde::Serialize;

use super::model::{AllocationMethod, BaselinePlan, DrawnStratum};
use super::store::Member;
use super::strata::margin;
use crate::collections::Collection;
use crate::platform::pages::{
    Cell, Choice, ErrorSummary, Fact, Field, FormErrors, Link, Page, Pagination, words,
};
use crate::publication::pages::FigureView;

/// Organisations on one page.
pub(super) const SIZE: u64 = 100;

fn crumbs() -> Vec<Link> {
    vec![Link::new("Releases", "/releases"), Link::new("Baselining samples", "/baselining")]
}

/// Every collection with how far its sample is.
#[derive(Debug, Serialize)]
pub(super) struct BaselinesPage {
    pub collections: Vec<Vec<Cell>>,
}

impl BaselinesPage {
    /// The collections and, of those with a plan, whether it was drawn.
    pub fn new(all: &[(Collection, Option<bool>)]) -> Self {
        let row = |(of, state): &(Collection, Option<bool>)| {
            let words = match state {
                None => "Not planned",
                Some(false) => "Planned",
                Some(true) => "Drawn",
            };
            vec![Cell::link(&of.name, format!("/baselining/{}", of.key)), Cell::text(words)]
        };
        Self { collections: all.iter().map(row).collect() }
    }
}

impl Page for BaselinesPage {
    const TEMPLATE: &'static str = "publication/baseline/list.html";

    fn title(&self) -> String {
        "Baselining samples".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Releases", "/releases")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        super::pages_samples::lists()
    }
}

/// What one page is about.
pub(super) struct Scene {
    pub collection: Collection,
    pub plan: Option<(BaselinePlan, String)>,
    /// The strata as drawn, or as the plan would draw them; none where it does not fit.
    pub strata: Vec<DrawnStratum>,
    /// Why the plan draws nothing; empty where it does.
    pub problem: String,
    pub drawn_at: Option<String>,
    pub figures: Vec<FigureView>,
}

/// One collection's sample.
#[derive(Debug, Serialize)]
pub(super) struct BaselinePage {
    #[serde(skip)]
    pub(super) name: String,
    pub(super) key: String,
    pub(super) is_planned: bool,
    pub(super) is_drawn: bool,
    pub(super) facts: Vec<Fact>,
    pub(super) problem: String,
    pub(super) strata: Vec<Vec<Cell>>,
    pub(super) seed: String,
    pub(super) size: Field,
    pub(super) minimum: Field,
    pub(super) take_all_up_to: Field,
    pub(super) by_region: Field,
    pub(super) kinds: Vec<Choice>,
    pub(super) method: Field,
    pub(super) methods: Vec<Choice>,
    pub(super) version: i64,
    pub(super) figures: Vec<FigureView>,
    pub(super) errors: ErrorSummary,
}

impl BaselinePage {
    /// The page; `typed` is what a refused form held.
    pub fn new(scene: &Scene, typed: &dyn Fn(&str) -> Option<String>, errors: &FormErrors) -> Self {
        let plan = scene.plan.as_ref().map_or(BaselinePlan::FIRST, |(plan, _)| *plan);
        let counted = |name: &str, label: &str, hint: &str, value: u64| {
            let shown = typed(name).unwrap_or_else(|| value.to_string());
            Field::new(name, label).hint(hint).value(shown).errors(errors)
        };
        Self {
            name: scene.collection.name.clone(),
            key: scene.collection.key.clone(),
            is_planned: scene.plan.is_some(),
            is_drawn: scene.drawn_at.is_some(),
            facts: facts(scene),
            problem: scene.problem.clone(),
            strata: scene.strata.iter().map(row).collect(),
            seed: scene.plan.as_ref().map(|(_, seed)| spaced(seed)).unwrap_or_default(),
            size: counted("size", "Organisations to draw", "", plan.size),
            minimum: counted(
                "minimum",
                "At least so many of each stratum",
                "Two or more, so that differences within a stratum can be seen.",
                plan.minimum,
            ),
            take_all_up_to: counted(
                "take_all_up_to",
                "Ask everybody in strata of at most so many",
                "0 for none.",
                plan.take_all_up_to,
            ),
            by_region: Field::new("by_region", "Strata").errors(errors),
            kinds: vec![
                Choice::new("yes", "Sectors by region").checked(plan.by_region),
                Choice::new("no", "Sectors").checked(!plan.by_region),
            ],
            method: Field::new("method", "How the size is given to the strata").errors(errors),
            methods: AllocationMethod::ALL
                .iter()
                .map(|one| Choice::new(one.as_str(), one.words()).checked(*one == plan.method))
                .collect(),
            version: plan.version,
            figures: scene.figures.clone(),
            errors: errors.summary(),
        }
    }
}

fn facts(scene: &Scene) -> Vec<Fact> {
    let count = |of: &dyn Fn(&DrawnStratum) -> u64| {
        words::number(i128::from(scene.strata.iter().map(of).sum::<u64>()))
    };
    let mut facts = Vec::new();
    if !scene.strata.is_empty() {
        facts.push(Fact::new("Organisations in scope", count(&|one| one.population)));
        facts.push(Fact::new("Strata", words::number(scene.strata.len() as i128)));
        facts.push(Fact::new("In the sample", count(&|one| one.size)));
        facts.extend(margin(&scene.strata).map(|margin| {
            Fact::new("Expected margin", format!("{margin} percentage points when all respond"))
        }));
    }
    facts.extend(scene.drawn_at.clone().map(|at| Fact::new("Drawn", at)));
    facts
}

fn row(stratum: &DrawnStratum) -> Vec<Cell> {
    let number = |count: u64| Cell::number(i64::try_from(count).unwrap_or(i64::MAX));
    let variance = match stratum.variance {
        None => "not known".to_owned(),
        Some(millionths) => format!("0.{millionths:06}"),
    };
    vec![
        Cell::text(&stratum.label),
        number(stratum.population),
        Cell::numeric(variance),
        number(stratum.size),
        Cell::text(if stratum.take_all { "Everybody" } else { "" }),
    ]
}

/// A seed in groups, so that a narrow screen can break it.
fn spaced(seed: &str) -> String {
    let letters: Vec<char> = seed.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

impl Page for BaselinePage {
    const TEMPLATE: &'static str = "publication/baseline/sample.html";

    fn title(&self) -> String {
        format!("Baselining sample of {}", self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        super::pages_samples::samples()
    }
}

/// Who is in a sample.
#[derive(Debug, Serialize)]
pub(super) struct MembersPage {
    #[serde(skip)]
    pub(super) name: String,
    #[serde(skip)]
    pub(super) way: String,
    pub(super) total: String,
    pub(super) csv: String,
    pub(super) members: Vec<Vec<Cell>>,
    pub(super) pages: Pagination,
}

impl MembersPage {
    /// One page of the list.
    pub fn new(of: &Collection, members: &[Member], page: u64, total: u64) -> Self {
        let way = format!("/baselining/{}", of.key);
        let row = |one: &Member| {
            vec![
                Cell::link(format!("{} ({})", one.name, one.code), format!("/organisations/{}", one.code)),
                Cell::text(state(one)),
            ]
        };
        Self {
            name: of.name.clone(),
            total: words::number(i128::from(total)),
            csv: format!("{way}/organisations.csv"),
            members: members.iter().map(row).collect(),
            pages: Pagination::new(page, total, SIZE, |n| format!("{way}/organisations?page={n}")),
            way,
        }
    }
}

/// Whether somebody responded, in words.
pub(super) const fn state(member: &Member) -> &'static str {
    match (member.submitted_at.is_some(), member.late) {
        (false, _) => "No response yet",
        (true, false) => "Responded",
        (true, true) => "Responded late",
    }
}

impl Page for MembersPage {
    const TEMPLATE: &'static str = "publication/baseline/members.html";

    fn title(&self) -> String {
        format!("Organisations in the baselining sample of {}", self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = crumbs();
        way.push(Link::new("The sample", self.way.clone()));
        way
    }

    fn samples() -> Vec<(&'static str, Self)> {
        super::pages_samples::members()
    }
}
