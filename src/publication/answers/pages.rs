//! The statistician's page of answers by any breakdown, before disclosure control.

use serde::Serialize;

use super::sheet::{Breakdown, Sheet};
use super::web::EVERY_YEAR;
use crate::platform::error::Result;
use crate::platform::pages::{Cell, Choice, Field, Link, Page, words};
use crate::statistics::GroupedCounts;

/// What is shown: one requirement by group, or one group by requirement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub collection: String,
    pub by: Option<Breakdown>,
    /// The requirement's code, to see it by group; empty for all requirements of one group.
    pub requirement: String,
    /// The group's key, to see it by requirement.
    pub group: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct BreakdownPage {
    collection: Field,
    collections: Vec<Choice>,
    by: Field,
    breakdowns: Vec<Choice>,
    requirement: Field,
    requirements: Vec<Choice>,
    group: Field,
    groups: Vec<Choice>,
    submissions: String,
    caption: String,
    head: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
    csv: String,
    every_year: String,
}

/// One line of counts with its heading.
pub(super) struct Line {
    pub label: String,
    pub counts: Vec<u64>,
}

/// The lines that the address asks for, and their caption.
pub(super) fn lines(sheet: &Sheet, counted: &GroupedCounts, of: &Shown) -> Result<(String, Vec<Line>)> {
    let (groups, requirements) = (sheet.groups(of.by.unwrap_or(Breakdown::Sector))?, sheet.requirements());
    let levels = sheet.levels().len();
    if let Some(place) = requirements.position(&of.requirement) {
        let caption = requirements.categories().get(place).map_or("", |one| one.label.as_str()).to_owned();
        let line = |(at, group): (usize, &crate::statistics::Category)| Line {
            label: group.label.clone(),
            counts: (0..levels).map(|level| counted.at(at, place, level)).collect(),
        };
        return Ok((caption, groups.categories().iter().enumerate().map(line).collect()));
    }
    let place = groups.position(&of.group).unwrap_or(0);
    let caption = groups.categories().get(place).map_or("", |one| one.label.as_str()).to_owned();
    let line = |(at, requirement): (usize, &crate::statistics::Category)| Line {
        label: requirement.label.clone(),
        counts: (0..levels).map(|level| counted.at(place, at, level)).collect(),
    };
    Ok((caption, requirements.categories().iter().enumerate().map(line).collect()))
}

impl BreakdownPage {
    /// Before there is anything to count.
    pub fn empty(of: &Shown, collections: Vec<Choice>) -> Self {
        Self {
            collection: Field::new("collection", "Collection").value(&of.collection),
            collections,
            by: Field::new("by", "Counted by").value(of.by.unwrap_or(Breakdown::Sector).as_str()),
            breakdowns: Breakdown::ALL.iter().map(|one| Choice::new(one.as_str(), one.words())).collect(),
            requirement: Field::new("requirement", "Requirement").value(&of.requirement),
            requirements: vec![Choice::new("", "Every requirement, of one group")],
            group: Field::new("group", "Group").hint("Only for every requirement.").value(&of.group),
            groups: Vec::new(),
            submissions: words::number(0),
            caption: String::new(),
            head: Vec::new(),
            rows: Vec::new(),
            csv: String::new(),
            every_year: String::new(),
        }
    }

    /// The page of a sheet.
    pub fn new(sheet: &Sheet, counted: &GroupedCounts, of: &Shown, collections: Vec<Choice>) -> Result<Self> {
        let by = of.by.unwrap_or(Breakdown::Sector);
        let (caption, lines) = lines(sheet, counted, of)?;
        let choice = |one: &crate::statistics::Category| Choice::new(&one.key, &one.label);
        let number = |count: u64| Cell::number(i64::try_from(count).unwrap_or(i64::MAX));
        let mut page = Self::empty(of, collections);
        page.requirements.extend(sheet.requirements().categories().iter().map(choice));
        page.groups = sheet.groups(by)?.categories().iter().map(choice).collect();
        page.submissions = words::number(sheet.submissions() as i128);
        page.caption = caption;
        page.head = std::iter::once(Cell::text("Counted"))
            .chain(sheet.levels().categories().iter().map(|level| Cell::numeric(&level.label)))
            .chain([Cell::numeric("Total")])
            .collect();
        page.rows = lines
            .into_iter()
            .map(|line| {
                let total = line.counts.iter().sum();
                std::iter::once(Cell::text(line.label))
                    .chain(line.counts.into_iter().map(number))
                    .chain([number(total)])
                    .collect()
            })
            .collect();
        page.csv = format!("/breakdown/{}/answers.csv?by={}", of.collection, by.as_str());
        page.every_year = format!("/breakdown/{EVERY_YEAR}/answers.csv?by={}", by.as_str());
        Ok(page)
    }
}

impl Page for BreakdownPage {
    const TEMPLATE: &'static str = "publication/breakdown.html";

    fn title(&self) -> String {
        "Answers by any breakdown".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Releases", "/releases")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let of = Shown { collection: "2026".to_owned(), ..Shown::default() };
        let collections = || vec![Choice::new("2026", "Returns 2026/27 <b>")];
        let full = Self {
            submissions: "64,201".to_owned(),
            groups: vec![Choice::new("gp", "General practices")],
            caption: "1-101 Policy".to_owned(),
            head: vec![Cell::text("Counted"), Cell::numeric("Level 0"), Cell::numeric("Total")],
            rows: vec![vec![Cell::text("General practices"), Cell::number(6900), Cell::number(6900)]],
            csv: "/breakdown/2026/answers.csv?by=sector".to_owned(),
            every_year: "/breakdown/every-year/answers.csv?by=sector".to_owned(),
            ..Self::empty(&of, collections())
        };
        vec![("empty", Self::empty(&of, Vec::new())), ("typical", full)]
    }
}
